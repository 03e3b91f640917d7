"""Strings and comments that hold a word of the plan, with what the code does with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

from hardcut.source.facts import Computed, Sink, Span, Text
from hardcut.source.python.constants import Constants, Value, literal_text
from hardcut.source.python.imports import scope_name
from hardcut.source.python.paths import Paths
from hardcut.source.python.tree import CONSTANT_PARTS, Tree, climb, field, named, same, wrap

if TYPE_CHECKING:
    from tree_sitter import Node

Container = Literal["tuple", "list", "set", "dict", "none"]
CONTAINERS: dict[str, Container] = {
    "tuple": "tuple",
    "list": "list",
    "set": "set",
    "dictionary": "dict",
    "expression_list": "tuple",
}
MOST = 20
"""How many elements beside a string are noted."""
SCALAR = frozenset({"join", "format"})


class Use(msgspec.Struct):
    """What the code does with one string expression."""

    callee: str | None = None
    argument: str | None = None
    role: str = "other"
    pair: str | None = None
    container: Container = "none"
    siblings: list[str] = []
    key: str | None = None


class Texts:
    """Reads the strings and comments of one file at the places it is pointed to."""

    def __init__(self, tree: Tree, constants: Constants, paths: Paths, sinks: dict[int, list[Sink]]) -> None:
        self.tree = tree
        self.constants = constants
        self.paths = paths
        self.sinks = sinks
        self.texts: dict[int, Text] = {}
        self._listed: dict[int, tuple[list[Node], dict[int, int]]] = {}
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
        use = self._use(whole)
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
        )
        if use.key is not None and use.pair is not None:
            self.lazy.append((use.key, use.pair, self._pair_span(whole), node))
        if (whole.id != node.id or formatted) and whole.id not in self._put_together:
            self._put_together.add(whole.id)
            self._compute(whole, use, scope)

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
        for _ in range(300):
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
        whole = self.tree.span(node)
        begin = children[0].end_point
        return Span(
            begin.row + 1,
            self.tree.column(begin.row, begin.column),
            whole.end_line,
            whole.end_column,
            whole.cell,
        )

    def _use(self, node: Node) -> Use:
        node = wrap(node)
        parent = node.parent
        if parent is None:
            return Use()
        kind = parent.type
        if kind in ("argument_list", "keyword_argument"):
            return self._argument(node, parent)
        if kind == "pair":
            return self._pair(node, parent)
        if kind in CONTAINERS:
            return self._element(node, parent)
        if kind == "comparison_operator":
            others = [self.tree.text(one) for one in named(parent) if one.id != node.id]
            return Use(role="compare", siblings=others[:3])
        if kind == "subscript":
            value = field(parent, "value")
            return Use(self.tree.text(value)[:200] if value is not None else None, role="subscript")
        if kind == "type":
            return Use(role="annotation")
        if kind in ("assignment", "augmented_assignment"):
            left = field(parent, "left")
            return Use(
                role="assigned", key=None, callee=None, argument=self.tree.text(left)[:100] if left else None
            )
        return Use()

    def _argument(self, node: Node, parent: Node) -> Use:
        argument: str | None = None
        listed: Node | None = parent
        if parent.type == "keyword_argument":
            key = field(parent, "name")
            argument = self.tree.text(key) if key is not None else None
            listed = parent.parent
        call = listed.parent if listed is not None else None
        if listed is None or call is None or call.type != "call":
            return Use(role="argument", argument=argument)
        given, places = self._children(listed)
        if argument is None:
            argument = str(places.get(node.id, 0))
        use = Use(self.callee(call), argument, "argument")
        if use.callee is not None and use.callee.startswith("__all__."):
            use.role = "all"
        values = [self._plain(one) for one in given[:2]]
        first, second = (*values, None, None)[:2]
        if argument in ("0", "1") and first and second and "." in first and second.isidentifier():
            use.pair = f"{first}.{second}"
        return use

    def _children(self, parent: Node) -> tuple[list[Node], dict[int, int]]:
        """A node's named children and their positions, listed once."""
        found = self._listed.get(parent.id)
        if found is None:
            children = named(parent)
            found = (children, {one.id: place for place, one in enumerate(children)})
            self._listed[parent.id] = found
        return found

    def callee(self, call: Node) -> str | None:
        """The dotted path of a called function, or its source where that is unknown."""
        function = field(call, "function")
        if function is None:
            return None
        known = self.paths.of(function)
        text = self.tree.text(function)
        return known[0].path if known else (text[:200] if len(text) < 200 else None)

    def _pair(self, node: Node, parent: Node) -> Use:
        key, value = field(parent, "key"), field(parent, "value")
        is_key = same(key, node)
        use = Use(role="key" if is_key else "value", container="dict")
        plain = self._plain(key) if key is not None else None
        use.key = plain
        if value is not None:
            target = self._target(value, plain)
            if target is not None and target.isidentifier() is False:
                use.pair = target
        if self._names(parent) == "loggers":
            use.role = "logger"
        return use

    def _target(self, value: Node, key: str | None) -> str | None:
        """What a registry's value names: `("mod", "name")`, `"mod:name"`, or `"mod"` for its own key."""
        if value.type in ("tuple", "list"):
            parts = [self._plain(one) for one in named(value)[:2]]
            if len(parts) == 2 and parts[0] and parts[1] and parts[1].isidentifier() and "." in parts[0]:
                return f"{parts[0]}.{parts[1]}"
            return None
        text = self._plain(value)
        if text is None:
            return None
        if ":" in text:
            return text.replace(":", ".")
        if "." in text and key is not None and key.isidentifier():
            return text if text.rsplit(".", 1)[-1] == key else f"{text}.{key}"
        return None

    def _names(self, pair: Node) -> str | None:
        """The key under which the dictionary of a pair itself stands."""
        outer = pair.parent.parent if pair.parent is not None else None
        if outer is not None and outer.type == "pair" and (key := field(outer, "key")) is not None:
            return self._plain(key)
        return None

    def _element(self, node: Node, parent: Node) -> Use:
        parts, _ = self._children(parent)
        beside = [one for one in parts[: MOST + 1] if one.id != node.id]
        siblings = [text for one in beside[:MOST] if (text := self._plain(one)) is not None]
        use = Use(role="element", container=CONTAINERS[parent.type], siblings=siblings)
        if parent.type in ("tuple", "list") and len(parts) in (2, 3):
            first, second = self._plain(parts[0]), self._plain(parts[1])
            if first and second and "." in first and second.isidentifier():
                use.pair = f"{first}.{second}"
                above = parent.parent
                if above is not None and above.type == "pair" and (key := field(above, "key")) is not None:
                    use.key = self._plain(key)
                    use.role = "pair"
        above = parent.parent
        if use.pair is None and above is not None and above.type == "pair":
            key = field(above, "key")
            if (
                key is not None
                and (name := self._plain(key))
                and (own := self._plain(node))
                and own.isidentifier()
            ):
                use.pair, use.key, use.role = f".{name}.{own}", own, "member"
        if self._is_all(parent):
            use.role = "all"
        return use

    def _is_all(self, container: Node) -> bool:
        child = container
        for parent in climb(container):
            if parent.type in ("assignment", "augmented_assignment"):
                left = field(parent, "left")
                return left is not None and self.tree.text(left) == "__all__"
            if parent.type == "call":
                function = field(parent, "function")
                if function is not None and self.tree.text(function).startswith("__all__."):
                    return True
            if parent.type not in (
                "binary_operator",
                "parenthesized_expression",
                "list",
                "tuple",
                "argument_list",
                "call",
                "list_splat",
            ):
                return False
            child = parent
        return child is None

    def _pair_span(self, node: Node) -> Span:
        for parent in climb(node):
            if parent.type == "pair":
                return self.tree.span(parent)
        return self.tree.span(node)

    def _plain(self, node: Node | None) -> str | None:
        """The text of an expression with one constant value."""
        if node is None:
            return None
        if node.type == "string":
            return literal_text(self.tree, node)
        if node.type in (
            "identifier",
            "attribute",
            "binary_operator",
            "concatenated_string",
            "parenthesized_expression",
        ):
            values = self.constants.texts(node)
            return values[0] if len(values) == 1 else None
        return None
