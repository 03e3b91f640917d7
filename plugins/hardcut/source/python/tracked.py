"""The names on whose values something in a block depends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hardcut.source.python.tree import Tree, field, identifiers, named, unwrap

if TYPE_CHECKING:
    from tree_sitter import Node

ASIDE = frozenset({"import_statement", "import_from_statement", "function_definition", "lambda", "comment"})
"""What reads no name of the block when the block runs."""
CONSTANTS = frozenset(
    {"none", "true", "false", "integer", "string", "list", "tuple", "set", "dictionary", "call"}
)
"""Values by which a name may be a flag for others."""


def tracked(block: Node, tree: Tree) -> frozenset[str]:
    """Names that a block reads outside of mere calls, and those that it gives a constant."""
    found: set[str] = set()
    waiting = [block]
    while waiting:
        node = waiting.pop()
        if node.type == "identifier":
            found.add(tree.text(node))
        elif node.type == "assignment":
            left, right = field(node, "left"), field(node, "right")
            if left is not None and right is not None and unwrap(right).type in CONSTANTS:
                found.update(tree.text(one) for one in identifiers(left))
            waiting += [right] if right is not None else []
        elif node.type not in ASIDE and not _is_call(node, tree):
            waiting += named(node)
    return frozenset(found)


def _is_call(node: Node, tree: Tree) -> bool:
    """Whether a statement is a call that binds nothing, so that its arguments decide nothing here."""
    inner = node.named_child(0) if node.type == "expression_statement" else None
    return inner is not None and inner.type == "call" and ":=" not in tree.text(inner)
