"""The peers: the same questions in other frameworks, each as its own guide shows."""
