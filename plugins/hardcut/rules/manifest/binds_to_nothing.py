"""CUT905: a gate, path or root of the manifest that binds to nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hardcut.finding import Place
from hardcut.plan.gates import Gate, LoadedPlan
from hardcut.plan.model import Absent, Ceiling, Delegate, Document, FailFast, Move, Native, NoShims, Remove
from hardcut.rules.removed.kept_missing import homes_of
from hardcut.rules.rule import Hit, Rule, plan_gate
from hardcut.rules.run import Run, why


def check(run: Run) -> Iterator[Hit]:
    """Settings of the plan first, then gate by gate; only a whole-project run can judge."""
    if not run.whole:
        return
    for plan in run.plans:
        yield from _settings(plan, run)
        yield from _deletes(plan, run)
        yield from _symbols(plan, run)
        yield from _modules(plan, run)
        yield from _paths(plan, run)


def _settings(plan: LoadedPlan, run: Run) -> Iterator[Hit]:
    gate = plan_gate(plan)
    for entry in run.unmatched.get(plan.name, ()):
        yield _hit(gate, f"plan.check: `{entry}` matches no file", entry, "check-path")
    for source in plan.manifest.plan.source:
        if not run.project.holds_python(source):
            yield _hit(gate, f"plan.source: `{source}` holds no Python module", source, "source-root")


def _deletes(plan: LoadedPlan, run: Run) -> Iterator[Hit]:
    """A module to delete that is not there, and never was as far as can be told."""
    for module, gate in run.targets.deleted.items():
        if gate.plan != plan.name or run.project.exists(module):
            continue
        if run.project.leftover(module) or run.project.hollow(module):
            continue
        if run.history.module(module, gate.state == "landed") is False:
            yield _hit(gate, f"module `{module}` never existed{run.history.said}", module, "module")


def _symbols(plan: LoadedPlan, run: Run) -> Iterator[Hit]:
    for remove in plan.of(Remove):
        for name in remove.entry.symbols:
            home = remove.entry.module
            if (
                not _defined(run, homes_of(run, home, name), name)
                and run.history.symbol(home, name, remove.state == "landed") is False
            ):
                yield _hit(
                    remove, f"`{home}` never defined `{name}`{run.history.said}", f"{home}.{name}", "symbol"
                )
    for move in plan.of(Move):
        new = [move.entry.to] if isinstance(move.entry.to, str) else move.entry.to
        gone = move.state == "landed" and not all(run.project.roots.is_first_party(one) for one in new)
        for name in move.entry.symbols:
            if (
                not _defined(run, [move.entry.from_, *new], name)
                and run.history.symbol(move.entry.from_, name, gone) is False
            ):
                yield _hit(
                    move,
                    f"neither `{move.entry.from_}` nor {_all(new)} defines `{name}`",
                    f"{move.entry.from_}.{name}",
                    "symbol",
                )
        if (
            not move.entry.symbols
            and not gone
            and not any(run.project.exists(one) for one in [move.entry.from_, *new])
        ):
            yield _hit(
                move, f"neither `{move.entry.from_}` nor {_all(new)} exists", move.entry.from_, "module"
            )


def _modules(plan: LoadedPlan, run: Run) -> Iterator[Hit]:
    for no_shims in plan.of(NoShims):
        yield from _missing(no_shims, no_shims.entry.packages, run)
    for native in plan.of(Native):
        yield from _missing(native, native.entry.within, run)
    for document in plan.of(Document):
        yield from _missing(document, [document.entry.module], run)
    for gate in run.targets.surfaces:
        if gate.plan == plan.name:
            yield from _missing(gate, gate.entry.within, run)
    for fail_fast in plan.of(FailFast):
        yield from _missing(fail_fast, fail_fast.entry.within, run)
        for name in fail_fast.entry.guard:
            if not _reachable(run, name):
                yield _hit(fail_fast, f"guard `{name}` names nothing", name, "guard")
    for delegate in plan.of(Delegate):
        for name in [delegate.entry.function, *delegate.entry.through]:
            if not _reachable(run, name):
                yield _hit(delegate, f"function `{name}` does not exist", name, "function")


def _paths(plan: LoadedPlan, run: Run) -> Iterator[Hit]:
    for ceiling in plan.of(Ceiling):
        floor = ceiling.entry.min_lines is not None
        if ceiling.state != "planned" and not floor and not run.project.matching(ceiling.entry.path):
            yield _hit(ceiling, f"path `{ceiling.entry.path}` matches no file", ceiling.entry.path, "path")
    for absent in plan.of(Absent):
        for path in absent.entry.paths:
            if not run.project.matching(path) and run.history.path(path, absent.state == "landed") is False:
                yield _hit(absent, f"path `{path}` never existed{run.history.said}", path, "path")


def _missing(gate: Gate[Any], modules: list[str], run: Run) -> Iterator[Hit]:
    for module in modules:
        if not run.project.exists(module):
            yield _hit(gate, f"module `{module}` does not exist", module, "module")


def _reachable(run: Run, name: str) -> bool:
    """Whether a dotted name of this project leads to something; foreign names cannot be judged."""
    if not run.project.roots.is_first_party(name) or run.project.exists(name):
        return True
    parts = name.split(".")
    for count in range(len(parts) - 1, 0, -1):
        names = run.project.names(".".join(parts[:count]))
        if names is not None:
            rest = ".".join(parts[count:])
            return rest in names or (parts[count] in names and count == len(parts) - 1)
    return False


def _defined(run: Run, homes: list[str], name: str) -> bool:
    return any(name in (run.project.names(home) or {}) for home in homes)


def _all(names: list[str]) -> str:
    return " nor ".join(f"`{name}`" for name in names)


def _hit(gate: Gate[Any], said: str, subject: str, form: str) -> Hit:
    return Hit(
        gate=gate,
        place=Place(gate.declared.path, gate.declared.line, 1, gate.declared.line, 1),
        subject=subject,
        form=form,
        message=f"this binds to nothing: {said}{why(gate)}",
        help="mend the name, or take the entry out: a gate that binds to nothing can never fail",
    )


RULE = Rule(
    code="CUT905",
    name="binds-to-nothing",
    family="manifest",
    gates=("plan",),
    project=check,
    summary="an entry of the manifest that names nothing that is or was there",
)
