"""Which names of a module other files use: by imports, attributes, and dotted names in text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from hardcut.semantic.index import ModuleIndex, index
from hardcut.source.decode import decode
from hardcut.source.importscan import scan
from hardcut.source.modules import Roots
from hardcut.source.python.imports import absolute
from hardcut.source.textfiles import language_of
from hardcut.source.tree import Tree

if TYPE_CHECKING:
    from hardcut.semantic.scopes import Import

STAR: Final = "*"
_QUOTED: Final = re.compile(r"""(["'])([^\W\d]\w*)\1""")


def names_used(tree: Tree, roots: Roots, paths: Iterable[str], module: str, own: str) -> frozenset[str]:
    """The names of a module that files other than its own use; `*` if a star import takes all public ones.

    Of a file that hands the module to other code, every quoted identifier counts.
    """
    leaf = module.rpartition(".")[2].encode()
    written = re.compile(rf"(?<![\w.]){re.escape(module)}[.:]([^\W\d]\w*)")
    found: set[str] = set()
    for path in paths:
        if path == own:
            continue
        data = tree.read(path)
        if leaf not in data:
            continue
        decoded = decode(data)
        found.update(written.findall(decoded.text))
        if language_of(path) == "python" and may_import(data, roots.package_of(path), (module,)):
            reader = _Reader(index(decoded.data), roots.package_of(path), module)
            found |= reader.names()
            if reader.is_handed_on:
                found.update(match[2] for match in _QUOTED.finditer(decoded.text))
    return frozenset(found)


def may_import(data: bytes, package: str | None, modules: Iterable[str]) -> bool:
    """Whether a file may import one of some modules, without parsing it; never False for one that does."""
    wanted = tuple(modules)
    for written, names in scan(data).imports:
        tail = written.lstrip(".")
        base = absolute(tail, len(written) - len(tail), package)
        if base is None:
            continue
        paths = [f"{base}.{name}" for name in names if name != STAR] or [base]
        for module in wanted:
            if base == module or any(f"{module}.".startswith(f"{path}.") for path in paths):
                return True
    return False


class _Reader:
    """The names of one module in one file."""

    def __init__(self, found: ModuleIndex, package: str | None, module: str) -> None:
        self._index = found
        self._package = package
        self._module = module
        self.is_handed_on = False

    def names(self) -> set[str]:
        """The names that the file uses."""
        found: set[str] = set()
        for imported in self._index.imports:
            base = absolute(imported.module, imported.level, self._package)
            if base is None:
                continue
            if imported.name is not None and base == self._module:
                found.add(imported.name)
                continue
            whole = base if imported.name is None else f"{base}.{imported.name}"
            if whole == self._module or self._module.startswith(f"{whole}."):
                found |= self._by_attribute(imported, whole)
        return found

    def _by_attribute(self, imported: Import, whole: str) -> set[str]:
        """The names that are attributes of an imported module, or of a package above it."""
        bound = imported.bound
        start = whole if imported.alias is not None or imported.name is not None else bound
        found: set[str] = set()
        for access in self._index.accesses(bound):
            path = start + self._index.path(access)[len(bound) :]
            if path.startswith(f"{self._module}."):
                found.add(path[len(self._module) + 1 :].partition(".")[0])
            elif path == self._module:
                self.is_handed_on = True
        return found
