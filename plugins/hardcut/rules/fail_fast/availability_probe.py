"""CUT403: code asks whether a guarded thing is there, and goes on when it is not."""

from __future__ import annotations

from collections.abc import Iterator

from hardcut.rules.context import RuleContext
from hardcut.rules.fail_fast.guarding import guarded, hit
from hardcut.rules.rule import Rule, Violation
from hardcut.source.facts import Facts

SAID = {
    "find_spec": "asks whether `{}` can be found",
    "hasattr": "asks what `{}` offers",
    "sys.modules": "asks whether `{}` is loaded",
    "version": "asks for the version of `{}`",
    "flag": "asks a flag whether `{}` is there",
    "asked": "asks a helper whether `{}` is there",
}


def check(facts: Facts, run: RuleContext) -> Iterator[Violation]:
    """Questions whose negative answer does not end in a raise."""
    for one, guard, gate in guarded(facts, run, "probe"):
        said = f"this {SAID[one.form].format(guard)}, and goes on when the answer is no"
        advice = "use it, and let it fail loudly; or raise where it is missing"
        yield hit(facts, one, guard, gate, said, advice)


RULE = Rule(
    code="CUT403",
    name="availability-probe",
    family="fail_fast",
    gates=("fail_fast",),
    file=check,
    summary="a question whether a guarded thing is there that chooses another path",
)
