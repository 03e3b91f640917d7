"""CUT907: a region of a file that could not be read, or an analysis that stopped at a bound."""

from __future__ import annotations

from collections.abc import Iterator

from hardcut.rules.context import RuleContext
from hardcut.rules.rule import Rule, Violation, place, plan_gate
from hardcut.source.facts import Facts, Span

NOTHING = Span(1, 1, 1, 1)
"""The place of what holds for a whole file: it has no width."""
SHOWN = 6
FIX = "repair the file, or exclude it in the manifest (`plan.exclude`)"
SPLIT = "split the code at this place up, or exclude the file in the manifest (`plan.exclude`)"


def check(facts: Facts, run: RuleContext) -> Iterator[Violation]:
    """One finding for a file's unreadable regions, and one for each bound at which an analysis stopped."""
    regions = sorted(facts.unreadable, key=lambda one: one.span)
    if regions:
        why = ", ".join(sorted({one.why for one in regions}))
        rest = f"({_lines([one.span for one in regions])}); the rest of the file was checked"
        nothing = regions[0].span == NOTHING
        message = f"{why}; nothing of the file was checked" if nothing else f"{why} {rest}"
        yield _violation(facts, run, regions[0].span, "unreadable", message, FIX)
    limits: dict[str, list[Span]] = {}
    for limit in run.project.limits.get(facts.path, ()):
        limits.setdefault(limit.what, []).append(limit.span)
    for what, spans in limits.items():
        message = f"not analysed to the end: {what} ({_lines(spans)})"
        yield _violation(facts, run, min(spans), "limit", message, SPLIT)


def _violation(facts: Facts, run: RuleContext, span: Span, form: str, message: str, help_: str) -> Violation:
    return Violation(
        gate=plan_gate(run.plans[0]),
        place=place(facts, span),
        subject=facts.path,
        form=form,
        message=message,
        help=help_,
    )


def _lines(spans: list[Span]) -> str:
    """The lines of some regions, the first six by number."""
    lines = sorted({(one.line, one.end_line) for one in spans})
    shown = ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in lines[:SHOWN])
    more = f" and {len(lines) - SHOWN} more" if len(lines) > SHOWN else ""
    return f"line{'s' if len(lines) > 1 or lines[0][0] != lines[0][1] else ''} {shown}{more}"


RULE = Rule(
    code="CUT907",
    name="unreadable-source",
    family="manifest",
    gates=("plan",),
    file=check,
    summary="a region of a file that could not be read, or was not analysed to the end",
)
