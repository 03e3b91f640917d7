"""The audit of a plan against the code, before its first wave: what in it cannot come out as written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import Enum
from itertools import combinations

import msgspec

from hardcut.engine.options import Options
from hardcut.engine.run import check
from hardcut.engine.usage import Ground, liveness_of
from hardcut.finding import Declared
from hardcut.plan.gates import Gate, LoadedPlan
from hardcut.plan.model import Ceiling, Delete, Entry, Keep, Move, Remove, Surface
from hardcut.refactor.draft.code_tree import is_test
from hardcut.refactor.liveness import PASSIVE, Liveness, Usage, Verdict
from hardcut.refactor.references import Reference
from hardcut.rules.registry import RULES

_OF_PLAN = frozenset({"contradiction", "unmatched-entry", "wave-order"})
_REFERENCES = frozenset(rule.name for rule in RULES if rule.family in ("deleted", "removed"))
_MOST_PLACES = 5


class AuditKind(Enum):
    """What is wrong with an entry."""

    PLAN = "the plan contradicts itself or the tree"
    ALIVE = "listed as removed, but alive"
    UNCERTAIN = "listed as removed, and only running code can tell"
    SIZE = "a move does not fit its ceilings"
    ORDER = "waves depend on each other without saying so"
    SCOPE = "a gate's scope is narrower than the use of what it bans"
    TESTS = "tests that will break"


class AuditFinding(msgspec.Struct, frozen=True, kw_only=True):
    """One thing to correct or to know before the wave begins; `places` are the evidence."""

    kind: AuditKind
    wave: str | None
    declared: Declared
    message: str
    places: list[str] = []


def audit(plans: Sequence[LoadedPlan], jobs: int | None = None) -> list[AuditFinding]:
    """Everything that the audit finds about waves that have not landed, by kind and by line."""
    root = plans[0].root
    liveness = liveness_of(Ground(root, list(plans)), keeps=False)
    found = [*_from_run(plans, jobs)]
    for plan in plans:
        found += _living(plan, liveness)
        found += _sizes(plan, liveness)
        found += _order(plan)
        found += _scopes(plan, liveness)
    kinds = list(AuditKind)
    return sorted(
        found, key=lambda finding: (kinds.index(finding.kind), finding.declared.path, finding.declared.line)
    )


def _from_run(plans: Sequence[LoadedPlan], jobs: int | None) -> Iterator[AuditFinding]:
    """Rules about the plan itself, and the tests that refer to what goes."""
    report = check(Options(root=plans[0].root, plans=list(plans), jobs=jobs, compare=False, every_gate=True))
    states = {(plan.name, wave.id): wave.state for plan in plans for wave in plan.manifest.wave}
    tests: dict[tuple[str, str | None, Declared], dict[str, int]] = {}
    for finding in [*report.findings, *report.contested]:
        if finding.rule in _OF_PLAN:
            yield AuditFinding(
                kind=AuditKind.PLAN,
                wave=finding.wave,
                declared=finding.declared,
                message=finding.message.split("\n", 1)[0],
            )
        elif finding.rule in _REFERENCES and is_test(finding.place.path):
            files = tests.setdefault((finding.plan, finding.wave, finding.declared), {})
            files[finding.place.path] = files.get(finding.place.path, 0) + 1
    for (plan, wave, declared), files in tests.items():
        if wave is not None and states.get((plan, wave)) != "landed":
            yield AuditFinding(
                kind=AuditKind.TESTS,
                wave=wave,
                declared=declared,
                message=f"{_count(sum(files.values()), 'reference')} in {_count(len(files), 'test file')}",
                places=sorted(files)[:_MOST_PLACES],
            )


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"


def _open(plan: LoadedPlan, gates: Sequence[Gate[Entry]]) -> list[Gate[Entry]]:
    landed = {wave.id for wave in plan.manifest.wave if wave.state == "landed"}
    return [gate for gate in gates if gate.wave not in landed]


# Names on the list that live.


def _living(plan: LoadedPlan, liveness: Liveness) -> Iterator[AuditFinding]:
    kept = {
        f"{gate.entry.module}.{name}"
        for gate in plan.of(Keep)
        if gate.entry.module
        for name in gate.entry.symbols
    }
    for gate in _open(plan, plan.of(Remove)):
        entry = gate.entry
        assert isinstance(entry, Remove)
        gone = _Gone(plan, gate.wave)
        for symbol in entry.symbols:
            usage = liveness.of(f"{entry.module}.{symbol}")
            message = _complaint(usage, gone, kept)
            if message is not None:
                kind = AuditKind.UNCERTAIN if usage.verdict is Verdict.UNCERTAIN else AuditKind.ALIVE
                places = usage.keepers or usage.reasons
                yield AuditFinding(
                    kind=kind,
                    wave=gate.wave,
                    declared=gate.declared,
                    message=f"{entry.module}.{symbol}{message}",
                    places=places[:_MOST_PLACES],
                )


class _Gone:
    """What a plan has taken away when a wave lands: modules with all below them, and names.

    A module that is deleted because its names move is not counted: its code lives on elsewhere.
    """

    def __init__(self, plan: LoadedPlan, wave: str) -> None:
        order = [found.id for found in plan.manifest.wave]
        before = frozenset(order[: order.index(wave) + 1])
        moved = {gate.entry.from_ for gate in plan.of(Move)}
        self._modules = [
            gate.entry.module
            for gate in plan.of(Delete)
            if gate.wave in before and gate.entry.to is None and gate.entry.module not in moved
        ]
        self._names = {
            f"{gate.entry.module}.{name}"
            for gate in plan.of(Remove)
            if gate.wave in before
            for name in gate.entry.symbols
        }

    def covers(self, name: str) -> bool:
        """Whether a dotted name goes."""
        return name in self._names or any(f"{name}.".startswith(f"{module}.") for module in self._modules)

    def takes(self, reference: Reference) -> bool:
        """Whether the module, or all definitions, that hold a reference go."""
        if reference.module is not None and self.covers(reference.module):
            return True
        return bool(reference.holders) and all(map(self.covers, reference.holders))


def _complaint(usage: Usage, gone: _Gone, kept: set[str]) -> str | None:
    """What is wrong with removing a name; None if nothing is."""
    if usage.verdict is Verdict.UNCERTAIN:
        return " may be needed"
    if usage.verdict not in (Verdict.ALIVE, Verdict.TYPES_ONLY):
        return None
    needing = [
        reference
        for reference in usage.references
        if reference.kind not in PASSIVE and not reference.is_test and not gone.takes(reference)
    ]
    if not needing:
        return None
    by_kept = next((name for name in usage.keepers if name in kept), None)
    by_kept = by_kept or next((name for found in needing for name in found.holders if name in kept), None)
    return f" is {usage.verdict.value}" + (f": {by_kept}, which the plan keeps, needs it" if by_kept else "")


# Sizes.


def _sizes(plan: LoadedPlan, liveness: Liveness) -> Iterator[AuditFinding]:
    """Moves that bring more lines than the ceilings of all their new modules allow."""
    ceilings = {
        gate.entry.path: gate.entry.max_lines
        for gate in plan.of(Ceiling)
        if gate.entry.max_lines is not None and gate.entry.count == "all"
    }
    lines: dict[tuple[str, ...], int] = {}
    gates: dict[tuple[str, ...], Gate[Entry]] = {}
    for gate in _open(plan, plan.of(Move)):
        entry = gate.entry
        assert isinstance(entry, Move)
        homes = (entry.to,) if isinstance(entry.to, str) else tuple(entry.to)
        lines[homes] = lines.get(homes, 0) + liveness.lines_of(entry.from_, entry.symbols)
        gates.setdefault(homes, gate)
    for homes, total in lines.items():
        allowed = [_ceiling(home, ceilings, plan.manifest.plan.source) for home in homes]
        known = [limit for limit in allowed if limit is not None]
        if len(known) == len(homes) and total > sum(known):
            yield AuditFinding(
                kind=AuditKind.SIZE,
                wave=gates[homes].wave,
                declared=gates[homes].declared,
                message=f"{total:,} lines move to {', '.join(homes)}, whose ceilings allow {sum(known):,}",
            )


def _ceiling(module: str, ceilings: dict[str, int], sources: Sequence[str]) -> int | None:
    """The ceiling of the file that a module would have."""
    name = module.replace(".", "/")
    for source in sources:
        start = "" if source in ("", ".") else f"{source.strip('/')}/"
        for path in (f"{start}{name}.py", f"{start}{name}/__init__.py"):
            if path in ceilings:
                return ceilings[path]
    return None


# Order.


def _order(plan: LoadedPlan) -> Iterator[AuditFinding]:
    """Waves that change the same module, while neither requires the other."""
    changed: dict[str, dict[str, Gate[Entry]]] = {}
    gates_of_code = [gate for gate in plan.gates if isinstance(gate.entry, Remove | Move | Delete)]
    for gate in _open(plan, gates_of_code):
        entry = gate.entry
        module = entry.from_ if isinstance(entry, Move) else getattr(entry, "module", "")
        changed.setdefault(module, {}).setdefault(gate.wave, gate)
    needed = {wave.id: set(wave.requires) for wave in plan.manifest.wave}
    for _ in needed:
        for requires in needed.values():
            requires.update(*(needed.get(name, set()) for name in list(requires)))
    for module, gates in changed.items():
        for first, second in combinations(gates, 2):
            if first not in needed[second] and second not in needed[first]:
                yield AuditFinding(
                    kind=AuditKind.ORDER,
                    wave=second,
                    declared=gates[second].declared,
                    message=f"waves {first} and {second} both change {module}; neither requires the other",
                )


# Scopes.


def _scopes(plan: LoadedPlan, liveness: Liveness) -> Iterator[AuditFinding]:
    """Surfaces that are checked in some packages only, while others use what they ban."""
    for gate in _open(plan, plan.of(Surface)):
        entry = gate.entry
        assert isinstance(entry, Surface)
        if not entry.within:
            continue
        places = [
            f"{path}:{line}"
            for path, module, line in liveness.importers(entry.banned)
            if not is_test(path) and not _is_below(module, entry.within)
        ]
        if places:
            yield AuditFinding(
                kind=AuditKind.SCOPE,
                wave=gate.wave,
                declared=gate.declared,
                message=f"{', '.join(entry.banned)} is also imported outside {', '.join(entry.within)}",
                places=places[:_MOST_PLACES],
            )


def _is_below(module: str | None, packages: Sequence[str]) -> bool:
    return module is not None and any(f"{module}.".startswith(f"{package}.") for package in packages)
