"""Rules about modules that go."""
