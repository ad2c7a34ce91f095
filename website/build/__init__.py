"""What makes the site around MkDocs: `assets` before it, `finishing` after it, in the order in which `make site` runs them."""
