"""What a wave lacks, as a numbered list for people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from hardcut.report.escape import clean
from hardcut.report.summary import count
from hardcut.report.terminal import PLAIN, Terminal

if TYPE_CHECKING:
    from hardcut.engine.landing import Lack
    from hardcut.finding import Finding, Place

SHOWN = 3
"""Findings of one gate that are listed."""


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
