"""Flags of a module: names that tell whether a guarded thing is there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from hardcut.flow.conditions import ANYTHING, EMPTY, FALSE, NONE, TRUE, Environment
from hardcut.flow.failures import NO_CATCHER, Way
from hardcut.source.python.guards import Guards
from hardcut.source.python.units import Unit

TELLING = frozenset({NONE, TRUE, FALSE, EMPTY})
"""Values by which a name tells that something is missing."""


class Flag(NamedTuple):
    """A name, the guarded paths, and what it holds where they are missing, and otherwise (0 if unknown)."""

    name: str
    paths: tuple[str, ...]
    missing: int
    present: int


def flags(guards: Guards, touched: Callable[[Unit, int], Iterable[str]], unit: Unit) -> Iterator[Flag]:
    """Names of a module that hold something else where a guarded thing is missing.

    `touched` gives the paths that fail at one touch of a unit.
    """
    if unit.node.type == "function_definition" or unit.flow is None:
        return
    left = unit.flow.left()
    plain = [env for way, env in left if way.failure < 0]
    sound = [env for way, env in left if way.failure < 0 and way.catcher == NO_CATCHER]
    found: dict[tuple[str, int], Flag] = {}
    for (name, failure), value in _missing(left, unit.flow.through).items():
        if value not in TELLING or not name.isidentifier():
            continue
        others = _held(plain, name)
        is_unset = value == TRUE and not others & FALSE
        if not others & ~value or (sound and _held(sound, name) == value) or is_unset:
            continue
        if not any(binding.scope.type == "module" for binding in guards.names.bindings(name)):
            continue
        known = found[name, value].paths if (name, value) in found else ()
        paths = tuple(dict.fromkeys((*known, *touched(unit, failure))))
        is_single = others & (others - 1) == 0 and others != ANYTHING
        found[name, value] = Flag(name, paths, value, others if is_single else 0)
    yield from (flag for flag in found.values() if flag.paths)


def _missing(
    left: list[tuple[Way, Environment]], through: dict[int, list[str]]
) -> dict[tuple[str, int], int]:
    """What each name holds after each failure that is surely caught."""
    found: dict[tuple[str, int], int] = {}
    for way, env in left:
        if way.failure >= 0 and way.catcher not in through:
            for name, value in env.items():
                found[name, way.failure] = found.get((name, way.failure), 0) | value
    return found


def _held(ways: list[Environment], name: str) -> int:
    """What a name may hold on some ways."""
    found = 0
    for env in ways:
        found |= env.get(name, ANYTHING)
    return found
