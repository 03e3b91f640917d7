"""Kept as it is."""

NAME = "finalize"
