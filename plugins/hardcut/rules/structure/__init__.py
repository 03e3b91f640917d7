"""Rules about the size of files: ceilings, and splits that moved nothing."""
