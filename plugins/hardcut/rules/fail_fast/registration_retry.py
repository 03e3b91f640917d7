"""CUT402: a guarded thing is tried again when it failed."""

from __future__ import annotations

from collections.abc import Iterator

from hardcut.rules.context import RuleContext
from hardcut.rules.fail_fast.guarding import guarded, hit, reached
from hardcut.rules.rule import Rule, Violation
from hardcut.source.facts import Facts

SAID = {
    "loop": "this loop tries {} until it succeeds",
    "handler": "this handler tries {} again",
    "recursion": "this handler starts over with {}",
    "decorator": "this decorator tries {} again",
    "handed": "`{helper}` tries {} again",
}


def check(facts: Facts, run: RuleContext) -> Iterator[Violation]:
    """Loops, handlers, recursion and decorators around guarded places."""
    for one, guard, gate in guarded(facts, run, "retry"):
        said = SAID[one.form].format(reached(one, guard), helper=one.caught)
        yield hit(facts, one, guard, gate, said, "try once, with the one right argument; let it fail loudly")


RULE = Rule(
    code="CUT402",
    name="registration-retry",
    family="fail_fast",
    gates=("fail_fast",),
    file=check,
    summary="a loop, handler, recursion or decorator that tries a guarded thing again",
)
