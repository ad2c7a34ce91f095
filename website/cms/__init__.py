"""The editor at /admin/ (Sveltia CMS): its configuration and its bundle."""
