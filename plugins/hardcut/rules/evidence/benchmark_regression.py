"""CUT802: a benchmark that is worse than its baseline, or not known to hold it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from hardcut.finding import Place
from hardcut.plan.gates import Gate, LoadedPlan
from hardcut.plan.model import Benchmark
from hardcut.rules.context import RuleContext
from hardcut.rules.evidence.due import due, hit, judge_run
from hardcut.rules.evidence.noise import Change, Estimate, compare, estimate, of_values
from hardcut.rules.rule import Rule, Violation

if TYPE_CHECKING:
    from hardcut.source.benchmarks import Series


class Side(NamedTuple):
    """The result or the baseline: estimates by name, the place of each, and the machine."""

    path: str
    estimates: dict[str, Estimate | None]
    places: dict[str, Place]
    machine: str


def check(run: RuleContext) -> Iterator[Violation]:
    """Each gate's run, then each benchmark of either side."""
    for plan in run.plans:
        for gate in plan.of(Benchmark):
            yield from _gate(plan, gate, run)


def _gate(plan: LoadedPlan, gate: Gate[Benchmark], run: RuleContext) -> Iterator[Violation]:
    hits = list(judge_run(plan, gate, run))
    yield from hits
    sides: list[Side] = []
    for pattern in (gate.entry.result, gate.entry.baseline):
        side = _side(gate, pattern, run)
        if isinstance(side, Side):
            sides.append(side)
        elif not (hits and side.form == "missing"):
            yield side
    if len(sides) == 2:
        yield from _compared(gate, sides[0], sides[1])


def _side(gate: Gate[Benchmark], pattern: str, run: RuleContext) -> Side | Violation:
    paths = run.project.matching(pattern)
    if not paths:
        text = f"there is no `{pattern}`, so that nothing can be compared"
        return _violation(gate, Place(pattern), pattern, "missing", text, due(gate))
    series: dict[str, list[Series]] = {}
    places: dict[str, Place] = {}
    machine = ""
    for path in paths:
        results = run.project.benchmarks(path)
        if results.problem:
            return _violation(gate, Place(path), path, "unreadable", f"`{path}` {results.problem}")
        machine = results.machine or machine
        for one in results.series:
            series.setdefault(one.name, []).append(one)
            end = one.column + len(one.name) + 2
            place = Place(path, one.line, one.column, one.line, end) if one.line else Place(path)
            places.setdefault(one.name, place)
    found = {name: _estimate(runs, len(paths), gate.entry.statistic) for name, runs in series.items()}
    return Side(pattern, found, places, machine)


def _estimate(runs: list[Series], files: int, statistic: str) -> Estimate | None:
    """Of one file its own statistic; of several, the mean of each file's, so that runs are what varies."""
    each = [estimate(one, statistic) for one in runs]
    if files == 1:
        return each[0]
    values = [one.value for one in each if one is not None]
    return of_values(values, "mean") if values else None


def _compared(gate: Gate[Benchmark], new: Side, old: Side) -> Iterator[Violation]:
    other = f"; note that it was taken on {new.machine}, the baseline on {old.machine}"
    other = other if new.machine and old.machine and new.machine != old.machine else ""
    for name in old.estimates:
        if name not in new.estimates:
            text = f"`{name}` is in the baseline, and not in `{new.path}`"
            yield _violation(gate, Place(new.path), name, "not-measured", text)
    for name, estimated in new.estimates.items():
        place = new.places[name]
        if name not in old.estimates:
            text = f"`{name}` is new: `{old.path}` has no figure to hold"
            yield _violation(gate, place, name, "no-baseline", text, "warning")
            continue
        before = old.estimates[name]
        if estimated is None or before is None:
            side = new.path if estimated is None else old.path
            text = f"cannot tell about `{name}`: `{side}` does not have its {gate.entry.statistic}"
            yield _violation(gate, place, name, "cannot-tell", text)
            continue
        change = compare(estimated, before, gate.entry.direction == "higher")
        said = _verdict(gate.entry, name, estimated, before, change)
        if said is not None:
            yield _violation(gate, place, name, said[0], said[1] + other)


def _verdict(
    entry: Benchmark, name: str, new: Estimate, old: Estimate, change: Change | None
) -> tuple[str, str] | None:
    figures = f"{entry.statistic} {new.value:.4g}, baseline {old.value:.4g}"
    if change is None:
        return "cannot-tell", f"cannot tell about `{name}`: there is no share of the baseline ({figures})"
    tolerated = float(entry.tolerance.rstrip("%")) / 100
    how = f"{abs(change.worse):.1%} {'worse' if change.worse > 0 else 'better'}"
    if change.interval is None:
        text = f"cannot tell about `{name}`: {how} ({figures}), but a side has too few measurements"
        return "cannot-tell", text
    low, high = change.interval
    rest = f"{figures}; 95% interval {low:+.1%} to {high:+.1%}, {entry.tolerance} is tolerated"
    if low > tolerated:
        return "worse", f"`{name}` is {how} ({rest})"
    if high > tolerated:
        return "cannot-tell", f"cannot tell about `{name}`: {how}, within the noise ({rest})"
    return None


HELP = {
    "missing": "measure, and write the result there",
    "cannot-tell": 'measure more often, or in several runs: result = "folder/*.json"',
    "no-baseline": "measure the baseline again with all benchmarks",
    "not-measured": "measure it, or take it out of the baseline",
    "unreadable": "give a result of pytest-benchmark, hyperfine or asv, or names with numbers",
    "": "make it as good as it was, or raise the tolerance in the plan",
}
_violation = partial(hit, HELP)


RULE = Rule(
    code="CUT802",
    name="benchmark-regression",
    family="evidence",
    gates=("benchmark",),
    project=check,
    summary="a benchmark that is worse than its baseline, or not known to hold it",
)
