"""The editor at `/admin/`."""
