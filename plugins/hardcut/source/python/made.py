"""Where a file makes something by given means: decorators, base classes and calls of given last names."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Literal

from hardcut.source.outline import Made
from hardcut.source.python.constants import Constants
from hardcut.source.python.held import held
from hardcut.source.python.importers import Importers
from hardcut.source.python.imports import scope_name
from hardcut.source.python.names import Names
from hardcut.source.python.paths import Paths
from hardcut.source.python.tree import Tree, arguments, field, named

if TYPE_CHECKING:
    from tree_sitter import Node

Kind = Literal["decorator", "base", "call"]


def made(data: bytes, module: str | None, package: str | None, leaves: frozenset[str]) -> list[Made]:
    """Each base class, and each decorator and call whose last name fits a pattern, in a file's UTF-8 source.

    A `partial` of a function counts as its call. An expression whose path the file does not tell stands
    with its own text.
    """
    tree = Tree(data)
    names = Names(tree, package)
    constants = Constants(tree, names, module, package)
    importers = Importers(tree, names, constants, package)
    paths = Paths(tree, names, module, importers.modules, constants)
    known = {binding.alias: binding.path.rpartition(".")[2] for binding, _ in names.imports}
    found: list[Made] = []
    for kind, node in _places(tree):
        text = tree.text(node)
        last = text.rpartition(".")[2]
        wanted = any(fnmatchcase(name, leaf) for name in {last, known.get(text, last)} for leaf in leaves)
        if (wanted or kind == "base") and tree.spend(20):
            told = [*(one.path for one in paths.of(node)), *held(tree, names, paths, node)] or [text]
            found.append(Made(kind, list(dict.fromkeys(told)), tree.span(node), scope_name(tree, node)))
    return found


def _places(tree: Tree) -> list[tuple[Kind, Node]]:
    found: list[tuple[Kind, Node]] = []
    waiting = [tree.root]
    while waiting:
        node = waiting.pop()
        if node.type == "call" and (function := field(node, "function")) is not None:
            above = node.parent
            kind: Kind = "decorator" if above is not None and above.type == "decorator" else "call"
            _add(found, kind, function)
            given, _ = arguments(node)
            if given and tree.text(function).rpartition(".")[2] == "partial":
                _add(found, "call", given[0])
        elif node.type == "decorator" and named(node) and named(node)[0].type != "call":
            _add(found, "decorator", named(node)[0])
        elif node.type == "class_definition" and (bases := field(node, "superclasses")) is not None:
            for base in named(bases):
                _add(found, "base", field(base, "value") or base if base.type == "subscript" else base)
        waiting.extend(reversed(node.named_children))
    return found


def _add(found: list[tuple[Kind, Node]], kind: Kind, node: Node) -> None:
    if node.type in ("identifier", "attribute"):
        found.append((kind, node))
