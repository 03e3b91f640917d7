"""What `hardcut fix` has done: what is fixed, what is left and why, as text and as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import msgspec

from hardcut import __version__
from hardcut.finding import Finding, Unfixed
from hardcut.report.as_json import SCHEMA_VERSION, JsonFinding, finding_to_json
from hardcut.report.concise import where
from hardcut.report.escape import clean
from hardcut.report.plain_json import dump
from hardcut.report.summary import count


class Fixes(msgspec.Struct, frozen=True, kw_only=True):
    """The outcome of `hardcut fix`.

    `fixed` are the findings whose edits were made, or with `diff` would be, in `files`; `left` those that
    are there afterwards, each with its reason. `planned` counts the findings of planned waves, which no
    `--wave` names. `failed` tells whether `hardcut check` of the same selection fails now. `diff` is a
    unified diff if nothing was written.
    """

    fixed: Sequence[Finding]
    left: Sequence[Finding]
    files: Sequence[str]
    planned: int
    failed: bool
    diff: str | None = None


class JsonReason(msgspec.Struct):
    """How many findings are left for one reason."""

    reason: str
    sentence: str
    count: int


class JsonFixSummary(msgspec.Struct, kw_only=True):
    """The counts of a run of `hardcut fix`."""

    fixed: int
    left: int
    planned: int
    reasons: list[JsonReason]


class JsonFixes(msgspec.Struct, kw_only=True):
    """The whole object."""

    schema_version: int
    version: str
    fixed: list[JsonFinding]
    left: list[JsonFinding]
    files: list[str]
    diff: str | None
    failed: bool
    summary: JsonFixSummary


def as_text(fixes: Fixes) -> str:
    """A line for each finding that is fixed or left, and a summary as the last line."""
    verb = "fixed" if fixes.diff is None else "would be fixed"
    lines = [f"{_place(finding)} {verb}: {_change(finding)}" for finding in fixes.fixed]
    lines += [
        f"{_place(finding)} left: {clean(finding.subject)}: {reason_of(finding).sentence}"
        for finding in fixes.left
    ]
    return "".join(f"{line}\n" for line in [*lines, _summary(fixes, verb)])


def as_json(fixes: Fixes) -> str:
    """One JSON object; docs/json.md describes it."""
    return dump(to_json(fixes))


def to_json(fixes: Fixes) -> JsonFixes:
    """The outcome in the documented shape."""
    reasons = Counter(reason_of(finding) for finding in fixes.left)
    return JsonFixes(
        schema_version=SCHEMA_VERSION,
        version=__version__,
        fixed=[finding_to_json(finding) for finding in fixes.fixed],
        left=[finding_to_json(finding) for finding in fixes.left],
        files=list(fixes.files),
        diff=fixes.diff,
        failed=fixes.failed,
        summary=JsonFixSummary(
            fixed=len(fixes.fixed),
            left=len(fixes.left),
            planned=fixes.planned,
            reasons=[
                JsonReason(reason.value, reason.sentence, number)
                for reason, number in sorted(reasons.items(), key=lambda item: (-item[1], item[0].value))
            ],
        ),
    )


def reason_of(finding: Finding) -> Unfixed:
    """Why a finding is left. One that could be fixed is left only if edits undo each other."""
    return finding.unfixed or (Unfixed.CONFLICT if finding.fix else Unfixed.DECISION)


def _place(finding: Finding) -> str:
    return f"{where(finding.place)}: {finding.code}"


def _change(finding: Finding) -> str:
    """What is written, and what should be: `shop.old.f is now shop.new.f`, or the codes of a comment."""
    parts = [f"{old} is now {new}" if new else f"{old} is gone" for old, new in (finding.fix or {}).items()]
    return clean(", ".join(parts))


def _summary(fixes: Fixes, verb: str) -> str:
    held = [f"{count(fixes.planned, 'finding')} of planned waves: `--wave` includes them"]
    tail = held if fixes.planned else []
    if not fixes.fixed and not fixes.left:
        return "; ".join(["nothing to fix", *tail])
    head = f"{count(len(fixes.fixed), 'finding')} {verb}"
    if fixes.fixed:
        head += f" in {count(len(fixes.files), 'file')}"
    return "; ".join([head, f"{len(fixes.left):,} left", *tail])
