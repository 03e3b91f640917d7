"""hardcut: hold a Python codebase to a hard-cutover plan."""

__version__ = "0.1.0"
