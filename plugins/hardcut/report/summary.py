"""The last lines of a report: what was found, what was only counted, what is not checked yet."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from hardcut.report.escape import clean
from hardcut.report.terminal import PLAIN, Terminal
from hardcut.report.view import is_planned, is_remaining, natural

if TYPE_CHECKING:
    from hardcut.engine.report_data import Report

FEW = 5
"""How many uncovered folders are named."""


def ending(report: Report, terminal: Terminal = PLAIN) -> str:
    """The last lines: notes, what is not checked yet, the summary."""
    failed = any(finding.severity == "error" for finding in report.findings)
    lines = [f"note: {clean(note)}" for note in report.notes]
    lines += [
        not_covered(report) or "",
        not_checked(report) or "",
        terminal.paint(summary(report), "error" if failed else "good"),
    ]
    return "".join(f"{line}\n" for line in lines if line)


def summary(report: Report) -> str:
    """One line: `12 errors, 3 warnings in 5 files (1,109 checked); 2 contested; wave 4: 30 planned`."""
    counted = [one for one in report.findings if not (is_planned(one) or is_remaining(one))]
    severities = Counter(finding.severity for finding in counted)
    parts = [
        count(severities["error"], "error"),
        count(severities["warning"], "warning") if severities["warning"] else "",
        f"{severities['info']:,} info" if severities["info"] else "",
    ]
    if counted:
        files = count(len({finding.place.path for finding in counted}), "file")
        head = f"{', '.join(filter(None, parts))} in {files} ({report.files:,} checked)"
    else:
        head = f"no findings ({count(report.files, 'file')} checked)"
    tail = [f"{len(report.contested):,} contested"] if report.contested else []
    tail += [f"{len(report.waived):,} waived"] if report.waived else []
    if report.ignored:
        entries = f"{report.ignoring:,} {'entry' if report.ignoring == 1 else 'entries'}"
        tail.append(f"{len(report.ignored):,} ignored by {entries} of `plan.ignore`")
    held = Counter(
        (one.plan, one.wave or "", "planned" if is_planned(one) else "remaining")
        for one in report.findings
        if is_planned(one) or is_remaining(one)
    )
    several = len({finding.plan for finding in report.findings}) > 1
    for (plan, wave, what), number in sorted(
        held.items(), key=lambda item: (item[0][0], natural(item[0][1]))
    ):
        name = f"wave {wave}" if wave else "plan"
        tail.append(clean(f"{plan} {name}" if several else name) + f": {number:,} {what}")
    if report.fixable:
        tail.append(f"`hardcut fix` can fix {report.fixable:,}")
    return "; ".join([head, *tail])


def not_checked(report: Report) -> str | None:
    """One line about the gates that no rule checks yet, or None: they must not pass for passed."""
    if not report.pending:
        return None
    kinds = Counter(pending.kind for pending in report.pending)
    ordered = sorted(kinds.items(), key=lambda item: (-item[1], item[0]))
    listed = ", ".join(f"{clean(kind)} {number:,}" for kind, number in ordered)
    return f"not checked yet: {count(len(report.pending), 'gate')} ({listed})"


def not_covered(report: Report) -> str | None:
    """One line about the Python code that no plan checks or excludes, or None."""
    if not report.uncovered:
        return None
    named = [
        clean(one.path) + (f" ({count(one.files, 'Python file')})" if one.path.endswith("/") else "")
        for one in report.uncovered[:FEW]
    ]
    more = len(report.uncovered) - FEW
    listed = ", ".join(named) + (f" and {more:,} more" if more > 0 else "")
    return f"not covered by `plan.check`: {listed}"


def count(number: int, noun: str) -> str:
    """A number with its noun: `1 file`, `1,109 files`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
