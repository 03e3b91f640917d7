"""What a wave lacks before it can land: a numbered list for people, or JSON for programs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec

from hardcut import __version__
from hardcut.report.as_json import SCHEMA_VERSION, JsonDeclared, JsonFinding, finding_to_json
from hardcut.report.escape import clean
from hardcut.report.plain_json import dump
from hardcut.report.summary import count
from hardcut.report.terminal import PLAIN, Terminal

if TYPE_CHECKING:
    from hardcut.engine.landing import Lack
    from hardcut.finding import Finding, Place

SHOWN = 3
"""Findings of one gate that are listed."""


class JsonMissing(msgspec.Struct, kw_only=True):
    """One thing that keeps a wave from landing."""

    step: str
    message: str
    declared: JsonDeclared
    findings: list[JsonFinding]
    details: list[str]


class JsonLanding(msgspec.Struct, kw_only=True):
    """The whole object."""

    schema_version: int
    version: str
    plan: str
    wave: str
    state: str
    landed: bool
    verdict: str
    missing: list[JsonMissing]


def as_json(found: JsonLanding) -> str:
    """One JSON object; docs/json.md describes it."""
    return dump(found)


def to_json(plan: str, wave: str, state: str, lacks: Sequence[Lack]) -> JsonLanding:
    """What a wave lacks, in the documented shape. `state` is the wave's state now, after a landing too."""
    if lacks:
        verdict = f"wave {wave} is not done: {count(len(lacks), 'thing')} {_is(len(lacks))} missing"
    elif state == "landed":
        verdict = f"wave {wave} has landed"
    else:
        verdict = f"wave {wave} is done: it can land"
    return JsonLanding(
        schema_version=SCHEMA_VERSION,
        version=__version__,
        plan=plan,
        wave=wave,
        state=state,
        landed=state == "landed",
        verdict=verdict,
        missing=[
            JsonMissing(
                step=lack.step,
                message=lack.said,
                declared=JsonDeclared(lack.declared.path, lack.declared.line),
                findings=[finding_to_json(finding) for finding in lack.findings],
                details=list(lack.more),
            )
            for lack in lacks
        ],
    )


def lacking(wave: str, lacks: Sequence[Lack], terminal: Terminal = PLAIN) -> str:
    """A line for each thing that is missing, with its place, and below it what tells about it."""
    head = f"wave {wave} cannot land yet: {count(len(lacks), 'thing')} {_is(len(lacks))} missing"
    lines = [terminal.paint(clean(head), "error"), ""]
    wide = len(str(len(lacks)))
    for number, lack in enumerate(lacks, 1):
        total = f": {count(len(lack.findings), 'finding')}" if lack.findings else ""
        place = f"{lack.declared.path}:{lack.declared.line}"
        lines.append(f"{number:>{wide}}. {clean(lack.said + total)}  {terminal.paint(clean(place), 'path')}")
        below = [_finding(one) for one in lack.findings[:SHOWN]]
        if len(lack.findings) > SHOWN:
            below.append(f"and {len(lack.findings) - SHOWN:,} more")
        lines += [f"{' ' * wide}  {clean(one)}" for one in [*below, *lack.more]]
    return "".join(f"{line}\n" for line in lines)


def _is(number: int) -> str:
    return "is" if number == 1 else "are"


def _finding(one: Finding) -> str:
    return f"{_place(one.place)}: {one.code} {one.message}"


def _place(place: Place) -> str:
    cell = f":cell {place.cell}" if place.cell is not None else ""
    return f"{place.path}{cell}" + (f":{place.line}:{place.column}" if place.line is not None else "")
