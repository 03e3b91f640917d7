"""Cache policy. Kept as it is."""

NAME = "cache_policy"
