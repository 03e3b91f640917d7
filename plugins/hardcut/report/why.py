"""What a plan says about a name, for people and programs."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING

import msgspec

from hardcut import __version__
from hardcut.finding import Finding
from hardcut.report.columns import aligned
from hardcut.report.escape import clean
from hardcut.report.plain_json import dump
from hardcut.report.snippet import Lines
from hardcut.report.summary import count
from hardcut.report.terminal import PLAIN, Terminal
from hardcut.report.view import in_order
from hardcut.report.width import cut

if TYPE_CHECKING:
    from hardcut.engine.why import Answer

SCHEMA_VERSION = 1
FORMATS = ("text", "json")
LIMIT = 110


class _Place(msgspec.Struct, kw_only=True):
    line: int | None
    column: int | None
    cell: int | None
    code: str
    rule: str
    form: str
    subject: str
    message: str
    severity: str
    contested: bool


class _File(msgspec.Struct, kw_only=True):
    path: str
    places: list[_Place]


class _Decision(msgspec.Struct, kw_only=True):
    question: str
    options: list[str]
    chosen: str | None


class _Entry(msgspec.Struct, kw_only=True):
    name: str
    role: str
    plan: str
    wave: str
    title: str | None
    state: str
    reason: str | None
    new_homes: list[str]
    decision: _Decision | None
    contested: str | None
    revived: str | None
    checked: bool
    remaining: int
    remaining_others: int
    declared: dict[str, str | int]
    files: list[_File]


class _Json(msgspec.Struct, kw_only=True):
    schema_version: int
    version: str
    query: str
    entries: list[_Entry]
    below: list[_Entry]


def as_json(query: str, answers: Sequence[Answer], below: Sequence[Answer]) -> str:
    """The answers about a name, and about those below it, as one JSON object."""
    entries, others = [_entry(one) for one in answers], [_entry(one) for one in below]
    return dump(
        _Json(schema_version=SCHEMA_VERSION, version=__version__, query=query, entries=entries, below=others)
    )


def as_text(root: str, answers: Sequence[Answer], below: Sequence[Answer], terminal: Terminal = PLAIN) -> str:
    """Each entry with its wave, reason, new home and every place that is left, grouped by file."""
    lines = Lines(root, {})
    parts = [_told(one, root, lines, terminal) for one in answers]
    if below:
        rows = aligned([_row(one) for one in below], (3,))
        title = terminal.paint("below it, the plan speaks of" if answers else "the plan speaks of", "path")
        parts.append(
            "".join(f"{line}\n" for line in [title, *("  " + "  ".join(row).rstrip() for row in rows)])
        )
    return "\n".join(parts)


def _told(one: Answer, root: str, lines: Lines, terminal: Terminal) -> str:
    paint, entry = terminal.paint, one.name.gate.entry
    wave = f"wave {clean(one.wave.id)}" + (f", {clean(one.wave.title)}" if one.wave.title else "")
    out = [f"{paint(clean(one.name.name), 'path')}  {clean(one.name.role)} in {wave} [{one.wave.state}]"]
    said = [("why", one.reason), ("new home", " or ".join(one.name.to)), ("revived", one.revived)]
    if entry.decision is not None:
        said.append(("decision", entry.decision.question))
        options = " | ".join(entry.decision.options)
        said.append(("chosen", entry.decision.chosen or f"nothing yet{f': {options}' if options else ''}"))
    said.append(("contested", entry.contested))
    declared = one.name.gate.declared
    said.append(("plan", f"{one.name.gate.plan}, {declared.path}:{declared.line}"))
    out += [f"  {paint(f'{key:<9}', 'key')}  {clean(text)}" for key, text in said if text]
    out.append(f"  {paint('left     ', 'key')}  {_left(one)}")
    for path, found in groupby(in_order(one.findings), key=lambda finding: finding.place.path):
        out.append("    " + terminal.link(paint(clean(path), "path"), root, path))
        rows = aligned([_place(finding, lines) for finding in found], (0,))
        out += ["      " + "  ".join(row).rstrip() for row in rows]
    return "\n".join(out) + "\n"


def _left(one: Answer) -> str:
    if not one.checked and not one.findings:
        return "no rule can tell yet"
    if not one.findings:
        said = "nothing"
    else:
        files = len({finding.place.path for finding in one.findings})
        said = f"{count(len(one.findings), 'place')} in {count(files, 'file')}"
    return said + (f"; {one.more:,} more about other names of this entry" if one.more else "")


def _place(finding: Finding, lines: Lines) -> list[str]:
    place = finding.place
    text = lines.line(place) if place.path != finding.declared.path else None
    where = "-" if place.line is None else f"{place.line}:{place.column or 1}"
    where = where if place.cell is None else f"cell {place.cell}:{where}"
    if text is None:
        shown = clean(finding.message.split("\n", 1)[0])
    else:
        start = (place.column or 1) - 1
        stripped = text.lstrip()
        gone = len(text) - len(stripped)
        shown = cut(stripped, max(0, start - gone), max(0, start - gone) + 1, LIMIT).text.rstrip()
    return [where, finding.rule, shown]


def _row(one: Answer) -> list[str]:
    left = f"{len(one.findings):,} left" if one.checked or one.findings else "not checked"
    return [clean(one.name.name), clean(one.name.role), f"wave {clean(one.wave.id)}", left]


def _entry(one: Answer) -> _Entry:
    gate = one.name.gate
    decision = gate.entry.decision
    files = [
        _File(path=path, places=[_json_place(finding) for finding in found])
        for path, found in groupby(in_order(one.findings), key=lambda finding: finding.place.path)
    ]
    return _Entry(
        name=one.name.name,
        role=one.name.role,
        plan=gate.plan,
        wave=one.wave.id,
        title=one.wave.title,
        state=one.wave.state,
        reason=one.reason,
        new_homes=list(one.name.to),
        decision=None
        if decision is None
        else _Decision(question=decision.question, options=decision.options, chosen=decision.chosen),
        contested=gate.entry.contested,
        revived=one.revived,
        checked=one.checked,
        remaining=len(one.findings),
        remaining_others=one.more,
        declared={"path": gate.declared.path, "line": gate.declared.line},
        files=files,
    )


def _json_place(finding: Finding) -> _Place:
    return _Place(
        line=finding.place.line,
        column=finding.place.column,
        cell=finding.place.cell,
        code=finding.code,
        rule=finding.rule,
        form=finding.form,
        subject=finding.subject,
        message=finding.message,
        severity=finding.severity,
        contested=finding.contested is not None,
    )
