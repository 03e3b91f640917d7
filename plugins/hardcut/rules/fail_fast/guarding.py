"""What the rules about failing fast share."""

from __future__ import annotations

from collections.abc import Iterator

from hardcut.finding import Declared
from hardcut.plan.gates import Gate
from hardcut.plan.model import FailFast
from hardcut.rules.context import RuleContext, why
from hardcut.rules.rule import Violation, place
from hardcut.source.facts import Facts, Guarded

USES = {"suppress": "context", "decorator": "decorator", "handed": "handed", "named": "named"}
"""How a swallow by something of another file uses it."""
REACHED = {
    "import": "the import of `{}`",
    "dynamic": "the import of `{}`",
    "call": "the call of `{}`",
    "helper": "a helper around `{}`",
    "other": "a helper around `{}`",
    "given": "a call into `{}`",
    "own": "what `{}` tries",
    "probe": "`{}`",
}
"""How a guarded thing is reached, as a part of a message."""


def guards(path: str, own: bool, facts: Facts, run: RuleContext) -> Iterator[tuple[str, Gate[FailFast]]]:
    """Each gate with a guard that a path is or is below, and this file in its scope; the strictest first."""
    for gate in run.targets.fail_fast:
        for name in gate.entry.guard:
            reached = path == name or (not own and path.startswith(name + "."))
            if reached and in_scope(facts, name, gate):
                yield name, gate
                break


def in_scope(facts: Facts, guard: str, gate: Gate[FailFast]) -> bool:
    """Whether a gate speaks about a file: within its modules, and not the guarded module itself."""
    module = facts.module
    if module is not None and (module == guard or module.startswith(guard + ".")):
        return False
    within = gate.entry.within
    return not within or (
        module is not None and any(module == one or module.startswith(one + ".") for one in within)
    )


def is_guarded(path: str, module: str | None, run: RuleContext) -> bool:
    """Whether a path is or lies below a guard, seen from a module outside of the guard."""
    for each in (path, *run.leads_to(path)):
        for gate in run.targets.fail_fast:
            for name in gate.entry.guard:
                if f"{each}.".startswith(f"{name}.") and not f"{module}.".startswith(f"{name}."):
                    return True
    return False


def guarded(facts: Facts, run: RuleContext, kind: str) -> Iterator[tuple[Guarded, str, Gate[FailFast]]]:
    """The places of one kind that touch a guard, once for each gate, with the guard."""
    for one in facts.guards:
        if one.kind != kind or not _catches(one, facts, run):
            continue
        own = one.how == "own"
        found: dict[Declared, tuple[str, Gate[FailFast]]] = {}
        for path in one.paths:
            for each in (path, *run.leads_to(path)) if not own else (path,):
                for guard, gate in guards(each, own, facts, run):
                    found.setdefault(gate.declared, (guard, gate))
        for guard, gate in found.values():
            yield one, guard, gate


def _catches(one: Guarded, facts: Facts, run: RuleContext) -> bool:
    """Whether a catcher that comes from elsewhere, or whose types do, catches what is raised."""
    if not one.through:
        return True
    if one.form in USES:
        raised = tuple(one.raised)
        uses = [path.partition(":") for path in one.through]
        used = [(path, f"{USES[one.form]}:{at}") for path, _, at in uses]
        again = one.form in ("decorator", "handed") and any(
            run.catching.helps(*each, "retry", raised) for each in used
        )
        if again or one.kind == "retry":
            return again and one.kind == "retry"
        return any(run.catching.helps(*each, "swallow", raised) for each in used)
    caught = [kind for path in one.through for kind in run.catching.types(path)]
    kinds = [f"{facts.module}.{kind[4:]}" if kind.startswith("own:") else kind for kind in one.raised]
    kinds += [base for kind in kinds if "." in kind for base in run.catching.types(kind, True)]
    return any(run.catching.covers(caught, kind) for kind in kinds)


def reached(one: Guarded, guard: str) -> str:
    """What is guarded, as a part of a message."""
    return REACHED[one.how].format(guard)


def hit(facts: Facts, one: Guarded, guard: str, gate: Gate[FailFast], message: str, advice: str) -> Violation:
    """A finding at a guarded place."""
    return Violation(
        gate=gate,
        place=place(facts, one.span),
        subject=guard,
        form=f"{one.form}:{one.how}",
        message=f"{message}{why(gate)}",
        help=advice,
    )
