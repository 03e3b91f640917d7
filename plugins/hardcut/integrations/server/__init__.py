"""The language server: what the engine says, for editors."""
