"""Where findings appear; hosts call the engine, and nothing calls a host."""
