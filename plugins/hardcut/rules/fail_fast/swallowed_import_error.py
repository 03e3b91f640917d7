"""CUT401: a handler that keeps the failure of a guarded import or call from its caller."""

from __future__ import annotations

from collections.abc import Iterator

from hardcut.rules.context import RuleContext
from hardcut.rules.fail_fast.guarding import guarded, hit, reached
from hardcut.rules.rule import Rule, Violation
from hardcut.source.facts import Facts, Guarded

ADVICE = "let the error go on, or raise another one from it on every path"


def check(facts: Facts, run: RuleContext) -> Iterator[Violation]:
    """Handlers, suppressing contexts and returning `finally` blocks around guarded places."""
    for one, guard, gate in guarded(facts, run, "swallow"):
        if one.how != "own":
            said = f"{_catcher(one)} swallows the failure of {reached(one, guard)}"
            ending = f", and the code {one.ending}" if one.ending else ""
            yield hit(facts, one, guard, gate, said + ending, ADVICE)


def _catcher(one: Guarded) -> str:
    if one.form == "finally":
        return "a `finally` that returns"
    if one.form == "suppress":
        return f"`with {one.caught}`"
    if one.form in ("decorator", "handed"):
        return f"`{one.caught}`"
    return f"`except {one.caught}`" if one.caught else "a bare `except`"


RULE = Rule(
    code="CUT401",
    name="swallowed-import-error",
    family="fail_fast",
    gates=("fail_fast",),
    file=check,
    summary="a handler around a guarded import or call on which some path does not raise",
)
