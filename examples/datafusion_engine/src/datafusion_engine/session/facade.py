"""One door for callers. Kept as it is."""

NAME = "facade"
