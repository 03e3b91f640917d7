"""The report for people: each finding with its line, underlined, and why, help and plan below."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hardcut.finding import Finding
from hardcut.report.concise import where
from hardcut.report.escape import clean
from hardcut.report.hint import hint
from hardcut.report.snippet import Lines
from hardcut.report.summary import ending
from hardcut.report.view import View, arrange
from hardcut.report.width import cut

if TYPE_CHECKING:
    from hardcut.engine.report_data import Report

_CONTESTED = "contested: the plan's authors disagree, not counted as errors"


def render(report: Report, view: View) -> str:
    """The whole report; its last line is the summary, at a terminal a hint."""
    shown = arrange(report, view)
    several = len({finding.plan for finding in [*report.findings, *report.contested]}) > 1
    lines = Lines(view.root, view.sources)
    parts = [_finding(finding, view, lines, several) for finding in shown.findings]
    if shown.contested:
        parts.append(view.terminal.paint(_CONTESTED, "path") + "\n")
        parts += [_finding(finding, view, lines, several) for finding in shown.contested]
    if shown.held_back:
        parts.append(f"contested in planned waves: {shown.held_back:,} more, listed with --show-planned\n")
    if view.statistics:
        from hardcut.report.statistics import table

        parts.append(table(report))
    parts.append(ending(report, view.terminal) + hint(report, shown, view))
    return "\n".join(filter(None, parts))


def _finding(finding: Finding, view: View, lines: Lines, several: bool) -> str:
    paint = view.terminal.paint
    place = view.terminal.link(paint(where(finding.place), "path"), view.root, finding.place.path)
    style = "info" if finding.contested else finding.severity
    out = [f"{place}  {paint(clean(finding.rule), style)}  {finding.code}  {_bracket(finding, several)}"]
    reason = view.reasons.get(finding.declared, "")
    said = finding.message.removesuffix(f" ({reason})")
    message = said.split("\n")
    indent = "  "
    text = lines.line(finding.place)
    if text is not None:
        number = str(finding.place.line)
        out += _snippet(finding, text, message.pop(0), view)
        indent = " " * (len(number) + 3)
    bar = paint("=", "faint")
    out += [f"{indent}{bar} {clean(part)}" for part in message]
    for key, value in _remarks(finding, "" if reason in said or reason in finding.help else reason):
        first, *more = value.split("\n")
        out.append(f"{indent}{bar} {paint(key, 'key')}: {clean(first)}")
        out += [f"{indent}{bar} {' ' * len(key)}  {clean(part)}" for part in more]
    return "\n".join(out) + "\n"


def _bracket(finding: Finding, several: bool) -> str:
    words = [finding.plan] if several else []
    words.append(f"wave {finding.wave}" if finding.wave is not None else "the plan itself")
    words.append(finding.state)
    if finding.severity != "error" and not finding.contested:
        words.append(finding.severity)
    return clean(f"[{', '.join(words)}]")


def _snippet(finding: Finding, text: str, message: str, view: View) -> list[str]:
    place, paint = finding.place, view.terminal.paint
    number = str(place.line)
    start = (place.column or 1) - 1
    one_line = place.end_line in (None, place.line)
    end = (place.end_column or start + 2) - 1 if one_line else len(text)
    margin = " " * (len(number) + 3)
    room = view.terminal.width - len(margin) - 2
    shown = cut(text, start, end if place.column is not None else start, room)
    bar = paint("|", "faint")
    gutter = margin + bar
    style = "info" if finding.contested else finding.severity
    marks = paint("^" * shown.length, style) if place.column is not None else ""
    out = [f"  {paint(number, 'faint')} {bar} {shown.text}".rstrip()]
    label = clean(message)
    if not marks:
        return [*out, f"{gutter} {label}"]
    if shown.offset + shown.length + 1 + len(label) <= room:
        return [*out, f"{gutter} {' ' * shown.offset}{marks} {label}"]
    return [*out, f"{gutter} {' ' * shown.offset}{marks}", f"{gutter} {label}"]


def _remarks(finding: Finding, reason: str) -> list[tuple[str, str]]:
    found = [
        ("contested", finding.contested or ""),
        ("why", reason),
        ("help", finding.help),
        ("plan", f"{finding.declared.path}:{finding.declared.line}"),
    ]
    return [(key, value.strip()) for key, value in found if value.strip()]
