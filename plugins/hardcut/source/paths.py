"""Paths against globs, as .gitignore reads them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec


@lru_cache(maxsize=256)
def _spec(globs: tuple[str, ...]) -> GitIgnoreSpec:
    from pathspec import GitIgnoreSpec

    return GitIgnoreSpec.from_lines(globs)


def matches(path: str, globs: Sequence[str]) -> bool:
    """Whether a posix path, relative to the root, matches one of the globs (or lies below a match)."""
    return bool(globs) and _spec(tuple(globs)).match_file(path)
