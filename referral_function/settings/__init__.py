"""The settings: the table of all of them, and how one value is read."""
