"""What the pages hold: their schema, the service's data, and the sections generated from the form's definition."""
