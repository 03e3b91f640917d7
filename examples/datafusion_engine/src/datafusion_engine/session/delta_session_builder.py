"""Sessions with Delta. Kept as it is."""

NAME = "delta_session_builder"
