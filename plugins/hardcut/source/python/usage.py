"""Whether a file needs a name that it binds at module level, or merely holds it for others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hardcut.source.python.names import Names, is_plain_name
from hardcut.source.python.tree import Tree, climb

if TYPE_CHECKING:
    from tree_sitter import Node


def used(tree: Tree, names: Names, name: str) -> bool:
    """Whether code of the file reads a module-level name: `del`, `__all__` and bindings are no reading."""
    return any(_reads(tree, names, name, node) for node in tree.nodes(name))


def _reads(tree: Tree, names: Names, name: str, node: Node) -> bool:
    if node.type != "identifier":
        return _in_annotation(node)
    parent = node.parent
    if not is_plain_name(node) or parent is None or parent.type == "delete_statement":
        return False
    if names.is_binding(node) is not None:
        return False
    return any(one.scope.type == "module" or one.kind == "global" for one in names.resolve(name, node))


def _in_annotation(node: Node) -> bool:
    """Whether a place lies in a string that stands for a type."""
    inside = node.type in ("string", "string_content")
    for parent in climb(node):
        if parent.type == "string":
            inside = True
        elif parent.type == "type":
            return inside
        elif parent.type in ("block", "module", "assignment", "argument_list"):
            call = parent.parent
            return (
                inside
                and parent.type == "argument_list"
                and call is not None
                and call.text is not None
                and call.text.split(b"(", 1)[0].endswith((b"cast", b"TypeVar"))
            )
    return False
