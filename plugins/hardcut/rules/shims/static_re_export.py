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
from hardcut.source.outline import Brought


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
    """`__all__`: as a whole where it lists nothing of the module's own, else string by string."""
    gates = handed(found)
    ours = [one for one in found.outline.listed if one.name in gates]
    if not ours:
        return
    if len(ours) == len(found.outline.listed) and found.outline.listing is not None:
        said = f"`__all__` of `{facts.module}` offers {listed([one.name for one in ours])}, defined elsewhere"
        yield hit(facts, gates[ours[0].name], found.outline.listing, f"{facts.module}.__all__", "all", said)
        return
    for one in ours:
        said = f"`__all__` of `{facts.module}` offers `{one.name}`, which is defined elsewhere"
        yield hit(facts, gates[one.name], one.span, f"{facts.module}.{one.name}", "all-entry", said)


RULE = Rule(
    code="CUT501",
    name="static-re-export",
    family="shims",
    gates=("move", "no_shims"),
    file=check,
    summary="an import statement or `__all__` hands a name on from where it no longer lives",
)
