"""A function's expressions: the calls that they make, and what they work out."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

from hardcut.source.bodies import Called, Kind, Role, Work
from hardcut.source.python.constants import Constants
from hardcut.source.python.handles import Handles
from hardcut.source.python.tree import COMPREHENSIONS, Tree, field, named, operands, unwrap
from hardcut.source.python.works import aggregated, compared, is_built, is_constant, makes_set, operated

if TYPE_CHECKING:
    from tree_sitter import Node

DEPTH = 120
TYPED = frozenset({"isinstance", "issubclass", "cast", "TypeVar", "NewType"})
"""Calls among whose arguments stand types."""
MOST = 64
"""So many ways to a place are kept apart."""
Ways = frozenset[frozenset[int]]
"""The calls on each way to a place, without ways that make all the calls of another and more."""
CUT = -1
"""Stands among the calls of a way for others that may be made on it: there were more ways than are kept."""
NONE: Ways = frozenset((frozenset(),))


def together(*every: Ways) -> Ways:
    """The ways through several pieces of code, one after the other."""
    found = NONE
    for one in every:
        if one != NONE:
            found = either(frozenset(first | second for first in found for second in one))
    return found


def either(*every: Ways) -> Ways:
    """The ways through one of several pieces of code."""
    found = frozenset().union(*every)
    if frozenset() in found:
        return NONE
    kept = frozenset(one for one in found if not any(other < one for other in found))
    return kept if len(kept) <= MOST else frozenset((frozenset.intersection(*kept) | {CUT},))


def spread(ways: Ways) -> list[list[int]]:
    """Ways in the form of a fact."""
    return sorted(sorted(one - {CUT}) for one in ways)


def is_cut(ways: Ways) -> bool:
    """Whether there were more ways than are kept."""
    return any(CUT in one for one in ways)


class Expressions:
    """Collects calls and works of one body; each walk gives the calls that are made for certain."""

    def __init__(self, tree: Tree, handles: Handles, constants: Constants) -> None:
        self.tree = tree
        self.handles = handles
        self.constants = constants
        self.calls: list[Called] = []
        self.works: list[Work] = []

    def walk(self, node: Node | None, role: Role = "value", depth: int = 0) -> Ways:
        """All calls that evaluating an expression surely makes, by their place in `calls`."""
        if node is not None and depth > DEPTH:
            self.tree.give_up(node, f"an expression was read {DEPTH} levels deep only")
        if node is None or depth > DEPTH or not self.tree.spend(5):
            return NONE
        node = unwrap(node)
        kind, depth = node.type, depth + 1
        if kind == "call":
            return self._call(node, role, depth)
        if kind == "boolean_operator":
            first, *rest = operands(node)
            for one in rest:
                self.walk(one, role, depth)
            return self.walk(first, role, depth)
        if kind == "conditional_expression" and len(named(node)) == 3:
            then, test, otherwise = named(node)
            parts = (self.walk(then, role, depth), self.walk(otherwise, role, depth))
            return together(self.walk(test, "test", depth), either(*parts))
        if kind == "comparison_operator":
            return together(self._every(named(node), role, depth), self._compared(node))
        if kind in ("binary_operator", "unary_operator"):
            return self._operators(node, depth)
        if kind == "not_operator":
            return self._every(named(node), role, depth)
        if kind in ("type", "identifier", "import_statement"):
            return NONE
        if kind == "subscript":
            value = field(node, "value")
            made = self._operator(value, "__getitem__", node) if value is not None else NONE
            return together(made, self._every(named(node), "value", depth))
        if kind in COMPREHENSIONS:
            return self._comprehension(node, depth)
        if kind == "lambda":
            return self.walk(field(node, "body"), "value", depth)
        return self._every(named(node), "value", depth)

    def _operators(self, node: Node, depth: int) -> Ways:
        """`a + b + c`: from the innermost operator outwards, so that long chains are not deep."""
        chain = [node]
        while chain[-1].type == "binary_operator" and (left := field(chain[-1], "left")) is not None:
            inner = unwrap(left)
            if inner.type != "binary_operator":
                break
            chain.append(inner)
        found = NONE
        for at, each in enumerate(reversed(chain)):
            parts = named(each) if not at else named(each)[1:]
            found = together(found, self._every(parts, "value", depth), self._operated(each))
        return found

    def _every(self, nodes: list[Node], role: Role, depth: int) -> Ways:
        return together(*(self.walk(one, role, depth) for one in nodes))

    def _comprehension(self, node: Node, depth: int) -> Ways:
        found = NONE
        for child in named(node):
            if child.type == "if_clause":
                self._every(named(child), "test", depth)
            elif child.type == "for_in_clause":
                found = together(found, self.walk(field(child, "right"), "value", depth))
            else:
                found = together(found, self.walk(child, "value", depth))
        return found

    def _call(self, node: Node, role: Role, depth: int) -> Ways:
        function, listed = field(node, "function"), field(node, "arguments")
        if function is None or listed is None:
            return self._every(named(node), "value", depth)
        paths = self.handles.of(function)
        name = self.tree.text(function).rsplit(".", 1)[-1]
        found = NONE
        if function.type != "identifier":
            inner = field(function, "object") if function.type == "attribute" else function
            found = self.walk(inner, "value", depth)
        given = [listed] if listed.type in COMPREHENSIONS else [_value(one) for one in named(listed)]
        if name not in TYPED:
            found = together(found, self._every(given, "value", depth))
        elif given:
            found = together(found, self.walk(given[-1] if name == "cast" else given[0], "value", depth))
        keyed = {
            self.tree.text(key): paths_
            for one in named(listed)
            if one.type == "keyword_argument" and (key := field(one, "name")) is not None
            if (paths_ := self.handles.of(_value(one)))
        }
        handed = [path for one in given for path in self.handles.of(one)]
        texts = [text for one in given for text in self._texts(one)]
        made = self._add(
            Called(
                paths,
                self.tree.span(function),
                role,
                list(dict.fromkeys(handed)),
                list(dict.fromkeys(texts)),
                keyed,
            )
        )
        work = aggregated(self.tree, node, paths)
        if work is not None:
            self.works.append(Work(work, self.tree.span(node), paths))
        return together(found, made)

    def _texts(self, node: Node) -> list[str]:
        """The constant strings that an argument is, or holds."""
        if node.type not in ("string", "identifier", "attribute", "tuple", "list", "concatenated_string"):
            return []
        found = self.constants.texts(node)
        if not found and node.type != "string":
            for one in self.constants.elements.of(node):
                found += self.constants.texts(one)
        return [one for one in found if len(one) < 200]

    def _add(self, call: Called) -> Ways:
        self.calls.append(call)
        return frozenset((frozenset((len(self.calls) - 1,)),))

    def _operator(self, value: Node, method: str, node: Node) -> Ways:
        """An operator on an object is a call of its method."""
        paths = [f"{one}.{method}" for one in self.handles.of(value) if not one.endswith("()")]
        return self._add(Called(paths, self.tree.span(node))) if paths else NONE

    def _compared(self, node: Node) -> Ways:
        parts = named(node)
        kind = compared(self.tree, node)
        if kind is not None:
            self._work(kind, node, parts)
        return self._operator(parts[0], "__eq__", node) if kind is not None and parts else NONE

    def _operated(self, node: Node) -> Ways:
        parts = named(node)
        sign = field(node, "operator")
        text = self.tree.text(sign) if sign is not None else node.children[0].type
        if len(parts) == 1:
            if not is_constant(self.tree, parts[0]):
                self._work("arithmetic", node, parts)
            return self._operator(parts[0], "__invert__", node)
        if len(parts) < 2:
            return NONE
        self.operate(text, parts[0], parts[1], node)
        return together(*(self._operator(one, "__op__", node) for one in parts[:2]))

    def operate(self, sign: str, left: Node, right: Node, node: Node) -> None:
        """Note a binary operator, or an augmented assignment, that works something out."""
        if sign.rstrip("=") == "+" and any(self._is_bound(one, is_built) for one in (left, right)):
            return
        kind = operated(self.tree, sign, left, right, self._is_set(left) or self._is_set(right))
        if kind is not None:
            self._work(kind, node, [left, right])

    def _is_set(self, node: Node, depth: int = 0) -> bool:
        node = unwrap(node)
        if node.type == "binary_operator":
            return depth < DEPTH and any(self._is_set(one, depth + 1) for one in operands(node))
        if makes_set(self.tree, node):
            return True
        return self._is_bound(node, makes_set)

    def _is_bound(self, node: Node, shows: Callable[[Tree, Node], bool]) -> bool:
        """Whether a name is bound to something that shows what it is."""
        node = unwrap(node)
        return node.type == "identifier" and any(
            one.kind == "assign"
            and one.owner.type == "assignment"
            and one.value is not None
            and not one.index
            and shows(self.tree, unwrap(one.value))
            for one in self.handles.names.resolve(self.tree.text(node), node)
        )

    def _work(self, kind: Kind, node: Node, parts: list[Node]) -> None:
        on = [path for one in parts for path in self.handles.of(one)]
        constants = [one for one in parts if is_constant(self.tree, one)]
        small = any(self.tree.text(unwrap(one)) in ("0", "1", "-1") for one in constants)
        against: Literal["", "constant", "unit"] = "unit" if small else "constant" if constants else ""
        self.works.append(Work(kind, self.tree.span(node), list(dict.fromkeys(on)), against))


def _value(argument: Node) -> Node:
    """An argument's expression, without its keyword or stars."""
    if argument.type == "keyword_argument":
        return field(argument, "value") or argument
    if argument.type in ("list_splat", "dictionary_splat") and named(argument):
        return named(argument)[0]
    return argument
