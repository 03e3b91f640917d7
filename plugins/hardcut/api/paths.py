"""Paths as integrations are given them, and as the engine wants them: relative to the root, with `/`."""

from __future__ import annotations

import os


def relative(root: str, path: str) -> str | None:
    """A path relative to the root, or None outside of it; links on the way to both are followed."""
    if "\0" in path:
        return None
    try:
        absolute = os.path.abspath(path)
        inside = _inside(os.path.abspath(root), absolute)
        if inside is None:
            real = os.path.realpath(root)
            folder, name = os.path.split(absolute)
            inside = _inside(real, os.path.join(os.path.realpath(folder), name))
            inside = inside or _inside(real, os.path.realpath(absolute))
    except ValueError:
        return None
    return inside


def _inside(base: str, path: str) -> str | None:
    inside = os.path.relpath(path, base)
    if inside == os.pardir or inside.startswith(os.pardir + os.sep) or os.path.isabs(inside):
        return None
    return inside.replace(os.sep, "/")
