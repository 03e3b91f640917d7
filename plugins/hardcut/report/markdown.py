"""Markdown for the summary of a CI job: a table by wave and rule, then the findings."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hardcut.finding import Finding
from hardcut.report.concise import where
from hardcut.report.escape import clean
from hardcut.report.statistics import rows
from hardcut.report.summary import not_checked, not_covered, summary
from hardcut.report.view import View, arrange

if TYPE_CHECKING:
    from hardcut.engine.report_data import Report

LARGEST = 900_000
"""Bytes; GitHub takes a summary of 1 MiB and drops a larger one as a whole."""
_LONGEST = 1_000
_MARKUP = re.compile(r"([\\`*_{}\[\]<>&|~#!:@$])|(?<=www)\.|^[-+=]")


def render(report: Report, view: View) -> str:
    """The summary; where it would grow too large, findings are left out, and that is said."""
    shown = arrange(report, view)
    head = [f"## hardcut: {escape(summary(report))}\n"]
    head += [
        f"> {escape(note)}\n" for note in (*report.notes, not_covered(report), not_checked(report)) if note
    ]
    head += [_table(report)] if report.findings or report.contested else []
    room = LARGEST - sum(len(part.encode()) for part in head)
    body: list[str] = []
    for title, findings in (("Findings", shown.findings), ("Contested", shown.contested)):
        listed: list[str] = []
        for finding in findings:
            item = _item(finding)
            room -= len(item.encode())
            if room < 0:
                break
            listed.append(item)
        left = len(findings) - len(listed)
        more = f"- {left:,} more, left out for their length\n" if left else ""
        body += [f"### {title}\n", "".join(listed) + more] if findings else []
    return "\n".join([*head, *body])


def _table(report: Report) -> str:
    lines = ["| plan | wave | rule | errors | warnings | info | contested |", "|---|---|---|--:|--:|--:|--:|"]
    for row in rows(report):
        wave = f"{row.wave} ({row.state})" if row.wave is not None else "the plan itself"
        cells = [escape(_short(row.plan)), escape(_short(wave)), f"{row.code} {escape(row.rule)}"]
        cells += [f"{number:,}" for number in (row.error, row.warning, row.info, row.contested)]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _item(finding: Finding) -> str:
    said = [_message(finding.message)]
    said += [f"contested: {_message(finding.contested)}"] if finding.contested is not None else []
    said += [_message(finding.help)] if finding.help.strip() else []
    head = f"- {_code(_short(where(finding.place)))} {finding.code} {escape(finding.rule)}"
    head += f" ({finding.severity})" if finding.severity != "error" and finding.contested is None else ""
    return f"{head}: {'; '.join(said)}\n"


def _message(text: str) -> str:
    """Our messages set names between backticks; these become code, and all the rest is plain."""
    parts = _short(text).split("`")
    if len(parts) % 2 == 0:
        return escape("`".join(parts))
    told = [escape(part) if number % 2 == 0 else _code(part) for number, part in enumerate(parts)]
    return "".join(told)


def _code(text: str) -> str:
    """Text as code, which GitHub searches for neither mentions nor emoji (`main.py:100:5` has one)."""
    spelled = clean(text)
    if not spelled.strip():
        return escape(f"`{spelled}`")
    fence = "`" * (1 + max(map(len, re.findall("`+", spelled)), default=0))
    space = " " if len(fence) > 1 or (spelled[0] == spelled[-1] == " ") else ""
    return f"{fence}{space}{spelled}{space}{fence}"


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "..."


def escape(text: str) -> str:
    """Text on one line in which nothing is markup, a link or a mention."""
    return _MARKUP.sub(lambda match: "\\" + match[0], clean(text))
