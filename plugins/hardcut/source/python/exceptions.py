"""Exception types: which ones an `except` catches, through aliases, tuples and constants."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hardcut.flow.exceptions import ANY, Hierarchy, builtin
from hardcut.source.python.names import Binding, Names
from hardcut.source.python.tree import Tree, arguments, climb, field, inside, named, operands, same, unwrap

if TYPE_CHECKING:
    from tree_sitter import Node

    from hardcut.source.python.paths import Paths

DEPTH = 60
"""How many names and brackets in a row are followed to a type."""


class Exceptions:
    """Answers for one file.

    A type is the name of a built-in exception, `own:Name` for a class of the file, or the dotted
    path of an imported name, which the file alone cannot tell: `same` gives the paths where such names
    are defined, `hierarchy` has the base classes of types, also of those of other files. `given` are the
    types that a function (by node id) is handed.
    """

    def __init__(self, tree: Tree, names: Names, paths: Paths | None) -> None:
        self.tree = tree
        self.names = names
        self.paths = paths
        self.same: dict[str, str] = {}
        self.hierarchy = Hierarchy()
        self._noted: set[str] = set()
        self._follows_calls = False
        self.given: dict[int, list[str]] = {}
        self._visited: dict[int, list[str]] | None = None

    def alias(self, clause: Node) -> str | None:
        """The name that a handler gives to what it catches."""
        for value in clause.children_by_field_name("value"):
            alias = field(value, "alias") if value.type == "as_pattern" else None
            if alias is not None:
                return self.tree.text(alias)
        return None

    def clause(self, clause: Node) -> list[str]:
        """The types that an `except` clause catches; a bare one catches all."""
        values = clause.children_by_field_name("value")
        if not values:
            return ["BaseException"]
        found: list[str] = []
        for value in values:
            inner = value.named_child(0) if value.type == "as_pattern" else value
            found += self.caught(inner) if inner is not None else []
        return found

    def caught(self, node: Node) -> list[str]:
        """The types that an expression in `except` or `suppress` stands for: calls are followed too."""
        before, self._follows_calls = self._follows_calls, True
        found = self.types(node)
        self._follows_calls = before
        return found

    def types(self, node: Node, depth: int = 0) -> list[str]:
        """The exception types that an expression stands for, each once.

        Every expression is visited once in a query: names that are bound to one another in many ways
        (`errors = errors + (KeyError,)` in ten branches) have more paths than can be followed.
        """
        node = unwrap(node)
        if self._visited is None:
            self._visited = {}
            try:
                return self.types(node, depth)
            finally:
                self._visited = None
        if node.id not in self._visited:
            self._visited[node.id] = []
            self._visited[node.id] = list(dict.fromkeys(self._types(node, depth)))
        return self._visited[node.id]

    def _types(self, node: Node, depth: int) -> list[str]:
        if depth > DEPTH:
            self.tree.give_up(node, f"an exception's type was followed {DEPTH} steps only")
            return []
        if node.type == "identifier":
            name = self.tree.text(node)
            bindings = self.names.resolve(name, node)
            if not bindings:
                return [name] if builtin(name) is not None else []
            return [one for binding in bindings for one in self.bound(binding, depth)]
        if node.type == "attribute":
            text = self.tree.text(node)
            if text.startswith("builtins."):
                return [text.removeprefix("builtins.")]
            own = self._class_attribute(node, depth)
            if own:
                return own
            found = [one.path for one in self.paths.of(node) if not one.instance] if self.paths else [text]
            return [self.same.get(one, one) for one in found]
        if node.type in ("tuple", "list", "list_splat", "binary_operator", "expression_list", "set"):
            parts = operands(node) if node.type == "binary_operator" else named(node)
            return [one for part in parts for one in self.types(part, depth + 1)]
        if node.type == "conditional_expression":
            parts = named(node)
            return [one for part in (parts[0], parts[-1]) for one in self.types(part, depth + 1)]
        if node.type == "boolean_operator":
            return next((found for part in operands(node) if (found := self.types(part, depth + 1))), [])
        if node.type == "call":
            function = field(node, "function")
            if function is not None and self.tree.text(function) in ("tuple", "list", "set", "frozenset"):
                return [one for part in arguments(node)[0] for one in self.types(part, depth + 1)]
            if function is not None and self._follows_calls:
                return self.types(function, depth + 1)
        return []

    def _class_attribute(self, node: Node, depth: int) -> list[str]:
        """The types in an attribute of a class of the file: `Errors.MISSING`, `self.MISSING`."""
        holder, attribute = field(node, "object"), field(node, "attribute")
        if holder is None or attribute is None or holder.type != "identifier":
            return []
        name = self.tree.text(holder)
        if name in ("self", "cls"):
            owners = [next((one for one in climb(node) if one.type == "class_definition"), None)]
        else:
            owners = [one.owner for one in self.names.resolve(name, holder) if one.kind == "class"]
        return [
            kind
            for binding in self.names.bindings(self.tree.text(attribute))
            if any(same(binding.scope, owner) for owner in owners)
            for kind in self.bound(binding, depth + 1)
        ]

    def returned(self, function: Node, depth: int = 0) -> list[str]:
        """The types that a function returns."""
        return [
            kind
            for word in self.tree.nodes("return")
            if (statement := word.parent) is not None and inside(word, function)
            for value in named(statement)
            for kind in self.types(value, depth + 1)
        ]

    def bound(self, binding: Binding, depth: int = 0) -> list[str]:
        """The exception types that a bound name stands for."""
        if binding.imported is not None:
            path = binding.imported.path
            return [self.same.get(path, path).removeprefix("builtins.")] if path else []
        if binding.kind == "class":
            name = self.tree.text(binding.node)
            self._note(name, binding.owner, depth)
            return [f"own:{name}"]
        if binding.kind == "function":
            return self.returned(binding.owner, depth)
        if binding.kind == "param" and self.given.get(binding.owner.id):
            return self.given[binding.owner.id]
        if binding.kind in ("assign", "param") and binding.value is not None and not binding.index:
            return self.types(binding.value, depth + 1)
        return []

    def _note(self, name: str, owner: Node, depth: int) -> None:
        if name in self._noted:
            return
        self._noted.add(name)
        bases = field(owner, "superclasses")
        found = [self.types(base, depth + 1) for base in (named(bases) if bases is not None else ())]
        self.hierarchy.note(f"own:{name}", (base for each in found for base in each))

    def raised(self, node: Node) -> str:
        """The type of what a `raise` raises."""
        node = unwrap(node)
        if node.type == "call":
            function = field(node, "function")
            node = function if function is not None else node
        found = self.caught(node) if node.type in ("identifier", "attribute") else []
        return found[0] if found else ANY


def _is_in(tree: Tree, scope: Node, outer: str) -> bool:
    """Whether a scope is the module, or its class of a name."""
    if not outer:
        return scope.type == "module"
    name = field(scope, "name") if scope.type == "class_definition" else None
    return name is not None and tree.text(name) == outer


def types_of_constant(data: bytes, name: str, module: str, package: str | None, bases: bool) -> list[str]:
    """The exception types that a module's name (or `Class.name`) stands for, from the module's source.

    A class of the module itself is `module.Name`; with `bases` what it is derived from follows.
    """
    tree = Tree(data)
    exceptions = Exceptions(tree, Names(tree, package), None)
    found: list[str] = []
    outer, _, leaf = name.rpartition(".")
    for binding in exceptions.names.bindings(leaf):
        if _is_in(tree, binding.scope, outer):
            for one in exceptions.bound(binding):
                found += [one, *sorted(exceptions.hierarchy.kinds(one) - {one})] if bases else [one]
    return [f"{module}.{one.removeprefix('own:')}" if one.startswith("own:") else one for one in found]
