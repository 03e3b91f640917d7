"""CUT703: a file or folder that a split should have filled holds less than its planned share."""

from __future__ import annotations

from collections.abc import Iterator

from hardcut.finding import Place
from hardcut.rules.context import RuleContext, why
from hardcut.rules.rule import Rule, Violation
from hardcut.rules.structure.sizes import sized


def check(run: RuleContext) -> Iterator[Violation]:
    """Each floor's files; in a wave that is only planned, what is not there yet is no finding."""
    for one in sized(run):
        least = one.gate.entry.min_lines
        if least is None or one.lines >= least or not (one.there or one.gate.state != "planned"):
            continue
        said = f"has {one.lines:,} {one.unit}" if one.there else "is not there"
        yield Violation(
            gate=one.gate,
            place=Place(one.path),
            subject=one.path,
            form="too-small" if one.there else "missing",
            message=f"`{one.path}` {said}, the plan wants at least {least:,}: "
            f"a split that moved nothing is no split{why(one.gate)}",
            help="move what belongs here, with its callers' imports, or lower the floor in the plan",
        )


RULE = Rule(
    code="CUT703",
    name="hollow-split",
    family="structure",
    gates=("ceiling",),
    project=check,
    summary="a new file holds a fraction of its planned share",
)
