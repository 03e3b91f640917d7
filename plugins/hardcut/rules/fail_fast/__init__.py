"""Rules about failures that have to reach the caller."""
