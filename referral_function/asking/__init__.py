"""What we ask: the questions, and the answers that come back."""
