"""The places of a manifest's tables and keys, whatever file the manifest lies in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal, NamedTuple

from hardcut.plan.errors import dotted_key
from hardcut.plan.gates import Problem
from hardcut.plan.model import KINDS, Entry, Manifest, Wave
from hardcut.plan.source_map import Locations, Path, Spot

Origins = Mapping[Path, list[Path]]
"""For a list that lost broken elements: where each element that is left was written."""


class Places:
    """Where the keys of one manifest stand; paths start at the manifest's own tables.

    `prefix` is the manifest's place in its file: `("tool", "hardcut")` in a pyproject.toml.
    """

    def __init__(self, shown: str, locations: Locations, prefix: Path = (), origins: Origins | None = None):
        self.shown = shown
        self._locations = locations
        self._prefix = prefix
        self._origins = origins or {}

    @property
    def nested(self) -> bool:
        """Whether the manifest lies in a file with other tables: a pyproject.toml."""
        return bool(self._prefix)

    def repaired(self, origins: Origins) -> Places:
        """The same places for a manifest that lost its broken elements."""
        return Places(self.shown, self._locations, self._prefix, origins)

    def spot(self, path: Path, at: Literal["key", "value"] = "value") -> Spot:
        """Where a key or value stands; a table stands where its header or brace does."""
        full = (*self._prefix, *self._original(path))
        return self._locations.key(full) if at == "key" else self._locations.value(full)

    def line(self, path: Path) -> int:
        """The line of a value, from 1."""
        return self.spot(path).line

    def problem(self, path: Path, message: str, at: Literal["key", "value"] = "value") -> Problem:
        """A problem with the value at `path`; with `at="key"`, one with the key in its table."""
        spot = self.spot(path, at)
        table = path[:-1] if at == "key" else path
        return Problem(self.shown, spot.line, spot.column, dotted_key((*self._prefix, *table)), message)

    def _original(self, path: Path) -> Path:
        written: Path = ()
        for depth, part in enumerate(path):
            moved = self._origins.get(path[:depth]) if isinstance(part, int) else None
            written = moved[part] if moved and isinstance(part, int) else (*written, part)
        return written


class Located(NamedTuple):
    """A gate's entry with its path in the manifest and its wave (`order` counts the waves from 0)."""

    path: Path
    order: int
    wave: Wave
    entry: Entry


def entries(manifest: Manifest) -> Iterator[Located]:
    """Every entry of every wave."""
    for order, wave in enumerate(manifest.wave):
        for kind in KINDS:
            for position, entry in enumerate(getattr(wave, kind)):
                yield Located(("wave", order, kind, position), order, wave, entry)
