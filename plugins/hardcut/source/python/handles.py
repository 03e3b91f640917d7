"""What an expression stands for, through calls too: `_require_ext().run` is in what a helper gives."""

from __future__ import annotations

import builtins
from typing import TYPE_CHECKING

from hardcut.source.python.importers import Importers
from hardcut.source.python.names import Binding, Names
from hardcut.source.python.paths import Paths
from hardcut.source.python.tree import Tree, arguments, field, named, operands, unwrap

if TYPE_CHECKING:
    from tree_sitter import Node

DEPTH = 60
COST = 20
EITHER = frozenset(
    {"conditional_expression", "boolean_operator", "tuple", "list", "expression_list", "await", "list_splat"}
)
"""Expressions that are one of their parts, or hold them."""
CALLS_IT = frozenset({"partial", "partialmethod"})
"""Calls that give something which calls their first argument."""

KEEPS_IT = frozenset({"int", "float", "bool", "str", "bytes", "list", "tuple", "dict", "iter", "next"})
"""Conversions: what they give is still what was given."""


class Handles:
    """Answers for one file, as paths in the notation of `source/bodies.py`."""

    def __init__(self, tree: Tree, names: Names, paths: Paths, importers: Importers) -> None:
        self.tree = tree
        self.names = names
        self.paths = paths
        self.importers = importers
        self._active: set[int] = set()
        self._known: dict[int, list[str]] = {}
        self._cut = 0

    def of(self, node: Node, depth: int = 0) -> list[str]:
        """The paths that an expression may stand for; empty where the file does not tell."""
        node = unwrap(node)
        known = self._known.get(node.id)
        if known is not None:
            return known
        if depth > DEPTH:
            self.tree.give_up(node, f"what an expression stands for was followed {DEPTH} steps only")
        if depth > DEPTH or node.id in self._active or not self.tree.spend(COST):
            self._cut += 1
            return []
        cut = self._cut
        self._active.add(node.id)
        try:
            found = list(dict.fromkeys(self._of(node, depth + 1)))
            self.tree.spend(4 * len(found))
        finally:
            self._active.discard(node.id)
        if cut == self._cut or not self._active:
            self._known[node.id] = found
        return found

    def _of(self, node: Node, depth: int) -> list[str]:
        kind = node.type
        if kind == "identifier":
            return self._name(node, depth)
        if kind == "attribute":
            value, name = field(node, "object"), field(node, "attribute")
            if value is None or name is None:
                return []
            return [f"{one}.{self.tree.text(name)}" for one in self.of(value, depth)]
        if kind == "call":
            return self._call(node, depth)
        if kind in EITHER:
            parts = operands(node) if kind == "boolean_operator" else named(node)
            if kind == "conditional_expression" and len(parts) == 3:
                parts = [parts[0], parts[2]]
            return [one for part in parts for one in self.of(part, depth)]
        if kind == "named_expression":
            value = field(node, "value")
            return self.of(value, depth) if value is not None else []
        if kind == "subscript":
            found = [one.path for one in self.paths.of(node)]
            value = field(node, "value")
            return found or (self.of(value, depth) if value is not None else [])
        return []

    def _name(self, node: Node, depth: int) -> list[str]:
        name = self.tree.text(node)
        bindings = self.names.resolve(name, node)
        if not bindings and hasattr(builtins, name):
            return []
        if not bindings:
            return [one.path for one in self.paths.of(node)]
        return [one for binding in bindings for one in self.bound(binding, depth)]

    def bound(self, binding: Binding, depth: int = 0) -> list[str]:
        """The paths that a bound name may stand for."""
        if binding.kind in ("import", "param"):
            found = [one.path for one in self.paths.binding(binding)]
            return found or ([f"${self.tree.text(binding.node)}"] if binding.kind == "param" else [])
        own = self.paths.own_path(binding)
        found = [own] if own else []
        if binding.kind in ("assign", "with", "loop") and binding.owner.type != "augmented_assignment":
            found += self.of(binding.value, depth) if binding.value is not None else []
        if binding.annotation is not None:
            found += [f"{one.path}()" for one in self.paths.binding(binding) if one.instance]
        return found

    def _call(self, node: Node, depth: int) -> list[str]:
        function = field(node, "function")
        if function is None:
            return []
        name = self.tree.text(function).rsplit(".", 1)[-1]
        positional, _ = arguments(node)
        if name == "getattr" and len(positional) >= 2:
            steps = [one for one in self.paths.constants.texts(positional[1]) if one.isidentifier()] or ["*"]
            return [f"{one}.{step}" for one in self.of(positional[0], depth) for step in steps]
        if name == "cast" and len(positional) == 2:
            return self.of(positional[1], depth)
        if name in CALLS_IT | KEEPS_IT and positional:
            return self.of(positional[0], depth)
        if name == "super":
            return [one.path for one in self.paths.of(node)]
        if self.importers.imports(node):
            return self.importers.modules(node) or ["*"]
        return [f"{one}()" for one in self.of(function, depth)]
