"""From a finding to its entry in the plan, from an entry to its findings, and what an entry has left."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence

from lsprotocol import types

from hardcut.finding import Declared, Finding
from hardcut.integrations.server.completion import module_at
from hardcut.integrations.server.completion_context import cursor
from hardcut.integrations.server.diagnostics import Writer
from hardcut.integrations.server.documents import Opened
from hardcut.integrations.server.features import overlaps
from hardcut.integrations.server.manifests import is_manifest
from hardcut.integrations.server.positions import characters
from hardcut.report.snippet import Lines
from hardcut.report.summary import count

REFERENCES = "hardcut.references"
"""A command of the editor: it shows locations. Its arguments are those of the server's answer."""
DRAFT_WAIVER = "hardcut.draftWaiver"
"""A command of the server. Its arguments: the manifest's address, and the line of the entry, from 1."""
WAIVED_FOR = datetime.timedelta(days=30)


def definition(document: Opened, at: types.Position, writer: Writer) -> list[types.Location]:
    """The entries that report the findings at a place; in a manifest, the file of the module named there."""
    if is_manifest(document):
        path = module_at(document, at, writer.encoding)
        return [_location(writer, path, 1)] if path is not None else []
    point = types.Range(at, at)
    entries = dict.fromkeys(
        finding.declared
        for finding in document.shown()
        if overlaps(writer.range_of(finding, document.lines), point)
    )
    return [_location(writer, declared.path, declared.line) for declared in entries]


def references(document: Opened, at: types.Position, writer: Writer) -> list[types.Location]:
    """The findings of the entry of a manifest that a place is in, from the last whole run."""
    if not is_manifest(document) or at.line >= len(document.lines):
        return []
    column = characters(document.lines[at.line], at.character, writer.encoding)
    here = cursor(document.lines, at.line + 1, column)
    return _places(document, Declared(document.path, here.line), writer)


def lenses(document: Opened, writer: Writer) -> list[types.CodeLens]:
    """What each entry of a manifest has left, and an offer to waive that; nothing before the first run.

    A manifest with unsaved changes has none: its lines are not those of the plan in force.
    """
    if document.project.report is None or document.dirty or not is_manifest(document):
        return []
    found: list[types.CodeLens] = []
    for plan in document.project.plans:
        if plan.path == document.path:
            for declared in dict.fromkeys(gate.declared for gate in plan.gates):
                found += _lenses_of(document, declared, writer)
    return found


def draft_waivers(document: Opened, line: int, today: datetime.date) -> str:
    """Waivers for what is left of the entry at a line, one for each rule and file, as text to append.

    The reason is left empty, so that the manifest cannot be used before a person has written one.
    """
    left = dict.fromkeys(
        (finding.code, finding.place.path) for finding in _findings(document, Declared(document.path, line))
    )
    until = (today + WAIVED_FOR).isoformat()
    return "".join(
        f'\n[[waiver]]\nrule = "{code}"\npath = {_quoted(path)}\nreason = ""\nuntil = "{until}"\n'
        for code, path in left
    )


def _lenses_of(document: Opened, declared: Declared, writer: Writer) -> Iterator[types.CodeLens]:
    start = types.Position(max(declared.line - 1, 0), 0)
    here = types.Range(start, start)
    places = _places(document, declared, writer)
    title = f"{count(len(places), 'reference')} left" if places else "nothing left"
    arguments = [document.uri, start, places]
    yield types.CodeLens(here, types.Command(title, REFERENCES, arguments=arguments))
    if places:
        draft = types.Command("draft waiver", DRAFT_WAIVER, arguments=[document.uri, declared.line])
        yield types.CodeLens(here, draft)


def _findings(document: Opened, declared: Declared) -> Sequence[Finding]:
    report = document.project.report
    found = [*report.findings, *report.contested] if report is not None else []
    return [finding for finding in found if finding.declared == declared]


def _places(document: Opened, declared: Declared, writer: Writer) -> list[types.Location]:
    lines = Lines(document.project.root, {})
    return [
        types.Location(writer.uri(finding.place.path), writer.range_of(finding, lines.of(finding.place.path)))
        for finding in _findings(document, declared)
    ]


def _location(writer: Writer, path: str, line: int) -> types.Location:
    start = types.Position(max(line - 1, 0), 0)
    return types.Location(writer.uri(path), types.Range(start, start))


def _quoted(path: str) -> str:
    return "'" + path + "'" if '"' in path or "\\" in path else f'"{path}"'
