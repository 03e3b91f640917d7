"""CUT504: a function, class, assignment or proxy that merely stands for a moved name."""

from __future__ import annotations

from collections.abc import Iterator

from hardcut.rules.context import RuleContext
from hardcut.rules.rule import Rule, Violation
from hardcut.rules.shims.policy import asked, hits
from hardcut.rules.shims.re_exports import forwards
from hardcut.source.facts import Facts

SAID = {
    "function": "only passes its arguments on to",
    "class": "is a subclass with nothing of its own of",
    "assign": "is another name of",
    "proxy": "is a stand-in for",
}


def check(facts: Facts, run: RuleContext) -> Iterator[Violation]:
    """Each module-level name that stands for what the plan has moved or closed."""
    found = asked(facts, run)
    if found is None:
        return
    for one, gate in forwards(found):
        said = f"`{facts.module}.{one.name}` {SAID[one.kind]} `{one.target}`"
        form = one.kind if one.arguments == "same" else f"{one.kind}-{one.arguments}"
        gates = [gate, *found.home.gates(one.name, one.target)]
        yield from hits(facts, gates, one.span, f"{facts.module}.{one.name}", form, said)


RULE = Rule(
    code="CUT504",
    name="forwarding-wrapper",
    family="shims",
    gates=("move", "no_shims"),
    file=check,
    summary="a function, class, assignment or proxy merely stands for a name that lives elsewhere",
)
