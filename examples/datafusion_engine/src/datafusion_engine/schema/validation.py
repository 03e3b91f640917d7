"""Kept as it is."""

NAME = "validation"
