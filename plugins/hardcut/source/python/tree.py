"""A parsed file: nodes at words, spans in characters, and short climbs through the tree."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from hardcut.source.facts import Limit, Span, Unreadable
from hardcut.source.limits import note
from hardcut.source.prefilter import IDENTIFIER

if TYPE_CHECKING:
    from tree_sitter import Node, Parser
    from tree_sitter import Tree as SyntaxTree

MAX_DEPTH = 600
"""How deep a place may lie in the syntax tree; a step up costs time in proportion to the depth."""

MAX_CLIMB = 700
"""How far up a climb goes: further than from any place that is reached, so that none is cut off."""
FUEL = 1_500_000
"""What the expressions and statements that are evaluated in one file may cost."""
REACH = 40_000_000
"""What the places of one file may cost, by depth and width: some 16,000 of as many lines."""
WORTH_INDEX = 32
"""So many words are searched for one by one; an index of all words costs about as much."""
WORD = re.compile(rb"[\w\x80-\xff]+")

SCOPES = frozenset(
    {
        "module",
        "function_definition",
        "lambda",
        "class_definition",
        "list_comprehension",
        "set_comprehension",
        "dictionary_comprehension",
        "generator_expression",
    }
)
COMPREHENSIONS = frozenset(
    {
        "list_comprehension",
        "set_comprehension",
        "dictionary_comprehension",
        "generator_expression",
    }
)
CONSTANT_PARTS = frozenset({"concatenated_string", "binary_operator", "parenthesized_expression"})


class _Local(threading.local):
    """A parser for each thread, for it lets other threads run while it parses; and what it parsed last."""

    parser: Parser | None = None
    last: tuple[bytes, SyntaxTree] | None = None


_LOCAL = _Local()


def parse(data: bytes) -> SyntaxTree:
    """The syntax tree of UTF-8 bytes; that of the bytes before is at hand, for other questions to them."""
    if _LOCAL.parser is None:
        import tree_sitter
        import tree_sitter_python

        _LOCAL.parser = tree_sitter.Parser(tree_sitter.Language(tree_sitter_python.language()))
    if _LOCAL.last is None or _LOCAL.last[0] != data:
        _LOCAL.last = data, _LOCAL.parser.parse(data)
    return _LOCAL.last[1]


class Tree:
    """One file's syntax tree over its UTF-8 bytes.

    `cells` are a notebook's code cells, laid one below the other: the row at which each begins (from
    0) and its number. Places then count within their cell, while names hold for all cells.
    """

    def __init__(self, data: bytes, cells: Sequence[tuple[int, int]] = ()) -> None:
        self.data = data
        self._cells = cells
        self.root: Node = parse(data).root_node
        self._ascii = data.isascii()
        self._lines: list[bytes] | None = None
        self._found: dict[str, list[Node]] = {}
        self._deep: list[tuple[int, int]] = []
        self._fuel = FUEL
        self._reach = REACH
        self._step = 20 + self.root.child_count // 50
        self._skipped: list[Unreadable] = []
        self._searched = 0
        self._index: dict[bytes, list[int]] | None = None

    def text(self, node: Node) -> str:
        """The source of a node."""
        return self.data[node.start_byte : node.end_byte].decode("utf-8", "replace")

    def node_at(self, start: int, end: int) -> Node:
        """The smallest node that covers a byte range."""
        return self.root.descendant_for_byte_range(start, end) or self.root

    def nodes(self, word: str, wanted: Callable[[bytes, int, int], bool] | None = None) -> list[Node]:
        """The smallest node at each place where a word stands whole, in order.

        `wanted` tells of a place (the bytes, its start and end) whether the caller needs it.
        """
        found = self._found.get(word)
        if found is None:
            found = [
                node
                for start, end in self.places(word)
                if (wanted is None or wanted(self.data, start, end))
                and (node := self._reachable(start, end)) is not None
            ]
            if wanted is None:
                self._found[word] = found
        return found

    def spend(self, amount: int = 1) -> bool:
        """Take from what one file may cost; False, and noted as unreadable, when nothing is left."""
        if self._fuel <= 0:
            return False
        self._fuel -= amount
        if self._fuel <= 0:
            self._give_up()
        return True

    def _give_up(self) -> None:
        end = self.root.end_point
        whole = self.place((0, 0), (end.row, 0))
        self._skip(whole, "more places and nesting than one file may cost")

    def _skip(self, span: Span, why: str) -> None:
        self._skipped.append(Unreadable(span, why))
        note(Limit(span, why))

    def give_up(self, node: Node, what: str) -> None:
        """Note that an analysis stopped at a bound at a node; `what` it did not follow."""
        note(Limit(self.span(node), what))

    def refuel(self) -> None:
        """Let one more question cost what one file may cost."""
        self._fuel = FUEL

    def _reachable(self, start: int, end: int) -> Node | None:
        """The node at a byte range, None below the depth that runnable code has."""
        if self._deep and any(first <= start < last for first, last in self._deep):
            return None
        cursor = self.root.walk()
        depth = 0
        while depth < MAX_DEPTH and cursor.goto_first_child_for_byte(start) is not None:
            depth += 1
        if self._reach <= 0:
            return None
        self._reach -= depth + self._step
        if self._reach <= 0:
            self._give_up()
        if depth < MAX_DEPTH:
            return self.node_at(start, end)
        while depth > MAX_DEPTH // 2 and cursor.goto_parent():
            depth -= 1
        top = cursor.node
        if top is not None:
            self._deep.append((top.start_byte, top.end_byte))
            self._skip(self.span(top), f"nested deeper than {MAX_DEPTH} levels")
        return None

    def places(self, word: str) -> Iterable[tuple[int, int]]:
        """Byte ranges at which a word stands whole (no identifier character on either side).

        The file is searched for each of the first words; for more, all its words are indexed once.
        """
        raw = word.encode()
        self._searched += 1
        if self._searched <= WORTH_INDEX or not WORD.fullmatch(raw):
            return self._search(raw)
        if self._index is None:
            self._index = {}
            for match in WORD.finditer(self.data):
                self._index.setdefault(match.group(), []).append(match.start())
        return [(start, start + len(raw)) for start in self._index.get(raw, ())]

    def _search(self, raw: bytes) -> Iterator[tuple[int, int]]:
        # The parser puts an empty name where one is missing; that word stands everywhere.
        data, size, start = self.data, len(raw), self.data.find(raw) if raw else -1
        while start >= 0:
            end = start + size
            if (start == 0 or data[start - 1] not in IDENTIFIER) and (
                end == len(data) or data[end] not in IDENTIFIER
            ):
                yield start, end
            start = data.find(raw, end)

    def column(self, row: int, byte_column: int) -> int:
        """A byte column (from 0) as a character column (from 1)."""
        if self._ascii:
            return byte_column + 1
        if self._lines is None:
            self._lines = self.data.split(b"\n")
        line = self._lines[row] if row < len(self._lines) else b""
        return len(line[:byte_column].decode("utf-8", "replace")) + 1

    def span(self, first: Node, last: Node | None = None) -> Span:
        """The span from the start of one node to the end of another (or its own)."""
        start, end = first.start_point, (last or first).end_point
        return self.place((start.row, start.column), (end.row, end.column))

    def place(self, start: tuple[int, int], end: tuple[int, int]) -> Span:
        """The span between two points, each a row and a byte column from 0."""
        first, number = 0, None
        for begin, cell in self._cells:
            if begin > start[0]:
                break
            first, number = begin, cell
        columns = self.column(*start), self.column(*end)
        return Span(start[0] - first + 1, columns[0], end[0] - first + 1, columns[1], number)

    def unreadable(self) -> list[Unreadable]:
        """Regions the grammar could not read, outermost first; `lazy` before an import is readable."""
        found: list[Unreadable] = list(self._skipped[:50])
        if not self.root.has_error:
            return found
        queue = [self.root]
        while queue and len(found) < 50:
            node = queue.pop()
            if node.is_missing or (node.is_error and self.text(node).strip() != "lazy"):
                found.append(Unreadable(self.span(node), "syntax that could not be read"))
            elif not node.is_error:
                queue.extend(child for child in node.children if child.has_error or child.is_missing)
        return sorted(found, key=lambda region: region.span)


def climb(node: Node) -> Iterator[Node]:
    """The ancestors of a node, nearest first, up to a limit that no runnable code reaches."""
    current = node.parent
    for _ in range(MAX_CLIMB):
        if current is None:
            return
        yield current
        current = current.parent


def field(node: Node, name: str) -> Node | None:
    """A child by its field name."""
    return node.child_by_field_name(name)


def same(one: Node | None, other: Node | None) -> bool:
    """Whether two handles are one node."""
    return one is not None and other is not None and one.id == other.id


def inside(node: Node, outer: Node | None) -> bool:
    """Whether a node lies within another."""
    return outer is not None and outer.start_byte <= node.start_byte and node.end_byte <= outer.end_byte


def named(node: Node) -> list[Node]:
    """A node's named children without comments."""
    return [child for child in node.named_children if child.type != "comment"]


