"""Kept as it is."""

NAME = "field_types"
