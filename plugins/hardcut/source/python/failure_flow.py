"""Failures of one file, followed through the control-flow graphs of its functions.

`hardcut.flow.failures` follows them; here places of the tree in which names are resolved become nodes of the
tree that graphs are built from, and back.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from hardcut.flow.cfg import MOST_BLOCKS, ControlFlowGraph, GraphTooLargeError, build
from hardcut.flow.conditions import DEPTH, ELSE, FALSE, GOES_ON, NONE, TRUE, Environment
from hardcut.flow.effects import Leave
from hardcut.flow.exceptions import Hierarchy
from hardcut.flow.failures import Failures, Place, Probe, Rounds, Way, follow, rounds
from hardcut.source.python.tree import Tree, climb, field
from hardcut.syntax import nodes
from hardcut.syntax.parser import parse
from hardcut.syntax.tree import read_module, walk

if TYPE_CHECKING:
    from tree_sitter import Node

    from hardcut.source.python.contexts import Contexts

ANSWERS = {
    NONE: "returns None",
    TRUE: "returns True",
    FALSE: "returns False",
    GOES_ON: "goes on",
    ELSE: "returns something else",
}
"""How a function is left after a failure, as messages say it."""
EMPTY_ANSWERS = frozenset({"goes on", "returns None", "returns False"})
ITEMS = frozenset({"with_item"})
CLAUSES = frozenset({"except_clause", "except_group_clause"})
FINALS = frozenset({"finally_clause"})


class Touch(msgspec.Struct, frozen=True):
    """A place that may fail: `paths` what it reaches, `types` the exceptions it then raises."""

    node: Node
    paths: tuple[str, ...]
    how: str
    types: tuple[str, ...]


class Question(NamedTuple):
    """An expression that asks whether something is there: what it is if not, and otherwise."""

    node: Node
    missing: int
    present: int


class Caught(NamedTuple):
    """A failure that did not reach the caller: which touch, what caught it, how the function is left."""

    touch: int
    by: int
    ending: str


@lru_cache(maxsize=128)
def function_graph(data: bytes, start: int, end: int) -> ControlFlowGraph | None:
    """The graph of one function; the rest of the file is not read. None if the function cannot be.

    All that is before the function is made blank, so that offsets stay. Graphs are kept, because a file is
    read again if others tell it more. Raises `GraphTooLargeError`.
    """
    line = data.rfind(b"\n", 0, start) + 1
    indent = data[line:start]
    before = bytearray(data[:line].translate(_BLANK))
    if indent:
        # An indented function needs a line that it belongs to; there is one, as the file has.
        header = _HEADER.search(data, 0, line)
        if header is None or indent.strip():
            return None
        before[header.start() : header.end()] = b"if 1:"
    module = read_module(parse(bytes(before) + data[line:end] + b"\n"))
    found = (node for node in walk(module) if isinstance(node, nodes.FunctionDef) and node.start == start)
    function = next(found, None)
    return build(function) if function is not None else None


def module_tree(tree: Tree) -> nodes.Module:
    """The tree of a module's own code: the bodies of its functions are left out, and offsets stay."""
    data = bytearray(tree.data)
    waiting = [tree.root]
    while waiting:
        for node in waiting.pop().named_children:
            if node.type in _HOLDERS or node.type.endswith(("_clause", "_statement")):
                waiting.append(node)
                continue
            body = field(node, "body") if node.type == "function_definition" else None
            if body is not None and body.end_byte > body.start_byte:
                first, last = body.start_byte, body.end_byte
                data[first:last] = b"0" + tree.data[first + 1 : last].translate(_BLANK)
    return read_module(parse(bytes(data)))


_BLANK = bytes(byte if byte in b"\r\n" else 32 for byte in range(256))
_HEADER = re.compile(rb"^[^\r\n]{5}", re.MULTILINE)
_HOLDERS = frozenset({"class_definition", "decorated_definition", "block"})


