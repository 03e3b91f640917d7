"""The selftest: violations of each gate planted over the project's files, and looked for by a run.

Nothing is written, and nothing of the project is run: a run is handed a tree in which some files are others.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal

import msgspec

from hardcut.engine.cache import Cache
from hardcut.engine.gather import Sources
from hardcut.engine.listing import listing_of
from hardcut.engine.options import Options
from hardcut.engine.report_data import Report
from hardcut.engine.runner import judge
from hardcut.engine.selftest.plant import NAME, Ground, Plant, Unplantable, Want
from hardcut.engine.selftest.table import PLANTERS
from hardcut.finding import Finding
from hardcut.plan.gates import Gate, LoadedPlan
from hardcut.plan.label import kind_of
from hardcut.plan.model import Entry
from hardcut.plan.waves import required
from hardcut.rules.context import RuleContext
from hardcut.rules.registry import RULES
from hardcut.source.files import Listing
from hardcut.source.overlay import Overlay
from hardcut.source.tree import DiskTree, Tree

Verdict = Literal["found", "missed", "unplantable"]

GATED = frozenset(rule.code for rule in RULES if "plan" not in rule.gates)
"""The rules that gates ask for; those about a plan as a whole ask git's history, which takes its time."""


class Tried(msgspec.Struct, frozen=True):
    """What came of one gate: `codes` are the rules that found what was planted.

    `said` is what was planted and not found, or why nothing could be; of a gate whose violations are
    found, those that only another gate's finding tells about.
    """

    gate: Gate[Entry]
    verdict: Verdict
    codes: list[str]
    planted: int
    said: list[str]


class _Case(msgspec.Struct):
    """One plant of one gate, and how far its wants are met."""

    gate: Gate[Entry]
    plant: Plant
    met: dict[int, Finding] = {}
    why: dict[int, str] = {}

    def left(self) -> list[int]:
        return [at for at in range(len(self.plant.wants)) if at not in self.met]


def selftest(options: Options, waves: Iterable[tuple[LoadedPlan, str]]) -> list[Tried]:
    """Break every gate of some waves and see each violation found, as if the wave had landed.

    `waves` are ids, each with its plan, one of the options'; the waves that one requires are taken as
    landed with it, all others are as they are. The gates come in the manifest's order.
    """
    cache, disk = Cache(Path(options.root), options.cache), _Still(Path(options.root))
    return [tried for plan, wave in waves for tried in _Wave(options, plan, wave, cache, disk).tried()]


class _Still(DiskTree):
    """The working tree, listed once."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self._known: dict[tuple[tuple[str, ...], tuple[str, ...]], Listing] = {}

    def listing(self, check: Sequence[str], exclude: Sequence[str]) -> Listing:
        """The files that `check` names, less `exclude`, as they were when first asked for."""
        key = (tuple(check), tuple(exclude))
        if key not in self._known:
            self._known[key] = super().listing(check, exclude)
        return self._known[key]


class _Wave:
    """The selftest of one wave."""

    def __init__(self, options: Options, plan: LoadedPlan, wave: str, cache: Cache, disk: DiskTree) -> None:
        landed = frozenset({wave, *required(plan.manifest, wave)})
        self._options = msgspec.structs.replace(
            options,
            paths=[],
            stdin=None,
            waves=None,
            select=GATED,
            ignore=frozenset(),
            assume_landed=landed,
            compare=False,
        )
        self._gates = [gate for gate in plan.gates if gate.wave == wave]
        self._cache = cache
        self._disk = disk

    def tried(self) -> list[Tried]:
        """Plant all, the new files of all gates together first, and judge."""
        ruled = {kind for rule in RULES for kind in rule.gates}
        ground = self._ground()
        cases: list[_Case] = []
        impossible: dict[int, str] = {}
        for at, gate in enumerate(self._gates):
            planter = PLANTERS.get(type(gate.entry))
            if planter is None or kind_of(gate.entry) not in ruled:
                impossible[at] = f"no rule checks `{kind_of(gate.entry)}` yet"
                continue
            try:
                cases += [_Case(gate, plant) for plant in planter(gate, ground)]
            except Unplantable as reason:
                impossible[at] = str(reason)
        self._look(cases)
        return [
            Tried(gate, "unplantable", [], 0, [impossible[at]])
            if at in impossible
            else _tried(gate, [case for case in cases if case.gate is gate])
            for at, gate in enumerate(self._gates)
        ]

    def _look(self, cases: list[_Case]) -> None:
        """Runs over new files, then over changed ones, then over each that was not found, by itself."""
        fresh = [case for case in cases if all(NAME in path for path in case.plant.files)]
        self._run(fresh, cases)
        for batch in _apart(case for case in cases if case.left() and case not in fresh):
            self._run(batch, batch)
        for case in cases:
            if case.left() and case.plant.files:
                self._run([case], [case])

    def _run(self, planted: Sequence[_Case], asked: Sequence[_Case]) -> None:
        """A run over what is planted: the whole project's rules, and those about the planted files."""
        files = {path: data for case in planted for path, data in case.plant.files.items()}
        tree = Overlay(self._disk, files)
        listed, unmatched = listing_of(tree, self._options)
        report = judge(self._sources(tree), self._options, [one for one in listed if one in files], unmatched)
        for case in asked:
            for at in case.left():
                want = case.plant.wants[at]
                found = _found(want, case, report)
                if found is not None:
                    case.met[at] = found
                elif case in planted:
                    case.why[at] = _instead(want, case, report, listed)

    def _sources(self, tree: Tree) -> Sources:
        folders = list(
            dict.fromkeys(one for plan in self._options.plans for one in plan.manifest.plan.source)
        )
        return Sources(tree, folders, self._cache)

    def _ground(self) -> Ground:
        listed, _ = listing_of(self._disk, self._options)
        sources = self._sources(self._disk)
        return Ground(sources, RuleContext(self._options.plans, sources.project, True), listed)


