"""CUT907: a region of a file that could not be read, so that nothing is known about it."""

from __future__ import annotations

from collections.abc import Iterator

from hardcut.rules.rule import Hit, Rule, place, plan_gate
from hardcut.rules.run import Run
from hardcut.source.facts import Facts, Span

NOTHING = Span(1, 1, 1, 1)
"""The place of what holds for a whole file: it has no width."""


def check(facts: Facts, run: Run) -> Iterator[Hit]:
    """One finding a file, at its first unreadable region; the message lists the others."""
    regions = sorted(facts.unreadable, key=lambda one: one.span)
    if not regions:
        return
    lines = sorted({(one.span.line, one.span.end_line) for one in regions})
    shown = ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in lines[:6])
    more = f" and {len(lines) - 6} more" if len(lines) > 6 else ""
    why = ", ".join(sorted({one.why for one in regions}))
    rest = f"(lines {shown}{more}); the rest of the file was checked"
    yield Hit(
        gate=plan_gate(run.plans[0]),
        place=place(facts, regions[0].span),
        subject=facts.path,
        form="unreadable",
        message=f"{why}; nothing of the file was checked" if regions[0].span == NOTHING else f"{why} {rest}",
        help="mend the file, or exclude it in the manifest (`plan.exclude`)",
    )


RULE = Rule(
    code="CUT907",
    name="unreadable-source",
    family="manifest",
    gates=("plan",),
    file=check,
    summary="a region of a file that could not be read",
)
