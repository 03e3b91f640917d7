"""What a report is shown with: where the files are, and what the reader asked for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from hardcut.finding import Declared, Finding
from hardcut.report.terminal import PLAIN, Terminal

if TYPE_CHECKING:
    from hardcut.engine.report_data import Report


class Asked(msgspec.Struct, frozen=True):
    """The rules asked about one wave, as `CUT101 deleted-module-import`; wave "" is the plan itself."""

    plan: str
    wave: str
    rules: list[str]


class View(msgspec.Struct, frozen=True, kw_only=True):
    """How to show a report.

    `root` is the folder that paths are relative to; `sources` holds the bytes of files that are not
    read from disk (path to source); `reasons` maps a manifest entry to its reason; `planned` lists
    the findings of planned waves instead of counting them, `remaining` those of active waves that the
    base revision has too; `asked` is what a format that tells which
    rules held has to know.
    """

    root: str
    sources: dict[str, bytes] = {}
    reasons: dict[Declared, str] = {}
    planned: bool = False
    remaining: bool = False
    statistics: bool = False
    terminal: Terminal = PLAIN
    asked: list[Asked] = []


class Shown(msgspec.Struct, frozen=True):
    """The findings that are listed, in the order of their places.

    `held_back` counts the contested findings of planned waves that are not.
    """

    findings: list[Finding]
    contested: list[Finding]
    held_back: int


def arrange(report: Report, view: View) -> Shown:
    """What is listed: findings of planned waves, and old ones of active waves, only where asked for."""
    contested = [finding for finding in report.contested if view.planned or finding.state != "planned"]
    listed = [
        finding
        for finding in report.findings
        if (view.planned or not is_planned(finding)) and (view.remaining or not is_remaining(finding))
    ]
    return Shown(
        findings=in_order(listed),
        contested=in_order(contested),
        held_back=len(report.contested) - len(contested),
    )


def is_planned(finding: Finding) -> bool:
    """Whether a finding belongs to a wave that has not begun, and is only counted."""
    return finding.state == "planned" and finding.severity == "info"


def is_remaining(finding: Finding) -> bool:
    """Whether a finding of an active wave was there before, and is only counted until the wave lands."""
    return finding.state == "active" and finding.baseline == "unchanged" and finding.contested is None


def in_order(findings: list[Finding]) -> list[Finding]:
    """Findings by path, cell, line, column and code: the same order in every run."""
    return sorted(findings, key=_key)


def natural(text: str) -> tuple[tuple[bool, int, str], ...]:
    """A sort key in which wave 10 comes after wave 9."""
    parts = re.findall(r"\d+|\D+", text)
    return tuple((not part.isdecimal(), int(part) if part.isdecimal() else 0, part) for part in parts)


def _key(finding: Finding) -> tuple[object, ...]:
    place = finding.place
    return (
        place.path,
        place.cell or 0,
        place.line or 0,
        place.column or 0,
        finding.code,
        finding.plan,
        finding.wave or "",
        finding.subject,
        finding.form,
        place.end_line or 0,
        place.end_column or 0,
        finding.message,
    )
