"""CUT701: a file or folder has more lines or definitions than the plan allows."""

from __future__ import annotations

from collections.abc import Iterator

from hardcut.finding import Place
from hardcut.rules.context import RuleContext, why
from hardcut.rules.rule import Rule, Violation
from hardcut.rules.structure.sizes import Sized, sized


def check(run: RuleContext) -> Iterator[Violation]:
    """Each ceiling's files, by lines and by definitions."""
    for one in sized(run):
        entry = one.gate.entry
        if entry.max_lines is not None and one.lines > entry.max_lines:
            yield _violation(one, "lines", one.lines, one.unit, entry.max_lines)
        if entry.max_definitions is not None and one.size.definitions > entry.max_definitions:
            yield _violation(
                one, "definitions", one.size.definitions, "functions and classes", entry.max_definitions
            )


def _violation(one: Sized, form: str, count: int, unit: str, most: int) -> Violation:
    return Violation(
        gate=one.gate,
        place=Place(one.path),
        subject=one.path,
        form=form,
        message=f"`{one.path}` has {count:,} {unit}, the plan allows {most:,}{why(one.gate)}",
        help=f"move {count - most:,} more out of it, or raise the ceiling in the plan",
    )


RULE = Rule(
    code="CUT701",
    name="over-ceiling",
    family="structure",
    gates=("ceiling",),
    project=check,
    summary="a file or folder is bigger than the plan allows",
)
