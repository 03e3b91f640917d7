"""What an edit changes in a large file's findings, found by reading only what is around the edit.

Of all functions but the edited ones, only the names are read, and of the module's other statements those
whose names the edited ones need. Findings on lines that did not change stay as they were, so that the
answer comes quickly and what is half-typed disturbs nothing else.
It is an answer for the moment: what an edit changes elsewhere in the file, only a full reading tells.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import msgspec

from hardcut.finding import Finding
from hardcut.source.python.frame import Frame, Outermost, Statement, needed, words_of

MOST = 1_500
"""So many lines of edited functions are read; with more, a full reading is no slower."""


class Known(NamedTuple):
    """A file's lines, the findings about it, and the parts that it consists of, where they are known."""

    lines: list[str]
    findings: list[Finding]
    frame: Frame | None


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
    head = _shared(old, new)
    tail = _shared(old[head:][::-1], new[head:][::-1])
    return Change(head + 1, len(old) - tail + 1, len(new) - tail + 1)


def _shared(one: list[str], other: list[str]) -> int:
    """How many lines two texts have in common at their beginnings; slices are compared, not lines."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def excerpt(known: Known, text: list[str], at: Change) -> tuple[list[str], list[range]] | None:
    """The lines to read for a changed file, and those of them (from 1) whose findings hold.

    None where so much has changed that the file has to be read as a whole.
    """
    frame = known.frame
    if frame is None:
        return None
    start = at.start
    while start > 1 and not text[start - 2].strip():
        start -= 1
    near = Change(start - 1, at.old, at.new)
    functions = [one for one in frame.functions if _differs(one, near)]
    touched = [range(at.start, at.new + 1)]
    touched += [range(one.first, one.last + at.new - at.old + 1) for one in functions]
    if sum(map(len, touched)) > MOST:
        return None
    found = frame.bare[: at.start - 1] + text[at.start - 1 : at.new - 1] + frame.bare[at.old - 1 :]
    for one in frame.statements:
        if _differs(one, near):
            _put(found, frame.stubs, one, at)
    for body in functions:
        _put(found, known.lines, body, at)
    for index in needed(frame, words_of(found)):
        one = frame.statements[index]
        if not _differs(one, near):
            _put(found, frame.stubs, one, at)
    return found, touched


def _differs(part: Outermost | Statement, at: Change) -> bool:
    """Whether a part of a file is changed, or may be."""
    return part.first < at.old and part.last >= at.start


def _put(lines: list[str], old: list[str], part: Outermost | Statement, at: Change) -> None:
    """Put those lines of a part of the old text that did not change to where they are now."""
    delta = at.new - at.old
    head = slice(part.first - 1, min(part.last, at.start - 1))
    tail = slice(max(part.first, at.old) - 1, part.last)
    if head.start < head.stop:
        lines[head] = old[head]
    if tail.start < tail.stop:
        lines[tail.start + delta : tail.stop + delta] = old[tail]


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
