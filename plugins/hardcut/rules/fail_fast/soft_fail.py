"""CUT404: a guarded function gives nothing instead of failing, or an empty answer is handed on."""

from __future__ import annotations

from collections.abc import Iterator

from hardcut.rules.context import RuleContext
from hardcut.rules.fail_fast.guarding import guarded, hit
from hardcut.rules.rule import Rule, Violation
from hardcut.source.facts import Facts

ADVICE = "raise where it is missing; let callers see the error"


def check(facts: Facts, run: RuleContext) -> Iterator[Violation]:
    """Handlers of guarded functions, then callers that take the empty answer of a helper."""
    swallowed = list(guarded(facts, run, "swallow"))
    told = {one.span for one, _, _ in swallowed if one.how != "own"}
    for one, guard, gate in swallowed:
        if one.how == "own" and one.span not in told:
            said = f"`{guard}` has to fail loudly, but its handler {one.ending or 'goes on'}"
            yield hit(facts, one, guard, gate, said, ADVICE)
    for one, guard, gate in guarded(facts, run, "soft"):
        said = f"this helper gives nothing where `{guard}` is missing, and its caller goes on"
        yield hit(facts, one, guard, gate, said, ADVICE)


RULE = Rule(
    code="CUT404",
    name="soft-fail",
    family="fail_fast",
    gates=("fail_fast",),
    file=check,
    summary="a guarded function that gives nothing or a default instead of raising",
)
