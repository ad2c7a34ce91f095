"""The commands of `python -m referral_function`: one module each, with `add_to` and `run`."""
