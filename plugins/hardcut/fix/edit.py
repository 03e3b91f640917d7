"""An edit of a text, what it claims, and making edits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import Enum

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


class ClaimKind(Enum):
    """What an edit promises about a place."""

    IMPORT = "import"
    """An import binds a name to another path."""
    STRING = "string"
    """A string is another text."""


class Claim(msgspec.Struct, frozen=True):
    """What one rewritten name is afterwards.

    `line` and `column` are its place in the old text: of the imported name, or of the string's content.
    For an import, `old` and `new` are absolute dotted paths; for a string, its text before and after.
    `path` is the dotted path that has to lead to a definition.
    """

    kind: ClaimKind
    line: int
    column: int
    old: str
    new: str
    path: str


class PlannedEdit(msgspec.Struct, frozen=True):
    """An edit with its claims, of which each has to hold in the new text."""

    edit: Edit
    claims: tuple[Claim, ...] = ()


def overlapping(edits: Iterable[Edit]) -> set[Edit]:
    """The edits that begin before an earlier one ends; they cannot be made together with it."""
    found: set[Edit] = set()
    end = (0, 0)
    for edit in sorted(set(edits)):
        if (edit.line, edit.column) < end:
            found.add(edit)
        else:
            end = edit.end_line, edit.end_column
    return found


def applied(lines: Sequence[str], edits: Iterable[Edit]) -> list[str]:
    """The lines after edits, each made once; of two that overlap, the first is made."""
    pieces: list[str] = []
    line, column = 1, 1
    for edit in sorted(set(edits)):
        if (edit.line, edit.column) < (line, column):
            continue
        pieces += [_between(lines, (line, column), (edit.line, edit.column)), edit.text]
        line, column = edit.end_line, edit.end_column
    end = (len(lines), len(lines[-1]) + 1) if lines else (1, 1)
    return "".join([*pieces, _between(lines, (line, column), end)]).split("\n")


def new_places(edits: Iterable[Edit]) -> dict[Edit, tuple[int, int]]:
    """Where the text of each edit begins (line and column from 1) after all of them are made."""
    found: dict[Edit, tuple[int, int]] = {}
    lines, columns, last = 0, 0, 0
    for edit in sorted(set(edits)):
        column = edit.column + (columns if edit.line == last else 0)
        line = edit.line + lines
        found[edit] = line, column
        breaks = edit.text.count("\n")
        end = len(edit.text) - edit.text.rfind("\n") if breaks else column + len(edit.text)
        lines += breaks - (edit.end_line - edit.line)
        columns, last = end - edit.end_column, edit.end_line
    return found


def _between(lines: Sequence[str], start: tuple[int, int], end: tuple[int, int]) -> str:
    """The text from one place to another."""
    if start[0] == end[0]:
        return lines[start[0] - 1][start[1] - 1 : end[1] - 1]
    whole = lines[start[0] : end[0] - 1]
    return "\n".join([lines[start[0] - 1][start[1] - 1 :], *whole, lines[end[0] - 1][: end[1] - 1]])
