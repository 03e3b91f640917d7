"""The audit of a plan, for people: grouped by what is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from hardcut.report.escape import clean
from hardcut.report.summary import count

if TYPE_CHECKING:
    from hardcut.engine.audit import AuditFinding


def as_text(found: Sequence[AuditFinding]) -> str:
    """Each finding with its place in the manifest and the evidence; `found` is sorted by kind."""
    lines: list[str] = []
    for kind, group in groupby(found, key=lambda finding: finding.kind):
        findings = list(group)
        lines += [*([""] if lines else []), f"{kind.value} ({len(findings):,})"]
        for finding in findings:
            wave = f" wave {clean(finding.wave)}:" if finding.wave is not None else ""
            place = f"{clean(finding.declared.path)}:{finding.declared.line}"
            lines.append(f"  {place}:{wave} {clean(finding.message)}")
            lines += [f"    {clean(evidence)}" for evidence in finding.places]
    total = count(len(found), "audit finding") if found else "the audit found nothing"
    return "".join(f"{line}\n" for line in [*lines, *([""] if lines else []), total])
