"""What is done with findings once all are known: waivers, and the rules about what is let pass."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import msgspec

from hardcut.engine.gather import Sources
from hardcut.engine.outcome import finding, ordered
from hardcut.finding import Finding
from hardcut.plan.gates import LoadedPlan
from hardcut.plan.waiver import ended, speaks_of
from hardcut.rules.context import RuleContext
from hardcut.rules.manifest.waiving import UNWAIVED, files_of
from hardcut.rules.registry import RULES
from hardcut.rules.rule import Rule, Settled
from hardcut.source.python.importers import IMPORTERS
from hardcut.source.suppressions import WORDS

BY_NAME = ("deleted-module-dynamic-import", "banned-surface-probe")
"""Rules about imports whose names may be known to running code alone."""


class SettledFindings(NamedTuple):
    """The findings that stand, those that are waived, and those that `plan.ignore` takes out.

    `ignoring` counts the entries of `plan.ignore` that take out any.
    """

    standing: list[Finding]
    waived: list[Finding]
    ignored: list[Finding]
    ignoring: int


def settle(
    found: Sequence[Finding],
    sources: Sources,
    run: RuleContext,
    rules: Iterable[Rule],
    today: datetime.date,
    everything: bool,
) -> SettledFindings:
    """What stands, with the findings about waivers and comments, and what is waived or ignored.

    `everything` tells that the whole project was asked about all rules and waves.
    """
    left, ignored, ignoring = ignore(found, run.plans)
    standing, waived, used = waive(left, run.plans, today)
    used |= at_run_time(sources, run) if everything else frozenset()
    after = [rule for rule in rules if rule.after is not None]
    if not after:
        return SettledFindings(standing, waived, ignored, len(ignoring))
    comments = {
        path: sources.suppressions(path)
        for path, words in sources.surveyed.items()
        if not words.isdisjoint(WORDS) and sources.language(path) == "python"
    }
    names = [(rule.code.lower(), rule.name) for rule in RULES]
    settled = Settled(standing, waived, used, today, comments, everything, names, ignoring)
    more = [
        finding(rule, hit) for rule in after if rule.after is not None for hit in rule.after(run, settled)
    ]
    standing = ordered([*standing, *more], run.replaces) if more else standing
    return SettledFindings(standing, waived, ignored, len(ignoring))


def ignore(
    found: Sequence[Finding], plans: Sequence[LoadedPlan]
) -> tuple[list[Finding], list[Finding], frozenset[tuple[str, int]]]:
    """The findings that are left, those that `plan.ignore` takes out, and the entries that take out any.

    A finding that belongs to no entry of a plan is ignored by any plan's entry.
    """
    entries = [
        (plan.name, number, entry, files_of(entry))
        for plan in plans
        for number, entry in enumerate(plan.manifest.plan.ignore)
    ]
    if not entries:
        return list(found), [], frozenset()
    left: list[Finding] = []
    ignored: list[Finding] = []
    used: set[tuple[str, int]] = set()
    for finding_ in found:
        about = {
            (name, number)
            for name, number, entry, paths in entries
            if speaks_of(entry, finding_.code, finding_.rule, finding_.subject)
            and paths.covers(finding_.place.path)
        }
        used |= about
        (ignored if about else left).append(finding_)
    return left, ignored, frozenset(used)


def waive(
    found: Sequence[Finding], plans: Sequence[LoadedPlan], today: datetime.date
) -> tuple[list[Finding], list[Finding], frozenset[tuple[str, int]]]:
    """The findings that stand, those that a waiver lets pass, and the waivers that are about any."""
    standing: list[Finding] = []
    waived: list[Finding] = []
    used: set[tuple[str, int]] = set()
    waivers = [
        (
            plan.name,
            number,
            waiver,
            files_of(waiver),
            ended(plan, waiver, today),
        )
        for plan in plans
        for number, waiver in enumerate(plan.manifest.waiver)
    ]
    for one in found:
        passed = False
        for name, number, waiver, paths, end in waivers if one.code not in UNWAIVED else ():
            if (
                name == one.plan
                and speaks_of(waiver, one.code, one.rule, one.subject)
                and paths.covers(one.place.path)
            ):
                used.add((name, number))
                passed = passed or end is None
        (waived if passed else standing).append(one)
    return standing, waived, frozenset(used)


def at_run_time(sources: Sources, run: RuleContext) -> frozenset[tuple[str, int]]:
    """The waivers that the guard of the tests may need: only a running program tells what it computes."""
    dynamic = [rule for rule in RULES if rule.name in BY_NAME]
    return frozenset(
        (plan.name, number)
        for plan in run.plans
        for number, waiver in enumerate(plan.manifest.waiver)
        if any(speaks_of(waiver, rule.code, rule.name, waiver.subject or "") for rule in dynamic)
        and any(files_of(waiver).covers(path) and _may_import(path, sources) for path in run.listed)
    )


def _may_import(path: str, sources: Sources) -> bool:
    if sources.language(path) != "python":
        return False
    data = sources.read(path)
    return any(word.encode() in data for word in (*IMPORTERS, "exec(", "patch", "pickle"))


def with_landed(plan: LoadedPlan, landed: frozenset[str]) -> LoadedPlan:
    """The plan as if some waves had landed."""
    if not landed:
        return plan
    replace = msgspec.structs.replace
    gates = [replace(one, state="landed") if one.wave in landed else one for one in plan.gates]
    waves = [replace(one, state="landed") if one.id in landed else one for one in plan.manifest.wave]
    return replace(plan, gates=gates, manifest=replace(plan.manifest, wave=waves))