class Followed:
    """What became of the failures of one function: `hardcut.flow.failures`, with places of the tree."""

    def __init__(self, file: FailureFlow, failures: Failures) -> None:
        self.file = file
        self.failures = failures
        self.caught = {Caught(one.failure, one.catcher, ANSWERS[one.answer]) for one in failures.caught}
        self.escapes = failures.escapes
        self.through = failures.through
        self._places: dict[int, Node | None] = {}

    def place(self, by: int) -> Node | None:
        """What catches a failure; None for a question that answers no."""
        if by < 0:
            return None
        if by not in self._places:
            self._places[by] = self.file.catcher(self.failures.catchers[by])
        return self._places[by]

    def decorate(self, decorators: Sequence[Node]) -> None:
        """Take into account the context managers that decorate the function, the last one first."""
        for decorator in reversed(decorators):
            by = len(self.failures.catchers) + len(self._places)
            self._places[by] = decorator
            escapes: dict[int, set[str]] = {}
            for failure, types in self.escapes.items():
                for name in types:
                    left = self.file.contexts.leave(decorator, name)
                    if left.on:
                        escapes.setdefault(failure, set()).update(left.on)
                    if left.ends:
                        self.caught.add(Caught(failure, by, ANSWERS[NONE]))
            self.escapes = escapes

    def is_sure(self, by: int) -> bool:
        """Whether a catcher catches whatever other files say."""
        return by in self.failures.sure or by not in self.failures.through

    def surely(self, caught: Iterable[Caught]) -> bool:
        """Whether one of some failures is caught whatever other files say."""
        return any(self.is_sure(one.by) for one in caught)

    def depends(self, caught: Iterable[Caught]) -> list[str]:
        """The managers of other files on which it depends whether a failure is caught."""
        return sorted({path for one in caught for path in self.through.get(one.by, ())})

    def left(self) -> list[tuple[Way, Environment]]:
        """The ways to the end of the code, with what names hold."""
        return self.failures.left

    def answers(self) -> set[str]:
        """How the function answers if nothing fails."""
        return {ANSWERS[bit] for bit in ANSWERS if self.failures.answers & bit}

    def passed(self) -> list[Node]:
        """The calls that are made after a failure."""
        return [self.file.place(call) for call in self.failures.passed]


