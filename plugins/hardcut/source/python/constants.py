"""Strings that constants lead to: which values an expression may have, and where each was written."""

from __future__ import annotations

import ast
from bisect import bisect_left
from itertools import product
from typing import TYPE_CHECKING

import msgspec

from hardcut.semantic.evaluator import Evaluator
from hardcut.semantic.index import index
from hardcut.semantic.standard import element_of, subscript
from hardcut.semantic.strings import LONGEST
from hardcut.semantic.values import Pattern, String, constant, value_of
from hardcut.semantic.values import Value as AbstractValue
from hardcut.source.facts import Limit
from hardcut.source.limits import note
from hardcut.source.python.names import Binding, Names
from hardcut.source.python.tree import Tree, arguments, field, named, operands, same, unwrap
from hardcut.syntax.nodes import Expression
from hardcut.syntax.tree import walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from hardcut.syntax.nodes import Statement

EVALUATED = frozenset(
    {
        "attribute",
        "await",
        "binary_operator",
        "boolean_operator",
        "call",
        "concatenated_string",
        "conditional_expression",
        "identifier",
        "named_expression",
        "string",
        "subscript",
    }
)
"""Expressions that may be a string."""
HOLDERS = EVALUATED | {
    "dictionary",
    "expression_list",
    "generator_expression",
    "list",
    "list_comprehension",
    "set",
    "set_comprehension",
    "tuple",
}
"""Expressions that may hold strings."""


HOPS = 4
"""Expressions and names in one another that are looked at before an index is made."""
MOST_SEARCHED = 200
"""Nodes of an expression among which a name is looked for."""


class Value(msgspec.Struct, frozen=True):
    """A string an expression may have.

    `exact` is False where only this head is known. `origin` is the one literal that holds all of
    it, None where it was put together. `way`: direct, constant, loop, default, conditional, ...
    """

    text: str
    exact: bool = True
    origin: Node | None = None
    way: str = "direct"


