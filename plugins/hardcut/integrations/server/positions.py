"""Lines and columns between an editor and hardcut: from 0 in the encoding agreed on, from 1 in characters."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lsprotocol import types
from pygls.workspace import TextDocument

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_OTHER_ENDS = "\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"
_WIDTH = {"utf-8": 1, "utf-16": 2, "utf-32": 4}


class Document(TextDocument):
    """An open document whose lines end as the protocol says: a form feed, say, ends none."""

    @property
    def lines(self) -> Sequence[str]:
        """The lines, with their ends."""
        source = self.source
        if any(sign in source for sign in _OTHER_ENDS):
            return tuple(_LINE.findall(source))
        return tuple(source.splitlines(True))

    def apply_change(self, change: types.TextDocumentContentChangeEvent) -> None:
        """Take an edit; pygls copies a text line by line, which takes as long as judging the edit."""
        if not isinstance(change, types.TextDocumentContentChangePartial):
            super().apply_change(change)
            return
        lines = self.lines
        given = self.position_codec.range_from_client_units(lines, change.range)
        before, _ = _split(lines, given.start.line, given.start.character)
        _, after = _split(lines, given.end.line, given.end.character)
        self._source = before + change.text + after


def _split(lines: Sequence[str], row: int, offset: int) -> tuple[str, str]:
    """What stands before a place (from 0, in characters), and what after."""
    line = "".join(lines[row : row + 1])
    return "".join(lines[:row]) + line[:offset], line[offset:] + "".join(lines[row + 1 :])


def units(line: str, column: int, encoding: str) -> int:
    """A column of characters (from 1) as an offset in code units; beyond the line's end, that end."""
    head = line[: max(0, column - 1)]
    if head.isascii():
        return len(head)
    sign = "le" if encoding != "utf-8" else ""
    name = f"{encoding}-{sign}" if sign else encoding
    return len(head.encode(name, "surrogatepass")) // _WIDTH[encoding]


def characters(line: str, offset: int, encoding: str) -> int:
    """An offset in code units as a column of characters, from 1."""
    if line.isascii():
        return min(offset, len(line)) + 1
    done = 0
    for column, char in enumerate(line, 1):
        if done >= offset:
            return column
        done += units(char, 2, encoding)
    return len(line) + 1


def spanned(lines: Sequence[str], start: tuple[int, int], end: tuple[int, int], encoding: str) -> types.Range:
    """The range between two places, each a line and a column from 1; what lies outside is drawn in."""

    def position(line: int, column: int) -> types.Position:
        at = min(max(line, 1), max(len(lines), 1))
        text = lines[at - 1] if lines else ""
        return types.Position(at - 1, units(text, column if at == line else len(text) + 1, encoding))

    first = position(*start)
    last = position(*end)
    if (last.line, last.character) < (first.line, first.character):
        last = first
    return types.Range(first, last)
