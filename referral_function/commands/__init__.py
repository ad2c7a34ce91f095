"""The commands of `python -m referral_function`: each module has `HELP`, `run` and, for arguments, `add_arguments`."""
