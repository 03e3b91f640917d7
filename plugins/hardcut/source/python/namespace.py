"""One Python file to what its code does to its namespace."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hardcut.semantic.index import index
from hardcut.semantic.scopes import ScopeKind
from hardcut.source.namespace import Namespace
from hardcut.source.python.imports import absolute

if TYPE_CHECKING:
    from hardcut.semantic.index import ModuleIndex

_FRAMES = re.compile(rb"\b(?:f_globals|_getframe|currentframe|getouterframes)\b|\binspect\.stack\b")
"""How a function gets at the frame of its caller."""

_FORWARDS = re.compile(rb"(?<![\w.])getattr\(")

_ASSIGNED = re.compile(rb"^[ \t]*([^\W\d]\w*(?:\.\w+)+)[ \t]*=(?!=)", re.MULTILINE)
"""An assignment to an attribute, such as `base.dialect = Dialect`."""


def namespace(data: bytes, module: str | None, package: str | None) -> Namespace:
    """The answer for a file's source (UTF-8); `module` is its dotted name, None for a script, and `package`
    is where its relative imports start."""
    found = index(data)
    exports = found.exports
    return Namespace(
        sorted({name for write in exports.writes for name in write.names or ()}),
        exports.writes_unknown_names,
        bool(exports.replaced),
        exports.changes_path or (module != package and _forwards_every_name(found)),
        [_absolute(name, module) for name in exports.registered],
        [listed.name for listed in exports.listed] if exports.has_all else None,
        bool(exports.others) or not exports.is_complete,
        _frames(found),
        *_uses(found, package),
    )


def _forwards_every_name(module: ModuleIndex) -> bool:
    """Whether the module's `__getattr__` asks another object for any name that it is asked for.

    Such a module has the `__path__` of what it asks, so that `dask.distributed.protocol` can be imported
    though `dask/distributed.py` is no package. A `__getattr__` with a table raises AttributeError for others.
    """
    source = module.module.source
    return any(
        scope.name == "__getattr__"
        and scope.parent is module.top
        and b"AttributeError" not in source[scope.start : scope.end]
        and _FORWARDS.search(source, scope.start, scope.end) is not None
        for scope in module.scopes
    )


def _frames(module: ModuleIndex) -> list[str]:
    """The functions of a module that look at the frame of their caller."""
    source = module.module.source
    if _FRAMES.search(source) is None:
        return []
    return [
        scope.name
        for scope in module.scopes
        if scope.kind is ScopeKind.FUNCTION
        and scope.parent is module.top
        and _FRAMES.search(source, scope.start, scope.end) is not None
    ]


def _uses(module: ModuleIndex, package: str | None) -> tuple[list[str], list[str]]:
    """What module-level code reads of the modules that the module imports, and what it assigns there."""
    source = module.module.source
    assigned = {match.start(1) for match in _ASSIGNED.finditer(source)}
    used: set[str] = set()
    sets: set[str] = set()
    # The attributes that follow a name, listed once: it may be imported thousands of times.
    chains: dict[str, set[tuple[str, bool]]] = {}
    for imported in module.imports:
        target = absolute(imported.module, imported.level, package)
        if imported.scope is not module.top or target is None or not imported.bound:
            continue
        if imported.name is not None:
            target = f"{target}.{imported.name}"
        elif imported.alias is None:
            target = imported.bound
        if imported.bound not in chains:
            chains[imported.bound] = {
                (module.path(access).partition(".")[2], access.start in assigned)
                for access in module.accesses(imported.bound)
                if access.scope is module.top
            }
        for rest, is_assigned in chains[imported.bound]:
            (sets if is_assigned else used).add(f"{target}.{rest}" if rest else target)
    return sorted(used), sorted(sets)


def _absolute(name: str | None, module: str | None) -> str | None:
    if name is None or not name.startswith("."):
        return name
    return f"{module}{name}" if module is not None else None
