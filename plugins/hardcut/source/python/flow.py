"""Where a failure goes: one function's (or module's) paths from a place that fails to its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hardcut.source.python.elements import is_filled
from hardcut.source.python.exceptions import ANY, EXIT, FAILED
from hardcut.source.python.managers import expects, stacked
from hardcut.source.python.patterns import bind, fits
from hardcut.source.python.steps import Steps
from hardcut.source.python.tracked import tracked
from hardcut.source.python.tree import COMPREHENSIONS, field, named
from hardcut.source.python.values import EXCEPTION, SOME, State
from hardcut.source.python.ways import Caught, Ways, going, is_safe, narrow

if TYPE_CHECKING:
    from tree_sitter import Node

ROUNDS = 40
"""How often a loop is gone through until no new state comes out of it."""
OTHER = -1
"""Caught by a handler, which one does not matter: another failure than those that are followed."""
MANY = 50
"""From so many places that may fail on, only names are followed on which something depends."""
ASSERTED = frozenset({FAILED, "AssertionError"})


class Flow(Steps):
    """Follows the failures of some touches through one block."""

    def run(self, body: Node) -> tuple[set[Caught], dict[int, set[str]], Ways]:
        """The failures that are caught for good, and for each touch what escapes."""
        if len(self.given) > MANY:
            self.tracked = tracked(body, self.tree)
        ways = self._block(body, {State(frozenset())}, None)
        caught: set[Caught] = set()
        escapes: dict[int, set[str]] = {}
        wanted = self._is_asserted(ways)
        for state in ways.normal:
            if state.hurt >= 0 and not wanted:
                caught.add(Caught(state.hurt, state.by, "goes on"))
        for state, ending in ways.returned:
            if state.hurt >= 0:
                caught.add(Caught(state.hurt, state.by, ending))
        for state, raised in ways.raised:
            if state.hurt >= 0:
                escapes.setdefault(state.hurt, set()).add(raised)
        return caught, escapes, ways

    def surely(self, caught: set[Caught]) -> bool:
        """Whether one of some failures is caught whatever other files say."""
        return any(one.by in self.sure or one.by not in self.through for one in caught)

    def depends(self, caught: set[Caught]) -> list[str]:
        """The managers of other files on which it depends whether a failure is caught."""
        found = (path for one in caught for path in self.through.get(one.by, ()))
        return sorted(dict.fromkeys(found))

    def _is_asserted(self, ways: Ways) -> bool:
        """Whether code in which nothing failed ends in an assertion that something did."""
        left = [*ways.normal, *(state for state, _ in ways.returned)]
        ends = {raised for state, raised in ways.raised if state.hurt < 0 and not state.by}
        return bool(ends) and ends <= ASSERTED and all(state.hurt >= 0 or state.by for state in left)

    def _block(
        self,
        block: Node | None,
        states: set[State],
        handling: str | None,
        before: set[State] | None = None,
    ) -> Ways:
        """The ways through a block; `before` takes up the states in which something in it may fail."""
        ways = Ways.empty()
        current = states
        for node in named(block) if block is not None else ():
            if not current:
                break
            if before is not None and not is_safe(node):
                before |= current
            step = self._statement(node, narrow(current), handling)
            ways.add(step, False)
            current = step.normal
        ways.normal = current
        return ways

    def _statement(self, node: Node, states: set[State], handling: str | None) -> Ways:
        size = len(next(iter(states)).env) if states else 0
        if not self.tree.spend(1 + len(states) * (10 + size) // 25):
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
            return going(states)
        if kind == "function_definition":
            return going(states)
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
                    states = {self._put(state, name, SOME) for state in states}
            ways.normal = states
        return ways

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
            if not is_filled(iterable, self.tree):
                left |= states
            if iterable.type in COMPREHENSIONS:
                states = {after for state in states for _, after in self.values.of(iterable, state)}
            name = self.values.key(field(node, "left") or iterable)
            states = {self._put(state, name, None) for state in states} if name else states
        seen: set[State] = set()
        for turn in range(ROUNDS + 1):
            fresh = states - seen
            if not fresh:
                break
            if turn == ROUNDS:
                self.tree.give_up(iterable or condition or node, f"a loop was followed {ROUNDS} times only")
                break
            seen |= fresh
            if condition is not None:
                fresh, no = self._test(condition, fresh, ways)
                left |= no
            step = self._block(body, narrow(fresh), handling)
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

    def _try(self, node: Node, states: set[State], handling: str | None) -> Ways:
        before: set[State] = set()
        body = self._block(field(node, "body"), states, handling, before)
        clauses = [one for one in named(node) if one.type in ("except_clause", "except_group_clause")]
        otherwise = next((one for one in named(node) if one.type == "else_clause"), None)
        final = next((one for one in named(node) if one.type == "finally_clause"), None)
        ways = Ways.empty()
        ways.add(body)
        if clauses:
            ways.raised = set()
        if otherwise is not None:
            ways.normal = set()
            ways.add(self._block(field(otherwise, "body"), body.normal, handling))
        if clauses:
            wanted = self._is_wanted(ways, body)
            begin = {state for state in before if state.hurt < 0}
            waiting = set(body.raised)
            for clause in clauses:
                waiting = self._handler(clause, waiting, begin, wanted, ways)
            ways.raised |= waiting
        return self._finally(final, ways, handling) if final is not None else ways

    def _is_wanted(self, ways: Ways, body: Ways) -> bool:
        """Whether success ends in an assertion that there was a failure."""
        left = [*ways.normal, *ways.broke, *ways.continued, *(state for state, _ in ways.returned)]
        ends = {raised for state, raised in (*ways.raised, *body.raised) if state.hurt < 0}
        return bool(ends) and ends <= ASSERTED and all(state.hurt >= 0 for state in left)

    def _handler(
        self, clause: Node, waiting: set[tuple[State, str]], begin: set[State], wanted: bool, ways: Ways
    ) -> set[tuple[State, str]]:
        """Enter a handler with what it catches; the rest goes on to the next one."""
        caught = self.exceptions.clause(clause)
        told = [one for one in caught if "." not in one]
        untold = [one for one in caught if "." in one]
        rest: set[tuple[State, str]] = set()
        entering: dict[str, set[State]] = {ANY: {state._replace(by=OTHER) for state in begin}}
        for state, raised in waiting:
            sure = self.exceptions.catches(told, raised) or not self.exceptions.kinds(raised).isdisjoint(
                untold
            )
            if not sure:
                rest.add((state, raised))
            if sure or (untold and state.hurt >= 0 and raised != EXIT):
                if state.hurt >= 0:
                    if wanted:
                        continue
                    self._enter(clause, raised, [] if sure else untold)
                    state = state._replace(by=clause.id)
                entering.setdefault(raised, set()).add(state)
        self.nodes[clause.id] = clause
        block = next((one for one in clause.named_children if one.type == "block"), None)
        alias = self.exceptions.alias(clause)
        for raised, states in entering.items():
            if alias:
                states = {self._put(state, alias, EXCEPTION + raised) for state in states}
            step = self._block(block, narrow(states), raised)
            if alias:
                step.normal = {self._put(state, alias, None) for state in step.normal}
            ways.add(step)
        return rest

    def _enter(self, catcher: Node, raised: str, through: list[str]) -> None:
        """Note what enters a catcher; where only other files tell whether it does, through which names."""
        if not through:
            self.sure.add(catcher.id)
        elif catcher.id not in self.through:
            self.through[catcher.id] = through
        self.entered.setdefault(catcher.id, set()).add(raised)

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
                states = {self._put(state, name, None) for state in states}
        if any(expects(value, self.tree) for item in items if (value := field(item, "value")) is not None):
            states = {state._replace(hurt=-1, by=0) for state in states}
        ways = self._block(field(node, "body"), states, handling)
        for item in reversed(items):
            value = field(item, "value")
            whole = value.named_child(0) if value is not None and value.type == "as_pattern" else value
            if value is None or whole is None:
                continue
            alias = field(value, "alias") if value.type == "as_pattern" else None
            for entered in stacked(self.tree.text(alias) if alias is not None else "", node, self.tree):
                self._leave(entered, entered, states, ways)
            self._leave(item, whole, states, ways)
        ways.raised |= before.raised
        return ways

    def _leave(self, catcher: Node, whole: Node, states: set[State], ways: Ways) -> None:
        """What a context manager makes of the ways through its block, or what is left of it."""
        self.nodes[catcher.id] = catcher
        expecting = expects(whole, self.tree)
        going_on: set[tuple[State, str]] = set()
        for state, raised in ways.raised:
            if (
                0 <= state.hurt < len(self.given)
                and self.given[state.hurt].node.end_byte < catcher.start_byte
            ):
                going_on.add((state, raised))
                continue
            left = self.contexts(whole, raised)
            going_on |= {(state, kind) for kind in left.on}
            if left.ends and state.hurt < 0:
                ways.normal.add(state)
            elif (left.ends and not expecting) or (left.through and state.hurt >= 0):
                self._enter(catcher, raised, list(left.through))
                ways.normal.add(state._replace(by=catcher.id))
        ways.raised = going_on
        if self.contexts(whole, ANY).ends:
            ways.normal |= {state for state in states if state.hurt < 0}

    def _match(self, node: Node, states: set[State], handling: str | None) -> Ways:
        ways = Ways.empty()
        subject = field(node, "subject")
        if subject is not None:
            step = self._inject(subject, states)
            ways.raised |= step.raised
            states = step.normal
        body = field(node, "body")
        left = {one for state in states for one in self.values.of(subject, state)} if subject else set()
        for case in named(body) if body is not None else ():
            if case.type != "case_clause":
                continue
            pattern = next((one for one in named(case) if one.type == "case_pattern"), None)
            guarded = field(case, "guard") is not None
            taken: set[State] = set()
            for value, state in list(left):
                says = fits(pattern, value, self.exceptions) if pattern is not None else None
                if says is not False:
                    taken.add(bind(pattern, value, state, self.tree) if pattern is not None else state)
                if says and not guarded:
                    left.discard((value, state))
            ways.add(self._block(field(case, "consequence"), narrow(taken), handling))
        ways.normal |= {state for _, state in left}
        return ways
