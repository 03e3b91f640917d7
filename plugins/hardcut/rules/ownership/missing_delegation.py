"""CUT601: a function that is to delegate to the native side does not reach it, or works for itself."""

from __future__ import annotations

from collections.abc import Iterator

from hardcut.plan.gates import Gate
from hardcut.plan.model import Delegate
from hardcut.rules.context import RuleContext, why
from hardcut.rules.ownership.delegates import Delegation
from hardcut.rules.ownership.delegating import Own
from hardcut.rules.rule import Rule, Violation, place
from hardcut.rules.shims.policy import listed
from hardcut.source.bodies import Body
from hardcut.source.facts import Facts, Span

SHOWN = 4
LEAVE = "or name the helper that does in the entry's `through`"


def check(facts: Facts, run: RuleContext) -> Iterator[Violation]:
    """Each delegating function that this file defines, and each named helper on its way."""
    module = facts.module
    if module is None or facts.language != "python" or run.project.file(module) != facts.path:
        return
    for one in run.delegates.all:
        for at, name in one.functions:
            if at == module:
                for body in run.project.bodies(module, name):
                    yield from _function(facts, one, body)
        for at, name in one.helpers:
            if at == module and (at, name) not in one.functions:
                for body in run.project.bodies(module, name):
                    yield from _logic(facts, one, body)
        for at, name, span in one.elsewhere:
            if at == module:
                yield _unreached(facts, one.gate, name, span)


def _function(facts: Facts, one: Delegation, body: Body) -> Iterator[Violation]:
    """A function that is to delegate: whether it reaches the native side, and what it does beside."""
    if body.kind == "stub" and (
        not one.judge.is_alone(facts.module or "", body) or facts.path.endswith(".pyi")
    ):
        return
    if body.kind == "unread":
        yield _unread(facts, one.gate, body)
        return
    way = one.judge.way(body)
    if way is None:
        yield _unreached(facts, one.gate, body.name, body.span)
        return
    if way == "unnamed":
        to = one.gate.entry.to
        said = f"`{body.name}` reaches `{to}` through {listed(one.judge.helpers(body))} only, which the plan "
        said += "does not name"
        own = one.judge.own(body)
        said += f"; and it {_listed(own)}" if own else ""
        yield _violation(facts, one.gate, body.span, body.name, "unnamed", said, f"call `{to}` here, {LEAVE}")
        return
    yield from _logic(facts, one, body)


def _logic(facts: Facts, one: Delegation, body: Body) -> Iterator[Violation]:
    if body.kind == "unread":
        yield _unread(facts, one.gate, body)
        return
    own = one.judge.own(body)
    if own:
        said = f"`{body.name}` is to leave its work to `{one.gate.entry.to}`, but {_listed(own)}"
        help_ = "pass arguments on, check their types and wrap the result; let the native side do the rest"
        yield _violation(facts, one.gate, body.span, body.name, "logic", said, help_)


def _unread(facts: Facts, gate: Gate[Delegate], body: Body) -> Violation:
    said = f"`{body.name}` is too large to be analysed: whether it calls `{gate.entry.to}` is not known"
    return _violation(facts, gate, body.span, body.name, "unread", said, "split the function")


def _unreached(facts: Facts, gate: Gate[Delegate], name: str, span: Span) -> Violation:
    entry = gate.entry
    said = f"`{name}` never reaches `{entry.to}`, which is to do its work"
    return _violation(facts, gate, span, name, "unreached", said, f"call `{entry.to}` here, {LEAVE}")


def _violation(
    facts: Facts, gate: Gate[Delegate], span: Span, name: str, form: str, said: str, help_: str
) -> Violation:
    return Violation(
        gate=gate,
        place=place(facts, span),
        subject=f"{facts.module}.{name}",
        form=form,
        message=f"{said}{why(gate)}",
        help=help_,
    )


def _listed(found: list[Own]) -> str:
    """What a function does, each thing with its lines."""
    lines: dict[str, list[int]] = {}
    for one in found:
        lines.setdefault(one.what, []).append(one.line)
    said = [
        f"{what} ({'line' if len(set(at)) == 1 else 'lines'} {', '.join(map(str, dict.fromkeys(at)))})"
        for what, at in lines.items()
    ]
    more = f", and {len(said) - SHOWN} more things" if len(said) > SHOWN else ""
    return ", ".join(said[:SHOWN]) + more


RULE = Rule(
    code="CUT601",
    name="missing-delegation",
    family="ownership",
    gates=("delegate",),
    file=check,
    summary="a function that is to delegate to the native side does not, or works for itself",
)
