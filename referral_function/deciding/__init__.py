"""The published criteria, and the decision on one referral."""
