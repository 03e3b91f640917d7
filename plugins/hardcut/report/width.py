"""How wide text is on a terminal, and the part of a long line that is shown."""

from __future__ import annotations

import unicodedata

import msgspec

from hardcut.report.escape import is_hostile, spell

TAB = "    "


class Cut(msgspec.Struct, frozen=True):
    """A line as shown: the text, and the span's place in it in terminal columns from 0."""

    text: str
    offset: int
    length: int


def width_of(char: str) -> int:
    """Columns of one printable character: 2 for wide ones, 0 for those that join the one before."""
    if char < "\u0300":
        return 1
    if unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def cut(line: str, start: int, end: int, limit: int = 160) -> Cut:
    """The line made harmless and cut to about `limit` columns around a span of characters.

    `start` and `end` are indices from 0, `end` exclusive; both may lie beyond the line. A span is at
    least one column long and ends where the shown text ends.
    """
    start = min(max(start, 0), len(line))
    end = min(max(end, start), len(line))
    low = max(0, start - limit) if len(line) > limit else 0
    high = min(len(line), max(low, start) + 2 * limit)
    pieces = [_piece(char) for char in line[low:high]]
    before = sum(width for _, width in pieces[: start - low])
    first = 0
    if low or high < len(line) or sum(width for _, width in pieces) > limit:
        room = max(limit // 3, limit - 6 - sum(width for _, width in pieces[start - low :]))
        while before > room:
            before -= pieces[first][1]
            first += 1
    lead = "..." if low or first else ""
    column, last = len(lead), first
    while last < len(pieces) and column + pieces[last][1] <= limit - 3:
        column += pieces[last][1]
        last += 1
    rest = sum(width for _, width in pieces[last:])
    if high == len(line) and column + rest <= limit:
        column, last = column + rest, len(pieces)
    trail = "..." if last < len(pieces) or high < len(line) else ""
    text = lead + "".join(piece for piece, _ in pieces[first:last]) + trail
    span = sum(width for _, width in pieces[start - low : min(end - low, last)])
    return Cut(text, len(lead) + before, max(1, span))


def _piece(char: str) -> tuple[str, int]:
    if char == "\t":
        return TAB, len(TAB)
    if is_hostile(char):
        spelled = spell(char)
        return spelled, len(spelled)
    return char, width_of(char)
