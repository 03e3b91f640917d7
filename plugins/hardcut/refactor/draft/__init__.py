"""The manifest that a change implies: two trees in, entries with confidence and evidence out."""
