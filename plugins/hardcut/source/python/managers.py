"""The items of `with` blocks: which assert a failure, and which an `ExitStack` enters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hardcut.source.python.tree import Tree, arguments, field, inside

if TYPE_CHECKING:
    from tree_sitter import Node

ENTERS = ("enter_context", "enter_async_context")
EXPECTING = frozenset({"raises", "assertRaises", "assertRaisesRegex", "raises_group"})


def expects(item: Node, tree: Tree) -> bool:
    """Whether a `with` item asserts that its block fails."""
    if item.type == "as_pattern":
        item = item.named_child(0) or item
    function = field(item, "function") if item.type == "call" else None
    return function is not None and tree.text(function).rsplit(".", 1)[-1] in EXPECTING


def stacked(stack: str, node: Node, tree: Tree) -> list[Node]:
    """The managers that a `with` block enters through the `ExitStack` of this name, last first."""
    found: list[Node] = []
    for word in ENTERS if stack else ():
        for name in tree.nodes(word):
            whole = name.parent
            call = whole.parent if whole is not None else None
            if whole is None or call is None or call.type != "call" or not inside(call, node):
                continue
            given, _ = arguments(call)
            if tree.text(whole) == f"{stack}.{word}" and given:
                found.append(given[0])
    return sorted(found, key=lambda one: -one.start_byte)
