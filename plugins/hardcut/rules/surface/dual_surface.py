"""CUT303: code that tries one surface and then another."""

from __future__ import annotations

from collections.abc import Iterator

from hardcut.plan.gates import Gate
from hardcut.plan.model import Surface
from hardcut.rules.rule import Hit, Rule, place
from hardcut.rules.run import Run, why
from hardcut.rules.surface.dual import is_candidate
from hardcut.rules.surface.surfaces import advice, banned
from hardcut.source.facts import Facts, Span


def check(facts: Facts, run: Run) -> Iterator[Hit]:
    """Candidate lists, then fallbacks around a banned path."""
    for text in facts.texts:
        found = banned(text.value or "", facts, run) if text.kind == "string" else None
        if found is None or not is_candidate(text, found[1]):
            continue
        way = text.sinks[0].way if text.sinks else text.container
        yield _hit(
            facts,
            found[1],
            text.span,
            found[0],
            f"candidates:{way}",
            f"`{found[0]}` is tried beside `{found[1].entry.only}`",
        )
    for fallback in facts.fallbacks:
        first = next((hit for path in fallback.first if (hit := banned(path, facts, run)) is not None), None)
        if first is None or all(banned(path, facts, run) is not None for path in fallback.second):
            continue
        gate, other = first[1], fallback.second[0]
        if fallback.form != "call" and not _is_other_surface(fallback.second, gate):
            continue
        said = (
            f"`{first[0]}` is tried, then `{other}`"
            if fallback.form != "call"
            else (f"this call may reach `{first[0]}`, and goes on with `{other}` when that gives nothing")
        )
        yield _hit(facts, gate, fallback.span, first[0], f"fallback:{fallback.form}", said)


def _is_other_surface(paths: list[str], gate: Gate[Surface]) -> bool:
    """Whether another extension module is tried: the allowed one, or one of the same leaf."""
    leaves = {one.rsplit(".", 1)[-1] for one in gate.entry.banned}
    return any(
        path == gate.entry.only
        or path.startswith(gate.entry.only + ".")
        or leaves.intersection(path.split("."))
        for path in paths
    )


def _hit(facts: Facts, gate: Gate[Surface], span: Span, module: str, form: str, said: str) -> Hit:
    return Hit(
        gate=gate,
        place=place(facts, span),
        subject=module,
        form=form,
        help=advice(gate),
        message=f"{said}: two surfaces where the plan allows one{why(gate)}",
    )


RULE = Rule(
    code="CUT303",
    name="dual-surface",
    family="surface",
    gates=("surface",),
    file=check,
    summary="code that tries one surface and then another",
)
