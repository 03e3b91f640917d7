"""CUT906: the manifest contradicts itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from hardcut.finding import Place
from hardcut.plan.deletions import above
from hardcut.plan.gates import Gate, LoadedPlan
from hardcut.plan.implied import new_homes
from hardcut.plan.model import Delete, Keep, Move, Remove
from hardcut.rules.context import RuleContext
from hardcut.rules.rule import Rule, Violation, plan_gate

HELP = 'decide which entry holds, or mark it with `contested = "why"` until its authors have'
Subject = tuple[str, str]
"""A module, and a name in it; empty for the whole module."""


def check(run: RuleContext) -> Iterator[Violation]:
    """Each contradiction found while the plan was loaded, and those between what its entries say."""
    for plan in run.plans:
        for problem in plan.contradictions:
            yield Violation(
                gate=plan_gate(plan),
                place=Place(problem.path, problem.line, problem.column, problem.line, problem.column),
                subject=problem.key,
                form="contradiction",
                message=problem.message,
                help=HELP,
            )
    yield from _homes(run.plans)
    yield from _kept(run.plans)


def _homes(plans: Sequence[LoadedPlan]) -> Iterator[Violation]:
    """A module or name that two plans, or a `delete` and a `move`, send to different homes."""
    first: dict[Subject, tuple[Gate[Any], LoadedPlan, str]] = {}
    for plan in plans:
        for gate, subject, home in _new_homes(plan):
            other, its_plan, its_home = first.setdefault(subject, (gate, plan, home))
            # Moves of one manifest are compared while it is loaded.
            alike = its_plan is plan and type(other.entry) is type(gate.entry)
            if home != its_home and not alike:
                what = f"`{subject[1]}` of `{subject[0]}`" if subject[1] else f"`{subject[0]}`"
                text = f"{what} has the new home `{home}` here, and `{its_home}` in {_named(other)}"
                yield _violation(plan, gate, ".".join(filter(None, subject)), text)


def _new_homes(plan: LoadedPlan) -> Iterator[tuple[Gate[Any], Subject, str]]:
    """What moves to a single home, with that home."""
    for delete in plan.of(Delete):
        if delete.entry.to is not None and delete.entry.contested is None:
            yield delete, (delete.entry.module, ""), delete.entry.to
    for move in plan.of(Move):
        homes = new_homes(move.entry)
        if len(homes) == 1 and move.entry.contested is None:
            for name in move.entry.symbols or [""]:
                yield move, (move.entry.from_, name), homes[0]


def _kept(plans: Sequence[LoadedPlan]) -> Iterator[Violation]:
    """A name that one plan keeps, and that another removes or deletes with its module."""
    gone: dict[Subject, list[Gate[Any]]] = {}
    moved: set[Subject] = set()
    for plan in plans:
        for remove in plan.of(Remove):
            for name in remove.entry.symbols:
                gone.setdefault((remove.entry.module, name), []).append(remove)
        for delete in plan.of(Delete):
            gone.setdefault((delete.entry.module, ""), []).append(delete)
        for move in plan.of(Move):
            moved.update((move.entry.from_, name) for name in move.entry.symbols or [""])
    for plan in plans:
        for keep in plan.of(Keep):
            module = keep.entry.module or ""
            for name in keep.entry.symbols if keep.entry.contested is None else ():
                whole = [other for one in above(module) for other in gone.get((one, ""), ())]
                found = [] if moved & {(module, ""), (module, name)} else whole
                for other in [*gone.get((module, name), []), *found]:
                    own = isinstance(other.entry, Delete) and other.entry.module == module
                    stays = own and other.entry.submodules_only
                    if other.plan != plan.name and other.entry.contested is None and not stays:
                        text = f"`{name}` of `{module}` is kept here, and is to go by {_named(other)}"
                        yield _violation(plan, keep, f"{module}.{name}", text)


def _named(gate: Gate[Any]) -> str:
    return f"wave {gate.wave} of the plan `{gate.plan}` ({gate.declared.path}, line {gate.declared.line})"


def _violation(plan: LoadedPlan, gate: Gate[Any], subject: str, message: str) -> Violation:
    line = gate.declared.line
    return Violation(
        gate=plan_gate(plan),
        place=Place(gate.declared.path, line, 1, line, 1),
        subject=subject,
        form="contradiction",
        message=message,
        help=HELP,
    )


RULE = Rule(
    code="CUT906",
    name="contradiction",
    family="manifest",
    gates=("plan",),
    project=check,
    summary="the manifest contradicts itself",
)
