"""The settings and their parsers."""
