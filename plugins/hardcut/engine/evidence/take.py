"""Takes the evidence for one gate: runs what it demands and says how it went."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from hardcut.engine.cache import Cache
from hardcut.engine.evidence.asking import ask_exports
from hardcut.engine.evidence.capture import capture
from hardcut.engine.evidence.commands import Limits, run_commands
from hardcut.engine.gather import Sources
from hardcut.engine.tree_digest import tree_digests
from hardcut.plan.evidence import KINDS, demand
from hardcut.plan.gates import Gate, LoadedPlan
from hardcut.plan.model import Benchmark, EntryPoint, Quality, Snapshot
from hardcut.source.evidence import FORMAT, Evidence, Step
from hardcut.source.tree import DiskTree

CHANGED = "the checked files, which have to stay as they are"


class Taken(msgspec.Struct, frozen=True):
    """The evidence, and for a captured snapshot the content of its file."""

    evidence: Evidence
    snapshot: bytes = b""


def is_run(gate: Gate[Any]) -> bool:
    """Whether there is anything to run for a gate; a benchmark without `run` is only compared."""
    match gate.entry:
        case Quality() | EntryPoint():
            return True
        case Benchmark(run=command):
            return command is not None
        case Snapshot(run=command, of=of):
            return command is not None or of == "datafusion"
        case _:
            return False


def take(
    plan: LoadedPlan,
    gate: Gate[Any],
    python: Callable[[str], list[str]],
    limits: Limits,
    begins: Callable[[str], None],
    ends: Callable[[Step], None],
) -> Taken:
    """Run what a gate demands.

    `python` gives the words that start the Python to ask for a module; `begins` and `ends` are told of
    each step as it happens.

    A run that changes the checked files fails: what it says is not about the files that are there now.
    Raises ValueError where no Python can be asked.
    """
    root = Path(plan.root)
    before = tree_digest(plan)
    steps: list[Step] = []
    written = b""

    def told(found: Iterator[Step]) -> None:
        for step in found:
            ends(step)
            steps.append(step)

    entry = gate.entry
    match entry:
        case Quality():
            told(run_commands(entry.commands, root, limits, begins))
        case EntryPoint():
            begins(f"{entry.module}:{entry.names[0]}")
            told(iter(ask_exports(entry, python(entry.module), root, limits)))
        case Benchmark(run=str() as command) | Snapshot(run=str() as command):
            told(run_commands([command], root, limits, begins))
        case Snapshot():
            begins(f"SHOW ALL of {entry.session or 'datafusion.SessionContext'}")
            step, written = capture(entry.session, entry.file, python("datafusion"), root, limits)
            told(iter([step]))
    if tree_digest(plan) != before:
        step = Step(what=CHANGED, passed=False, said="they were changed by what was run")
        told(iter([step]))
    evidence = Evidence(
        hardcut=FORMAT,
        plan=plan.name,
        wave=gate.wave,
        kind=KINDS[type(entry)],
        asked=demand(entry),
        tree=before,
        taken=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        passed=bool(steps) and all(step.passed for step in steps),
        steps=steps,
    )
    return Taken(evidence, written)


def tree_digest(plan: LoadedPlan) -> str:
    """The digest of the files that a plan checks, as they are now."""
    root = Path(plan.root)
    sources = Sources(DiskTree(root), list(plan.manifest.plan.source), Cache(root, False))
    return tree_digests(sources, [plan])(plan.name)
