"""What the rules about the one allowed surface share."""

from __future__ import annotations

from collections.abc import Iterator

from hardcut.finding import Declared
from hardcut.plan.gates import Gate
from hardcut.plan.model import Surface
from hardcut.rules.context import RuleContext, why
from hardcut.rules.rule import Violation, place
from hardcut.source.facts import Facts, Span
from hardcut.source.files import is_excluded


def banned(path: str, facts: Facts, run: RuleContext) -> tuple[str, Gate[Surface]] | None:
    """The banned module that a path reaches, where this file is in the gate's scope."""
    return next((found for found in run.targets.bans(path) if in_scope(facts, found[1])), None)


def bans(path: str, facts: Facts, run: RuleContext) -> Iterator[tuple[str, Gate[Surface]]]:
    """Every gate that bans a path and has this file in its scope, with the module; the strictest first."""
    gates: set[Declared] = set()
    for module, gate in run.targets.bans(path):
        if gate.declared not in gates and in_scope(facts, gate):
            gates.add(gate.declared)
            yield module, gate


def in_scope(facts: Facts, gate: Gate[Surface]) -> bool:
    """Whether a gate speaks about a file: within its modules, and not in an allowed path."""
    return speaks_of(facts.path, facts.module, gate)


def speaks_of(path: str, module: str | None, gate: Gate[Surface]) -> bool:
    """The same, by the file's path relative to the root, and the module that it is."""
    entry = gate.entry
    if is_excluded(path, entry.allow):
        return False
    if module is not None and any(module == one or module.startswith(one + ".") for one in entry.banned):
        return False
    return not entry.within or (
        module is not None and any(module == one or module.startswith(one + ".") for one in entry.within)
    )


def advice(gate: Gate[Surface]) -> str:
    """The legal ways out."""
    return (
        f"use `{gate.entry.only}`, the only allowed surface, and let a missing module fail loudly; "
        "a place that may reach it is named in the gate's `allow`"
    )


def candidates(values: list[str], gate: Gate[Surface]) -> bool:
    """Whether a list of names offers the allowed surface (or another module) beside the banned one."""
    return any(value == gate.entry.only or value.startswith(gate.entry.only + ".") for value in values)


def hit(facts: Facts, found: tuple[str, Gate[Surface]], span: Span, form: str, said: str) -> Violation:
    """A finding about a banned module, with the gate's reason behind what is said."""
    module, gate = found
    return Violation(
        gate=gate,
        place=place(facts, span),
        subject=module,
        form=form,
        message=f"{said}{why(gate)}",
        help=advice(gate),
    )


def only(gate: Gate[Surface]) -> str:
    """The tail of a message about a use beside the allowed surface."""
    return f"but `{gate.entry.only}` is the only allowed surface"
