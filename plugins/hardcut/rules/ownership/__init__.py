"""Rules about who owns what: what must be said, and what may not be made in Python."""