def _apart(cases: Iterable[_Case]) -> list[list[_Case]]:
    """Cases in groups, no two of one group about one file."""
    groups: list[tuple[set[str], list[_Case]]] = []
    for case in cases:
        paths = set(case.plant.files)
        group = next((one for one in groups if one[0].isdisjoint(paths)), None)
        if group is None:
            group = (set(), [])
            groups.append(group)
        group[0].update(paths)
        group[1].append(case)
    return [group for _, group in groups]


def _found(want: Want, case: _Case, report: Report) -> Finding | None:
    """The finding that answers a want: the gate's own, or another gate's in what was planted."""
    fitting = [
        one
        for one in (*report.findings, *report.contested)
        if one.code in want.codes and _is_there(want, one) and (one.contested or one.severity == "error")
    ]
    own = [one for one in fitting if one.declared == case.gate.declared]
    other = fitting if want.path in case.plant.files else []
    return next(iter((*own, *other)), None)


def _is_there(want: Want, one: Finding) -> bool:
    line = one.place.line or 0
    return (
        (want.path is None or one.place.path == want.path)
        and (want.lines is None or want.lines[0] <= line <= want.lines[1])
        and (want.subject is None or one.subject == want.subject)
    )


def _instead(want: Want, case: _Case, report: Report, listed: Sequence[str]) -> str:
    """What can be said about a violation that was not found."""
    if want.path is not None and want.path.endswith((".py", ".pyi")) and want.path not in listed:
        return f"{want.path} is not among the files that are checked"
    told: list[tuple[Finding, str]] = [(one, one.severity) for one in (*report.findings, *report.contested)]
    told += [(one, "waived") for one in report.waived]
    seen = [
        f"{one.code} ({how})"
        for one, how in told
        if (want.lines is not None and _is_there(want, one))
        or (want.lines is None and one.declared == case.gate.declared)
    ]
    return f"only {', '.join(dict.fromkeys(seen))}" if seen else ""


def _tried(gate: Gate[Entry], cases: Sequence[_Case]) -> Tried:
    said: list[str] = []
    codes: dict[str, None] = {}
    planted = 0
    missed = False
    for case in cases:
        planted += len(case.plant.wants)
        for at, want in enumerate(case.plant.wants):
            found = case.met.get(at)
            if found is None:
                missed = True
                why = case.why.get(at)
                said.append(f"{want.said}: {why}" if why else want.said)
                continue
            codes[found.code] = None
            if found.declared != gate.declared and not missed:
                said.append(f"{want.said}: told by {found.declared.path}:{found.declared.line}")
    return Tried(gate, "missed" if missed or not planted else "found", sorted(codes), planted, said)
