"""Small helpers. Kept as it is."""

NAME = "helpers"
