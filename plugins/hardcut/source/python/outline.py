"""One Python file to its outline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hardcut.semantic.index import index
from hardcut.source.facts import Span
from hardcut.source.outline import Brought, Listed, Outline
from hardcut.source.python.constants import Constants, literal_text
from hardcut.source.python.forwards import Forwards
from hardcut.source.python.importers import Importers
from hardcut.source.python.lazies import Lazies
from hardcut.source.python.names import Names
from hardcut.source.python.paths import Paths
from hardcut.source.python.replaced import Replacements
from hardcut.source.python.toplevel import top_level
from hardcut.source.python.tree import Tree, field, named
from hardcut.source.python.usage import used
from hardcut.source.python.warned import warned

if TYPE_CHECKING:
    from tree_sitter import Node


def outline(data: bytes, module: str | None, package: str | None, is_package: bool = False) -> Outline:
    """What a file (its source as UTF-8) hands on. Never raises for any input."""
    tree = Tree(data)
    names = Names(tree, package)
    constants = Constants(tree, names, module, package)
    importers = Importers(tree, names, constants, package)
    paths = Paths(tree, names, module, importers.modules, constants)
    listed, listing = _listed(data)
    exported = {one.name for one in listed}
    lazies = Lazies(tree, constants, module, is_package)
    forwards = Forwards(tree, names, paths, constants, exported).read()
    getattr_ = lazies.getattr()
    brought = _brought(tree, names, exported)
    own = {
        one.name
        for one in top_level(data, package)
        if one.kind in ("function", "class", "assign")
        and "." not in one.name
        and not (one.name.startswith("_") and one.kind == "assign")
        and one.name not in ("__getattr__", "__dir__")
    }
    return Outline(
        brought,
        lazies.entries(),
        listed,
        listing,
        getattr_,
        forwards,
        Replacements(tree, paths, constants, module).read(),
        warned(tree, paths),
        not own - {one.name for one in forwards},
        _docstring(tree),
    )


def _listed(data: bytes) -> tuple[list[Listed], Span | None]:
    """The strings of `__all__` where each is written, and the first statement that sets it."""
    module = index(data)
    exports = module.exports

    def span(start: int, end: int) -> Span:
        return Span(*module.module.place(start), *module.module.place(end))

    found = {
        (listed.name, listed.start): Listed(listed.name, span(listed.start, listed.end))
        for listed in exports.listed
    }
    first = exports.operations[0] if exports.operations else None
    return list(found.values()), span(first.start, first.end) if first is not None else None


def _docstring(tree: Tree) -> Listed | None:
    """The string that is a module's first statement."""
    first = next(iter(named(tree.root)), None)
    if first is None or first.type != "expression_statement" or first.named_child_count != 1:
        return None
    text = literal_text(tree, named(first)[0])
    return Listed(text, tree.span(first)) if text is not None else None


def _brought(tree: Tree, names: Names, exported: set[str]) -> list[Brought]:
    found: list[Brought] = []
    for entry, statement in names.imports:
        if entry.scope or entry.module is None:
            continue
        aliased = _has_alias(statement, entry.span, tree)
        if entry.name is None and not aliased:
            path, name = entry.path, entry.alias
            if "." in path:
                continue
        else:
            path, name = entry.path, entry.alias
        found.append(
            Brought(
                name,
                path,
                entry.span,
                entry.module_span,
                name in exported,
                aliased and entry.path.rsplit(".", 1)[-1] == name,
                name != "*" and used(tree, names, name),
                entry.type_checking,
            )
        )
    return found


def _has_alias(statement: Node, span: Span, tree: Tree) -> bool:
    for child in statement.children_by_field_name("name"):
        if child.type == "aliased_import":
            dotted = field(child, "name")
            if dotted is not None and tree.span(dotted) == span:
                return True
    return False
