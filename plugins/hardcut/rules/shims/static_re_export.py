"""CUT501: an import that only hands a name on, and the `__all__` that offers it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hardcut.plan.gates import Gate
from hardcut.rules.context import RuleContext
from hardcut.rules.rule import Rule, Violation
from hardcut.rules.shims.policy import Asked, asked, hits, joined, listed
from hardcut.rules.shims.re_exports import handed, re_export
from hardcut.source.facts import Facts, Span
from hardcut.source.outline import Brought, Listed


def check(facts: Facts, run: RuleContext) -> Iterator[Violation]:
    """Import statements, names that others import from here, `__all__`, and the module as a whole."""
    found = asked(facts, run)
    if found is None:
        return
    shims = list(_imports(found, run))
    statements = list(_statements(facts, found, shims))
    yield from statements
    yield from _offered(facts, found)
    # The file of a module that is to be gone is reported as that.
    gates = [
        gate
        for _, gate, _ in shims
        if gate is not found.home.closed and not run.targets.asks_deletion(found.home.module, gate)
    ]
    if statements and found.outline.hollow:
        said = f"`{facts.module}` holds nothing but names of other modules"
        yield from hits(facts, gates, Span(1, 1, 1, 1), facts.module or "", "module", said)


def _imports(found: Asked, run: RuleContext) -> Iterator[tuple[Brought, Gate[Any], bool]]:
    """Imports that hand on, with the gate, and whether only other files' imports tell."""
    for one in found.outline.brought:
        gate = re_export(found, one)
        if gate is not None:
            yield one, gate, False
            continue
        gate = found.home.gate(one.name, one.path)
        taken = f"{found.home.module}.{one.name}" in run.imported
        if gate is not None and taken and not one.checking and not found.home.is_module(one.path):
            yield one, gate, True


def _statements(
    facts: Facts, found: Asked, shims: list[tuple[Brought, Gate[Any], bool]]
) -> Iterator[Violation]:
    """One finding for a statement; a name that is also used here stands for itself."""
    together: dict[Span, list[tuple[Brought, Gate[Any]]]] = {}
    for one, gate, implicit in shims:
        if implicit:
            said = f"`{one.name}` comes from `{one.path}`, and other modules import it from here"
            gates = [gate, *found.home.gates(one.name, one.path)]
            yield from hits(facts, gates, one.span, f"{facts.module}.{one.name}", "implicit", said)
        else:
            together.setdefault(one.start, []).append((one, gate))
    for start, ones in together.items():
        names = [one.name for one, _ in ones]
        first = ones[0][0]
        form = "star" if first.name == "*" else "type-checking" if first.checking else "static"
        source = first.path if first.name == "*" else first.path.rpartition(".")[0]
        what = "every name" if first.name == "*" else listed(names)
        said = f"`{facts.module}` hands {what} of `{source}` on"
        gates = [gate for _, gate in ones]
        for one, _ in ones:
            gates += found.home.gates(None if one.name == "*" else one.name, one.path)
        yield from hits(facts, gates, joined(start, ones[-1][0].span), source, form, said)


def _offered(facts: Facts, found: Asked) -> Iterator[Violation]:
    """`__all__`: moved names one by one, what a closed package offers list by list."""
    gates = handed(found)
    every = found.outline.listed
    ours = [one for one in every if one.name in gates]
    whole = bool(ours) and len(ours) == len(every)
    for inside in (True, False):
        here = [one for one in ours if _is_inside(one.span, found.outline.listing) is inside]
        folded = [one for one in here if whole or _is_closed(found, gates, one.name)]
        if len(folded) == 1 and not whole:
            folded = []
        if folded:
            listing = found.outline.listing
            span = listing if inside and listing is not None else joined(folded[0].span, folded[-1].span)
            every_gate = [gate for one in folded for gate in gates[one.name]]
            yield from _list(facts, every_gate, span, folded, len(every))
        left = {one.span for one in folded}
        for one in here:
            if one.span not in left:
                said = f"`__all__` of `{facts.module}` offers `{one.name}`, which is defined elsewhere"
                subject = f"{facts.module}.{one.name}"
                yield from hits(facts, gates[one.name], one.span, subject, "all-entry", said)


def _list(
    facts: Facts, gates: list[Gate[Any]], span: Span, folded: list[Listed], count: int
) -> Iterator[Violation]:
    """One finding for the names of one list, for each gate that reports some of them."""
    names = listed([one.name for one in folded])
    some = f"{len(folded)} of {count} names" if len(folded) < count else "nothing but names"
    said = f"`__all__` of `{facts.module}` offers {some} that are defined elsewhere: {names}"
    return hits(facts, gates, span, f"{facts.module}.__all__", "all", said)


def _is_closed(found: Asked, gates: dict[str, list[Gate[Any]]], name: str) -> bool:
    """Whether a name is handed on against a closed package only, and no move speaks of it."""
    return gates[name][0] is found.home.closed and name not in found.home.moved


def _is_inside(span: Span, outer: Span | None) -> bool:
    if outer is None or span.cell != outer.cell:
        return False
    return (outer.line, outer.column) <= (span.line, span.column) <= (outer.end_line, outer.end_column)


RULE = Rule(
    code="CUT501",
    name="static-re-export",
    family="shims",
    gates=("move", "no_shims"),
    file=check,
    summary="an import statement or `__all__` hands a name on from where it no longer lives",
)
