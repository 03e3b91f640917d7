"""A function's statements: on which ways it answers, and what was called before."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hardcut.source.bodies import Answer, Called, Work
from hardcut.source.facts import Span
from hardcut.source.python.expressions import MOST, NONE, Expressions, Ways, either, is_cut, spread, together
from hardcut.source.python.given import Given
from hardcut.source.python.names import Names
from hardcut.source.python.tree import field, named, unwrap

if TYPE_CHECKING:
    from tree_sitter import Node

DEPTH = 100
TELLERS = frozenset({"debug", "info", "warning", "warn", "error", "exception", "critical", "log"})
SUPPRESS = re.compile(r"\bsuppress$")


class WaysOut:
    """Follows one body; a way that was left is None."""

    def __init__(self, expressions: Expressions, names: Names) -> None:
        self.made = expressions
        self.tree = expressions.tree
        self.names = names
        self.given = Given(self.tree, names)
        self.answers: list[Answer] = []
        self.gives: list[str] = []
        self._nothing = 0
        self._jumps = 0

    def read(self, body: Node) -> None:
        """Follow a function's block, or a lambda's expression."""
        if body.type != "block":
            self._answer(body, NONE)
            return
        left = self._block(body, NONE, 0)
        if left is not None:
            last = named(body)[-1] if named(body) else body
            span = self.tree.span(last)
            self.answers.append(
                Answer(
                    "end",
                    Span(span.end_line, span.end_column, span.end_line, span.end_column),
                    self._spread(left, body),
                )
            )

    def _spread(self, ways: Ways, node: Node) -> list[list[int]]:
        if is_cut(ways):
            self.tree.give_up(node, f"more than {MOST} ways lead here")
        return spread(ways)

    def _block(self, block: Node | None, before: Ways, depth: int) -> Ways | None:
        state: Ways | None = before
        if block is not None and depth >= DEPTH:
            self.tree.give_up(block, f"statements were followed {DEPTH} levels deep only")
        for one in named(block) if block is not None and depth < DEPTH else ():
            after = self._statement(one, state if state is not None else before, depth + 1)
            state = after if state is not None else None
        return state

    def _statement(self, node: Node, before: Ways, depth: int) -> Ways | None:
        kind = node.type
        if kind == "expression_statement":
            return together(before, *(self._expression(one) for one in named(node)))
        if kind == "return_statement":
            self._answer(named(node)[0] if named(node) else node, before)
            return None
        if kind in ("raise_statement", "break_statement", "continue_statement"):
            self._jumps += kind != "raise_statement"
            return None
        if kind == "if_statement":
            return self._if(node, before, depth)
        if kind in ("for_statement", "while_statement"):
            return self._loop(node, before, depth)
        if kind == "try_statement":
            return self._try(node, before, depth)
        if kind == "with_statement":
            return self._with(node, before, depth)
        if kind == "match_statement":
            return self._match(node, before, depth)
        if kind in ("function_definition", "class_definition", "decorated_definition"):
            return together(before, self._nested(node, depth))
        if kind == "assert_statement":
            return together(before, self.made.walk(named(node)[0] if named(node) else None, "test"))
        if kind in ("import_statement", "import_from_statement", "global_statement", "nonlocal_statement"):
            return before
        return together(before, *(self.made.walk(one) for one in named(node)))

    def _expression(self, node: Node, depth: int = 0) -> Ways:
        node = unwrap(node)
        if node.type == "assignment":
            right, left = field(node, "right"), field(node, "left")
            chained = right is not None and right.type == "assignment"
            deep = chained and right is not None and depth < DEPTH
            found = (
                self._expression(right, depth + 1) if deep and right is not None else self.made.walk(right)
            )
            return together(
                found, self.made.walk(left if left is not None and left.type == "subscript" else None)
            )
        if node.type == "augmented_assignment":
            left, right, sign = field(node, "left"), field(node, "right"), field(node, "operator")
            if left is not None and right is not None and sign is not None:
                self.made.operate(self.tree.text(sign), left, right, node)
            return self.made.walk(right)
        role_of = unwrap(named(node)[0]) if node.type == "await" and named(node) else node
        return self.made.walk(role_of, "alone")

    def _nested(self, node: Node, depth: int) -> Ways:
        """What an inner function or class may do counts where it is defined; its answers are its own."""
        kept, given = self.answers, self.gives
        self.answers, self.gives = [], []
        first = len(self.made.calls)
        for one in named(node):
            if one.type == "block":
                self._block(one, NONE, depth)
            elif one.type in ("function_definition", "class_definition"):
                self._nested(one, depth + 1)
            elif one.type == "decorator":
                self.made.walk(named(one)[0] if named(one) else None)
        self.answers, self.gives = kept, given
        return frozenset((frozenset(range(first, len(self.made.calls))),))

    def _answer(self, node: Node, before: Ways, depth: int = 0) -> None:
        node = unwrap(node)
        if node.type == "return_statement" or node.type == "none":
            self.answers.append(
                Answer("none", self.tree.span(node), self._spread(before, node), [], self._nothing > 0)
            )
            return
        if node.type == "conditional_expression" and len(named(node)) == 3 and depth < DEPTH:
            then, test, otherwise = named(node)
            before = together(before, self.made.walk(test, "test"))
            positive, negative = self.given.missing(test)
            self._under(then, before, positive, depth)
            self._under(otherwise, before, negative, depth)
            return
        if self.tree.text(node) == "NotImplemented":
            return
        before = together(before, self.made.walk(node))
        nothing = self._nothing > 0 and self.given.is_empty(node)
        self.gives += self.made.handles.of(node)
        self.answers.append(
            Answer("value", self.tree.span(node), self._spread(before, node), self._held(node), nothing)
        )

    def _held(self, node: Node) -> list[str]:
        """The paths in an answer, at any depth, but for what it calls."""
        found: list[str] = []
        waiting = [node]
        while waiting and self.tree.spend(5):
            one = waiting.pop()
            found += self.made.handles.of(one)
            called = field(one, "function") if one.type == "call" else None
            waiting += [part for part in named(one) if called is None or part != called]
        return list(dict.fromkeys(found))

    def _under(self, node: Node, before: Ways, nothing: bool, depth: int) -> None:
        self._nothing += nothing
        self._answer(node, before, depth + 1)
        self._nothing -= nothing

    def _if(self, node: Node, before: Ways, depth: int) -> Ways | None:
        """Each branch; one that is taken only when nothing was given does not count for what comes after."""
        left: list[Ways] = []
        open_ends: list[Ways] = []
        held_off = False
        chain = [node, *(one for one in named(node) if one.type in ("elif_clause", "else_clause"))]
        for one in chain:
            if one.type == "else_clause":
                self._branch(field(one, "body"), before, held_off, depth, left, open_ends)
                break
            test = field(one, "condition")
            before = together(before, self.made.walk(test, "test"))
            positive, negative = self.given.missing(test) if test is not None else (False, False)
            self._branch(field(one, "consequence"), before, positive, depth, left, open_ends)
            held_off |= negative
        else:
            (open_ends if held_off else left).append(before)
        ends = left or open_ends
        return either(*ends) if ends else None

    def _branch(
        self,
        block: Node | None,
        before: Ways,
        nothing: bool,
        depth: int,
        left: list[Ways],
        open_ends: list[Ways],
    ) -> None:
        first, count = len(self.made.calls), len(self.answers)
        self._nothing += nothing
        after = self._block(block, before, depth)
        self._nothing -= nothing
        if nothing and not all(self._tells(one) for one in self.made.calls[first:]):
            nothing = False
            self.answers[count:] = [
                Answer(one.kind, one.span, one.before, one.holds) for one in self.answers[count:]
            ]
        if after is not None:
            (open_ends if nothing else left).append(after)

    def _tells(self, call: Called) -> bool:
        """Whether a call writes to a log, and so is no work."""
        return any(one.rsplit(".", 1)[-1] in TELLERS for one in call.paths)

    def _loop(self, node: Node, before: Ways, depth: int) -> Ways:
        if node.type == "while_statement":
            test = field(node, "condition")
            self.made.works.append(Work("loop", self.tree.span(node.children[0])))
            before = together(before, self.made.walk(test, "test"))
        else:
            before = together(before, self.made.walk(field(node, "right")))
        after = self._block(field(node, "body"), before, depth)
        alternative = field(node, "alternative")
        found = after if after is not None else before
        if alternative is not None:
            self._block(field(alternative, "body"), found, depth)
        return found

    def _try(self, node: Node, before: Ways, depth: int) -> Ways | None:
        first = len(self.made.calls)
        body = field(node, "body")
        after = self._block(body, before, depth)
        tried = self._tried(first, body)
        for one in named(node):
            if one.type == "else_clause" and after is not None:
                after = self._block(field(one, "body"), after, depth)
            elif one.type == "except_clause":
                self._handler(one, before, tried, depth)
            elif one.type == "finally_clause":
                block = next((part for part in named(one) if part.type == "block"), None)
                done = self._block(block, before, depth)
                after = together(after, done) if after is not None and done is not None else None
        return after

    def _tried(self, first: int, body: Node | None) -> list[str]:
        """The paths that a block calls or imports."""
        found = [path for call in self.made.calls[first:] for path in (*call.paths, *call.given)]
        if body is not None:
            for entry, statement in self.names.imports:
                if body.start_byte <= statement.start_byte < body.end_byte:
                    found.append(entry.path)
        return list(dict.fromkeys(found))

    def _handler(self, clause: Node, before: Ways, tried: list[str], depth: int) -> None:
        """A handler that may be left without an exception is a fallback for what was tried."""
        count, first, jumps = len(self.answers), len(self.made.works), self._jumps
        block = next((part for part in named(clause) if part.type == "block"), None)
        after = self._block(block, before, depth)
        answered = self.answers[count:]
        self.answers[count:] = []
        if after is None and not answered and jumps == self._jumps:
            del self.made.works[first:]
            return
        last = named(block)[-1] if block is not None and named(block) else None
        call = named(last)[0] if last is not None and last.type == "expression_statement" else None
        function = field(call, "function") if call is not None and call.type == "call" else None
        ends = self.made.handles.of(function) if function is not None and not answered else []
        self.made.works.append(Work("fallback", self.tree.span(clause.children[0]), tried, "", ends))

    def _with(self, node: Node, before: Ways, depth: int) -> Ways | None:
        suppressed: Node | None = None
        for clause in named(node):
            for item in named(clause) if clause.type == "with_clause" else ():
                value = field(item, "value")
                if value is not None and value.type == "as_pattern":
                    value = value.named_child(0)
                before = together(before, self.made.walk(value))
                function = field(value, "function") if value is not None and value.type == "call" else None
                if function is not None and SUPPRESS.search(self.tree.text(function)):
                    suppressed = function
        first = len(self.made.calls)
        body = field(node, "body")
        after = self._block(body, before, depth)
        if suppressed is not None:
            self.made.works.append(Work("fallback", self.tree.span(suppressed), self._tried(first, body)))
        return after

    def _match(self, node: Node, before: Ways, depth: int) -> Ways | None:
        for subject in node.children_by_field_name("subject"):
            before = together(before, self.made.walk(subject, "test"))
        ends: list[Ways] = []
        whole = False
        body = field(node, "body")
        for case in named(body) if body is not None else ():
            patterns = [one for one in named(case) if one.type == "case_pattern"]
            guard = field(case, "guard")
            if any(_is_value(one) for one in patterns):
                self.made.works.append(Work("comparison", self.tree.span(patterns[0])))
            self.made.walk(named(guard)[0] if guard is not None and named(guard) else None, "test")
            whole |= guard is None and any(_is_open(one) for one in patterns)
            after = self._block(field(case, "consequence"), before, depth)
            if after is not None:
                ends.append(after)
        if not whole:
            ends.append(before)
        return either(*ends) if ends else None


def _is_value(pattern: Node, depth: int = 0) -> bool:
    """Whether a pattern compares with a value: a literal, or a dotted name."""
    for one in named(pattern):
        if one.type in ("string", "integer", "float", "concatenated_string"):
            return True
        if one.type == "dotted_name" and one.named_child_count > 1:
            return True
        if (
            one.type in ("union_pattern", "as_pattern", "case_pattern")
            and depth < 20
            and _is_value(one, depth + 1)
        ):
            return True
    return False


def _is_open(pattern: Node) -> bool:
    """Whether a pattern takes anything."""
    inner = named(pattern)
    return not inner or (inner[0].type == "dotted_name" and inner[0].named_child_count == 1)
