"""Where findings appear; integrations call the engine, and nothing calls an integration."""
