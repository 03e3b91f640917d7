"""Where a failure goes: one function's (or module's) paths from a place that fails to its end."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from hardcut.source.python.exceptions import ANY, EXIT, Exceptions
from hardcut.source.python.tree import Tree, arguments, field, named, unwrap
from hardcut.source.python.values import EXCEPTION, NONE, SOME, Probe, State, Values

if TYPE_CHECKING:
    from tree_sitter import Node

MOST_STATES = 40
ROUNDS = 4
GROWS = frozenset({"append", "add", "insert", "extend", "update", "appendleft", "setdefault"})
EXPECTING = frozenset({"raises", "assertRaises", "assertRaisesRegex", "raises_group"})
SUPPRESSING = frozenset({"suppress"})


class Touch(msgspec.Struct, frozen=True):
    """A place that may fail: `paths` what it reaches, `types` the exceptions it then raises."""

    node: Node
    paths: tuple[str, ...]
    how: str
    types: tuple[str, ...]


class Caught(NamedTuple):
    """A failure that did not reach the caller: which touch, what caught it, how it ended."""

    touch: int
    by: int
    ending: str


class Ways(msgspec.Struct):
    """The states in which a piece of code is left, by the way it is left."""

    normal: set[State]
    raised: set[tuple[State, str]]
    returned: set[tuple[State, str]]
    broke: set[State]
    continued: set[State]

    @classmethod
    def empty(cls) -> Ways:
        """No way at all."""
        return cls(set(), set(), set(), set(), set())

    def add(self, other: Ways, normal: bool = True) -> None:
        """Take over another piece's ways."""
        if normal:
            self.normal |= other.normal
        self.raised |= other.raised
        self.returned |= other.returned
        self.broke |= other.broke
        self.continued |= other.continued


