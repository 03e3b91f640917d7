"""Kept as it is."""

NAME = "policy"
