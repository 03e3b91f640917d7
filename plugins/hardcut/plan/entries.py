"""One manifest's entries, ordered for the question what contradicts what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

from hardcut.plan.deletions import Deleted
from hardcut.plan.errors import quoted
from hardcut.plan.gates import Problem
from hardcut.plan.manifest_source import Located, Places, entries
from hardcut.plan.model import Entry, Keep, Manifest, Move, Remove
from hardcut.plan.source_map import Path
from hardcut.plan.waves import ranks

E = TypeVar("E", bound=Entry)
FEW = 50
"""An entry is compared with so many others that name the same: more would only cost time."""


Homes = dict[tuple[str, str], list[tuple[Located, Path]]]
"""For a module and a name in it (empty: the whole module): the entries, and where each says so."""


class Book:
    """The entries of a manifest, by what they are about."""

    def __init__(self, manifest: Manifest, places: Places) -> None:
        self.manifest = manifest
        self.entries = list(entries(manifest))
        self.deleted = Deleted(manifest)
        self.kept: Homes = {}
        self.removed: Homes = {}
        self.moved: Homes = {}
        self._places = places
        self._ranks = ranks(manifest)
        for found in self.entries:
            match found.entry:
                case Keep(module=str() as module, symbols=symbols):
                    homes = self.kept
                case Remove(module=module, symbols=symbols):
                    homes = self.removed
                case Move(from_=module, symbols=symbols):
                    homes = self.moved
                    if not symbols:
                        homes.setdefault((module, ""), []).append((found, (*found.path, "from")))
                case _:
                    continue
            for index, symbol in enumerate(symbols):
                homes.setdefault((module, symbol), []).append((found, (*found.path, "symbols", index)))

    def of(self, kind: type[E]) -> Iterator[tuple[Located, E]]:
        """The entries of one kind, located and as what they are."""
        return ((found, found.entry) for found in self.entries if isinstance(found.entry, kind))

    def moves(self, module: str, symbol: str) -> list[tuple[Located, Path]]:
        """The moves of one name of a module, by itself or with all the module."""
        named = self.moved.get((module, symbol), [])[:FEW]
        return named + self.moved.get((module, ""), [])[:FEW] if symbol else named

    def later(self, one: Located, other: Located) -> bool:
        """Whether the first entry's wave comes after the other's."""
        return self._ranks[one.order] > self._ranks[other.order]

    def problem(self, at: Path, text: str) -> Problem:
        """A contradiction within one entry."""
        return self._places.problem(at, text)

    def against(self, at: Path, text: str, does: str, other: Located, place: Path = ()) -> Problem:
        """A contradiction with another entry: `text`, and what the other's wave does instead."""
        line = self._places.line(place or other.path)
        return self.problem(at, f"{text}, but wave {quoted(other.wave.id)} {does} (line {line})")


def homes_of(found: Located) -> list[str]:
    """The new homes of a move."""
    if not isinstance(found.entry, Move):
        return []
    return [found.entry.to] if isinstance(found.entry.to, str) else found.entry.to[:FEW]


def settled(found: Located, other: Located) -> bool:
    """Whether neither of two entries is contested, so that both are meant."""
    return not (found.entry.contested or other.entry.contested)


def first_settled(found: Located, others: Iterable[Located]) -> Located | None:
    """The first other entry that is meant as much as `found`."""
    return next((other for other in others if settled(found, other)), None)


def first_said(found: Located, said: list[tuple[Located, Path]]) -> Iterator[tuple[Located, Path]]:
    """The first other entry, with its place, that is meant as much as `found`: one or none."""
    for other, place in said[:FEW]:
        if other is not found and settled(found, other):
            yield other, place
            return