class Flow:
    """Follows the failures of some touches through one block.

    `never` tells whether a call never returns; `contexts` what a `with` item swallows: exception types.
    """

    def __init__(
        self,
        tree: Tree,
        exceptions: Exceptions,
        touches: list[Touch],
        probes: dict[int, Probe],
        never: Callable[[Node], bool],
        contexts: Callable[[Node], list[str]],
    ) -> None:
        self.tree = tree
        self.exceptions = exceptions
        self.values = Values(tree, exceptions, probes)
        self.touches = sorted(enumerate(touches), key=lambda one: one[1].node.start_byte)
        self._starts = [touch.node.start_byte for _, touch in self.touches]
        self.never = never
        self.contexts = contexts
        self.through: dict[int, list[str]] = {}
        self.nodes: dict[int, Node] = {}

    def run(self, body: Node) -> tuple[set[Caught], dict[int, set[str]], Ways]:
        """The failures that are caught for good, and for each touch what escapes."""
        ways = self._block(body, {State(frozenset())}, None)
        caught: set[Caught] = set()
        escapes: dict[int, set[str]] = {}
        for state in ways.normal:
            if state.hurt >= 0:
                caught.add(Caught(state.hurt, state.by, "goes on"))
        for state, ending in ways.returned:
            if state.hurt >= 0:
                caught.add(Caught(state.hurt, state.by, ending))
        for state, raised in ways.raised:
            if state.hurt >= 0:
                escapes.setdefault(state.hurt, set()).add(raised)
        return caught, escapes, ways

    def _block(self, block: Node | None, states: set[State], handling: str | None) -> Ways:
        ways = Ways.empty()
        current = states
        for node in named(block) if block is not None else ():
            if not current:
                break
            step = self._statement(node, _narrow(current), handling)
            ways.add(step, False)
            current = step.normal
        ways.normal = current
        return ways

    def _statement(self, node: Node, states: set[State], handling: str | None) -> Ways:
        if not self.tree.spend():
            return Ways.empty()
        kind = node.type
        if kind == "if_statement":
            return self._if(node, states, handling)
        if kind in ("for_statement", "while_statement"):
            return self._loop(node, states, handling)
        if kind == "try_statement":
            return self._try(node, states, handling)
        if kind == "with_statement":
            return self._with(node, states, handling)
        if kind == "match_statement":
            return self._match(node, states, handling)
        if kind == "class_definition":
            return self._block(field(node, "body"), states, handling)
        if kind == "decorated_definition":
            inner = field(node, "definition")
            if inner is not None and inner.type == "class_definition":
                return self._block(field(inner, "body"), states, handling)
            return _going(states)
        if kind == "function_definition":
            return _going(states)
        ways = self._inject(node, states)
        states = ways.normal
        if kind == "raise_statement":
            return self._raise(node, states, handling, ways)
        if kind == "return_statement":
            return self._return(node, states, ways)
        if kind == "break_statement":
            ways.normal, ways.broke = set(), states
        elif kind == "continue_statement":
            ways.normal, ways.continued = set(), states
        elif kind == "assert_statement":
            self._assert(node, states, ways)
        elif kind == "expression_statement":
            self._expression(node, states, ways)
        elif kind in ("import_statement", "import_from_statement"):
            for child in node.children_by_field_name("name"):
                alias = field(child, "alias") if child.type == "aliased_import" else child
                if alias is not None:
                    name = self.tree.text(alias).split(".", 1)[0]
                    states = {state.put(name, SOME) for state in states}
            ways.normal = states
        return ways

    def inside(self, node: Node) -> Iterable[tuple[int, Touch]]:
        """The touches within a node, in order."""
        at = bisect_left(self._starts, node.start_byte)
        while at < len(self.touches) and self._starts[at] < node.end_byte:
            yield self.touches[at]
            at += 1

    def _inject(self, node: Node, states: set[State]) -> Ways:
        """The ways of an expression: each touch in it may fail, once."""
        ways = _going(states)
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
            if self._is_never(parts[0]):
                ways.raised.add((state, EXIT))
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
            for says, after in self.values.test(parts[0], state) if parts else ():
                if says:
                    ways.normal.add(after)
                elif after.hurt >= 0 or self.tree.text(parts[0]) == "False":
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
                ways.normal = {state.put(name, SOME if grows else None) for state in states}
            return
        if inner.type == "await" and named(inner):
            inner = named(inner)[0]
        if inner.type != "call":
            if inner.type == "named_expression":
                ways.normal = {after for state in states for _, after in self.values.of(inner, state)}
            return
        if self._is_never(inner):
            ways.raised |= {(state, EXIT) for state in states}
            ways.normal = set()
            return
        function = field(inner, "function")
        if function is not None and function.type == "attribute":
            holder, method = field(function, "object"), field(function, "attribute")
            name = self.values.key(holder) if holder is not None else None
            if name and method is not None and self.tree.text(method) in GROWS and arguments(inner)[0]:
                ways.normal = {state.put(name, SOME) for state in states}
            elif name and method is not None and self.tree.text(method) == "clear":
                ways.normal = {state.put(name, "empty") for state in states}

    def _is_never(self, node: Node) -> bool:
        node = unwrap(node)
        if node.type == "await" and named(node):
            node = named(node)[0]
        return node.type == "call" and self.never(node)

    def _assign(self, node: Node, state: State) -> list[State]:
        targets: list[Node] = []
        value: Node | None = node
        while value is not None and value.type == "assignment" and len(targets) < 20:
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
                    after = after.put(name, SOME) if name else after
                elif name := self.values.key(target):
                    after = after.put(name, held)
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
                    state = state.put(name, held)
        return state

    def _test(self, condition: Node | None, states: set[State], ways: Ways) -> tuple[set[State], set[State]]:
        """The states in which a condition holds, and those in which it does not."""
        if condition is None:
            return states, states
        if self.tree.text(condition).rsplit(".", 1)[-1] == "TYPE_CHECKING":
            return set(), states
        step = self._inject(condition, states)
        ways.raised |= step.raised
        yes: set[State] = set()
        no: set[State] = set()
        for state in step.normal:
            for says, after in self.values.test(condition, state):
                (yes if says else no).add(after)
        return yes, no

    def _if(self, node: Node, states: set[State], handling: str | None) -> Ways:
        ways = Ways.empty()
        yes, no = self._test(field(node, "condition"), states, ways)
        ways.add(self._block(field(node, "consequence"), yes, handling))
        for other in node.children_by_field_name("alternative"):
            if other.type == "elif_clause":
                yes, no = self._test(field(other, "condition"), no, ways)
                ways.add(self._block(field(other, "consequence"), yes, handling))
            else:
                ways.add(self._block(field(other, "body"), no, handling))
                no = set()
        ways.normal |= no
        return ways

    def _loop(self, node: Node, states: set[State], handling: str | None) -> Ways:
        ways = Ways.empty()
        body, otherwise = field(node, "body"), field(node, "alternative")
        condition = field(node, "condition") if node.type == "while_statement" else None
        iterable = field(node, "right")
        left: set[State] = set()
        if iterable is not None:
            step = self._inject(iterable, states)
            ways.raised |= step.raised
            if not self._surely_runs(iterable):
                left |= states
            name = self.values.key(field(node, "left") or iterable)
            states = {state.put(name, None) for state in states} if name else states
        seen: set[State] = set()
        for _ in range(ROUNDS):
            fresh = states - seen
            if not fresh:
                break
            seen |= fresh
            if condition is not None:
                fresh, no = self._test(condition, fresh, ways)
                left |= no
            step = self._block(body, _narrow(fresh), handling)
            ways.raised |= step.raised
            ways.returned |= step.returned
            ways.broke |= step.broke
            states = step.normal | step.continued
            if condition is None:
                left |= states
        if condition is not None:
            _, no = self._test(condition, states, Ways.empty())
            left |= no
        if otherwise is not None:
            after = self._block(field(otherwise, "body"), left, handling)
            broke, ways.broke = ways.broke, set()
            ways.add(after)
            ways.normal |= broke
        else:
            ways.normal = left | ways.broke
            ways.broke = set()
        return ways

    def _surely_runs(self, iterable: Node) -> bool:
        iterable = unwrap(iterable)
        if iterable.type in ("tuple", "list", "set", "expression_list"):
            return any(not one.type.endswith("splat") for one in named(iterable))
        if iterable.type == "call" and self.tree.text(field(iterable, "function") or iterable) == "range":
            given, _ = arguments(iterable)
            return (
                len(given) == 1 and given[0].type == "integer" and self.tree.text(given[0]).strip("0") != ""
            )
        return False

    def _try(self, node: Node, states: set[State], handling: str | None) -> Ways:
        body = self._block(field(node, "body"), states, handling)
        clauses = [one for one in named(node) if one.type in ("except_clause", "except_group_clause")]
        otherwise = next((one for one in named(node) if one.type == "else_clause"), None)
        final = next((one for one in named(node) if one.type == "finally_clause"), None)
        ways = Ways.empty()
        ways.add(body)
        if otherwise is not None:
            ways.normal = set()
            ways.add(self._block(field(otherwise, "body"), body.normal, handling))
        if clauses:
            succeeds = any(state.hurt < 0 for state in (*ways.normal, *ways.broke, *ways.continued)) or any(
                state.hurt < 0 for state, _ in ways.returned
            )
            wanted = not succeeds and any(state.hurt < 0 for state in states)
            ways.raised -= body.raised
            begin = {state for state in states | body.normal if state.hurt < 0}
            waiting = set(body.raised)
            for clause in clauses:
                waiting = self._handler(clause, waiting, begin, wanted, ways)
            ways.raised |= waiting
        return self._finally(final, ways, handling) if final is not None else ways

    def _handler(
        self, clause: Node, waiting: set[tuple[State, str]], begin: set[State], wanted: bool, ways: Ways
    ) -> set[tuple[State, str]]:
        """Enter a handler with what it catches; the rest goes on to the next one."""
        caught = self.exceptions.clause(clause)
        told = [one for one in caught if "." not in one]
        untold = [one for one in caught if "." in one]
        rest: set[tuple[State, str]] = set()
        entering: dict[str, set[State]] = {ANY: set(begin)}
        for state, raised in waiting:
            sure = self.exceptions.catches(told, raised) or raised in untold
            if not sure:
                rest.add((state, raised))
            if sure or (untold and state.hurt >= 0 and raised != EXIT):
                if state.hurt >= 0:
                    if wanted:
                        continue
                    if not sure:
                        self.through[clause.id] = untold
                    state = state._replace(by=clause.id)
                entering.setdefault(raised, set()).add(state)
        self.nodes[clause.id] = clause
        block = next((one for one in clause.named_children if one.type == "block"), None)
        alias = self._alias(clause)
        for raised, states in entering.items():
            if alias:
                states = {state.put(alias, EXCEPTION + raised) for state in states}
            step = self._block(block, _narrow(states), raised)
            if alias:
                step.normal = {state.put(alias, None) for state in step.normal}
            ways.add(step)
        return rest

    def _alias(self, clause: Node) -> str | None:
        for value in clause.children_by_field_name("value"):
            alias = field(value, "alias") if value.type == "as_pattern" else None
            if alias is not None:
                return self.tree.text(alias)
        return None

    def _finally(self, clause: Node, ways: Ways, handling: str | None) -> Ways:
        block = next((one for one in clause.named_children if one.type == "block"), None)
        self.nodes[clause.id] = clause
        found = self._block(block, ways.normal, handling)
        done: dict[State, Ways] = {}

        def through(state: State) -> Ways:
            if state not in done:
                done[state] = self._block(block, {state}, handling)
                found.add(done[state], False)
            return done[state]

        for state, ending in ways.returned:
            found.returned |= {(after, ending) for after in through(state).normal}
        for state in ways.broke:
            found.broke |= through(state).normal
        for state in ways.continued:
            found.continued |= through(state).normal
        for state, raised in ways.raised:
            stopped = state._replace(by=clause.id) if state.hurt >= 0 else state
            step = through(stopped)
            found.raised |= {(after._replace(by=state.by), raised) for after in step.normal}
        return found

    def _with(self, node: Node, states: set[State], handling: str | None) -> Ways:
        items = [one for clause in named(node) if clause.type == "with_clause" for one in named(clause)]
        before = Ways.empty()
        for item in items:
            step = self._inject(item, states)
            before.raised |= step.raised
            value = field(item, "value")
            if value is not None and value.type == "as_pattern":
                alias = field(value, "alias")
                name = self.tree.text(alias) if alias is not None else ""
                states = {state.put(name, None) for state in states}
        if any(self._expects(value) for item in items if (value := field(item, "value")) is not None):
            states = {state._replace(hurt=-1, by=0) for state in states}
        ways = self._block(field(node, "body"), states, handling)
        for item in reversed(items):
            value = field(item, "value")
            if value is None:
                continue
            whole = value.named_child(0) if value.type == "as_pattern" else value
            if whole is None:
                continue
            caught = self.contexts(whole)
            if not caught:
                continue
            self.nodes[item.id] = item
            expecting = self._expects(whole)
            for state, raised in list(ways.raised):
                if raised != EXIT and self.exceptions.catches(
                    [one for one in caught if "." not in one], raised
                ):
                    ways.raised.discard((state, raised))
                    if state.hurt < 0:
                        ways.normal.add(state)
                    elif not expecting:
                        ways.normal.add(state._replace(by=item.id))
            ways.normal |= {state for state in states if state.hurt < 0}
        ways.raised |= before.raised
        return ways

    def _expects(self, context: Node) -> bool:
        """Whether a `with` item asserts that its block fails."""
        if context.type == "as_pattern":
            context = context.named_child(0) or context
        function = field(context, "function") if context.type == "call" else None
        return function is not None and self.tree.text(function).rsplit(".", 1)[-1] in EXPECTING

    def _match(self, node: Node, states: set[State], handling: str | None) -> Ways:
        ways = Ways.empty()
        subject = field(node, "subject")
        if subject is not None:
            step = self._inject(subject, states)
            ways.raised |= step.raised
        body = field(node, "body")
        whole = False
        for case in named(body) if body is not None else ():
            if case.type != "case_clause":
                continue
            pattern = next((one for one in named(case) if one.type == "case_pattern"), None)
            text = self.tree.text(pattern) if pattern is not None else ""
            whole = whole or (text == "_" and field(case, "guard") is None)
            ways.add(self._block(field(case, "consequence"), states, handling))
        if not whole:
            ways.normal |= states
        return ways


def _going(states: set[State]) -> Ways:
    ways = Ways.empty()
    ways.normal = set(states)
    return ways


def _narrow(states: set[State]) -> set[State]:
    """At most so many states: beyond that, what names hold is forgotten."""
    if len(states) <= MOST_STATES:
        return states
    return {state._replace(env=frozenset()) for state in states}
