"""The content check: rules for everything that an editor can change."""
