"""Kept as it is."""

NAME = "spec_protocol"
