"""What an edit changes in a large file's findings, found by reading only what is around the edit.

Of all functions but the edited ones, only the names are read. Findings on lines that did not
change stay as they were, so that the answer comes quickly and what is half-typed disturbs nothing else.
It is an answer for the moment: what an edit changes elsewhere in the file, only a full reading tells.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import msgspec

from hardcut.finding import Finding
from hardcut.source.python.outermost import Outermost, without
from hardcut.source.shared import shared

MOST = 1_500
"""So many lines of edited functions are read; with more, a full reading is no slower."""


class Known(NamedTuple):
    """A file's lines, the findings about it, and its functions (see `outermost`)."""

    lines: list[str]
    findings: list[Finding]
    functions: list[Outermost]


class Change(NamedTuple):
    """The lines that differ, from 1, ends exclusive: from `start` on, to `old` before and `new` after."""

    start: int
    old: int
    new: int


def lines_of(text: str) -> list[str]:
    """A text's lines, as findings count them."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")


def change(old: list[str], new: list[str]) -> Change:
    """What two versions of a file do not have in common at their beginnings and ends."""
    head = shared(old, new)
    tail = shared(old[head:][::-1], new[head:][::-1])
    return Change(head + 1, len(old) - tail + 1, len(new) - tail + 1)


def excerpt(known: Known, text: list[str], at: Change) -> tuple[list[str], list[range]] | None:
    """The lines to read for a changed file, and those of them (from 1) whose findings hold.

    None where so much has changed that the file has to be read as a whole.
    """
    delta = at.new - at.old
    touched, left_out = list[range](), list[Outermost]()
    touched.append(range(at.start, at.new + 1))
    for body in known.functions:
        if body.last < at.start:
            left_out.append(body)
        elif body.first >= at.old:
            left_out.append(body._replace(first=body.first + delta, last=body.last + delta))
        else:
            touched.append(range(body.first, body.last + delta + 1))
    if sum(map(len, touched)) > MOST:
        return None
    return without(text, left_out), touched


def merged(
    known: Known, at: Change, fresh: Iterable[Finding], held: list[range] | None = None
) -> list[Finding]:
    """The findings of unchanged lines as they were, and the fresh ones on the lines `held` (or any)."""
    found = list(shifted(known.findings, at))
    seen = {(one.code, one.place.line, one.place.column) for one in found}
    for one in fresh:
        line = one.place.line
        if line is None or (held is not None and not any(line in lines for lines in held)):
            continue
        if (one.code, line, one.place.column) not in seen:
            found.append(one)
    return sorted(found, key=lambda one: (one.place.line or 0, one.place.column or 0, one.code))


def shifted(findings: Iterable[Finding], at: Change) -> Iterable[Finding]:
    """The findings whose lines did not change, at the lines that these have now."""
    for one in findings:
        place = one.place
        if place.line is None or place.line < at.start or place.cell is not None:
            yield one
        elif place.line >= at.old:
            delta = at.new - at.old
            end = None if place.end_line is None else place.end_line + delta
            moved = msgspec.structs.replace(place, line=place.line + delta, end_line=end)
            yield msgspec.structs.replace(one, place=moved)