def unwrap(node: Node) -> Node:
    """An expression without the parentheses around it."""
    for _ in range(MAX_CLIMB):
        if node.type != "parenthesized_expression":
            break
        inner = named(node)
        if len(inner) != 1:
            break
        node = inner[0]
    return node


def wrap(node: Node) -> Node:
    """The outermost parenthesised form of an expression."""
    parent = node.parent
    while parent is not None and parent.type == "parenthesized_expression":
        node, parent = parent, parent.parent
    return node


def arguments(call: Node) -> tuple[list[Node], dict[str, Node]]:
    """A call's positional arguments (up to the first `*`) and its keyword arguments."""
    listed = field(call, "arguments")
    positional: list[Node] = []
    keywords: dict[str, Node] = {}
    if listed is None or listed.type != "argument_list":
        return ([listed] if listed is not None else []), keywords
    for child in named(listed):
        if child.type == "keyword_argument":
            key, value = field(child, "name"), field(child, "value")
            if key is not None and value is not None and key.text is not None:
                keywords[key.text.decode("utf-8", "replace")] = value
        elif child.type in ("list_splat", "dictionary_splat"):
            break
        else:
            positional.append(child)
    return positional, keywords


def given_to(argument: Node) -> tuple[Node, Node, str] | None:
    """The call that has an argument, what it calls, and the argument's keyword or place (from "0" on).

    The last is "" behind a `*`.
    """
    listed, where = argument.parent, ""
    if listed is not None and listed.type == "keyword_argument":
        name = field(listed, "name")
        if name is not None and name.text is not None:
            where = name.text.decode("utf-8", "replace")
        listed = listed.parent
    call = listed.parent if listed is not None else None
    function = field(call, "function") if call is not None and call.type == "call" else None
    if call is None or function is None:
        return None
    positional, _ = arguments(call)
    return (
        call,
        function,
        where or next((str(at) for at, one in enumerate(positional) if one.id == argument.id), ""),
    )


def operands(node: Node) -> list[Node]:
    """What a chain of one operator joins, from left to right: `a`, `b` and `c` of `a or b or c`."""
    operator = field(node, "operator")
    sign = operator.type if operator is not None else ""
    found: list[Node] = []
    while True:
        left, right = field(node, "left"), field(node, "right")
        if left is None or right is None:
            return named(node) if not found else [node, *reversed(found)]
        found.append(right)
        inner = unwrap(left)
        sub = field(inner, "operator") if inner.type == node.type else None
        if sub is None or sub.type != sign:
            return [left, *reversed(found)]
        node = inner


def identifiers(node: Node) -> list[Node]:
    """The identifiers within an expression."""
    found: list[Node] = []
    queue = [node]
    while queue:
        one = queue.pop()
        if one.type == "identifier":
            found.append(one)
        queue.extend(named(one))
    return found
