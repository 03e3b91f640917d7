"""A drafted plan put into a manifest that is there: what it says already is left out."""

from __future__ import annotations

import re

import msgspec

from hardcut.plan.gates import LoadedPlan
from hardcut.plan.model import Absent, Delete, Keep, Move, Remove
from hardcut.refactor.draft.draft_entries import (
    Draft,
    DraftAbsent,
    DraftDelete,
    DraftEntry,
    DraftKeep,
    DraftMove,
    DraftRemove,
    DraftWave,
)


def without_known(draft: Draft, plan: LoadedPlan) -> Draft:
    """The draft without what a plan says already, of each entry and each name in it."""
    known = _Known(plan)
    waves: list[DraftWave] = []
    number: dict[int, int] = {}
    for at, wave in enumerate(draft.waves):
        entries = tuple(filter(None, map(known.rest, wave.entries)))
        if entries:
            number[at] = len(waves)
            requires = tuple(number[one] for one in wave.requires if one in number)
            waves.append(msgspec.structs.replace(wave, entries=entries, requires=requires))
    return msgspec.structs.replace(draft, waves=tuple(waves))


def fresh_ids(draft: Draft, plan: LoadedPlan) -> tuple[str, ...]:
    """Ids for the draft's waves that the plan does not have: numbers behind its highest one."""
    used = {wave.id for wave in plan.manifest.wave}
    highest = max((int(name) for name in used if re.fullmatch(r"[0-9]{1,9}", name)), default=-1)
    return tuple(str(highest + 1 + at) for at in range(len(draft.waves)))


class _Known:
    """What a plan says about modules, names and files."""

    def __init__(self, plan: LoadedPlan) -> None:
        moves = [gate.entry for gate in plan.of(Move)]
        self._moved = {move.from_ for move in moves if not move.symbols}
        self._deleted = {gate.entry.module for gate in plan.of(Delete)}
        self._names = {(move.from_, name) for move in moves for name in move.symbols}
        self._names |= {(gate.entry.module, name) for gate in plan.of(Remove) for name in gate.entry.symbols}
        self._kept = {(gate.entry.module, name) for gate in plan.of(Keep) for name in gate.entry.symbols}
        self._paths = {path.rstrip("/") for gate in plan.of(Absent) for path in gate.entry.paths}

    def rest(self, entry: DraftEntry) -> DraftEntry | None:
        """What of an entry the plan does not say; None if it says all."""
        if isinstance(entry, DraftDelete):
            return None if self._takes(entry.module) else entry
        if isinstance(entry, DraftAbsent):
            paths = tuple(path for path in entry.paths if path not in self._paths)
            return msgspec.structs.replace(entry, paths=paths) if paths else None
        if isinstance(entry, DraftMove) and not entry.symbols:
            return None if self._takes(entry.module) else entry
        if isinstance(entry, DraftMove | DraftRemove | DraftKeep):
            known = self._kept if isinstance(entry, DraftKeep) else self._names
            symbols = tuple(name for name in entry.symbols if (entry.module, name) not in known)
            return msgspec.structs.replace(entry, symbols=symbols) if symbols else None
        raise TypeError(entry)

    def _takes(self, module: str) -> bool:
        """Whether the plan moves or deletes a module, or deletes a package above it."""
        parts = module.split(".")
        above = {".".join(parts[:count]) for count in range(1, len(parts) + 1)}
        return module in self._moved or not above.isdisjoint(self._deleted)
