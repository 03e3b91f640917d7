"""Kept as it is."""

NAME = "introspection"
