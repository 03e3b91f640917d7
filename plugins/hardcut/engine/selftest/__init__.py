"""Whether a plan's gates would find what they are there for: violations planted, and looked for."""