class FailureFlow:
    """The graphs of one file. It implements `hardcut.flow.effects.Effects` with the file's names."""

    def __init__(self, tree: Tree, contexts: Contexts) -> None:
        self.tree = tree
        self.contexts = contexts
        self._graphs: dict[int, ControlFlowGraph | None] = {}

    @property
    def hierarchy(self) -> Hierarchy:
        """The exception types of the file."""
        return self.contexts.exceptions.hierarchy

    # Graphs

    def graph(self, function: Node) -> ControlFlowGraph | None:
        """The graph of a function, or of the module's own code; None if there is none, which is noted."""
        key = function.start_byte if function.type == "function_definition" else -1
        if key not in self._graphs:
            self._graphs[key] = self._build(function, key)
        return self._graphs[key]

    def _build(self, function: Node, key: int) -> ControlFlowGraph | None:
        try:
            if key < 0:
                return build(module_tree(self.tree))
            found = function_graph(self.tree.data, function.start_byte, function.end_byte)
        except GraphTooLargeError:
            self.tree.give_up(function, f"the code has more than {MOST_BLOCKS:,} branches")
            return None
        if found is None:
            self.tree.give_up(function, "a function could not be read, so that its failures are not followed")
        return found

    def rounds(
        self, loop: Node, touches: Sequence[Touch] = (), questions: dict[int, Question] | None = None
    ) -> Rounds:
        """What the failures of touches, or the answers to questions, do to the loop around them."""
        function = function_around(loop) or self.tree.root
        graph = self.graph(function)
        if graph is None:
            return Rounds()
        place = loop.start_byte, loop.end_byte
        statement = next((node for node in graph.loops.values() if (node.start, node.end) == place), None)
        if statement is None:
            return Rounds()
        return rounds(graph, self, statement, *self._sources(graph, touches, questions or {}))

    def follow(
        self, function: Node, touches: Sequence[Touch] = (), questions: dict[int, Question] | None = None
    ) -> Followed | None:
        """Follow the failures of some touches of a function, numbered from 0, and of questions."""
        graph = self.graph(function)
        if graph is None:
            return None
        failures = follow(graph, self, *self._sources(graph, touches, questions or {}))
        if failures.is_cut:
            self.tree.give_up(function, f"an expression was read {DEPTH} levels deep only")
        return Followed(self, failures)

    def _sources(
        self, graph: ControlFlowGraph, touches: Sequence[Touch], questions: dict[int, Question]
    ) -> tuple[list[Place], dict[int, Probe]]:
        """Touches and questions as nodes of a graph."""
        places = [self._place(graph, touch) for touch in touches]
        probes: dict[int, Probe] = {}
        for number, question in questions.items():
            node = self._expression(graph.body, question.node)
            if node is not None:
                probes[number] = Probe(node, question.missing, question.present)
        return places, probes

    def _place(self, graph: ControlFlowGraph, touch: Touch) -> Place:
        if touch.how == "dynamic":
            node = self._expression(graph.body, touch.node)
            if node is not None:
                return Place(node, touch.types, True)
        return Place(nodes.Node(0, touch.node.start_byte, touch.node.end_byte), touch.types)

    def _expression(self, root: nodes.Node, place: Node) -> nodes.Expression | None:
        """The largest expression in the range of a place."""
        start, end = place.start_byte, place.end_byte
        waiting = [root]
        while waiting:
            node = waiting.pop()
            if node.end <= start or node.start >= end:
                if not isinstance(node, _UNPLACED):
                    continue
            elif start <= node.start and node.end <= end and isinstance(node, nodes.Expression):
                return node
            waiting.extend(reversed(node.children()))
        return None

    # Places

    def place(self, node: nodes.Node) -> Node:
        """The same place in the tree that names are resolved in."""
        return self.tree.node_at(node.start, node.end)

    def catcher(self, node: nodes.Node) -> Node | None:
        """The clause, `with` item or expression that catches."""
        if isinstance(node, nodes.ExceptHandler):
            return self._around(self.tree.node_at(node.start, node.start + 1), CLAUSES)
        if isinstance(node, nodes.Try):
            last = node.finalbody[0]
            return self._around(self.tree.node_at(last.start, last.end), FINALS)
        if isinstance(node, nodes.WithItem):
            return self._around(self.place(node.context_expr), ITEMS)
        return self.place(node)

    def _around(self, place: Node, types: frozenset[str]) -> Node | None:
        return next((node for node in (place, *climb(place)) if node.type in types), None)

    # Effects

    def never_returns(self, call: nodes.Call) -> tuple[str, ...]:
        """The types that a call raises if it never returns; nothing if it may return."""
        place = self.place(call)
        return self.contexts.never(place) if place.type == "call" else ()

    def types(self, expression: nodes.Expression) -> list[str]:
        """The exception types that an expression stands for."""
        return self.contexts.exceptions.caught(self.place(expression))

    def raised(self, expression: nodes.Expression) -> str:
        """The type of the exception that `raise expression` raises."""
        return self.contexts.exceptions.raised(self.place(expression))

    def leave(self, manager: nodes.Expression, raised: str) -> Leave:
        """What a context manager does with an exception of a type."""
        return self.contexts.leave(self.place(manager), raised)


_UNPLACED = (nodes.Keyword, nodes.Arguments, nodes.Comprehension, nodes.FunctionDef, nodes.ClassDef)
"""Nodes that may hold something outside of their own range: decorators are before a definition."""


def function_around(node: Node) -> Node | None:
    """The function in whose body a node is."""
    return next((outer for outer in climb(node) if outer.type == "function_definition"), None)
