"""Who we can help: the published criteria, and the decision on one referral."""
