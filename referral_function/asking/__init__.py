"""The questions of the form, and the parsing of answers."""
