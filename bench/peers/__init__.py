"""The peers that are ours to write: each asks the same questions with another library, in the way its guide shows."""
