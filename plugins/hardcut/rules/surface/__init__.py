"""Rules about the one allowed extension surface."""
