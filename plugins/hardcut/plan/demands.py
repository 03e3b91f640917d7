"""A manifest as single demands, each with how strict it is, so that two manifests can be compared."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from hardcut.finding import Declared
from hardcut.plan import model
from hardcut.plan.gates import Gate, LoadedPlan
from hardcut.plan.label import kind_of

STATES = ("planned", "active", "landed")
LEVELS = ("off", "warning", "error")
EXACT = ("major", "minor", "patch")

EACH: dict[type[model.Entry], tuple[tuple[str, ...], str]] = {
    model.Delete: (("module",), ""),
    model.Remove: (("module",), "symbols"),
    model.Keep: (("module",), "symbols"),
    model.Move: (("from_",), "symbols"),
    model.Surface: (("only",), "banned"),
    model.FailFast: ((), "guard"),
    model.Delegate: (("function", "to"), ""),
    model.Ceiling: (("path", "count"), ""),
    model.Shrink: (("paths",), ""),
    model.Align: (("name",), "in_"),
    model.NoShims: ((), "packages"),
    model.Native: (("what",), "within"),
    model.Document: (("module",), "must_mention"),
    model.Absent: ((), "paths"),
    model.EntryPoint: (("module",), "names"),
    model.Benchmark: (("result", "statistic"), ""),
    model.Snapshot: (("file", "of"), ""),
    model.Quality: ((), "commands"),
}
"""What names one demand of an entry: keys, and the list of which each item is a demand of its own."""


class Demand(msgspec.Struct, frozen=True):
    """One thing that a plan demands: its kind and name, its gate, and its limits.

    `limits` are comparable strengths by key, the greater the stricter. The others are sets: in `wide`
    more is stricter, and none reaches everything; in `narrow` more is looser; in `held` more is stricter.
    """

    kind: str
    name: str
    gate: Gate[model.Entry]
    limits: dict[str, float]
    wide: dict[str, frozenset[str]]
    narrow: dict[str, frozenset[str]]
    held: dict[str, frozenset[str]]


def demands(plan: LoadedPlan) -> Iterator[Demand]:
    """Every demand of a plan."""
    for gate in plan.gates:
        entry = gate.entry
        keys, each = EACH[type(entry)]
        head = [_said(getattr(entry, key)) for key in keys]
        items: list[str] = [_said(one) for one in getattr(entry, each)] if each else []
        for item in items or ([] if each and not isinstance(entry, model.Move | model.Keep) else ["*"]):
            name = ".".join([*head, item]) if item != "*" else " ".join(head)
            if isinstance(entry, model.Keep) and item == "*":
                continue
            yield Demand(kind_of(entry), name, gate, _limits(entry, plan), *_reach(entry), _held(entry))
        for file in entry.files if isinstance(entry, model.Keep) else ():
            yield Demand("keep", file, gate, _limits(entry, plan), {}, {}, {})


def strength(state: str) -> int:
    """How strict a wave's state is."""
    return STATES.index(state)


def _said(value: Any) -> str:
    return " ".join(value) if isinstance(value, list) else str(value)


def _limits(entry: model.Entry, plan: LoadedPlan) -> dict[str, float]:
    found: dict[str, float] = {"contested": 0 if entry.contested else 1}
    level = getattr(entry, "mentions", None)
    if isinstance(entry, model.Delete | model.Remove | model.Surface):
        found["mentions"] = LEVELS.index(level or plan.manifest.plan.mentions)
    for key in ("max_lines", "max_definitions", "at_most"):
        value = getattr(entry, key, None)
        if hasattr(entry, key):
            found[key] = -value if value is not None else float("-inf")
    for key in ("min_lines", "at_least"):
        if hasattr(entry, key):
            found[key] = getattr(entry, key) or 0
    match entry:
        case model.Delete():
            found["submodules_only"] = 0 if entry.submodules_only else 1
        case model.Align():
            found["to"] = EXACT.index(entry.to)
        case model.Benchmark():
            found["tolerance"] = -float(entry.tolerance.rstrip("%"))
        case _:
            pass
    return found


def _reach(entry: model.Entry) -> tuple[dict[str, frozenset[str]], dict[str, frozenset[str]]]:
    wide: dict[str, frozenset[str]] = {}
    narrow: dict[str, frozenset[str]] = {}
    if isinstance(entry, model.Surface | model.FailFast):
        wide["within"] = frozenset(entry.within)
    if isinstance(entry, model.Surface):
        narrow["allow"] = frozenset(entry.allow)
    if isinstance(entry, model.Snapshot):
        narrow["ignore"] = frozenset(entry.ignore)
    if isinstance(entry, model.Delegate):
        narrow["through"] = frozenset(entry.through)
    return wide, narrow


def _held(entry: model.Entry) -> dict[str, frozenset[str]]:
    match entry:
        case model.Native():
            return {key: frozenset(getattr(entry, key)) for key in ("names", "bases", "decorators", "calls")}
        case model.Snapshot(previous=str(previous)):
            return {"previous": frozenset([previous])}
        case model.Benchmark():
            return {"baseline": frozenset([entry.baseline]), "direction": frozenset([entry.direction])}
        case _:
            return {}


class Loosening(msgspec.Struct, frozen=True):
    """One way in which a plan asks for less than before: what, how, and where it stands now."""

    subject: str
    form: str
    said: str
    declared: Declared


