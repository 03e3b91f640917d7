"""A run: which files, which rules, the project's answers, the cache and the workers."""
