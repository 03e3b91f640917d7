"""All names that a module binds at its top level, with the members of its classes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hardcut.semantic.scopes import BindingKind, ScopeKind
from hardcut.source.facts import Bound, Definition, Span
from hardcut.source.python.imports import absolute

if TYPE_CHECKING:
    from hardcut.semantic.index import ModuleIndex
    from hardcut.semantic.scopes import Import, Scope

_KINDS: dict[BindingKind, Bound] = {BindingKind.FUNCTION: "function", BindingKind.CLASS: "class"}
_NO_DEFINITIONS = frozenset({BindingKind.IMPORT, BindingKind.DELETION, BindingKind.EXCEPT})
"""Imports are listed apart, and Python deletes the name of a handler at its end."""


def top_level(data: bytes, package: str | None) -> list[Definition]:
    """The names bound at module level (`Class.member` for class members), in the file's order.

    Imports carry their target; a star import is `*`. A module-level `__getattr__` is listed like
    any function, so that a caller can tell that further names may exist.
    """
    from hardcut.semantic.index import index

    module = index(data)
    found = [
        _imported(module, entry, package, target)
        for entry in module.imports
        if entry.scope is module.top
        and (entry.module != "__future__" or entry.name is None)
        and (target := absolute(entry.module, entry.level, package)) is not None
    ]
    prefixes = {module.top: ""}
    for scope in module.scopes:
        prefix = _prefix(scope, prefixes)
        if prefix is not None:
            prefixes[scope] = prefix
            found += [
                Definition(
                    prefix + module.module.dotted_name(binding.start, binding.end),
                    _KINDS.get(binding.kind, "assign"),
                    _span(module, binding.start, binding.end),
                )
                for binding in scope.bindings
                if binding.kind not in _NO_DEFINITIONS
            ]
    return sorted(found, key=lambda definition: (definition.span.line, definition.span.column))


def binds(data: bytes, name: str) -> bool:
    """Whether a module binds one name at its top level, in any way that a statement or expression can."""
    from hardcut.semantic.index import index

    return index(data).binds(name)


def _prefix(scope: Scope, prefixes: dict[Scope, str]) -> str | None:
    """What stands before the names of a scope: those of the classes around it; None below a function."""
    if scope.kind is ScopeKind.MODULE:
        return ""
    parent = scope.parent
    while parent is not None and parent.kind is ScopeKind.TYPE_PARAMETERS:
        parent = parent.parent
    if scope.kind is not ScopeKind.CLASS or parent is None or parent not in prefixes:
        return None
    return f"{prefixes[parent]}{scope.name}."


def _imported(module: ModuleIndex, entry: Import, package: str | None, target: str) -> Definition:
    place = module.imported_name(entry)
    start, end = (place.start, place.end) if place is not None else (entry.start, entry.end)
    span = _span(module, start, end)
    if entry.name == "*":
        return Definition("*", "star", span, target)
    if entry.name is not None:
        target = f"{target}.{entry.name}"
    elif entry.alias is None:
        target = entry.bound
    return Definition(entry.bound, "import", span, target)


def _span(module: ModuleIndex, start: int, end: int) -> Span:
    return Span(*module.module.place(start), *module.module.place(end))
