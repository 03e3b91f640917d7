"""Whether edits do to a file what they claim: its new text is read again, and every claim is looked up.

The names that the rest of the file imports stay what they were, and each rewritten name leads to a
definition, in the project as it is after all edits of a run.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

import msgspec

from hardcut.finding import Unfixed
from hardcut.fix.edit import Claim, ClaimKind, PlannedEdit, applied, new_places
from hardcut.source.definitions import Standing, standing
from hardcut.source.facts import Facts, Import
from hardcut.source.project import Project

REASONS: dict[Standing, Unfixed | None] = {
    Standing.DEFINED: None,
    Standing.FOREIGN: None,
    Standing.UNCERTAIN: Unfixed.UNCERTAIN,
    Standing.CIRCULAR: Unfixed.CIRCULAR,
    Standing.MISSING: Unfixed.NOT_DEFINED,
}
"""What keeps an edit from being made. Of a foreign package no sources are read: the plan's word counts."""

MOST_READS = 64
"""How many texts of one file are tried to find the edits that fail; each costs a parse."""

Read = Callable[[Sequence[str]], Facts]
"""Reads the facts of a file that has other lines."""


class Binding(msgspec.Struct, frozen=True):
    """What an import does, without its place."""

    alias: str
    path: str
    star: bool
    scope: str
    type_checking: bool
    guarded: bool


def words_of(plans: Sequence[PlannedEdit]) -> frozenset[str]:
    """The identifiers that the new text has to be read for."""
    return frozenset(
        part.rsplit(".", 1)[-1]
        for plan in plans
        for claim in plan.claims
        for part in (claim.new.replace(":", "."), claim.path)
        if part
    )


def broken(
    plans: Sequence[PlannedEdit], lines: Sequence[str], before: Facts, read: Read
) -> dict[PlannedEdit, Unfixed]:
    """The edits of one file after which its text is not what they claim.

    `before` are the facts of the file as it is. If all edits together fail, the failing ones are found by
    halves; what is not known after `MOST_READS` texts counts as failing.
    """
    reads = 0

    def holds(chosen: Sequence[PlannedEdit]) -> bool:
        nonlocal reads
        reads += 1
        return reads <= MOST_READS and _holds(chosen, lines, before, read)

    if not plans or holds(plans):
        return {}
    wrong: dict[PlannedEdit, Unfixed] = {}
    waiting = [list(plans)]
    while waiting:
        failing = waiting.pop()
        if len(failing) == 1:
            wrong[failing[0]] = Unfixed.UNRESOLVED
            continue
        middle = len(failing) // 2
        waiting += [half for half in (failing[:middle], failing[middle:]) if not holds(half)]
        if not wrong and not waiting:
            # Each half is right, but not both.
            wrong.update(dict.fromkeys(failing, Unfixed.CONFLICT))
    left = [plan for plan in plans if plan not in wrong]
    if left and not _holds(left, lines, before, read):
        wrong.update(dict.fromkeys(left, Unfixed.CONFLICT))
    return wrong


def unresolved(plan: PlannedEdit, after: Facts, project: Project) -> Unfixed | None:
    """Why a name that an edit rewrites leads to no definition; None if each does.

    `after` are the facts of the edited file, `project` is the project after all edits.
    """
    for claim in plan.claims:
        reason = REASONS[standing(project, claim.path)]
        if reason is None and project.exists(claim.path):
            reason = _used(claim, after, project)
        if reason is not None:
            return reason
    return None


def _used(claim: Claim, after: Facts, project: Project) -> Unfixed | None:
    """Why an attribute of a module that the file uses leads to no definition.

    The module is imported by a statement, or by a function that the string reaches.
    """
    for reference in after.references:
        if reference.imported == claim.path and reference.path.startswith(f"{claim.path}."):
            used = reference.path.removeprefix(f"{claim.path}.").split(".", 1)[0]
            reason = REASONS[standing(project, f"{claim.path}.{used}")]
            if reason is not None:
                return reason
    return None


def _holds(plans: Sequence[PlannedEdit], lines: Sequence[str], before: Facts, read: Read) -> bool:
    edits = [plan.edit for plan in plans]
    after = read(applied(lines, edits))
    if len(after.unreadable) > len(before.unreadable):
        return False
    wanted = _wanted(plans, before)
    if wanted is None or Counter(map(_binding, after.imports)) != wanted:
        return False
    strings = {(text.span.line, text.span.column): text.value for text in after.texts}
    places = new_places(edits)
    return all(
        strings.get(places[plan.edit]) == claim.new
        for plan in plans
        for claim in plan.claims
        if claim.kind is ClaimKind.STRING
    )


def _wanted(plans: Sequence[PlannedEdit], before: Facts) -> Counter[Binding] | None:
    """What the imports of the new text have to do; None if a claim is about no import of the old one."""
    at: dict[tuple[int, int, str], Import] = {
        (entry.span.line, entry.span.column, entry.path): entry for entry in before.imports
    }
    wanted = Counter(map(_binding, before.imports))
    for plan in plans:
        for claim in plan.claims:
            if claim.kind is not ClaimKind.IMPORT:
                continue
            entry = at.get((claim.line, claim.column, claim.old))
            if entry is None:
                return None
            old = _binding(entry)
            wanted[old] -= 1
            wanted[msgspec.structs.replace(old, path=claim.new)] += 1
    return +wanted


def _binding(entry: Import) -> Binding:
    star = entry.name == "*"
    return Binding(entry.alias, entry.path, star, entry.scope, entry.type_checking, entry.guarded)
