"""The questions themselves, one module a section."""
