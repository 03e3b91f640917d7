"""CUT301: a static import of a banned module, or a chain that steps into it."""

from __future__ import annotations

from collections.abc import Iterator

from hardcut.finding import Declared
from hardcut.rules.context import RuleContext
from hardcut.rules.rule import Rule, Violation
from hardcut.rules.surface.surfaces import bans, hit, only
from hardcut.source.facts import Facts, Span


def check(facts: Facts, run: RuleContext) -> Iterator[Violation]:
    """Import statements, then attribute chains from an allowed package into the banned module."""
    seen: set[tuple[Span, Declared]] = set()
    for entry in facts.imports:
        if entry.module is None:
            continue
        below = run.targets.banned_by(entry.module) is not None
        span = entry.module_span if below else entry.span
        for found in bans(entry.path, facts, run):
            if (span, found[1].declared) not in seen:
                seen.add((span, found[1].declared))
                form = "from-import" if entry.name else "import"
                yield hit(facts, found, span, form, f"imports `{found[0]}`, {only(found[1])}")
    for reference in facts.references:
        if reference.form == "getattr" or run.targets.banned_by(reference.imported) is not None:
            continue
        for found in bans(reference.path, facts, run):
            said = f"`{reference.path}` steps into `{found[0]}`, {only(found[1])}"
            yield hit(facts, found, reference.span, "attribute-chain", said)


RULE = Rule(
    code="CUT301",
    name="banned-surface-import",
    family="surface",
    gates=("surface",),
    file=check,
    exempts_absence=True,
    summary="a static import of a banned module, or a chain that steps into it",
)
