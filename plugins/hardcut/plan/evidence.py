"""Where evidence for a gate is kept, and what a gate demands."""

from __future__ import annotations

import hashlib
import re
from typing import Any

from hardcut.plan.gates import Gate, LoadedPlan
from hardcut.plan.model import Benchmark, Entry, EntryPoint, Quality, Snapshot

KINDS: dict[type[Entry], str] = {
    Quality: "quality",
    EntryPoint: "entrypoint",
    Benchmark: "benchmark",
    Snapshot: "snapshot",
}
"""The gates that something is run for, on request only."""

LONGEST = 40


def folder_of(plan: LoadedPlan) -> str:
    """The folder of a plan's evidence, beside the manifest: `cutover.evidence` for cutover.toml."""
    return f"{plan.path.removesuffix('.toml')}.evidence"


def path_of(plan: LoadedPlan, gate: Gate[Any]) -> str:
    """The file of a gate's evidence: the wave, the kind, and from a wave's second on the number.

    A wave's id that is no plain file name is shortened, and a digest of it added.
    """
    kind = KINDS[type(gate.entry)]
    alike = [one for one in plan.of(type(gate.entry)) if one.wave == gate.wave]
    number = next((at for at, one in enumerate(alike, start=1) if one is gate or one == gate), 1)
    slug = re.sub(r"[^a-z0-9_-]", "_", gate.wave.lower())[:LONGEST]
    if slug != gate.wave:
        slug += f"-{hashlib.blake2b(gate.wave.encode('utf-8', 'replace'), digest_size=3).hexdigest()}"
    return f"{folder_of(plan)}/{slug}-{kind}{f'-{number}' if number > 1 else ''}.json"


def demand(entry: Entry) -> list[str]:
    """What a gate asks for, in words that evidence repeats: it counts for no other demand."""
    match entry:
        case Quality():
            return entry.commands
        case EntryPoint():
            return [f"{entry.module}:{name}" for name in entry.names]
        case Benchmark():
            return [entry.run or "", entry.result]
        case Snapshot():
            return [entry.run or entry.session or "", entry.file]
        case _:
            return []


def products(plan: LoadedPlan) -> frozenset[str]:
    """The files that gates are judged by: they are no part of the tree that evidence speaks about."""
    found = {one for gate in plan.of(Benchmark) for one in (gate.entry.result, gate.entry.baseline)}
    return frozenset(
        found | {one for gate in plan.of(Snapshot) for one in (gate.entry.file, gate.entry.previous or "")}
    )
