"""Sending a referral: the letter, the encrypted message in the outbox, and its delivery to the relay."""