def loosened(before: LoadedPlan, now: LoadedPlan) -> Iterator[Loosening]:
    """All ways in which a plan asks for less than an earlier state of it."""
    current = {(one.kind, one.name): one for one in demands(now)}
    deleted = [one.name for one in current.values() if one.kind == "delete"]
    waves = {wave.id: place for wave, place in zip(now.manifest.wave, now.waves, strict=True)}
    states = {wave.id: wave.state for wave in now.manifest.wave}
    required = {wave.id: set(wave.requires) for wave in now.manifest.wave}
    for wave in before.manifest.wave:
        if wave.id in states and strength(states[wave.id]) < strength(wave.state):
            said = f"wave {wave.id} was {wave.state}, and is {states[wave.id]}"
            yield Loosening(f"wave {wave.id}", "state", said, waves[wave.id])
        for other in sorted({*wave.requires} - required.get(wave.id, {*wave.requires})):
            said = f"wave {wave.id} no longer requires wave {other}"
            yield Loosening(f"wave {wave.id}", "requires", said, waves[wave.id])
    gone: dict[int, tuple[Gate[model.Entry], list[str]]] = {}
    undecided: dict[int, Loosening] = {}
    for old in demands(before):
        label = f"{old.kind} {old.name}"
        new = current.get((old.kind, old.name))
        if new is None:
            if old.kind == "delete" and any(old.name.startswith(f"{one}.") for one in deleted):
                continue
            gone.setdefault(id(old.gate), (old.gate, []))[1].append(old.name)
            continue
        if new.gate.wave != old.gate.wave and strength(new.gate.state) < strength(old.gate.state):
            came, went = (f"{one.gate.state} wave {one.gate.wave}" for one in (old, new))
            said = f"`{label}` moved from {came} to {went}"
            yield Loosening(label, "moved", said, new.gate.declared)
        yield from _weaker(old, new, label)
        if _is_open(old.gate.entry.decision) and new.gate.entry.decision is None:
            said = f"the open decision of `{label}` is gone, and no answer was chosen"
            undecided.setdefault(id(old.gate), Loosening(label, "decision", said, new.gate.declared))
    yield from undecided.values()
    for gate, names in gone.values():
        kind = kind_of(gate.entry)
        shown = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
        place = waves.get(gate.wave, now.declared)
        said = f"wave {gate.wave} no longer asks for `{kind}` {shown}"
        yield Loosening(f"{kind} {names[0]}", "removed", said, place)
    yield from _settings(before, now)


def _is_open(decision: model.Decision | None) -> bool:
    return decision is not None and decision.chosen is None


def _weaker(old: Demand, new: Demand, label: str) -> Iterator[Loosening]:
    for key, strict in old.limits.items():
        if new.limits.get(key, float("-inf")) < strict:
            yield Loosening(label, key, f"`{key}` of `{label}` is looser than before", new.gate.declared)
    for key, reached in old.wide.items():
        now = new.wide.get(key, frozenset())
        left = sorted(one for one in reached if not any(f"{one}.".startswith(f"{other}.") for other in now))
        if now and (not reached or left):
            what = f"no longer reaches {', '.join(left[:3])}" if left else "is limited, and was not"
            yield Loosening(label, key, f"`{key}` of `{label}` {what}", new.gate.declared)
    for key, held in old.held.items():
        less = sorted(held - new.held.get(key, frozenset()))
        if less:
            said = f"`{key}` of `{label}` no longer names {', '.join(less[:3])}"
            yield Loosening(label, key, said, new.gate.declared)
    for key, passed in old.narrow.items():
        more = sorted(new.narrow.get(key, frozenset()) - passed)
        if more:
            said = f"`{key}` of `{label}` now also names {', '.join(more[:3])}"
            yield Loosening(label, key, said, new.gate.declared)


def _settings(before: LoadedPlan, now: LoadedPlan) -> Iterator[Loosening]:
    old, new = before.manifest.plan, now.manifest.plan
    unchecked = [] if "." in new.check else sorted(set(old.check) - set(new.check))
    for key, more, said in (
        ("check", unchecked, "`plan.check` no longer names"),
        ("exclude", sorted(set(new.exclude) - set(old.exclude)), "`plan.exclude` now also names"),
        ("loggers", sorted(set(new.loggers) - set(old.loggers)), "`plan.loggers` now also names"),
        ("importers", sorted(set(old.importers) - set(new.importers)), "`plan.importers` no longer names"),
    ):
        if more:
            yield Loosening(f"plan.{key}", key, f"{said} {', '.join(more[:3])}", now.declared)
    waived = {(one.rule, one.path, one.subject): one for one in before.manifest.waiver}
    for waiver, place in zip(now.manifest.waiver, now.waivers, strict=True):
        earlier = waived.get((waiver.rule, waiver.path, waiver.subject))
        subject = f"{waiver.rule} {waiver.path}"
        if earlier is None:
            yield Loosening(
                subject, "waiver", f"a waiver for {waiver.rule} in `{waiver.path}` was added", place
            )
        elif earlier.until != waiver.until:
            said = f"the waiver for {subject} ends with {waiver.until}, not {earlier.until}"
            yield Loosening(subject, "waiver", said, place)
    revived = {one.module for one in before.manifest.revive}
    for revive, place in zip(now.manifest.revive, now.revives, strict=True):
        if revive.module not in revived:
            yield Loosening(revive.module, "revive", f"`{revive.module}` may come back", place)
