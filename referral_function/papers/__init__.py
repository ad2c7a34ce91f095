"""The form on paper: one object, read by the print page and written as Word and ODT files."""
