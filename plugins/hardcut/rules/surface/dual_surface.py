"""CUT303: code that tries one surface and then another."""

from __future__ import annotations

from collections.abc import Iterator

from hardcut.plan.gates import Gate
from hardcut.plan.model import Surface
from hardcut.rules.context import RuleContext
from hardcut.rules.rule import Rule, Violation
from hardcut.rules.surface.dual import is_candidate
from hardcut.rules.surface.surfaces import banned, bans, hit
from hardcut.source.facts import Facts, Fallback

DUAL = ": two surfaces where the plan allows one"


def check(facts: Facts, run: RuleContext) -> Iterator[Violation]:
    """Candidate lists, then fallbacks around a banned path."""
    for text in facts.texts:
        for found in bans(text.value or "", facts, run) if text.kind == "string" else ():
            if is_candidate(text, found[1]):
                way = text.sinks[0].way if text.sinks else text.container
                said = f"`{found[0]}` is tried beside `{found[1].entry.only}`{DUAL}"
                yield hit(facts, found, text.span, f"candidates:{way}", said)
    for fallback in facts.fallbacks:
        path = next((one for one in fallback.first if any(bans(one, facts, run))), None)
        if path is not None and not all(banned(one, facts, run) is not None for one in fallback.second):
            for found in bans(path, facts, run):
                yield from _tried(facts, fallback, found)


def _tried(facts: Facts, fallback: Fallback, found: tuple[str, Gate[Surface]]) -> Iterator[Violation]:
    other = fallback.second[0]
    if fallback.form == "call":
        said = f"this call may reach `{found[0]}`, and goes on with `{other}` when that gives nothing"
    elif _is_other_surface(fallback.second, found[1]):
        said = f"`{found[0]}` is tried, then `{other}`"
    else:
        return
    yield hit(facts, found, fallback.span, f"fallback:{fallback.form}", said + DUAL)


def _is_other_surface(paths: list[str], gate: Gate[Surface]) -> bool:
    """Whether another extension module is tried: the allowed one, or one of the same leaf."""
    leaves = {one.rsplit(".", 1)[-1] for one in gate.entry.banned}
    return any(
        path == gate.entry.only
        or path.startswith(gate.entry.only + ".")
        or leaves.intersection(path.split("."))
        for path in paths
    )


RULE = Rule(
    code="CUT303",
    name="dual-surface",
    family="surface",
    gates=("surface",),
    file=check,
    summary="code that tries one surface and then another",
)
