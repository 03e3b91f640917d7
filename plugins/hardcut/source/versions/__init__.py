"""Which version of something a file states: requirements, lock files, crates and packages."""
