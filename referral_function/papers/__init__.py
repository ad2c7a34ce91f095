"""The same form on paper: one order of parts, read by the print stylesheet's page and written as Word and ODT files."""
