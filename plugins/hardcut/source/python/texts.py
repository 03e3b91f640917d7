"""Strings and comments that hold a word of the plan, with what the code does with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hardcut.source.facts import Computed, Sink, Span, Text
from hardcut.source.python.constants import Constants, Value, literal_text
from hardcut.source.python.imports import scope_name
from hardcut.source.python.paths import Paths
from hardcut.source.python.string_uses import StringUses
from hardcut.source.python.tree import CONSTANT_PARTS, Tree, field, same
from hardcut.source.python.uses import Use, Uses, pair_span

if TYPE_CHECKING:
    from tree_sitter import Node

SCALAR = frozenset({"join", "format"})


class Texts:
    """Reads the strings and comments of one file at the places it is pointed to."""

    def __init__(self, tree: Tree, constants: Constants, paths: Paths, sinks: dict[int, list[Sink]]) -> None:
        self.tree = tree
        self.constants = constants
        self.sinks = sinks
        self.texts: dict[int, Text] = {}
        self._uses = Uses(tree, constants, paths)
        self._string_uses = StringUses(tree, self._uses)
        self.computed: dict[tuple[int, str, bool], Computed] = {}
        self._put_together: set[int] = set()
        self.lazy: list[tuple[str, str, Span, Node]] = []

    def comment(self, node: Node) -> None:
        """Note a comment."""
        self.texts[node.id] = Text("comment", self.tree.text(node), self.tree.span(node))

    def string(self, node: Node) -> None:
        """Note a string literal, and the constant expression that it is part of."""
        if node.id in self.texts:
            return
        whole = self._whole(node)
        formatted = any(child.type == "interpolation" for child in node.named_children)
        statement = whole.parent
        scope = scope_name(self.tree, node)
        if statement is not None and statement.type in ("expression_statement", "module", "block"):
            self.texts[node.id] = Text("docstring", self._raw(node), self._inner(node), scope=scope)
            return
        use = self._uses.of(whole)
        value = literal_text(self.tree, node) if whole.id == node.id and not formatted else None
        sinks = self.sinks.get(node.id, [])
        self.texts[node.id] = Text(
            "string",
            self._raw(node),
            self._inner(node),
            value,
            use.callee,
            use.argument,
            use.role,
            use.pair,
            use.container,
            use.siblings,
            sinks,
            scope,
            self._string_uses.of(whole) if _is_path(value) or use.pair is not None else [],
        )
        if use.key is not None and use.pair is not None:
            self.lazy.append((use.key, use.pair, pair_span(self.tree, whole), node))
        if (whole.id != node.id or formatted) and whole.id not in self._put_together:
            self._put_together.add(whole.id)
            self._compute(whole, use, scope)

    def keyed(self, node: Node) -> None:
        """Note a string literal if a keyword makes it the home of a name in a table."""
        if self._uses.of(node).role == "value":
            self.string(node)

    def compute(self, node: Node, value: Value, sink: Sink) -> None:
        """Note a string that reaches an import function and stands nowhere as it is."""
        self._note(node, value, Use(role="argument"), scope_name(self.tree, node), [sink])

    def _compute(self, whole: Node, use: Use, scope: str) -> None:
        for value in self.constants.values(whole):
            if value.origin is None or not value.exact:
                self._note(whole, value, use, scope, [])

    def _note(self, whole: Node, value: Value, use: Use, scope: str, sinks: list[Sink]) -> None:
        self.computed[(whole.id, value.text, value.exact)] = Computed(
            value.text, value.exact, self.tree.span(whole), use.callee, use.argument, sinks, scope
        )

    def _whole(self, node: Node) -> Node:
        """The outermost constant expression around a literal."""
        while True:
            parent = node.parent
            if parent is None:
                break
            if parent.type in CONSTANT_PARTS:
                if parent.type == "binary_operator":
                    operator = field(parent, "operator")
                    if operator is None or operator.type not in "+%":
                        break
                node = parent
                continue
            above = parent.parent
            outer = self._assembled(parent, above)
            if outer is not None:
                node = outer
                continue
            if parent.type == "attribute" and above is not None and above.type == "call":
                name = field(parent, "attribute")
                if (
                    name is not None
                    and self.tree.text(name) in SCALAR
                    and same(field(above, "function"), parent)
                ):
                    node = above
                    continue
            break
        return node

    def _assembled(self, parent: Node, above: Node | None) -> Node | None:
        """The expression that puts a string together of which a literal is one part among others."""
        if above is None:
            return None
        if parent.type == "tuple" and above.type == "binary_operator" and same(field(above, "right"), parent):
            operator = field(above, "operator")
            return above if operator is not None and operator.type == "%" else None
        if parent.type in ("list", "tuple") and above.type == "argument_list":
            parent, above = above, above.parent
        function = field(above, "function") if above is not None and above.type == "call" else None
        if parent.type == "argument_list" and function is not None and function.type == "attribute":
            name = field(function, "attribute")
            holder = field(function, "object")
            text = self.tree.text(name) if name is not None else ""
            if text in SCALAR and holder is not None and self.constants.texts(holder):
                return above
        return None

    def _raw(self, node: Node) -> str:
        """The source between a literal's quotes, with interpolations blanked out."""
        start, end = self._content(node)
        raw = bytearray(self.tree.data[start:end])
        for child in node.named_children:
            if child.type == "interpolation":
                for position in range(child.start_byte - start, child.end_byte - start):
                    if 0 <= position < len(raw) and raw[position] != 10:
                        raw[position] = 32
        return raw.decode("utf-8", "replace")

    def _content(self, node: Node) -> tuple[int, int]:
        children = node.children
        if len(children) >= 2 and children[0].type == "string_start":
            end = children[-1].start_byte if children[-1].type == "string_end" else children[-1].end_byte
            return children[0].end_byte, end
        return node.start_byte, node.end_byte

    def _inner(self, node: Node) -> Span:
        """The span of a literal's content, so that text offsets are source offsets."""
        children = node.children
        if len(children) < 2 or children[0].type != "string_start":
            return self.tree.span(node)
        closed = children[-1].type == "string_end"
        begin, end = children[0].end_point, children[-1].start_point if closed else node.end_point
        return self.tree.place((begin.row, begin.column), (end.row, end.column))


def _is_path(value: str | None) -> bool:
    """Whether a string may be a dotted path, so that it matters what the code does with it."""
    return value is not None and ("." in value or ":" in value) and " " not in value
