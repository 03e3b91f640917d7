"""A manifest resolved to gates: each entry with its plan, wave, state and place."""

from __future__ import annotations

from typing import Generic, TypeVar, cast

import msgspec

from hardcut.finding import Declared, State
from hardcut.plan.model import Entry, Manifest

E = TypeVar("E", bound=Entry)


class Gate(msgspec.Struct, Generic[E], frozen=True):
    """One thing one wave demands."""

    entry: E
    plan: str
    wave: str
    state: State
    declared: Declared


class Problem(msgspec.Struct, frozen=True, order=True):
    """Something wrong in a manifest: `path` as shown to people, line and column from 1.

    Where no manifest is at fault, but a name or a path that was given, `path` is empty.
    """

    path: str
    line: int
    column: int
    key: str
    message: str


class LoadedPlan(msgspec.Struct, frozen=True):
    """One manifest, read, validated and located.

    `path` is relative to `root` where it lies below it, else absolute; `digest` changes with every
    byte of the manifest; `contradictions` are findings about the manifest itself (CUT906).
    `declared` is the place of `[plan]`; `waves`, `waivers`, `revives`, `weakened` and `ignores` are the
    places of the manifest's tables of these kinds, in the same order.
    """

    path: str
    root: str
    manifest: Manifest
    gates: list[Gate[Entry]]
    contradictions: list[Problem]
    digest: str
    declared: Declared
    waves: list[Declared] = []
    waivers: list[Declared] = []
    revives: list[Declared] = []
    weakened: list[Declared] = []
    ignores: list[Declared] = []

    @property
    def name(self) -> str:
        """The plan's name."""
        return self.manifest.plan.name

    @property
    def has_file(self) -> bool:
        """Whether the plan is all that its file holds, so that the file itself is not checked."""
        return not self.path.endswith("pyproject.toml")

    def of(self, kind: type[E]) -> list[Gate[E]]:
        """The gates whose entry is of one kind, in the manifest's order."""
        return [cast("Gate[E]", gate) for gate in self.gates if isinstance(gate.entry, kind)]