class Constants:
    """The strings of one file's expressions, as far as the file says."""

    def __init__(self, tree: Tree, names: Names, module: str | None, package: str | None) -> None:
        self.tree = tree
        self.names = names
        self.module = module
        self.package = package
        self._evaluator: Evaluator | None = None
        self._expressions: dict[int, dict[tuple[int, int], Expression]] = {}
        self._statement_ends: list[int] | None = None
        self._known: dict[tuple[int, int, bool], list[Value]] = {}

    def texts(self, node: Node) -> list[str]:
        """The exact values of an expression."""
        return [value.text for value in self.values(node) if value.exact]

    def values(self, node: Node) -> list[Value]:
        """The strings that an expression may have; a value of unknown text is left out."""
        node = unwrap(node)
        if node.type == "string" and _is_plain(self.tree, node):
            text = literal_text(self.tree, node)
            return [Value(text, True, node)] if text is not None and len(text) <= LONGEST else []
        if node.type == "concatenated_string" and (joined := self._joined(node)) is not None:
            return [Value(joined, True, None, "computed")] if joined and len(joined) <= LONGEST else []
        return self._values(node, False) if node.type in EVALUATED and self._may_be_string(node) else []

    def _joined(self, node: Node) -> str | None:
        """The text of adjacent plain literals; None if one is formatted."""
        found = ""
        for part in named(node):
            text = literal_text(self.tree, part) if _is_plain(self.tree, part) else None
            if text is None:
                return None
            found += text
        return found

    def held(self, node: Node) -> list[Value]:
        """The strings that the elements of an iterable may have."""
        node = unwrap(node)
        return self._values(node, True) if node.type in HOLDERS and self._may_be_string(node) else []

    def rows(self, first: Node, second: Node) -> set[tuple[str, str]] | None:
        """The strings that two names may be together, if one statement takes both from rows of a table.

        None where they are not such names, or where not each row is known.
        """
        one, other = self._unpacked(first), self._unpacked(second)
        if one is None or other is None or not same(one.value, other.value) or one.value is None:
            return None
        expression = self._expression(one.value)
        if expression is None or self._evaluator is None:
            return None
        value = self._evaluator.evaluate(expression)
        found: set[tuple[str, str]] = set()
        for atom in (element_of(value) if one.kind == "loop" else value).atoms():
            places = [self._part(value_of(atom), binding.index) for binding in (one, other)]
            if any(part.is_open or not part.atoms() for part in places):
                return None
            texts = [[atom.text for atom in part.atoms() if isinstance(atom, String)] for part in places]
            found.update(product(texts[0], texts[1]))
        return found or None

    def _unpacked(self, node: Node) -> Binding | None:
        """The only binding of a name, if it is one of several targets of a statement."""
        node = unwrap(node)
        bindings = self.names.resolve(self.tree.text(node), node) if node.type == "identifier" else []
        return bindings[0] if len(bindings) == 1 and bindings[0].index else None

    def _part(self, row: AbstractValue, places: tuple[int, ...]) -> AbstractValue:
        for place in places:
            row = subscript(row, constant(place))
        return row

    def _values(self, node: Node, elements: bool) -> list[Value]:
        key = node.start_byte, node.end_byte, elements
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = self._evaluated(node, elements)
        return known

    def _evaluated(self, node: Node, elements: bool) -> list[Value]:
        expression = self._expression(node)
        if expression is None or self._evaluator is None:
            return []
        value = self._evaluator.evaluate(expression)
        for limit in self._evaluator.limits:
            note(Limit(self.tree.span(self.tree.node_at(limit.start, limit.end)), limit.what))
        self._evaluator.limits.clear()
        return self._strings(element_of(value) if elements else value)

    def _may_be_string(self, node: Node, hops: int = 0) -> bool:
        """Whether the file may say what an expression is; of a parameter without a default it does not.

        Most names that are asked for are such parameters, and what is made of them. An index costs more than
        this look at the syntax, which follows a few names.
        """
        node = unwrap(node)
        kind = node.type
        if hops > HOPS:
            return True
        if kind == "identifier":
            return self._is_name_known(node, hops)
        if kind in ("attribute", "subscript"):
            owner = field(node, "object" if kind == "attribute" else "value")
            text = self.tree.text(owner) if owner is not None else ""
            return text in ("self", "cls") or (owner is not None and self._may_be_string(owner, hops + 1))
        if kind == "call":
            function = field(node, "function")
            given, keywords = arguments(node)
            parts = [*given, *keywords.values(), *([function] if function is not None else [])]
            return any(self._may_be_string(part, hops + 1) for part in parts)
        if kind in ("boolean_operator", "conditional_expression", "binary_operator", "await"):
            return any(self._may_be_string(part, hops + 1) for part in operands(node))
        return kind not in ("integer", "float", "none", "true", "false", "lambda", "comparison_operator")

    def _is_name_known(self, name: Node, hops: int) -> bool:
        text = self.tree.text(name)
        if text.startswith("__"):
            return True
        for binding in self.names.resolve(text, name):
            if binding.kind in ("function", "class"):
                return True
            value = binding.value
            # The evaluator takes no part of an unknown row of a table: `module, name = _LAZY[key]`.
            is_row = bool(binding.index) and binding.kind == "assign" and value is not None
            if value is None or (is_row and value.type in ("subscript", "call")):
                continue
            if self._may_be_string(value, hops + 1):
                return True
        return False

    def _expression(self, node: Node) -> Expression | None:
        """The expression at a node's place; None where the parser found none, as in damaged code."""
        if self._evaluator is None:
            self._evaluator = Evaluator(index(self.tree.data), self.module, self.package)
        found = self._evaluator.index
        position = next((at for start in _names(node) if (at := found.statement_around(start)) >= 0), -1)
        if position < 0:
            # There is no name in it: `"shop.%s" % "live"`.
            place = bisect_left(self._ends(), node.end_byte)
            position = found.statements[place] if place < len(found.statements) else -1
        if position < 0:
            return None
        expressions = self._expressions.get(position)
        if expressions is None:
            statement = self._evaluator.statement(position)
            expressions = self._expressions[position] = _by_range(statement)
        return expressions.get((node.start_byte, node.end_byte))

    def _ends(self) -> list[int]:
        """The ends of the module's statements."""
        if self._statement_ends is None and self._evaluator is not None:
            evaluator = self._evaluator
            self._statement_ends = [evaluator.statement(at).end for at in evaluator.index.statements]
        return self._statement_ends or []

    def _strings(self, value: AbstractValue) -> list[Value]:
        """The strings of an abstract value, in the order of the source."""
        exact: list[Value] = []
        heads: list[Value] = []
        for atom in value.atoms():
            if isinstance(atom, String) and len(atom.text) <= LONGEST:
                origin, way = None, "computed"
                if atom.origin is not None:
                    node = self.tree.node_at(atom.origin.start, atom.origin.end)
                    if node.type == "string":
                        origin, way = node, atom.origin.way.value
                exact.append(Value(atom.text, True, origin, way))
            elif isinstance(atom, Pattern) and atom.prefix:
                heads.append(Value(atom.prefix, False, None, "computed"))
        exact.sort(
            key=lambda found: (found.origin.start_byte if found.origin is not None else -1, found.text)
        )
        heads.sort(key=lambda found: found.text)
        return exact + [head for head in heads if not any(one.text.startswith(head.text) for one in exact)]


def _order(value: Value) -> tuple[int, str]:
    return value.origin.start_byte if value.origin is not None else -1, value.text


def _by_range(statement: Statement) -> dict[tuple[int, int], Expression]:
    """The expressions of a statement by their ranges, of several with one range the outermost."""
    found: dict[tuple[int, int], Expression] = {}
    for node in walk(statement):
        if isinstance(node, Expression):
            found.setdefault((node.start, node.end), node)
    return found


def _names(node: Node) -> Iterator[int]:
    """The offsets of identifiers in a node, some first ones."""
    waiting = [node]
    for _ in range(MOST_SEARCHED):
        if not waiting:
            return
        part = waiting.pop()
        if part.type == "identifier":
            yield part.start_byte
        waiting += reversed(part.named_children)


def _is_plain(tree: Tree, node: Node) -> bool:
    """Whether a string literal is neither bytes nor formatted."""
    prefix = tree.text(node)[:3].lower().split("'")[0].split('"')[0]
    return not {"b", "f", "t"}.intersection(prefix)


def literal_text(tree: Tree, node: Node) -> str | None:
    """The value of a plain string literal; None for one that Python could not read."""
    content = [child for child in node.named_children if child.type == "string_content"]
    if not content:
        return ""
    raw = tree.data[content[0].start_byte : content[-1].end_byte].decode("utf-8", "replace")
    if "\\" not in raw or "r" in tree.text(node)[:2].lower():
        return raw
    try:
        value = ast.literal_eval(tree.text(node))
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return raw
    return value if isinstance(value, str) else None
