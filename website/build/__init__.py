"""The build around MkDocs: `assets` before it, the other modules after it, in the order of `site.build`."""
