"""Exception types as values of an analysis: which class is a kind of which, as far as that is known.

A type is a name: that of a built-in exception (`ImportError`), or any other one that a client gives to a
class (a dotted path). `Hierarchy` knows the bases of the others.
"""

from __future__ import annotations

import builtins
from collections.abc import Collection, Iterable
from functools import cache
from typing import Final, final

ANY: Final = "?"
"""An exception of a type that nobody knows: any handler may catch it."""
EXIT: Final = "SystemExit"
TEST_FAILURE: Final = "GeneratorExit"
"""Stands for what a test library raises to end a test: no `except Exception` catches it."""
EVERYTHING: Final = "BaseException"
FAILURES: Final = ("ImportError", "ModuleNotFoundError")
"""What the import of a missing module raises; the second is a kind of the first."""


@cache
def builtin(name: str) -> type[BaseException] | None:
    """The built-in exception of a name."""
    found = getattr(builtins, name, None)
    return found if isinstance(found, type) and issubclass(found, BaseException) else None


@final
class Hierarchy:
    """The base classes of exception types that are not built in."""

    __slots__ = ("bases",)

    def __init__(self) -> None:
        self.bases: dict[str, set[str]] = {}

    def note(self, name: str, bases: Iterable[str]) -> None:
        """Take up bases of a type; the bases of a base are taken up with it."""
        known = self.bases.setdefault(name, set())
        for base in bases:
            known.add(base)
            known |= self.bases.get(base, set())

    def kinds(self, raised: str) -> set[str]:
        """A type and its base classes, as far as they are known."""
        return {raised} | self.bases.get(raised, set())

    def catches(self, caught: Collection[str], raised: str) -> bool:
        """Whether a handler for some types surely catches a type."""
        if not caught:
            return False
        if raised == ANY or EVERYTHING in caught:
            return True
        return any(kind in caught or is_kind(kind, caught) for kind in self.kinds(raised))


def is_kind(name: str, caught: Iterable[str]) -> bool:
    """Whether a type is derived from one of some types, for all that its name tells.

    A type that is not built in is taken for an `Exception`.
    """
    kind = builtin(name)
    if kind is None:
        return "Exception" in caught
    return any((wide := builtin(each)) is not None and issubclass(kind, wide) for each in caught)


def covers(caught: Collection[str], raised: str) -> bool:
    """Whether a handler for some types catches a type of which nothing but its name is known."""
    if raised in caught:
        return True
    return is_kind(raised, caught) or (builtin(raised) is None and EVERYTHING in caught)
