"""An edit of a text, and making edits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec


class Edit(msgspec.Struct, frozen=True, order=True):
    """Characters to replace by `text`, whose lines end in `\\n`; lines and columns from 1, the end exclusive.

    `title` says what it does, for a menu.
    """

    line: int
    column: int
    end_line: int
    end_column: int
    text: str
    title: str


def applied(lines: Sequence[str], edits: Iterable[Edit]) -> list[str]:
    """The lines after edits, each made once; of two that overlap, the first is made."""
    pieces: list[str] = []
    line, column = 1, 1
    for one in sorted(set(edits)):
        if (one.line, one.column) < (line, column):
            continue
        pieces += [_between(lines, (line, column), (one.line, one.column)), one.text]
        line, column = one.end_line, one.end_column
    end = (len(lines), len(lines[-1]) + 1) if lines else (1, 1)
    return "".join([*pieces, _between(lines, (line, column), end)]).split("\n")


def _between(lines: Sequence[str], start: tuple[int, int], end: tuple[int, int]) -> str:
    """The text from one place to another."""
    if start[0] == end[0]:
        return lines[start[0] - 1][start[1] - 1 : end[1] - 1]
    whole = lines[start[0] : end[0] - 1]
    return "\n".join([lines[start[0] - 1][start[1] - 1 :], *whole, lines[end[0] - 1][: end[1] - 1]])
