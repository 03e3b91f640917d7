"""Rules about what hands an old name on: re-exports, lazy tables, aliases, wrappers, warnings."""
