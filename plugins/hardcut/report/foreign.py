"""What the formats that other tools define have in common: paths, places, texts and fingerprints."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING

import msgspec

from hardcut.finding import Finding, Place
from hardcut.fix.edit import Edit
from hardcut.fix.planning import edits
from hardcut.report.snippet import Lines
from hardcut.report.view import View, arrange, in_order

if TYPE_CHECKING:
    from hardcut.engine.report_data import Report


class Item(msgspec.Struct, frozen=True):
    """A finding with what other tools want to know of it.

    `path` is relative to the top of the repository. `span` is its place in the file, None where it
    has no line or lies in a notebook's cell, whose lines no other tool counts. `source` is the
    finding's first line. `fingerprint` stays when lines shift. `edit` fixes it, with the file's line ends.
    """

    finding: Finding
    path: str
    span: Place | None
    source: str
    fingerprint: str
    edit: Edit | None = None


def items(report: Report, view: View) -> list[Item]:
    """The findings that are listed, contested ones among them, in the order of their places."""
    arranged = arrange(report, view)
    lines = Lines(view.root, view.sources)
    prefix = below_repository(view.root)
    seen: Counter[str] = Counter()
    found: list[Item] = []
    listed = in_order([*arranged.findings, *arranged.contested])
    changes = _edits(listed, lines)
    for finding, change in zip(listed, changes, strict=True):
        place = finding.place
        path, source = prefix + place.path, lines.line(place) or ""
        mark = _digest(finding.code, finding.subject, path, finding.form, " ".join(source.split()))
        seen[mark] += 1
        if seen[mark] > 1:
            mark = _digest(mark, str(seen[mark]))
        span = place if place.line is not None and place.cell is None else None
        found.append(Item(finding, path, span, source, mark, change))
    return found


def _edits(listed: list[Finding], lines: Lines) -> list[Edit | None]:
    """What fixes each of the findings, which come file by file."""
    found: list[Edit | None] = []
    for path, group in groupby(listed, lambda one: one.place.path):
        here = list(group)
        made = edits(here, lines.of(path)) if any(one.fix for one in here) else [None] * len(here)
        found += [_ending(one, lines.end(path)) if one and "\n" in one.text else one for one in made]
    return found


def _ending(edit: Edit, end: str) -> Edit:
    """The same edit with another line end in its text."""
    return msgspec.structs.replace(edit, text=edit.text.replace("\n", end))


def said(finding: Finding) -> str:
    """What is wrong, and the way out; a notebook's cell, which has no place in its file."""
    place = finding.place
    parts = [finding.message]
    if place.cell is not None:
        parts.append(f"in cell {place.cell}" + (f", line {place.line}" if place.line is not None else ""))
    if finding.contested is not None:
        parts.append(f"contested: {finding.contested}")
    return "\n".join([*parts, *([f"help: {finding.help}"] if finding.help.strip() else [])])


def below_repository(root: str) -> str:
    """The root's path below the top of its git repository, with a slash at its end; empty at the top."""
    here = os.path.abspath(root)
    names: list[str] = []
    while not os.path.lexists(os.path.join(here, ".git")):
        here, name = os.path.split(here)
        if not name:
            return ""
        names.append(name)
    return "".join(f"{name}/" for name in reversed(names))


def _digest(*parts: str) -> str:
    data = "\0".join(parts).encode("utf-8", "surrogatepass")
    return hashlib.sha256(data).hexdigest()[:32]
