"""The form on serverless hosts: what is uploaded, and what their platforms call."""
