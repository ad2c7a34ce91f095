"""The service on one machine for trying it out: `make run`."""
