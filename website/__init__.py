"""The website: `content` (pages and data), `check` (the content check), `cms` (the editor), `build` (the site build)."""
