"""Rules about names that go, stay or move."""
