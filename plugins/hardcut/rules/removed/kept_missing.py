"""CUT203: a kept name does not resolve to a definition, or a kept file is gone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from hardcut.finding import Place
from hardcut.plan.gates import Gate
from hardcut.plan.implied import new_homes
from hardcut.plan.model import Keep, Move
from hardcut.rules.context import RuleContext, why
from hardcut.rules.rule import Rule, Violation
from hardcut.rules.targets import is_as_strict

HELP = "bring the definition back, or take the name off the plan's `keep` list"


def check(run: RuleContext) -> Iterator[Violation]:
    """Each kept file must be there, each kept name must be defined where it lives by the plan."""
    for gate in run.targets.keeps:
        for pattern in gate.entry.files:
            if not run.project.matching(pattern):
                yield Violation(
                    gate=gate,
                    place=Place(pattern),
                    subject=pattern,
                    form="file",
                    message=f"`{pattern}` is kept by the plan but missing{why(gate)}",
                    help="bring the file back, or take it off the plan's `keep` list",
                )
        if gate.entry.module is not None:
            for symbol in gate.entry.symbols:
                yield from _symbol(run, gate, gate.entry.module, symbol)
    for move in run.targets.moves:
        if not move.entry.symbols:
            yield from _new_homes(run, move)


def _new_homes(run: RuleContext, gate: Gate[Move]) -> Iterator[Violation]:
    """Each new home of a module that moves as a whole has to be there, unless the plan takes it away again.

    If neither the old home nor a new one exists, `unmatched-entry` reports the entry.
    """
    old, homes = gate.entry.from_, new_homes(gate.entry)
    project = run.project
    if not any(project.exists(home) or project.leftover(home) for home in (old, *homes)):
        return
    for home in homes:
        if (
            project.exists(home)
            or not project.roots.is_first_party(home)
            or project.is_built(home)
            or run.targets.takes(home, None, gate)
        ):
            continue
        yield Violation(
            gate=gate,
            place=Place(project.expected(home)),
            subject=home,
            form="new-home",
            message=f"`{old}` moves to `{home}`, but `{home}` does not exist{why(gate)}",
            help="move the module there, or correct the new home in the plan",
        )


def _symbol(run: RuleContext, gate: Gate[Keep], home: str, name: str) -> Iterator[Violation]:
    homes = run.targets.homes(home, name, gate)
    shim: Violation | None = None
    for module in homes:
        definition = (run.project.names(module) or {}).get(name)
        if definition is None:
            if run.project.roots.kind(module) == "compiled":
                return
            continue
        if definition.kind in ("function", "class", "assign", "alias"):
            return
        span, path = definition.span, run.project.file(module) or module
        shim = Violation(
            gate=gate,
            place=Place(path, span.line, span.column, span.end_line, span.end_column),
            subject=f"{home}.{name}",
            form="shim",
            message=f"`{name}` is kept, but `{module}` only imports it from `{definition.target}`{why(gate)}",
            help="define it here, or say in the plan that it moves",
        )
    if shim is not None:
        yield shim
        return
    where = next((found for module in homes if (found := run.project.file(module))), None)
    yield Violation(
        gate=gate,
        place=Place(where or run.project.expected(home)),
        subject=f"{home}.{name}",
        form="symbol",
        message=f"`{name}` is kept by the plan, but `{'` or `'.join(homes)}` does not define it{why(gate)}",
        help=_not_yet(run, gate, homes, name) or HELP,
    )


def _not_yet(run: RuleContext, gate: Gate[Keep], homes: Iterable[str], name: str) -> str | None:
    """What to do if a wave that is held less strictly than the kept name moves it to where it is now."""
    for home in homes:
        for move in run.targets.moves_of(home, name):
            if is_as_strict(move, gate):
                continue
            for new in new_homes(move.entry):
                if name in (run.project.names(new) or {}):
                    return (
                        f"`{new}` defines it: wave {move.wave} moves it there, but is {move.state}; "
                        f"land wave {move.wave} in the same change"
                    )
    return None


RULE = Rule(
    code="CUT203",
    name="kept-symbol-missing",
    family="removed",
    gates=("keep", "move"),
    project=check,
    summary="a kept name or file is missing, or only a shim",
)
