"""CUT907: a region of a file that could not be read, so that nothing is known about it."""

from __future__ import annotations

from collections.abc import Iterator

from hardcut.rules.rule import Hit, Rule, place, plan_gate
from hardcut.rules.run import Run
from hardcut.source.facts import Facts


def check(facts: Facts, run: Run) -> Iterator[Hit]:
    """Each unreadable region of a file that holds words of the plan."""
    for region in facts.unreadable:
        yield Hit(
            gate=plan_gate(run.plans[0]), place=place(facts, region.span), subject=facts.path, form=region.why,
            message=f"this could not be read: {region.why}; the rest of the file was checked",
            help="mend the file, or exclude it in the manifest (`plan.exclude`)",
        )


RULE = Rule(
    code="CUT907", name="unreadable-source", family="manifest", gates=("plan",), file=check,
    summary="a region of a file that could not be read",
)
