"""Strings that constants lead to: which values an expression may have, and where each was written."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import msgspec

from hardcut.source.python.elements import Elements
from hardcut.source.python.names import Binding, Names
from hardcut.source.python.tree import Tree, arguments, field, named, operands, unwrap

if TYPE_CHECKING:
    from tree_sitter import Node

DEPTH = 24
MOST = 1_000
"""So many strings of an expression that joins alternatives are worked out."""
LONGEST = 2000
"""No dotted name is longer: of what is put together, the head is kept; a longer literal is prose."""
COST = 20


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
    """The evaluator of one file; it knows only what is written in the file."""

    def __init__(self, tree: Tree, names: Names, module: str | None, package: str | None) -> None:
        self.tree = tree
        self.names = names
        self.module = module
        self.package = package
        self.elements = Elements(tree, names)
        self._active: set[int] = set()
        self._known: dict[int, list[Value]] = {}
        self._cut = 0

    def texts(self, node: Node) -> list[str]:
        """The exact values of an expression."""
        return [value.text for value in self.values(node) if value.exact]

    def values(self, node: Node, depth: int = 0) -> list[Value]:
        """The strings that an expression may have; a value of unknown text is left out."""
        if depth > DEPTH:
            self.tree.give_up(node, f"a constant was followed {DEPTH} steps only")
        if depth > DEPTH or node.id in self._active or not self.tree.spend(COST):
            self._cut += 1
            return []
        self._active.add(node.id)
        try:
            return self._values(unwrap(node), depth)
        finally:
            self._active.discard(node.id)

    def _values(self, node: Node, depth: int) -> list[Value]:
        kind = node.type
        if kind == "string":
            return self._string(node, depth)
        if kind == "concatenated_string":
            return self._joined([self.values(part, depth + 1) for part in named(node)], node)
        if kind == "binary_operator":
            return self._operator(node, depth)
        if kind == "conditional_expression":
            parts = named(node)
            return self._either([parts[0], parts[-1]] if parts else [], depth, "conditional")
        if kind == "boolean_operator":
            return self._either(operands(node), depth, "conditional")
        if kind == "named_expression":
            value = field(node, "value")
            return self.values(value, depth + 1) if value is not None else []
        if kind == "identifier":
            return self._name(node, depth)
        if kind == "attribute":
            return self._attribute(node, depth)
        if kind == "subscript":
            return self._subscript(node, depth)
        if kind == "call":
            return self._call(node, depth)
        return []

    def _either(self, nodes: list[Node], depth: int, way: str) -> list[Value]:
        return [_by(value, way) for node in nodes for value in self.values(node, depth + 1)]

    def _string(self, node: Node, depth: int) -> list[Value]:
        prefix = self.tree.text(node)[:3].lower().split("'")[0].split('"')[0]
        if "b" in prefix:
            return []
        if "f" in prefix or "t" in prefix:
            return self._format_string(node, depth)
        text = literal_text(self.tree, node)
        return [Value(text, True, node)] if text is not None and len(text) <= LONGEST else []

    def _format_string(self, node: Node, depth: int) -> list[Value]:
        parts: list[list[Value]] = []
        for child in node.named_children:
            if child.type == "string_content":
                parts.append([Value(self.tree.text(child).replace("{{", "{").replace("}}", "}"))])
            elif child.type == "interpolation":
                inner = field(child, "expression")
                plain = inner is not None and len(child.named_children) == 1
                parts.append(self.values(inner, depth + 1) if plain and inner is not None else [])
        joined = self._joined(parts, node)
        if len(parts) == 1 and joined and joined[0].exact and joined[0].origin is None:
            return [Value(joined[0].text, True, node, joined[0].way)]
        return joined

    def _joined(self, parts: list[list[Value]], node: Node) -> list[Value]:
        """All concatenations; from the first unknown part on, only the head is kept."""
        heads = [Value("", True, None, "computed")]
        for part in parts:
            following: list[Value] = []
            for head in heads:
                if not head.exact:
                    following.append(head)
                elif not part:
                    following.append(Value(head.text, False, None, "computed"))
                else:
                    following.extend(_after(head, tail) for tail in part)
                if len(following) > MOST:
                    break
            if len(following) > MOST:
                self.tree.give_up(node, f"more than {MOST:,} strings may be put together here")
            heads = following[:MOST]
        return [head for head in heads if head.text]

    def _operator(self, node: Node, depth: int) -> list[Value]:
        left, right, operator = field(node, "left"), field(node, "right"), field(node, "operator")
        if left is None or right is None or operator is None:
            return []
        if operator.type == "+":
            parts = [right]
            while left.type == "binary_operator":
                inner = field(left, "operator")
                before, after = field(left, "left"), field(left, "right")
                if inner is None or inner.type != "+" or before is None or after is None:
                    break
                parts.append(after)
                left = before
            parts.append(left)
            return self._joined([self.values(part, depth + 1) for part in reversed(parts)], node)
        if operator.type == "%":
            filled = named(right) if right.type == "tuple" else [right]
            return self._filled(self.values(left, depth + 1), "%s", filled, depth, node)
        return []

    def _filled(
        self, patterns: list[Value], hole: str, filled: list[Node], depth: int, node: Node
    ) -> list[Value]:
        found: list[Value] = []
        for pattern in patterns:
            pieces = pattern.text.split(hole)
            parts: list[list[Value]] = []
            for number, piece in enumerate(pieces):
                if number:
                    parts.append(
                        self.values(filled[number - 1], depth + 1) if number - 1 < len(filled) else []
                    )
                if "%(" in piece or (hole == "{}" and "{" in piece):
                    parts.append([Value(piece.split("%(")[0].split("{")[0])])
                    parts.append([])
                    break
                if piece:
                    parts.append([Value(piece)])
            found.extend(self._joined(parts, filled[0] if filled else node))
        return found

    def _name(self, node: Node, depth: int) -> list[Value]:
        name = self.tree.text(node)
        if name == "__name__" and self.module:
            return [Value(self.module, way="computed")]
        if name == "__package__" and self.package:
            return [Value(self.package, way="computed")]
        bindings = self.names.resolve(name, node)
        known = self._known.get(id(bindings)) if bindings else []
        if known is None:
            cut = self._cut
            known = list(dict.fromkeys(value for one in bindings for value in self.bound(one, depth)))
            # What was cut short, or in a circle, is known for this question only.
            if cut == self._cut or not depth:
                self._known[id(bindings)] = known
        self.tree.spend(8 * len(known))
        return known

    def bound(self, binding: Binding, depth: int = 0) -> list[Value]:
        """The strings that a bound name may have."""
        if binding.value is None or binding.owner.type == "augmented_assignment":
            return []
        if binding.kind == "assign":
            if binding.index:
                return [_by(value, "constant") for value in self._at(binding.value, binding.index, depth)]
            return [_by(value, "constant") for value in self.values(binding.value, depth + 1)]
        if binding.kind == "param":
            return [_by(value, "default") for value in self.values(binding.value, depth + 1)]
        if binding.kind == "loop":
            return [_by(value, "loop") for value in self._looped(binding.value, binding.index, depth)]
        return []

    def _looped(self, iterable: Node, index: tuple[int, ...], depth: int) -> list[Value]:
        """The values of a loop's target; `index` is its place within a tuple target."""
        function = field(iterable, "function") if iterable.type == "call" else None
        holder = field(function, "object") if function is not None and function.type == "attribute" else None
        if holder is not None and function is not None and self.tree.text(function).endswith(".items"):
            part = "keys" if index[:1] == (0,) else "values"
            parts = self.elements.dictionary(holder, part, depth) if index else []
            index = index[1:]
        else:
            parts = self.elements.of(iterable, depth + 1)
        if index:
            return [value for part in parts for value in self._at(part, index, depth)]
        return [value for part in parts for value in self.values(part, depth + 1)]

    def _at(self, node: Node, index: tuple[int, ...], depth: int) -> list[Value]:
        """The values at a position within a (nested) tuple or list literal."""
        node = unwrap(node)
        for step in index:
            if node.type not in ("tuple", "list", "expression_list"):
                return []
            parts = named(node)
            if step >= len(parts):
                return []
            node = unwrap(parts[step])
        return self.values(node, depth + 1)

    def _attribute(self, node: Node, depth: int) -> list[Value]:
        if self.tree.text(node) == "__spec__.name" and self.module:
            return [Value(self.module, way="computed")]
        return [value for one in self.elements.class_attribute(node) for value in self.bound(one, depth + 1)]

    def _subscript(self, node: Node, depth: int) -> list[Value]:
        value, key = field(node, "value"), field(node, "subscript")
        if value is None or key is None:
            return []
        if key.type == "integer":
            elements = self.elements.of(value, depth + 1)
            text = self.tree.text(key)
            place = int(text) if text.isdecimal() and len(text) < 6 else -1
            if 0 <= place < len(elements):
                return [_by(one, "constant") for one in self.values(elements[place], depth + 1)]
            return []
        return [
            _by(one, "constant")
            for item in self.elements.dictionary(value, "values", depth)
            for one in self.values(item, depth + 1)
        ]

    def _call(self, node: Node, depth: int) -> list[Value]:
        function = field(node, "function")
        if function is None:
            return []
        name = self.tree.text(function).rsplit(".", 1)[-1]
        positional, keywords = arguments(node)
        holder = field(function, "object") if function.type == "attribute" else None
        if holder is not None and name == "join" and len(positional) == 1:
            parts = self.elements.of(positional[0], depth + 1)
            separators = self.values(holder, depth + 1)
            if not parts or len(separators) != 1:
                return []
            pieces: list[list[Value]] = []
            for number, part in enumerate(parts):
                if number:
                    pieces.append([Value(separators[0].text)])
                pieces.append(self.values(part, depth + 1))
            return self._joined(pieces, node)
        if holder is not None and name == "format":
            patterns = self.values(holder, depth + 1)
            if keywords:
                for key, value in keywords.items():
                    filled = self.texts(value)
                    if len(filled) == 1:
                        patterns = [Value(one.text.replace("{" + key + "}", filled[0])) for one in patterns]
            numbered = [Value(_numbered(one.text)) for one in patterns]
            return self._filled(numbered, "{}", positional, depth, node)
        if holder is not None and name in ("get", "pop"):
            return [
                _by(one, "constant")
                for item in self.elements.dictionary(holder, "values", depth)
                for one in self.values(item, depth + 1)
            ]
        if holder is None and name == "str" and positional:
            return self.values(positional[0], depth + 1)
        return []


def _numbered(pattern: str) -> str:
    """`{0}.{1}` as `{}.{}` where the numbers only count up."""
    count = 0
    while "{" + str(count) + "}" in pattern:
        pattern = pattern.replace("{" + str(count) + "}", "{}", 1)
        count += 1
    return pattern


def _after(head: Value, tail: Value) -> Value:
    """Two strings as one; of one that is too long for a name only the head is known."""
    text = head.text + tail.text
    return Value(text[:LONGEST], tail.exact and len(text) <= LONGEST, None, "computed")


def _by(value: Value, way: str) -> Value:
    """The value with the first indirection on its way named."""
    return Value(value.text, value.exact, value.origin, way if value.way == "direct" else value.way)


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
