"""What a piece of code looks like, so that it is known again under another name or in another file."""

from __future__ import annotations

from collections import Counter
from typing import Literal

import msgspec

from hardcut.source.facts import Span

Kind = Literal["module", "function", "class", "value"]


class Print(msgspec.Struct, frozen=True, array_like=True):
    """One body: of a whole module (name ""), a function, a class, a method (`Class.name`) or a value.

    `lines` are hashes of its significant lines, sorted: without layout, comments, docstrings and imports,
    the body's own name and leading underscores made equal; a line of fewer than `FEWEST` tokens says
    too little and is left out. `characters` are those of all its tokens. `shape` is a digest of all tokens
    with every name replaced by the order in which it comes first, so that a body in which names were
    changed throughout keeps it.
    """

    name: str
    kind: Kind
    span: Span
    characters: int
    lines: list[int]
    shape: bytes


FEWEST = 4
"""Tokens of a line that counts."""


def share(gone: Print, there: Print) -> float:
    """How much of one body is in another, from 0 to 1, by its significant lines and their number."""
    if not gone.lines:
        return 0.0
    common = Counter(gone.lines) & Counter(there.lines)
    return sum(common.values()) / len(gone.lines)
