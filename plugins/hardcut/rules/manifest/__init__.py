"""Rules about the manifest and what cannot be read."""
