"""Code that tries one path and then another."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

import msgspec

from hardcut.source.facts import Fallback
from hardcut.source.python.imports import scope_name
from hardcut.source.python.names import Names
from hardcut.source.python.tree import Tree, climb, field, inside, named, same, unwrap

if TYPE_CHECKING:
    from tree_sitter import Node


class Touch(msgspec.Struct, frozen=True):
    """A place that reaches dotted paths: an import, an import call or a reference."""

    node: Node
    paths: list[str]


class Fallbacks:
    """Finds the fallbacks around the places that touch a word of the plan."""

    def __init__(self, tree: Tree, names: Names, touches: list[Touch], words: frozenset[str]) -> None:
        self.tree = tree
        self.names = names
        self.touches = sorted(touches, key=lambda one: one.node.start_byte)
        self._starts = [one.node.start_byte for one in self.touches]
        self._within: dict[int, list[str]] = {}
        self._alternatives: dict[int, tuple[Node | None, list[Node]]] = {}
        self.words = words
        self.found: dict[tuple[int, str], Fallback] = {}

    def read(self) -> list[Fallback]:
        """Every fallback of the file, in order."""
        interesting = [touch for touch in self.touches if self._is_interesting(touch)]
        for touch in interesting:
            self._statements(touch)
        functions: dict[int, tuple[Node, list[str]]] = {}
        for touch in interesting:
            function = next((one for one in climb(touch.node) if one.type == "function_definition"), None)
            if function is not None and inside(touch.node, field(function, "body")):
                functions.setdefault(function.id, (function, []))[1].extend(touch.paths)
        for function, paths in functions.values():
            self._calls(function, list(dict.fromkeys(paths)))
        return [self.found[key] for key in sorted(self.found)]

    def _is_interesting(self, touch: Touch) -> bool:
        return any(self.words.intersection(path.split(".")) for path in touch.paths)

    def _statements(self, touch: Touch) -> None:
        """A `try` whose handler, or an `if` whose other branch, touches another path."""
        for parent in climb(touch.node):
            if parent.type == "function_definition":
                return
            if parent.type == "try_statement":
                body = field(parent, "body")
                if inside(touch.node, body):
                    handlers = [one for one in named(parent) if one.type in ("except_clause", "else_clause")]
                    self._against(touch, handlers, "try", parent)
                else:
                    self._against(touch, [body] if body is not None else [], "try", parent)
            elif parent.type == "if_statement":
                then, others = self._branches(parent)
                if inside(touch.node, then):
                    self._against(touch, others, "branch", parent)
                elif others and others[0].start_byte <= touch.node.start_byte < others[-1].end_byte:
                    self._against(touch, [then] if then is not None else [], "branch", parent)

    def _branches(self, statement: Node) -> tuple[Node | None, list[Node]]:
        """The block of an `if`, and its `elif` and `else` clauses; listed once, as there may be thousands."""
        found = self._alternatives.get(statement.id)
        if found is None:
            others = statement.children_by_field_name("alternative")
            found = self._alternatives[statement.id] = (field(statement, "consequence"), others)
        return found

    def _against(self, touch: Touch, places: list[Node], form: str, statement: Node) -> None:
        every = dict.fromkeys(path for place in places for path in self._paths_in(place))
        other = [path for path in every if path not in touch.paths]
        if other and self.tree.spend(len(other)):
            self._add(touch.node, touch.paths, other, form)

    def _paths_in(self, place: Node) -> list[str]:
        """The paths that are touched within a node, each once; listed once for each node."""
        found = self._within.get(place.id)
        if found is None:
            first, last = (bisect_left(self._starts, at) for at in (place.start_byte, place.end_byte))
            touches = (one for one in self.touches[first:last] if inside(one.node, place))
            found = self._within[place.id] = list(
                dict.fromkeys(path for one in touches for path in one.paths)
            )
        return found

    def _add(self, node: Node, first: list[str], second: list[str], form: str) -> None:
        self.found[(node.start_byte, form)] = Fallback(
            first, second, form, self.tree.span(node), scope_name(self.tree, node)
        )

    def _calls(self, function: Node, paths: list[str]) -> None:
        """Calls of a function that touches a path and may give nothing, where another path follows."""
        name_node = field(function, "name")
        if name_node is None or not self._may_give_nothing(function):
            return
        name = self.tree.text(name_node)
        for node in self.tree.nodes(name):
            call = node.parent
            if call is None or node.type != "identifier":
                continue
            if call.type == "attribute" and same(field(call, "attribute"), node):
                node, call = call, call.parent
            if call is None or call.type != "call" or not same(field(call, "function"), node):
                continue
            if inside(call, function):
                continue
            second = self._after(call)
            if second is not None and f"{name}(" not in second:
                self._add(call, paths, [second], "call")

    def _may_give_nothing(self, function: Node) -> bool:
        body = field(function, "body")
        if body is None:
            return False
        returns = self.tree.nodes("return")
        first = bisect_left(returns, body.start_byte, key=lambda one: one.start_byte)
        for node in returns[first:]:
            if not inside(node, body):
                break
            statement = node.parent
            if statement is not None and statement.type == "return_statement":
                given = named(statement)
                if not given or given[0].type in ("none", "false"):
                    return True
        return False

    def _after(self, call: Node) -> str | None:
        """The source of what is used instead when a call gave nothing; None where nothing is."""
        parent = call.parent
        if parent is None:
            return None
        if parent.type == "boolean_operator" and same(field(parent, "left"), call):
            right, operator = field(parent, "right"), field(parent, "operator")
            if right is not None and operator is not None and operator.type == "or" and right.type == "call":
                return self.tree.text(right)[:120]
            return None
        if parent.type == "named_expression":
            name = field(parent, "name")
            test = next((one for one in climb(parent) if one.type == "if_statement"), None)
            return self._tested(test, self.tree.text(name)) if test is not None and name is not None else None
        if parent.type != "assignment":
            return None
        left = field(parent, "left")
        if left is None or left.type != "identifier" or parent.parent is None:
            return None
        following = parent.parent.next_named_sibling
        for _ in range(2):
            if following is None:
                return None
            if following.type == "if_statement":
                return self._tested(following, self.tree.text(left))
            following = following.next_named_sibling
        return None

    def _tested(self, test: Node, name: str) -> str | None:
        condition, then = field(test, "condition"), field(test, "consequence")
        if condition is None or then is None:
            return None
        said = " ".join(self.tree.text(unwrap(condition)).split())
        if said in (f"{name} is None", f"not {name}"):
            return self._other_path(named(then))
        if said in (f"{name} is not None", name) or said.endswith(") is not None"):
            other = test.children_by_field_name("alternative")
            if other:
                inner = field(other[0], "body") or (named(other[0])[-1] if named(other[0]) else None)
                return self._other_path(named(inner)) if inner is not None else None
            if any(one.type == "return_statement" for one in named(then)):
                rest: list[Node] = []
                following = test.next_named_sibling
                while following is not None and self.tree.spend():
                    rest.append(following)
                    following = following.next_named_sibling
                return self._other_path(rest)
        return None

    def _other_path(self, statements: list[Node]) -> str | None:
        """The first statement that goes on with something else; None where it raises or gives nothing."""
        if any(one.type == "raise_statement" for one in statements):
            return None
        for one in statements:
            if one.type in ("return_statement", "expression_statement"):
                value = named(one)[0] if named(one) else None
                if value is not None and value.type == "assignment":
                    value = field(value, "right")
                if value is not None and value.type in ("call", "await"):
                    return self.tree.text(one).split("\n", 1)[0][:120]
        return None
