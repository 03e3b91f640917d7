"""The edit of one line that a finding's fix comes to, where it is one."""

from __future__ import annotations

import re

import msgspec

from hardcut.report.foreign import Item


class Edit(msgspec.Struct, frozen=True):
    """Characters of one line to replace; columns from 1, the end exclusive."""

    line: int
    column: int
    end_column: int
    text: str


def edit(item: Item) -> Edit | None:
    """The new module of a statement that imports one moved name and nothing else, on a line of its own.

    Anything else needs more than one place changed, and is left to people.
    """
    fix, span = item.finding.fix, item.span
    if fix is None or span is None or span.line is None or span.end_line not in (None, span.line):
        return None
    old, new, name = fix.get("from"), fix.get("to"), fix.get("name")
    if fix.get("kind") != "import" or not old or not new or not name:
        return None
    statement = rf"\s*from\s+({re.escape(old)})\s+import\s+{re.escape(name)}(?:\s+as\s+\w+)?\s*(?:#.*)?"
    match = re.fullmatch(statement, item.source)
    if match is None or not item.path.endswith((".py", ".pyi")):
        return None
    return Edit(span.line, match.start(1) + 1, match.end(1) + 1, new)
