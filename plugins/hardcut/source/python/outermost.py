"""Where the functions of a module stand, so that some of them can be left out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from hardcut.source.decode import decode
from hardcut.source.python.tree import Tree, field, named

if TYPE_CHECKING:
    from tree_sitter import Node

AROUND = frozenset({"class_definition", "decorated_definition", "block", "if_statement", "try_statement"})
"""What is looked into for functions; functions inside functions go with their bodies."""


class Outermost(NamedTuple):
    """An outermost function, decorators and all: lines from 1, ends included; `indent` counts from 0."""

    first: int
    last: int
    indent: int
    name: str


def outermost(source: bytes) -> list[Outermost]:
    """The functions of a Python file, outside of each other, in their order."""
    tree = Tree(decode(source).data)
    found: list[Outermost] = []
    waiting = [tree.root]
    while waiting:
        for node in named(waiting.pop()):
            if node.type == "function_definition":
                found += _function(node, tree)
            elif node.type in AROUND or node.type.endswith("_clause"):
                waiting.append(node)
    return sorted(found)


def without(lines: list[str], left_out: Iterable[Outermost]) -> list[str]:
    """The lines of a file, with functions as mere names; every other line keeps its number."""
    found = list(lines)
    for one in left_out:
        stub = f"{' ' * one.indent}def {one.name}(): ..."
        found[one.first - 1 : one.last] = [stub, *[""] * (one.last - one.first)]
    return found


def _function(function: Node, tree: Tree) -> list[Outermost]:
    name = field(function, "name")
    if name is None or function.has_error:
        return []
    outer = function.parent
    top = outer if outer is not None and outer.type == "decorated_definition" else function
    start, end = top.start_point, function.end_point
    return [Outermost(start.row + 1, end.row + 1, start.column, tree.text(name))]
