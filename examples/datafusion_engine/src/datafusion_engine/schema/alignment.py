"""Kept as it is."""

NAME = "alignment"
