"""Batches. Kept as it is."""

NAME = "streaming"
