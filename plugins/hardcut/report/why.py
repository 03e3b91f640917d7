"""What a plan says about a name, for people and programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import groupby

import msgspec

from hardcut import __version__
from hardcut.engine.why import Answer
from hardcut.finding import Finding
from hardcut.refactor.liveness import Usage
from hardcut.report.columns import aligned
from hardcut.report.escape import clean
from hardcut.report.plain_json import dump
from hardcut.report.snippet import Lines
from hardcut.report.summary import count
from hardcut.report.terminal import PLAIN, Terminal
from hardcut.report.view import in_order
from hardcut.report.width import cut

SCHEMA_VERSION = 2
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


class _Reference(msgspec.Struct, kw_only=True):
    path: str
    line: int
    column: int
    kind: str
    test: bool
    within: list[str]


class _Usage(msgspec.Struct, kw_only=True):
    name: str
    verdict: str
    keepers: list[str]
    reasons: list[str]
    others: list[str]
    references: list[_Reference]


class _Name(msgspec.Struct, kw_only=True):
    query: str
    entries: list[_Entry]
    below: list[_Entry]
    usages: list[_Usage]


class _Json(msgspec.Struct, kw_only=True):
    schema_version: int
    version: str
    names: list[_Name]


class Found(msgspec.Struct, frozen=True):
    """What the plans of a root say about a name and the names below it, and whether the code needs it."""

    root: str
    answers: list[Answer]
    below: list[Answer]
    usages: list[Usage]
    query: str


def as_json(found: Sequence[Found]) -> str:
    """The answers about all names as one JSON object."""
    names = [
        _Name(
            query=name.query,
            entries=[_entry(answer) for answer in name.answers],
            below=[_entry(answer) for answer in name.below],
            usages=[_usage(usage) for usage in name.usages],
        )
        for name in found
    ]
    return dump(_Json(schema_version=SCHEMA_VERSION, version=__version__, names=names))


def as_text(found: Sequence[Found], terminal: Terminal = PLAIN) -> str:
    """One name with all that is known about it; several as a table with a line each."""
    if len(found) == 1:
        (name,) = found
        parts = (
            [_plan_text(name.root, name.answers, name.below, terminal)] if name.answers or name.below else []
        )
        return "\n".join([*parts, *(_usage_text(usage, terminal) for usage in name.usages)])
    usages = [usage for name in found for usage in name.usages]
    rows = [["name", "verdict", "references", "because"], *(_usage_row(usage) for usage in usages)]
    out = "".join("  ".join(row).rstrip() + "\n" for row in aligned(rows, (2,)))
    counts = Counter(usage.verdict.value for usage in usages)
    if usages:
        listed = ", ".join(f"{number} {verdict}" for verdict, number in counts.most_common())
        out += f"\n{count(len(usages), 'name')}: {listed}\n"
    others = [
        _plan_text(name.root, name.answers, name.below, terminal)
        for name in found
        if not name.usages and (name.answers or name.below)
    ]
    return "\n".join([*([out] if usages else []), *others])


def _usage(usage: Usage) -> _Usage:
    return _Usage(
        name=usage.name,
        verdict=usage.verdict.value,
        keepers=usage.keepers,
        reasons=usage.reasons,
        others=usage.others,
        references=[
            _Reference(
                path=found.path,
                line=found.line,
                column=found.column,
                kind=found.kind.value,
                test=found.is_test,
                within=list(found.holders),
            )
            for found in usage.references
        ],
    )


def _because(usage: Usage) -> list[str]:
    return usage.keepers or usage.reasons or usage.others


def _usage_row(usage: Usage) -> list[str]:
    because = _because(usage)
    more = f" (+{len(because) - 1})" if len(because) > 1 else ""
    first = because[0] if because else ""
    return [clean(usage.name), usage.verdict.value, f"{len(usage.references):,}", f"{clean(first)}{more}"]


_LABELS = ("kept by", "reasons", "used by")
_MOST_SHOWN = 200
"""References that the text format lists of one name; JSON lists all."""


def _usage_text(usage: Usage, terminal: Terminal) -> str:
    paint = terminal.paint
    out = [f"{paint(clean(usage.name), 'path')}  {usage.verdict.value}"]
    for label, values in zip(_LABELS, (usage.keepers, usage.reasons, usage.others), strict=True):
        for number, value in enumerate(values[:_MOST_SHOWN]):
            shown = "" if number else label
            out.append(f"  {paint(f'{shown:<9}', 'key')}  {clean(value)}")
    found = usage.references
    out.append(
        f"  {paint('found    ', 'key')}  {count(len(found), 'reference') if found else 'no reference'}"
    )
    rows = [
        [
            f"{clean(reference.path)}:{reference.line}:{reference.column}",
            reference.kind.value + (" in a test" if reference.is_test else ""),
            clean(", ".join(reference.holders[:3])),
        ]
        for reference in found[:_MOST_SHOWN]
    ]
    out += ["    " + "  ".join(row).rstrip() for row in aligned(rows, ())]
    if len(found) > _MOST_SHOWN:
        out.append(f"    and {len(found) - _MOST_SHOWN:,} more (--format json lists all)")
    return "\n".join(out) + "\n"


def _plan_text(root: str, answers: Sequence[Answer], below: Sequence[Answer], terminal: Terminal) -> str:
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
