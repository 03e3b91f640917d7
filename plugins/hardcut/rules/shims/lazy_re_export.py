"""CUT502: a module that makes moved names when they are asked for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hardcut.plan.gates import Gate
from hardcut.rules.context import RuleContext
from hardcut.rules.rule import Rule, Violation
from hardcut.rules.shims.policy import Asked, asked, hits
from hardcut.rules.shims.re_exports import lazy_entries
from hardcut.source.facts import Facts


def check(facts: Facts, run: RuleContext) -> Iterator[Violation]:
    """Each row of a lazy table, and the `__getattr__` itself."""
    found = asked(facts, run)
    if found is None:
        return
    for entry, gate in lazy_entries(found):
        said = f"`{facts.module}` hands `{entry.target}` on as `{entry.name}` when it is asked for"
        gates = [gate, *found.home.gates(entry.name, entry.target)]
        yield from hits(facts, gates, entry.span, f"{facts.module}.{entry.name}", "entry", said)
    made, answer = found.outline.getattr, getattr_gate(facts, found)
    if made is not None and answer is not None:
        said = f"`{facts.module}` makes names of other modules in its `__getattr__`"
        gates = [answer, *(gate for _, gate in lazy_entries(found))]
        form = f"getattr-{made.shape}"
        yield from hits(facts, gates, made.span, f"{facts.module}.__getattr__", form, said)


def getattr_gate(facts: Facts, found: Asked) -> Gate[Any] | None:
    """The gate by which a module's `__getattr__` is a shim; None for a tombstone, or for other names."""
    home, made = found.home, found.outline.getattr
    if made is None or made.shape == "raises" or "__getattr__" in home.kept:
        return None
    if home.closed is not None:
        return home.closed
    rows = lazy_entries(found)
    if rows:
        return rows[0][1]
    for entry in facts.imports:
        if entry.scope == "__getattr__" and entry.module is not None:
            gate = home.gate(entry.name, entry.path)
            if gate is not None:
                return gate
    if not home.old:
        return None
    if made.shape in ("made", "helper"):
        bound = home.project.names(home.module) or {}
        gates = [one.gate for name, one in home.moved.items() if name not in bound]
        return gates[0] if gates else home.emptied()
    for text in facts.texts:
        if text.kind == "string" and text.role != "all" and text.value in home.moved:
            return home.moved[text.value].gate
    return home.emptied()


RULE = Rule(
    code="CUT502",
    name="lazy-re-export",
    family="shims",
    gates=("move", "no_shims"),
    file=check,
    summary="a lazy table or a module's `__getattr__` hands a name on",
)
