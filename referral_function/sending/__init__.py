"""Nothing is lost: a referral becomes a letter, a sealed message that waits, and an email that arrived."""
