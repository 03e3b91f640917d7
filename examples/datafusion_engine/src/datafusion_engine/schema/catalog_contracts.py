"""Kept as it is."""

NAME = "catalog_contracts"
