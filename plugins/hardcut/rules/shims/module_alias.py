"""CUT503: a module under another's name: `sys.modules`, `globals().update`, an import hook."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hardcut.plan.gates import Gate
from hardcut.rules.context import RuleContext
from hardcut.rules.rule import Rule, Violation
from hardcut.rules.shims.policy import Asked, asked, hit, is_test
from hardcut.source.facts import Facts
from hardcut.source.outline import Replaced


def check(facts: Facts, run: RuleContext) -> Iterator[Violation]:
    """Places that put something under the name of a module that has moved, is deleted, or is closed."""
    if facts.language != "python" or facts.module is None or is_test(facts.path):
        return
    found = asked(facts, run)
    if found is None and not run.project.swaps(facts.module):
        return
    outline = run.project.outline(facts.module, facts.path)
    for one in outline.replaced if outline is not None else ():
        gate = _gate(one, facts, found, run)
        if gate is not None:
            subject = one.module or facts.module
            yield hit(facts, gate, one.span, subject, one.kind, _said(one, subject))


def _gate(one: Replaced, facts: Facts, found: Asked | None, run: RuleContext) -> Gate[Any] | None:
    if one.scope.split(".", 1)[0] == "__getattr__":
        return None
    if one.kind == "modules":
        if one.module is None or one.module == one.target:
            return None
        deleted = run.targets.deleted_by(one.module)
        if deleted is not None:
            return deleted[1]
        if found is not None and one.module == facts.module:
            home = found.home
            return home.closed or next((gate for gate, _ in home.old), None)
        return run.shims.moved_away(one.module)
    if one.kind == "finder":
        named = (run.targets.deleted_by(text.value) for text in facts.texts if text.value)
        gate = next((known[1] for known in named if known is not None), None)
        return gate or (_own(found) if found is not None else None)
    if found is None:
        return None
    if one.target is not None:
        return found.home.gate(None, one.target)
    return _own(found)


def _own(found: Asked) -> Gate[Any] | None:
    return found.home.closed or found.home.emptied()


def _said(one: Replaced, subject: str) -> str:
    if one.kind == "modules":
        return f"`{subject}` is made to stand for {f'`{one.target}`' if one.target else 'another object'}"
    if one.kind == "globals":
        taken = f" of `{one.target}`" if one.target else ""
        return f"`{subject}` takes the names{taken} into its own"
    return f"`{subject}` puts an import hook before Python's own, and names a module that has to be gone"


RULE = Rule(
    code="CUT503",
    name="module-alias",
    family="shims",
    gates=("move", "no_shims", "delete"),
    file=check,
    summary="a module is made to stand under another's name, in `sys.modules` or by an import hook",
)
