"""What a selftest saw, for people and programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec

from hardcut import __version__
from hardcut.plan.label import kind_of, label, subject
from hardcut.report.columns import aligned
from hardcut.report.escape import clean
from hardcut.report.plain_json import dump
from hardcut.report.summary import count
from hardcut.report.terminal import PLAIN, Terminal

if TYPE_CHECKING:
    from hardcut.engine.selftest.run import Tried

SCHEMA_VERSION = 1
FORMATS = ("text", "json")
WORDS = {"found": "found", "missed": "MISSED", "unplantable": "not plantable"}
_STYLES = {"found": "good", "missed": "error", "unplantable": "faint"}


class _Gate(msgspec.Struct, kw_only=True):
    plan: str
    wave: str
    kind: str
    subject: str
    verdict: str
    rules: list[str]
    planted: int
    said: list[str]
    path: str
    line: int


class _Json(msgspec.Struct, kw_only=True):
    schema_version: int
    version: str
    found: int
    missed: int
    unplantable: int
    gates: list[_Gate]


def render(tried: Sequence[Tried], form: str, terminal: Terminal = PLAIN) -> str:
    """Each gate with its verdict, and how many there are of each."""
    return _json(tried) if form == "json" else _text(tried, terminal)


def _text(tried: Sequence[Tried], terminal: Terminal) -> str:
    lines: list[str] = []
    several = len({one.gate.plan for one in tried}) > 1
    groups: dict[tuple[str, str], list[Tried]] = {}
    for one in tried:
        groups.setdefault((one.gate.plan, one.gate.wave), []).append(one)
    for (plan, wave), ones in groups.items():
        lines.append(clean(f"{plan} wave {wave}" if several else f"wave {wave}"))
        cells = [
            [WORDS[one.verdict], clean(label(one.gate)), clean(_place(one)), ", ".join(one.codes)]
            for one in ones
        ]
        for one, row in zip(ones, aligned(cells), strict=True):
            row[0] = terminal.paint(row[0], _STYLES[one.verdict])
            lines.append("  " + "  ".join(row).rstrip())
            lines += [f"      {clean(said)}" for said in one.said if one.verdict != "found"]
        lines.append("")
    totals = Counter(one.verdict for one in tried)
    missed = terminal.paint(f"{totals['missed']:,} MISSED", "error" if totals["missed"] else "good")
    planted = count(sum(one.planted for one in tried), "violation")
    tail = f"{totals['found']:,} found, {missed}, {totals['unplantable']:,} not plantable"
    lines.append(f"{count(len(tried), 'gate')}: {tail} ({planted} planted)")
    return "".join(f"{line}\n" for line in lines)


def _place(one: Tried) -> str:
    return f"{one.gate.declared.path}:{one.gate.declared.line}"


def _json(tried: Sequence[Tried]) -> str:
    totals = Counter(one.verdict for one in tried)
    return dump(
        _Json(
            schema_version=SCHEMA_VERSION,
            version=__version__,
            found=totals["found"],
            missed=totals["missed"],
            unplantable=totals["unplantable"],
            gates=[
                _Gate(
                    plan=one.gate.plan,
                    wave=one.gate.wave,
                    kind=kind_of(one.gate.entry),
                    subject=subject(one.gate.entry),
                    verdict=one.verdict,
                    rules=one.codes,
                    planted=one.planted,
                    said=one.said,
                    path=one.gate.declared.path,
                    line=one.gate.declared.line,
                )
                for one in tried
            ],
        )
    )
