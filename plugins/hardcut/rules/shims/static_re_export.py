"""CUT501: an import that only hands a name on, and the `__all__` that offers it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hardcut.plan.gates import Gate
from hardcut.rules.rule import Hit, Rule
from hardcut.rules.run import Run
from hardcut.rules.shims.handed import handed, re_export
from hardcut.rules.shims.told import Asked, asked, hit, joined, listed
from hardcut.source.facts import Facts, Span
from hardcut.source.outline import Brought, Listed


def check(facts: Facts, run: Run) -> Iterator[Hit]:
    """Import statements, names that others import from here, `__all__`, and the module as a whole."""
    found = asked(facts, run)
    if found is None:
        return
    shims = list(_imports(found, run))
    hits = list(_statements(facts, found, shims))
    yield from hits
    yield from _offered(facts, found)
    gate = next((gate for _, gate, _ in shims if gate is not found.home.closed), None)
    if hits and found.outline.hollow and gate is not None:
        said = f"`{facts.module}` holds nothing but names of other modules"
        yield hit(facts, gate, Span(1, 1, 1, 1), facts.module or "", "module", said)


def _imports(found: Asked, run: Run) -> Iterator[tuple[Brought, Gate[Any], bool]]:
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


def _statements(facts: Facts, found: Asked, shims: list[tuple[Brought, Gate[Any], bool]]) -> Iterator[Hit]:
    """One finding for a statement; a name that is also used here stands for itself."""
    together: dict[Span, list[tuple[Brought, Gate[Any]]]] = {}
    for one, gate, implicit in shims:
        if implicit:
            said = f"`{one.name}` comes from `{one.path}`, and other modules import it from here"
            yield hit(facts, gate, one.span, f"{facts.module}.{one.name}", "implicit", said)
        else:
            together.setdefault(one.start, []).append((one, gate))
    for start, ones in together.items():
        names = [one.name for one, _ in ones]
        first = ones[0][0]
        form = "star" if first.name == "*" else "type-checking" if first.checking else "static"
        source = first.path if first.name == "*" else first.path.rpartition(".")[0]
        what = "every name" if first.name == "*" else listed(names)
        said = f"`{facts.module}` hands {what} of `{source}` on"
        yield hit(facts, ones[0][1], joined(start, ones[-1][0].span), source, form, said)


def _offered(facts: Facts, found: Asked) -> Iterator[Hit]:
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
            yield _list(facts, gates[folded[0].name], span, folded, len(every))
        for one in here:
            if one not in folded:
                said = f"`__all__` of `{facts.module}` offers `{one.name}`, which is defined elsewhere"
                subject = f"{facts.module}.{one.name}"
                yield hit(facts, gates[one.name], one.span, subject, "all-entry", said)


def _list(facts: Facts, gate: Gate[Any], span: Span, folded: list[Listed], count: int) -> Hit:
    """One finding for the names of one list."""
    names = listed([one.name for one in folded])
    some = f"{len(folded)} of {count} names" if len(folded) < count else "nothing but names"
    said = f"`__all__` of `{facts.module}` offers {some} that are defined elsewhere: {names}"
    return hit(facts, gate, span, f"{facts.module}.__all__", "all", said)


def _is_closed(found: Asked, gates: dict[str, Gate[Any]], name: str) -> bool:
    """Whether a name is handed on against a closed package only, and no move speaks of it."""
    return gates[name] is found.home.closed and name not in found.home.moved


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
