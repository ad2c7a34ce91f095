"""Ways to host the site and the form."""
