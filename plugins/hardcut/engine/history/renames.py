"""Where files came from that have another path now, told by their contents alone.

Git knows a rename only of files that it tracks. What the working tree holds is the same before `git add`
and after it, so its renames are, too.
"""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Callable, Iterable, Mapping

LEAST = 0.5
"""So much of the larger file has to be in both; git asks for the same."""
MOST = 50_000
"""Pairs of files that are compared line by line; of more, none is."""


def renames(new: Mapping[str, bytes], gone: Mapping[str, bytes]) -> dict[str, str]:
    """The old path of each new file that came from one that is gone; each old one is taken once.

    Same contents go first, then similar files of one name, then similar ones of one kind.
    """
    found: dict[str, str] = {}
    lines = {
        data: Counter(data.splitlines(keepends=True)) for data in {*new.values(), *gone.values()} if data
    }

    def alike(path: str, old: str) -> float:
        one, other = new[path], gone[old]
        most, least = max(len(one), len(other)), min(len(one), len(other))
        if not least or least < most * LEAST:
            return 0.0
        return sum(len(line) * many for line, many in (lines[one] & lines[other]).items()) / most

    passes: tuple[tuple[Callable[[str, bytes], object], bool], ...] = (
        (lambda path, data: data, False),
        (lambda path, data: posixpath.basename(path), True),
        (lambda path, data: posixpath.splitext(path)[1], True),
    )
    for group, compared in passes:
        taken = set(found.values())
        olds: dict[object, list[str]] = {}
        for old, data in gone.items():
            if old not in taken and data:
                olds.setdefault(group(old, data), []).append(old)
        pairs = [
            (path, old)
            for path, data in new.items()
            if path not in found
            for old in olds.get(group(path, data), ())
        ]
        if compared and len(pairs) > MOST:
            continue
        scored = ((alike(path, old) if compared else 1.0, path, old) for path, old in pairs)
        _take(found, (one for one in scored if one[0] >= LEAST))
    return found


def _take(found: dict[str, str], scored: Iterable[tuple[float, str, str]]) -> None:
    """Take the most alike first; of equals those whose paths end alike."""
    taken: set[str] = set()
    for _, path, old in sorted(scored, key=lambda one: (-one[0], -_tail(one[1], one[2]), one[1], one[2])):
        if path not in found and old not in taken:
            found[path] = old
            taken.add(old)


def _tail(path: str, old: str) -> int:
    """How many of their last parts two paths have in common."""
    many = 0
    for one, other in zip(reversed(path.split("/")), reversed(old.split("/")), strict=False):
        if one != other:
            break
        many += 1
    return many
