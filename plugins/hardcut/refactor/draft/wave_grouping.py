"""Entries in waves: one for each subpackage of a large change, each behind those that it needs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from hardcut.refactor.draft.change import Change
from hardcut.refactor.draft.draft_entries import (
    Confidence,
    DraftAbsent,
    DraftDelete,
    DraftEntry,
    DraftKeep,
    DraftMove,
    DraftRemove,
    DraftWave,
)

SINGLE = 12
"""So many entries are one wave."""


def group_waves(change: Change, entries: Sequence[DraftEntry]) -> tuple[DraftWave, ...]:
    """The waves of some entries: a wave comes after those that it needs.

    A wave needs another one if one of its new homes imports a new home of that wave, or if it deletes what
    modules of that wave used before. Waves that need each other are one. What is only guessed of other
    subpackages is together in the last one.
    """
    groups: dict[str, list[DraftEntry]] = defaultdict(list)
    for entry in entries:
        groups[_group(change, entry)].append(entry)
    guesses = [name for name, found in groups.items() if all(map(is_guess, found))]
    guessed = tuple(entry for name in guesses for entry in groups.pop(name))
    waves = _waves(change, groups)
    return (*waves, DraftWave(title="guesses", entries=guessed)) if guessed else waves


def is_guess(entry: DraftEntry) -> bool:
    """Whether an entry is written as a comment."""
    return entry.confidence is Confidence.LOW


def _waves(change: Change, groups: dict[str, list[DraftEntry]]) -> tuple[DraftWave, ...]:
    entries = [entry for found in groups.values() for entry in found]
    if not entries:
        return ()
    if len(entries) <= SINGLE or len(groups) == 1:
        return (DraftWave(title=_title(groups), entries=tuple(entries)),)
    needs = _needs(change, groups)
    waves: list[DraftWave] = []
    number: dict[str, int] = {}
    for together in _components(sorted(groups), needs):
        required = {number[other] for name in together for other in needs[name] if other not in together}
        number.update(dict.fromkeys(together, len(waves)))
        found = tuple(entry for name in sorted(together) for entry in groups[name])
        waves.append(DraftWave(title=_title(together), entries=found, requires=tuple(sorted(required))))
    return tuple(waves)


def _title(names: Iterable[str]) -> str:
    named = sorted(names)
    return ", ".join(named[:3]) + (f" and {len(named) - 3} more" if len(named) > 3 else "")


def _module(entry: DraftEntry) -> str | None:
    return entry.module if isinstance(entry, DraftMove | DraftDelete | DraftRemove | DraftKeep) else None


def _group(change: Change, entry: DraftEntry) -> str:
    """The subpackage that an entry is about: two parts of the name of its old home."""
    if isinstance(entry, DraftAbsent):
        return "files"
    parts = (_module(entry) or "").split(".")
    return ".".join(parts[:2]) if len(parts) > 2 else parts[0]


def _needs(change: Change, groups: dict[str, list[DraftEntry]]) -> dict[str, set[str]]:
    """For each group those that have to land before it."""
    home_of: dict[str, str] = {}
    old_of: dict[str, str] = {}
    for name, entries in groups.items():
        for entry in entries:
            module = _module(entry)
            if module is not None:
                old_of.setdefault(module, name)
            for home in entry.to if isinstance(entry, DraftMove) else ():
                home_of.setdefault(home, name)
    needs: dict[str, set[str]] = {name: set() for name in groups}
    for home, name in home_of.items():
        for other in _imported(
            home, change.new.code(home).imports if home in change.new.paths else (), home_of
        ):
            needs[name].add(other)
    deleted = {
        entry.module: name
        for name, entries in groups.items()
        for entry in entries
        if isinstance(entry, DraftDelete)
    }
    for module, name in old_of.items():
        imports = change.old.code(module).imports if module in change.old.paths else ()
        for other in _imported(module, imports, deleted):
            needs[other].add(name)
    return {name: others - {name} for name, others in needs.items()}


def _imported(module: str, imports: Iterable[str], known: dict[str, str]) -> set[str]:
    """The groups of known modules that are imported, by themselves or by a name or module in them."""
    found: set[str] = set()
    for path in imports:
        parts = path.split(".")
        for count in range(len(parts), 0, -1):
            name = ".".join(parts[:count])
            if name in known and name != module:
                found.add(known[name])
                break
    return found


def _components(names: list[str], needs: dict[str, set[str]]) -> list[set[str]]:
    """The strongly connected components of a graph, each behind those that it needs (Tarjan's algorithm)."""
    found: list[set[str]] = []
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    for start in names:
        if start in index:
            continue
        index[start] = low[start] = len(index)
        stack.append(start)
        work = [(start, iter(sorted(needs[start])))]
        while work:
            name, others = work[-1]
            for other in others:
                if other not in index:
                    index[other] = low[other] = len(index)
                    stack.append(other)
                    work.append((other, iter(sorted(needs[other]))))
                    break
                if other in stack:
                    low[name] = min(low[name], index[other])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[name])
                if low[name] == index[name]:
                    at = stack.index(name)
                    found.append(set(stack[at:]))
                    del stack[at:]
    return found
