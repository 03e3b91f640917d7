"""What integrations and scripts call: names, paths and manifests as people give them, to a run."""
