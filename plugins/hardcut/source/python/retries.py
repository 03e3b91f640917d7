"""Code that tries a guarded thing again: loops, handlers, recursion, decorators."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from hardcut.flow.failures import UNSPECIFIED
from hardcut.source.python.contexts import Contexts, calls_in
from hardcut.source.python.failure_flow import Touch
from hardcut.source.python.guards import SEPARATE, Guards
from hardcut.source.python.importers import IMPORTERS
from hardcut.source.python.tree import Tree, arguments, climb, field, identifiers, inside, named, same

if TYPE_CHECKING:
    from tree_sitter import Node

    from hardcut.source.python.names import Binding

RETRIERS = ("tenacity.", "backoff.", "retrying.", "retry.", "stamina.", "retry2.", "retryhttp.")
LOOPERS = frozenset({"Retrying", "AsyncRetrying", "retry_context"})
WHOLE = frozenset({"parenthesized_expression", "conditional_expression", "boolean_operator", "await"})
SLEEPS = (b"sleep(", b"backoff(", b"wait(")


COST = 2


class Retry(msgspec.Struct, frozen=True):
    """A place that tries again: its first and last node, what it tries, and how."""

    first: Node
    last: Node
    touch: Touch
    form: str


class Retries:
    """Looks around each touch of a file for code that tries it again."""

    def __init__(self, tree: Tree, contexts: Contexts, guards: Guards, touches: list[Touch]) -> None:
        self.tree = tree
        self.contexts = contexts
        self.guards = guards
        self.touches = sorted(touches, key=lambda one: one.node.start_byte)
        self._starts = [one.node.start_byte for one in self.touches]

    def _inside(self, block: Node) -> list[Touch]:
        """The touches within a node."""
        first = bisect_left(self._starts, block.start_byte)
        last = bisect_left(self._starts, block.end_byte)
        return [one for one in self.touches[first:last] if inside(one.node, block)]

    def read(self) -> list[Retry]:
        """Every retry of the file, once for each place."""
        found: dict[tuple[int, str], Retry] = {}
        for touch in self.touches:
            for one in self._around(touch):
                found.setdefault((one.first.id, one.form), one)
        return list(found.values())

    def _around(self, touch: Touch) -> Iterator[Retry]:
        child = touch.node
        tries: list[Node] = []
        for parent in climb(touch.node):
            if parent.type == "try_statement" and inside(child, field(parent, "body")):
                if touch.how == "other" and not _is_alone(touch.node, parent):
                    return
                tries.append(parent)
                yield from self._handlers(touch, parent)
            elif parent.type in ("for_statement", "while_statement") and inside(child, field(parent, "body")):
                if self._is_retrier(parent, touch) or any(
                    self._tries_again(touch, one, parent) for one in tries
                ):
                    yield Retry(parent, header(parent), touch, "loop")
            elif parent.type in ("function_definition", "lambda"):
                if parent.type == "function_definition":
                    yield from self._decorators(touch, parent)
                return
            child = parent

    def _clauses(self, statement: Node) -> list[Node]:
        return [one for one in named(statement) if one.type in ("except_clause", "except_group_clause")]

    def _is_retrier(self, loop: Node, touch: Touch) -> bool:
        """`for attempt in Retrying(...): with attempt: ...`"""
        iterable = field(loop, "right")
        function = field(iterable, "function") if iterable is not None and iterable.type == "call" else None
        if function is None:
            return False
        path = self.contexts.dotted(function)
        return path.rsplit(".", 1)[-1] in LOOPERS or is_retrier(path)

    def _tries_again(self, touch: Touch, statement: Node, loop: Node) -> bool:
        """Whether a failure goes on with the loop, and success leaves it."""
        inside_loop = [
            touch,
            *(one for one in self._inside(loop) if one.how == "dynamic"),
        ]
        if any(self._is_candidate(one, loop) for one in inside_loop):
            return False
        failing = Touch(touch.node, touch.paths, touch.how, (UNSPECIFIED,))
        goes_on = bool(self.contexts.flow.rounds(loop, [failing]).again)
        return goes_on and self._leaves(touch, loop, self._clauses(statement))

    def _is_candidate(self, touch: Touch, loop: Node) -> bool:
        """Whether each round imports another module: candidates, not attempts."""
        target = field(loop, "left")
        function = field(touch.node, "function")
        called = self.tree.text(function).rsplit(".", 1)[-1] if function is not None else ""
        if target is None or (touch.how != "dynamic" and called not in IMPORTERS):
            return False
        names = {self.tree.text(one) for one in (named(target) or [target])} | {self.tree.text(target)}
        given, _ = arguments(touch.node) if touch.node.type == "call" else ([], {})
        return any(self.tree.text(one) in names for one in given)

    def _leaves(self, touch: Touch, loop: Node, clauses: list[Node]) -> bool:
        """Whether success ends a loop, or failure alone makes it wait."""
        body, condition = field(loop, "body"), field(loop, "condition")
        if body is None:
            return False
        for word in ("break", "return"):
            for node in self.tree.nodes(word):
                statement = node.parent
                if not inside(node, body) or any(inside(node, one) for one in clauses):
                    continue
                if statement is None or statement.end_byte < touch.node.end_byte:
                    continue
                if self._belongs(node, loop, word == "break"):
                    return True
        texts = [self.tree.data[one.start_byte : one.end_byte] for one in clauses]
        if any(sign in text for sign in SLEEPS for text in texts):
            return True
        iterable = field(loop, "right")
        if iterable is not None and self._counts_attempts(iterable):
            return True
        if condition is not None:
            for node in identifiers(condition):
                for binding in self.guards.names.bindings(self.tree.text(node)):
                    if inside(binding.node, body) and not any(inside(binding.node, one) for one in clauses):
                        return binding.value is not None and binding.value.type in ("true", "false", "none")
        return False

    def _counts_attempts(self, iterable: Node) -> bool:
        """Whether a loop goes over a `range` of tries, and not over batches or the places of a list."""
        if iterable.type != "call" or not self.tree.text(iterable).startswith("range("):
            return False
        given = [self.tree.text(one) for one in arguments(iterable)[0]]
        batches = len(given) == 3 and not given[2].startswith("-")
        return not batches and not any(text.startswith("len(") for text in given)

    def _belongs(self, node: Node, loop: Node, is_break: bool) -> bool:
        for parent in climb(node):
            if same(parent, loop):
                return True
            if parent.type in ("function_definition", "lambda"):
                return False
            if is_break and parent.type in ("for_statement", "while_statement"):
                return False
        return False

    def _handlers(self, touch: Touch, statement: Node) -> Iterator[Retry]:
        """A handler that calls the same thing again, or the function that it stands in."""
        function = next((one for one in climb(statement) if one.type == "function_definition"), None)
        for clause in self._clauses(statement):
            block = next((one for one in clause.named_children if one.type == "block"), None)
            if block is None or touch.how in ("import", "own"):
                if block is not None and touch.how == "import":
                    yield from self._again(touch, statement, block, function)
                continue
            for other in self._inside(block):
                if other.how not in ("import", "own") and self._is_same(touch, other):
                    yield Retry(statement, other.node, touch, "handler")
            yield from self._again(touch, statement, block, function)

    def _again(self, touch: Touch, statement: Node, block: Node, function: Node | None) -> Iterator[Retry]:
        if function is None:
            return
        for call in self.guards.calls_of(function):
            if inside(call, block):
                yield Retry(call, call, touch, "recursion")

    def _is_same(self, one: Touch, other: Touch) -> bool:
        first, second = field(one.node, "function"), field(other.node, "function")
        if first is None or second is None:
            return False
        if self.tree.text(first) == self.tree.text(second):
            return one.how != "dynamic" or self.tree.text(one.node) == self.tree.text(other.node)
        return one.how == other.how == "helper" and bool(set(one.paths) & set(other.paths))

    def _decorators(self, touch: Touch, function: Node) -> Iterator[Retry]:
        for decorator in self.guards.decorators(function):
            made = field(decorator, "function") if decorator.type == "call" else decorator
            if made is None:
                continue
            path = self.contexts.dotted(made)
            if is_retrier(path) or "retry" in path.rsplit(".", 1)[-1].lower():
                yield Retry(decorator, decorator, touch, "decorator")


def header(loop: Node) -> Node:
    """What a loop goes over, or its condition."""
    return field(loop, "right") or field(loop, "condition") or loop


def is_retrier(path: str) -> bool:
    """Whether a dotted path is of a library that tries things again."""
    return path.startswith(RETRIERS)


def _is_alone(call: Node, statement: Node) -> bool:
    """Whether a `try` does nothing but one call."""
    block = field(statement, "body")
    return block is not None and all(inside(one, call) or inside(call, one) for one in calls_in(block))


def _imported(guards: Guards, words: frozenset[str]) -> Iterator[tuple[Node, tuple[str, ...]]]:
    """The uses of what is imported by one of some words, with the path.

    All imports that bind a name in one scope have the same uses. The last one's path is taken, so that the
    time does not grow with the number of imports times the number of uses.
    """
    wanted = {
        id(entry): entry
        for entry, _ in guards.names.imports
        if entry.module and words.intersection(entry.path.split("."))
    }
    for alias in dict.fromkeys(entry.alias for entry in wanted.values()):
        by_scope: dict[int, Binding] = {}
        for binding in guards.names.bindings(alias):
            if id(binding.imported) in wanted:
                by_scope[binding.scope.id] = binding
        for binding in by_scope.values():
            path = binding.imported.path if binding.imported is not None else ""
            for use in guards.names.uses(alias, binding):
                yield use, (path,)


def taints(tree: Tree, contexts: Contexts, guards: Guards, words: frozenset[str]) -> list[Touch]:
    """Calls of what a guarded module or helper gave: `module.install(...)`, `installers.rule(...)`."""
    found: dict[int, Touch] = {}
    waiting: list[tuple[Node, tuple[str, ...]]] = []
    for unit in list(guards.units.values()):
        for touch in unit.touches.values():
            if touch.how in ("dynamic", "call", "helper"):
                waiting.append((touch.node, touch.paths))
        if unit.node.type == "function_definition" and unit.touches:
            paths = tuple(
                dict.fromkeys(
                    path for one in unit.touches.values() for path in one.paths if one.how not in SEPARATE
                )
            )
            if paths:
                waiting += [(call, paths) for call in guards.calls_of(unit.node)]
    waiting += _imported(guards, words)
    done: set[int] = set()
    asked: set[tuple[str, int]] = set()
    while waiting and tree.spend(COST):
        node, paths = waiting.pop()
        if node.id in done:
            continue
        done.add(node.id)
        parent = node.parent
        if parent is None:
            continue
        kind = parent.type
        if kind in WHOLE or (kind == "attribute" and same(field(parent, "object"), node)):
            waiting.append((parent, paths))
        elif kind == "call" and same(field(parent, "function"), node):
            found.setdefault(parent.id, Touch(parent, paths, "given", ()))
            waiting.append((parent, paths))
        elif kind in ("argument_list", "keyword_argument"):
            call = (
                parent.parent
                if kind == "argument_list"
                else (parent.parent.parent if parent.parent else None)
            )
            function = field(call, "function") if call is not None and call.type == "call" else None
            if call is None or function is None:
                continue
            name = tree.text(function).rsplit(".", 1)[-1]
            if name in ("getattr", "cast", "partial", "wraps"):
                waiting.append((call, paths))
        elif kind in ("assignment", "named_expression"):
            target = field(parent, "left") or field(parent, "name")
            for one in (
                [target]
                if target is not None and target.type == "identifier"
                else (
                    named(target)
                    if target is not None and target.type in ("pattern_list", "tuple_pattern")
                    else []
                )
            ):
                bound = guards.names.is_binding(one) if one.type == "identifier" else None
                key = (tree.text(one), bound.scope.id if bound is not None else 0)
                if bound is not None and key not in asked:
                    asked.add(key)
                    waiting += [(use, paths) for use in guards.names.uses(key[0], bound)]
    return list(found.values())
