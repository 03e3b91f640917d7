"""Entries of a manifest, with how certain they are and why."""

from __future__ import annotations

from enum import IntEnum

import msgspec


class Confidence(IntEnum):
    """How certain an entry is; the order is that of certainty."""

    LOW = 0
    """A guess: written as a comment."""
    MEDIUM = 1
    """Probable: written as an entry, to be read before it is kept."""
    HIGH = 2
    """Certain: `hardcut check --draft` enforces it."""

    @property
    def word(self) -> str:
        """The name in texts."""
        return self.name.lower()


class DraftEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of a drafted plan. `evidence` are sentences, without a full stop, about what was compared."""

    confidence: Confidence
    evidence: tuple[str, ...]


class DraftMove(DraftEntry, frozen=True, kw_only=True):
    """A module, or with `symbols` some of its names, that has one new home or several."""

    module: str
    to: tuple[str, ...]
    symbols: tuple[str, ...] = ()


class DraftDelete(DraftEntry, frozen=True, kw_only=True):
    """A module or package that is gone; with `submodules_only` a package that is a module now."""

    module: str
    submodules_only: bool = False


class DraftRemove(DraftEntry, frozen=True, kw_only=True):
    """Names that a module had, and does not have any more."""

    module: str
    symbols: tuple[str, ...]


class DraftKeep(DraftEntry, frozen=True, kw_only=True):
    """The new names of names that are removed: without it, they would look like what should be gone."""

    module: str
    symbols: tuple[str, ...]


class DraftAbsent(DraftEntry, frozen=True, kw_only=True):
    """Files that are gone."""

    paths: tuple[str, ...]


class DraftWave(msgspec.Struct, frozen=True, kw_only=True):
    """Entries that go together, and the numbers of the waves before it that they need."""

    title: str
    entries: tuple[DraftEntry, ...]
    requires: tuple[int, ...] = ()


class LeftOut(msgspec.Struct):
    """How many changes are no entries, by why: they would be noise in a plan."""

    private: int = 0
    made_private: int = 0
    unexported: int = 0
    uncertain: int = 0
    re_exported: int = 0


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """A drafted plan: its waves, the import roots of the new tree, and what it leaves out."""

    waves: tuple[DraftWave, ...]
    sources: tuple[str, ...]
    exclude: tuple[str, ...]
    left_out: LeftOut

    @property
    def entries(self) -> list[DraftEntry]:
        """The entries of all waves."""
        return [entry for wave in self.waves for entry in wave.entries]
