"""What an iterable holds: the element expressions of tuples, lists, sets and dictionaries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hardcut.source.python.names import Binding, Names
from hardcut.source.python.tree import Tree, arguments, climb, field, named, operands, unwrap

if TYPE_CHECKING:
    from tree_sitter import Node

DEPTH = 24
COST = 20
WRAPPERS = frozenset(
    {"tuple", "list", "set", "frozenset", "sorted", "reversed", "iter", "dict", "MappingProxyType"}
)
"""Calls that hold what their first argument holds."""


class Elements:
    """Follows the iterables of one file to the expressions in them."""

    def __init__(self, tree: Tree, names: Names) -> None:
        self.tree = tree
        self.names = names
        self._active: set[int] = set()

    def of(self, node: Node, depth: int = 0) -> list[Node]:
        """The element expressions of an iterable, through names, wrappers and concatenation."""
        if depth > DEPTH:
            self.tree.give_up(node, f"what a list holds was followed {DEPTH} steps only")
        if depth > DEPTH or node.id in self._active or not self.tree.spend(COST):
            return []
        node = unwrap(node)
        self._active.add(node.id)
        try:
            found = self._elements(node, depth)
            self.tree.spend(4 * len(found))
            return found
        finally:
            self._active.discard(node.id)

    def _elements(self, node: Node, depth: int) -> list[Node]:
        kind = node.type
        if kind in ("tuple", "list", "set", "expression_list"):
            found: list[Node] = []
            for child in named(node):
                found += (
                    self.of(child.named_children[0], depth + 1) if child.type == "list_splat" else [child]
                )
            return found
        if kind == "dictionary":
            return [
                key for pair in named(node) if pair.type == "pair" and (key := field(pair, "key")) is not None
            ]
        if kind in ("conditional_expression", "boolean_operator", "binary_operator"):
            parts = named(node) if kind == "conditional_expression" else operands(node)
            return [one for part in parts for one in self.of(part, depth + 1)]
        if kind == "identifier":
            found = []
            for binding in self.names.resolve(self.tree.text(node), node):
                if binding.kind in ("assign", "param") and binding.value is not None and not binding.index:
                    found += self.of(binding.value, depth + 1)
            return found
        if kind == "attribute":
            found = []
            for binding in self.class_attribute(node):
                if binding.value is not None:
                    found += self.of(binding.value, depth + 1)
            return found
        if kind == "call":
            return self._called_elements(node, depth)
        return []

    def _called_elements(self, node: Node, depth: int) -> list[Node]:
        function = field(node, "function")
        if function is None:
            return []
        name = self.tree.text(function).rsplit(".", 1)[-1]
        positional, _ = arguments(node)
        if function.type == "attribute" and name in ("values", "keys"):
            holder = field(function, "object")
            return self.dictionary(holder, name, depth) if holder is not None else []
        if name in WRAPPERS and positional:
            return self.of(positional[0], depth + 1)
        return []

    def dictionary(self, node: Node, part: str, depth: int) -> list[Node]:
        """The keys or the values of the dictionary literals that an expression leads to."""
        found: list[Node] = []
        for literal in self._literals(node, "dictionary", depth):
            for pair in named(literal):
                if pair.type == "pair":
                    one = field(pair, "key" if part == "keys" else "value")
                    if one is not None:
                        found.append(one)
        return found

    def _literals(self, node: Node, kind: str, depth: int) -> list[Node]:
        node = unwrap(node)
        if node.type == kind:
            return [node]
        if node.type == "identifier" and depth >= DEPTH:
            self.tree.give_up(node, f"what a table holds was followed {DEPTH} steps only")
        elif node.type == "identifier":
            return [
                one
                for binding in self.names.resolve(self.tree.text(node), node)
                if binding.kind == "assign" and binding.value is not None and not binding.index
                for one in self._literals(binding.value, kind, depth + 1)
            ]
        return []

    def class_attribute(self, node: Node) -> list[Binding]:
        """Bindings of `self.X`, `cls.X` or `Class.X` in the class body of the same file."""
        holder, attribute = field(node, "object"), field(node, "attribute")
        if holder is None or attribute is None or holder.type != "identifier":
            return []
        owner: Node | None = None
        text = self.tree.text(holder)
        if text in ("self", "cls"):
            owner = next((one for one in climb(node) if one.type == "class_definition"), None)
        else:
            bound = [one for one in self.names.resolve(text, holder) if one.kind == "class"]
            owner = bound[0].owner if bound else None
        if owner is None:
            return []
        return [one for one in self.names.bindings(self.tree.text(attribute)) if one.scope.id == owner.id]


def is_filled(iterable: Node, tree: Tree) -> bool:
    """Whether there surely is something in it, so that a loop over it runs."""
    iterable = unwrap(iterable)
    if iterable.type in ("tuple", "list", "set", "expression_list"):
        return any(not one.type.endswith("splat") for one in named(iterable))
    if iterable.type == "call" and tree.text(field(iterable, "function") or iterable) == "range":
        given, _ = arguments(iterable)
        return len(given) == 1 and given[0].type == "integer" and tree.text(given[0]).strip("0") != ""
    return False
