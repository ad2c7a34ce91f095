"""Pages, their schema, the data of the service, and the sections generated from the definition of the form."""
