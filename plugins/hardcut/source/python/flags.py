"""Flags of a module: names that tell whether a guarded thing is there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from hardcut.source.python.guards import Guards
from hardcut.source.python.units import Unit
from hardcut.source.python.values import EMPTY, FALSE, NONE, TRUE


def flags(
    guards: Guards, touched: Callable[[Unit, int], Iterable[str]], unit: Unit
) -> Iterator[tuple[str, tuple[str, ...], str, str]]:
    """Names of a module that hold something else where a guarded thing is missing.

    With each the paths, what it then holds, and what it holds otherwise (empty where nobody knows).
    `touched` gives the paths that fail at one touch of a unit.
    """
    if unit.node.type == "function_definition" or unit.flow is None:
        return
    missing: dict[tuple[str, int], set[str]] = {}
    for state in unit.left:
        if state.hurt >= 0 and state.by not in unit.flow.through:
            for name, value in state.env:
                missing.setdefault((name, state.hurt), set()).add(value)
    found: dict[tuple[str, str], tuple[tuple[str, ...], str]] = {}
    for (name, touch), values in missing.items():
        value = next(iter(values))
        if len(values) > 1 or value not in (NONE, TRUE, FALSE, EMPTY) or not name.isidentifier():
            continue
        others = {state.get(name) for state in unit.left if state.hurt < 0}
        sound = {state.get(name) for state in unit.left if state.hurt < 0 and not state.by}
        if others <= {value} or sound == {value} or (value == TRUE and FALSE not in others):
            continue
        if not any(one.scope.type == "module" for one in guards.names.bindings(name)):
            continue
        other = next(iter(others)) if len(others) == 1 else None
        known = found.get((name, value), ((), ""))[0]
        found[name, value] = (tuple(dict.fromkeys((*known, *touched(unit, touch)))), other or "")
    for (name, value), (paths, other) in found.items():
        if paths:
            yield name, paths, value, other
