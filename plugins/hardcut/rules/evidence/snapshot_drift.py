"""CUT803: a configuration snapshot that is missing, has drifted, or is of another version."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from hardcut.finding import Place
from hardcut.plan.gates import Gate, LoadedPlan
from hardcut.plan.model import Align, Snapshot
from hardcut.rules.context import RuleContext
from hardcut.rules.evidence.due import due, hit, judge_run
from hardcut.rules.evidence.version_drift import PARTS, agreed, dotted, gather
from hardcut.rules.rule import Rule, Violation
from hardcut.source.globs import Globs, globs
from hardcut.source.versions.ranges import release_of

if TYPE_CHECKING:
    from hardcut.source.settings import Settings

MOST = 50
"""Keys that are told one by one."""
SHOWN = 60
"""Characters of a value that are shown."""


def check(run: RuleContext) -> Iterator[Violation]:
    """Each gate's run, then its snapshot against the one before."""
    for plan in run.plans:
        for gate in plan.of(Snapshot):
            hits = list(judge_run(plan, gate, run))
            yield from hits
            yield from _gate(gate, run, bool(hits))


def _gate(gate: Gate[Snapshot], run: RuleContext, told: bool) -> Iterator[Violation]:
    entry = gate.entry
    if not run.project.matching(entry.file):
        if not told:
            text = f"there is no snapshot of {entry.of} at `{entry.file}`"
            yield _violation(gate, Place(entry.file), entry.file, "missing", text, due(gate))
        return
    new = run.project.settings(entry.file, entry.of)
    if new.problem:
        yield _violation(gate, Place(entry.file), entry.file, "unreadable", f"`{entry.file}` {new.problem}")
        return
    ignored = globs(tuple(entry.ignore))
    if not (entry.ignore and ignored.covers("version")):
        yield from _stated(gate, new, run)
    if entry.previous is None:
        return
    if not run.project.matching(entry.previous):
        text = f"`{entry.file}` cannot be compared: there is no `{entry.previous}`"
        yield _violation(gate, Place(entry.file), entry.previous, "no-previous", text, due(gate))
        return
    old = run.project.settings(entry.previous, entry.of)
    if old.problem:
        yield _violation(
            gate, Place(entry.previous), entry.previous, "unreadable", f"`{entry.previous}` {old.problem}"
        )
        return
    yield from _drifted(gate, new, old, ignored if entry.ignore else None)


def _drifted(
    gate: Gate[Snapshot], new: Settings, old: Settings, ignored: Globs | None
) -> Iterator[Violation]:
    entry = gate.entry
    if new.version != old.version and not (ignored and ignored.covers("version")):
        text = (
            f"`{entry.file}` was taken with {entry.of} {new.version or '(it does not say which)'}, "
            f"`{entry.previous}` with {old.version or '(it does not say which)'}"
        )
        yield _violation(gate, Place(entry.file), "version", "other-version", text)
    differing = [
        key
        for key in sorted({*new.values, *old.values})
        if new.values.get(key) != old.values.get(key) and not (ignored and ignored.covers(key))
    ]
    for key in differing[:MOST]:
        before, now = old.values.get(key), new.values.get(key)
        if before is None:
            form, change = "added", f"is new, {_shown(now)}"
        elif now is None:
            form, change = "removed", f"is gone, it was {_shown(before)}"
        else:
            form, change = "changed", f"went from {_shown(before)} to {_shown(now)}"
        at = new.places.get(key)
        place = Place(entry.file, at[0], at[1], at[0], at[1] + len(key)) if at else Place(entry.file)
        yield _violation(gate, place, key, form, f"`{key}` of {entry.of} {change}, since `{entry.previous}`")
    if len(differing) > MOST:
        text = f"{len(differing) - MOST} more settings of {entry.of} differ from `{entry.previous}`"
        yield _violation(gate, Place(entry.file), entry.file, "changed", text)


def _stated(gate: Gate[Snapshot], new: Settings, run: RuleContext) -> Iterator[Violation]:
    """Whether the snapshot's version is the one that the plan's files state for that name."""
    plan = next(one for one in run.plans if one.name == gate.plan)
    for align in _alignments(plan, gate.entry.of):
        version = agreed(gather(align, run)[0], PARTS[align.entry.to])
        if version is None:
            continue
        taken = release_of(new.version) if new.version else None
        if taken is None or taken[0][: len(version)] != version:
            said = f"was taken with {gate.entry.of} {new.version}" if new.version else "names no version"
            text = f"`{gate.entry.file}` {said}, but the project's files state {dotted(version)}"
            yield _violation(gate, Place(gate.entry.file), "version", "other-version", text)
            return


def _alignments(plan: LoadedPlan, of: str) -> list[Gate[Align]]:
    return [one for one in plan.of(Align) if one.entry.name == of and one.state != "planned"]


def _shown(value: str | None) -> str:
    text = value or ""
    return f"`{text[: SHOWN - 3]}...`" if len(text) > SHOWN else f"`{text}`"


HELP = {
    "missing": "take it: `hardcut gate run snapshot`, or write it there",
    "unreadable": "give a CSV with the columns `name` and `value`, or JSON",
    "no-previous": "keep the snapshot of the wave before, or take `previous` out",
    "other-version": "take it again with the version that the project uses",
    "": "set it back, or name it in `ignore` where the wave means to change it",
}
_violation = partial(hit, HELP)


RULE = Rule(
    code="CUT803",
    name="snapshot-drift",
    family="evidence",
    gates=("snapshot",),
    project=check,
    summary="a configuration snapshot that is missing, has drifted, or is of another version",
)
