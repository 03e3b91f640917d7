"""Single statements on a failure's way: what they raise, return and assign."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from hardcut.source.python.exceptions import ANY, Exceptions
from hardcut.source.python.tree import Tree, arguments, field, named, unwrap
from hardcut.source.python.values import EXCEPTION, NONE, SOME, Probe, State, Values
from hardcut.source.python.ways import Leave, Touch, Ways, going

if TYPE_CHECKING:
    from tree_sitter import Node

GROWS = frozenset({"append", "add", "insert", "extend", "update", "appendleft", "setdefault"})


class Steps:
    """What single statements do: they raise, return, assign, or ask.

    `never` tells whether a call never returns; `contexts` what a `with` item does with an exception.
    Of each catcher (by node id), `entered` holds the types that enter it, `through` the names of other
    modules on which it depends whether they do; of those that are `sure`, it does not. `passed` are the
    calls that code makes after a failure, as far as they return.
    """

    def __init__(
        self,
        tree: Tree,
        exceptions: Exceptions,
        touches: list[Touch],
        probes: dict[int, Probe],
        never: Callable[[Node], tuple[str, ...]],
        contexts: Callable[[Node, str], Leave],
    ) -> None:
        self.tree = tree
        self.exceptions = exceptions
        self.values = Values(tree, exceptions, probes)
        self.given = touches
        self.touches = sorted(enumerate(touches), key=lambda one: one[1].node.start_byte)
        self._starts = [touch.node.start_byte for _, touch in self.touches]
        self.never = never
        self.contexts = contexts
        self.tracked: frozenset[str] | None = None
        self.through: dict[int, list[str]] = {}
        self.sure: set[int] = set()
        self.entered: dict[int, set[str]] = {}
        self.nodes: dict[int, Node] = {}
        self.passed: dict[int, Node] = {}

    def inside(self, node: Node) -> Iterable[tuple[int, Touch]]:
        """The touches within a node, in order."""
        at = bisect_left(self._starts, node.start_byte)
        while at < len(self.touches) and self._starts[at] < node.end_byte:
            yield self.touches[at]
            at += 1

    def _put(self, state: State, name: str, value: str | None) -> State:
        """The state after an assignment, as far as anything depends on the name."""
        if self.tracked is not None and name.partition(".")[0] not in self.tracked:
            return state
        return state.put(name, value)

    def _inject(self, node: Node, states: set[State]) -> Ways:
        """The ways of an expression: each touch in it may fail, once."""
        ways = going(states)
        for number, touch in self.inside(node):
            for state in states:
                if state.hurt < 0:
                    hurt = state._replace(hurt=number, by=0)
                    ways.raised |= {(hurt, raised) for raised in touch.types}
        return ways

    def _raise(self, node: Node, states: set[State], handling: str | None, ways: Ways) -> Ways:
        parts = named(node)
        for state in states:
            if not parts:
                raised = handling or ANY
            else:
                name = self.values.key(unwrap(parts[0]))
                held = state.get(name) if name else None
                raised = (
                    held.removeprefix(EXCEPTION)
                    if held is not None and held.startswith(EXCEPTION)
                    else self.exceptions.raised(parts[0])
                )
            ways.raised.add((state, raised))
        ways.normal = set()
        return ways

    def _return(self, node: Node, states: set[State], ways: Ways) -> Ways:
        parts = named(node)
        ways.normal = set()
        for state in states:
            if not parts:
                ways.returned.add((state, "returns None"))
                continue
            never = self._never(parts[0], (state,))
            if never:
                ways.raised |= {(state, raised) for raised in never}
                continue
            for value, after in self.values.of(parts[0], state):
                if value in (NONE, "True", "False"):
                    ways.returned.add((after, f"returns {value}"))
                else:
                    ways.returned.add((after, "returns something else"))
        return ways

    def _assert(self, node: Node, states: set[State], ways: Ways) -> None:
        parts = named(node)
        ways.normal = set()
        for state in states:
            answers = self.values.test(parts[0], state) if parts else []
            for says, after in answers:
                if says:
                    ways.normal.add(after)
                elif after.hurt >= 0 or len(answers) == 1:
                    ways.raised.add((after, "AssertionError"))

    def _expression(self, node: Node, states: set[State], ways: Ways) -> None:
        parts = named(node)
        inner = parts[0] if parts else None
        if inner is None:
            return
        if inner.type == "assignment":
            ways.normal = {after for state in states for after in self._assign(inner, state)}
            return
        if inner.type == "augmented_assignment":
            target = field(inner, "left")
            name = self.values.key(target) if target is not None else None
            operator = field(inner, "operator")
            if name:
                grows = operator is not None and operator.type == "+="
                ways.normal = {self._put(state, name, SOME if grows else None) for state in states}
            return
        if inner.type == "await" and named(inner):
            inner = named(inner)[0]
        if inner.type != "call":
            if inner.type == "named_expression":
                ways.normal = {after for state in states for _, after in self.values.of(inner, state)}
            return
        never = self._never(inner, states)
        if never:
            ways.raised |= {(state, raised) for state in states for raised in never}
            ways.normal = set()
            return
        function = field(inner, "function")
        if function is not None and function.type == "attribute":
            holder, method = field(function, "object"), field(function, "attribute")
            name = self.values.key(holder) if holder is not None else None
            if name and method is not None and self.tree.text(method) in GROWS and arguments(inner)[0]:
                ways.normal = {self._put(state, name, SOME) for state in states}
            elif name and method is not None and self.tree.text(method) == "clear":
                ways.normal = {self._put(state, name, "empty") for state in states}

    def _never(self, node: Node, states: Iterable[State]) -> tuple[str, ...]:
        """What a call that never returns raises."""
        node = unwrap(node)
        if node.type == "await" and named(node):
            node = named(node)[0]
        raised = self.never(node) if node.type == "call" else ()
        if not raised and node.type == "call" and any(one.hurt >= 0 for one in states):
            self.passed[node.id] = node
        return raised

    def _assign(self, node: Node, state: State) -> list[State]:
        targets: list[Node] = []
        value: Node | None = node
        while value is not None and value.type == "assignment":
            left = field(value, "left")
            if left is not None:
                targets.append(left)
            value = field(value, "right")
        if value is None:
            return [state]
        if any(one.type in ("pattern_list", "tuple_pattern", "list_pattern") for one in targets):
            return [self._unpack(targets, value, state)]
        found = []
        for held, after in self.values.of(value, state):
            if held is None and any(True for _ in self.inside(value)):
                held = self._touched(value)
            for target in targets:
                if target.type == "subscript":
                    holder = field(target, "value")
                    name = self.values.key(holder) if holder is not None else None
                    after = self._put(after, name, SOME) if name else after
                elif name := self.values.key(target):
                    after = self._put(after, name, held)
            found.append(after)
        return found

    def _touched(self, value: Node) -> str | None:
        """A module that was imported is an object."""
        whole = unwrap(value)
        return next(
            (SOME for _, one in self.inside(value) if one.node.id == whole.id and one.how == "dynamic"), None
        )

    def _unpack(self, targets: list[Node], value: Node, state: State) -> State:
        given = named(value) if value.type in ("expression_list", "tuple", "list") else []
        for target in targets:
            names = named(target) if target.type.endswith(("list", "pattern")) else [target]
            for at, one in enumerate(names):
                name = self.values.key(one)
                if name:
                    held = self.values.of(given[at], state)[0][0] if len(given) == len(names) else None
                    state = self._put(state, name, held)
        return state

    def _test(self, condition: Node | None, states: set[State], ways: Ways) -> tuple[set[State], set[State]]:
        """The states in which a condition holds, and those in which it does not."""
        if condition is None:
            return states, states
        step = self._inject(condition, states)
        ways.raised |= step.raised
        yes: set[State] = set()
        no: set[State] = set()
        for state in step.normal:
            for says, after in self.values.test(condition, state):
                (yes if says else no).add(after)
        return yes, no
