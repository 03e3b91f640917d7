"""What used to exist: the interface to the plan's base revision and to git's history."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import msgspec

from hardcut.source.project import Project

NO_GIT = "there is no git repository here"


class Past(msgspec.Struct, frozen=True):
    """The project as it was: `name` is the revision as people know it."""

    name: str
    project: Project


class PastModule(msgspec.Struct, frozen=True):
    """Was there a module or package of this dotted name?"""

    module: str


class PastSubmodules(msgspec.Struct, frozen=True):
    """Was there a package of this dotted name with something below it, beside its `__init__`?"""

    package: str


class PastSymbol(msgspec.Struct, frozen=True):
    """Did one of these modules define this name (`Class.member` for a member)?"""

    homes: tuple[str, ...]
    name: str


class PastPath(msgspec.Struct, frozen=True):
    """Was there a file or folder that this path or glob matches?"""

    pattern: str


PastQuery = PastModule | PastSubmodules | PastSymbol | PastPath


class Lookup(msgspec.Struct, frozen=True):
    """One query about the past, for an entry of a plan's wave."""

    plan: str
    wave: str
    query: PastQuery


class Unknown(msgspec.Struct, frozen=True):
    """The answer of a history that is not complete: why it is not, and whether git could bring the rest."""

    reason: str
    can_be_fetched: bool = False


PastAnswer = bool | Unknown


class History(Protocol):
    """The known past of the project; `consulted` says whether an answer of this run rests on git."""

    consulted: bool

    def began(self, plan: str, since: str | None = None) -> Past | Unknown | str:
        """The project where a plan's wave began: at `since`, else the plan's base, else the merge-base.

        Unknown if the history is not complete; a text says why a complete history has no such revision.
        """
        ...

    def since(self, plan: str) -> str | None:
        """The plan's base revision as the plan writes it, if git knows it; else None: all history counts."""
        ...

    def answers(self, lookups: Sequence[Lookup]) -> list[PastAnswer]:
        """What the known past answers to each, in their order; the number of git processes is constant."""
        ...


class NoHistory:
    """A project without a past: nothing is known."""

    consulted = False

    def began(self, plan: str, since: str | None = None) -> Past | Unknown | str:
        """Unknown, as everything is."""
        return Unknown(NO_GIT)

    def since(self, plan: str) -> str | None:
        """No plan's base is known."""
        return None

    def answers(self, lookups: Sequence[Lookup]) -> list[PastAnswer]:
        """Every answer is unknown."""
        return [Unknown(NO_GIT) for _ in lookups]
