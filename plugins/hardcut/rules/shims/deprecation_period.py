"""CUT505: a warning where a hard cutover leaves nothing to warn of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hardcut.plan.gates import Gate
from hardcut.rules.context import RuleContext
from hardcut.rules.rule import Rule, Violation
from hardcut.rules.shims.lazy_re_export import getattr_gate
from hardcut.rules.shims.policy import Asked, asked, hit
from hardcut.rules.shims.re_exports import forwards
from hardcut.source.facts import Facts
from hardcut.source.outline import Outline, Warned


def check(facts: Facts, run: RuleContext) -> Iterator[Violation]:
    """Warnings and decorators on what moves, goes, or may hand nothing on."""
    if facts.language != "python" or facts.module is None:
        return
    found = asked(facts, run)
    removed = {
        symbol.name: symbol.gate
        for symbols in run.targets.removed.values()
        for symbol in symbols
        if symbol.home == facts.module
    }
    deleted = run.targets.deleted_by(facts.module)
    if found is None and not removed and deleted is None:
        return
    outline = found.outline if found is not None else run.project.outline(facts.module, facts.path)
    for one in outline.warned if outline is not None else ():
        gate = deleted[1] if deleted is not None else _removed(one.scope, removed)
        if gate is None and found is not None and outline is not None:
            gate = _shim(one, facts, found, outline)
        if gate is not None:
            subject = f"{facts.module}.{one.scope}" if one.scope else facts.module
            said = f"`{subject}` only announces that it will go: a hard cutover has no deprecation period"
            yield hit(facts, gate, one.span, subject, one.how, said)


def _removed(scope: str, removed: dict[str, Gate[Any]]) -> Gate[Any] | None:
    return next(
        (gate for name, gate in removed.items() if scope == name or scope.startswith(f"{name}.")), None
    )


def _shim(one: Warned, facts: Facts, found: Asked, outline: Outline) -> Gate[Any] | None:
    home = found.home
    top = one.scope.split(".", 1)[0]
    if top in home.kept:
        return None
    if top == "__getattr__":
        return getattr_gate(facts, found)
    if top in home.moved:
        return home.moved[top].gate
    for forward, gate in forwards(found):
        if forward.name == top:
            return gate
    if top:
        return None
    if home.closed is not None:
        return home.closed
    gone = next((gate for gate, _ in home.old), None)
    return gone if outline.hollow else home.emptied()


RULE = Rule(
    code="CUT505",
    name="deprecation-period",
    family="shims",
    gates=("move", "no_shims", "remove", "delete"),
    file=check,
    summary="a deprecation warning on what a hard cutover moves or deletes",
)
