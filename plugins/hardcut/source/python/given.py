"""Whether a test asks for a parameter that is missing or empty, and whether an answer is as empty."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hardcut.source.python.names import Names
from hardcut.source.python.tree import Tree, field, named, operands, unwrap
from hardcut.source.python.works import EMPTY

if TYPE_CHECKING:
    from tree_sitter import Node

DEPTH = 100
"""How deep conditions and answers are looked into."""
NAMESAKES = frozenset({"self", "cls"})


class Given:
    """Answers for one file."""

    def __init__(self, tree: Tree, names: Names) -> None:
        self.tree = tree
        self.names = names

    def is_empty(self, node: Node, depth: int = 0) -> bool:
        """Whether an answer is as empty as what was given: None, zero, nothing in brackets, the argument."""
        if self.tree.text(node) in EMPTY | {"None", "False", "True", "0", "0.0"}:
            return True
        if node.type in ("tuple", "list", "expression_list"):
            return depth < DEPTH and all(self.is_empty(unwrap(one), depth + 1) for one in named(node))
        function = field(node, "function") if node.type == "call" else None
        if function is not None and not named(field(node, "arguments") or node):
            return self.tree.text(function) in ("dict", "list", "tuple", "set", "frozenset", "str", "bytes")
        return self._is_given(node)

    def _is_given(self, node: Node) -> bool:
        """Whether an expression is a parameter, or an attribute of one."""
        node = unwrap(node)
        while node.type == "attribute" and (holder := field(node, "object")) is not None:
            node = holder
        if node.type != "identifier" or self.tree.text(node) in NAMESAKES:
            return False
        return any(one.kind == "param" for one in self.names.resolve(self.tree.text(node), node))

    def missing(self, test: Node, depth: int = 0) -> tuple[bool, bool]:
        """Whether a parameter is missing or empty where a test holds, and where it does not."""
        test = unwrap(test)
        if depth > DEPTH:
            self.tree.give_up(test, f"a condition was read {DEPTH} levels deep only")
            return False, False
        if test.type == "not_operator" and named(test):
            positive, negative = self.missing(named(test)[0], depth + 1)
            return negative, positive
        if test.type == "boolean_operator":
            sides = [self.missing(one, depth + 1) for one in operands(test)]
            joined = field(test, "operator")
            both = joined is not None and joined.type == "and"
            held, other = [one for one, _ in sides], [one for _, one in sides]
            return (any(held), all(other)) if both else (all(held), any(other))
        if test.type == "comparison_operator" and len(named(test)) == 2:
            left, right = named(test)
            sign = next((one.type for one in test.children_by_field_name("operators")), "")
            function = field(left, "function") if left.type == "call" else None
            if function is not None and self.tree.text(function) == "len":
                given = named(field(left, "arguments") or left)
                left = given[0] if given else left
            empty = right.type == "none" or self.tree.text(right) in EMPTY | {"0"}
            if not empty or not self._is_given(left):
                return False, False
            return sign in ("is", "=="), sign in ("is not", "!=", ">")
        return False, self._is_given(test)
