"""Kept as it is."""

NAME = "derivation"
