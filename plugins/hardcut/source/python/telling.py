"""What one file tells others about failures: functions that fail, functions that answer, flags."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from hardcut.source.python.flags import flags
from hardcut.source.python.guards import Guards
from hardcut.source.python.imports import scope_name
from hardcut.source.python.units import Unit
from hardcut.source.told import Told

if TYPE_CHECKING:
    from tree_sitter import Node

    from hardcut.source.python.probes import Probes


def tell(
    guards: Guards, probes: Probes, units: list[Unit], wrappers: dict[str, tuple[str, int]]
) -> list[Told]:
    """All that a file with a module name tells."""
    module = guards.module
    if module is None:
        return []
    found: dict[tuple[str, str, int], Told] = {}
    for unit in units:
        for flag in flags(guards, probes.touched, unit):
            name, paths = f"{module}.{flag.name}", sorted(flag.paths)
            told = Told(name, "flag", paths, missing=flag.missing, present=flag.present)
            found[told.name, told.kind, told.missing] = told
        name = _name(guards, unit.node)
        if name and name not in wrappers:
            for told in _of_function(guards, probes, unit, f"{module}.{name}"):
                found[told.name, told.kind, told.missing] = told
    return [found[key] for key in sorted(found)]


def _of_function(guards: Guards, probes: Probes, unit: Unit, name: str) -> Iterator[Told]:
    module = guards.module
    paths, types = guards.told(unit)
    if paths:
        above = {one: sorted(guards.contexts.exceptions.hierarchy.kinds(one) - {one}) for one in types}
        yield Told(
            name,
            "escapes",
            sorted(paths),
            sorted(_elsewhere(one, module) for one in types),
            {
                _elsewhere(one, module): [_elsewhere(base, module) for base in bases]
                for one, bases in above.items()
                if bases
            },
        )
    for missing, given, asked in probes.answers(unit, False):
        if given:
            yield Told(name, "gives", list(given), missing=missing, asked=asked)


def _elsewhere(kind: str, module: str | None) -> str:
    return f"{module}.{kind.removeprefix('own:')}" if kind.startswith("own:") else kind


def _name(guards: Guards, node: Node) -> str:
    """A function's name within its module; empty for functions within functions."""
    if node.type != "function_definition":
        return ""
    above = node.parent
    while above is not None:
        if above.type in ("function_definition", "lambda"):
            return ""
        above = above.parent
    name = node.child_by_field_name("name")
    outer = scope_name(guards.tree, node)
    own = guards.tree.text(name) if name is not None else ""
    return f"{outer}.{own}" if outer and own else own
