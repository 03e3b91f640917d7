"""CUT201: a removed name is still, or again, defined at its home."""

from __future__ import annotations

from collections.abc import Iterator

from hardcut.rules.context import RuleContext, why
from hardcut.rules.rule import Rule, Violation, place
from hardcut.source.facts import Facts


def check(facts: Facts, run: RuleContext) -> Iterator[Violation]:
    """Definitions in the symbol's home, or in a module that its home was split into."""
    if facts.module is None:
        return
    for definition in facts.definitions:
        if definition.kind not in ("function", "class", "assign", "alias"):
            continue
        for symbol in run.targets.removed.get(definition.name.rsplit(".", 1)[-1], ()):
            if symbol.name != definition.name or facts.module not in symbol.homes:
                continue
            moved = "" if facts.module == symbol.home else f" (its home `{symbol.home}` was split)"
            yield Violation(
                gate=symbol.gate,
                place=place(facts, definition.span),
                subject=symbol.path,
                form=definition.kind,
                message=f"`{definition.name}` is removed but defined here{moved}{why(symbol.gate)}",
                help="delete the definition; if it is needed, take it off the plan's `remove` list",
            )


RULE = Rule(
    code="CUT201",
    name="removed-symbol-defined",
    family="removed",
    gates=("remove",),
    file=check,
    summary="a removed name is still, or again, defined at its home",
)
