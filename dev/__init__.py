"""The developer's machine: `run` (`make run`), `preview` (`make preview`) and the local mail relay."""
