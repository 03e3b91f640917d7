"""One function as facts: its calls, works and answers, and how control goes among them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from hardcut.flow.cfg import Block, ControlFlowGraph, Edge, EdgeKind, Step, StepKind, build
from hardcut.flow.summary import (
    INNER_ANSWER,
    NO_ANSWER,
    EdgeRole,
    FunctionSummary,
    SummaryBlock,
    SummaryEdge,
)
from hardcut.source.bodies import Answer, Work
from hardcut.source.facts import Span
from hardcut.source.python.given import Given, parameters_of
from hardcut.source.python.operations import Operations
from hardcut.syntax import nodes

Inner: TypeAlias = "nodes.FunctionDef | nodes.Lambda"

ROLES = {
    EdgeKind.CAUGHT: EdgeRole.CAUGHT,
    EdgeKind.HANDLED: EdgeRole.HANDLED,
    EdgeKind.NOT_CAUGHT: EdgeRole.RAISING,
    EdgeKind.RERAISED: EdgeRole.RAISING,
    EdgeKind.SWALLOWED: EdgeRole.SWALLOWED,
}


class BodyFlow:
    """Reads one function, with the functions in it.

    `imports` are the file's imports: each path, and the byte offset at which its statement starts.
    """

    def __init__(self, operations: Operations, imports: Sequence[tuple[str, int]]) -> None:
        self.operations = operations
        self.imports = imports
        self.answers: list[Answer] = []
        self.gives: list[str] = []
        self.blocks: list[SummaryBlock] = []
        self.entries: list[int] = []

    def read(self, function: nodes.FunctionDef | nodes.Lambda) -> FunctionSummary:
        """The summary of a function; raises `GraphTooLargeError` if there is too much of it."""
        self.operations.note_roles(function)
        self._function(function, frozenset(), False)
        return FunctionSummary(self.blocks, self.entries)

    def _function(self, function: Inner, outer: frozenset[str], is_inner: bool) -> None:
        parameters = outer | parameters_of(function)
        self.entries.append(len(self.blocks))
        reader = _GraphReader(self, build(function), Given(parameters), is_inner)
        reader.read()
        for definition, holders in reader.inner.items():
            first = len(self.operations.calls)
            self._function(definition, parameters, True)
            # What a function in the function may do counts where it is defined.
            for holder in holders:
                self.blocks[holder].defines.extend(range(first, len(self.operations.calls)))


class _GraphReader:
    """Reads one graph. The head of a loop becomes two blocks: for the first round, and for those after it."""

    def __init__(self, flow: BodyFlow, graph: ControlFlowGraph, given: Given, is_inner: bool) -> None:
        self.flow = flow
        self.operations = flow.operations
        self.graph = graph
        self.given = given
        self.is_inner = is_inner
        self.inner: dict[Inner, list[int]] = {}
        self._answered: dict[tuple[nodes.Node, nodes.Node | None], int] = {}
        self.order = [block for block in graph.reachable() if block not in (graph.raised, graph.returned)]
        # Loops that run again without an exception.
        self.repeated = {edge.target for edge in self._ordinary() if self.graph.is_back(edge)}
        self.numbers: dict[tuple[Block, bool], int] = {}
        for block in self.order:
            for is_first in (True, False) if block in self.repeated else (False,):
                self.numbers[(block, is_first)] = len(flow.blocks) + len(self.numbers)

    def read(self) -> None:
        """Add the blocks of the graph."""
        for block, is_first in self.numbers:
            self.flow.blocks.append(self._block(block, is_first))
        again = {edge.target for block in self.order for edge in block.edges if self.graph.is_back(edge)}
        for head, loop in self.graph.loops.items():
            if isinstance(loop, nodes.While) and head in again:
                place = self.operations.place(loop).children[0]
                numbers = [number for (block, _), number in self.numbers.items() if block is head]
                self.operations.works.append(Work("loop", self.operations.tree.span(place), numbers))

    def _ordinary(self) -> list[Edge]:
        """The edges that control may take without an exception."""
        seen: set[Block] = set()
        waiting = [self.graph.entry]
        while waiting:
            block = waiting.pop()
            if block not in seen:
                seen.add(block)
                waiting += [edge.target for edge in block.edges]
        return [edge for block in seen for edge in block.edges]

    def _number(self, source: Block, target: Block) -> int:
        """The number of a block, as it is reached from another one; -1 for the way out."""
        if target is self.graph.raised or target is self.graph.returned:
            return -1
        is_first = target in self.repeated and source.index < target.index
        return self.numbers[(target, is_first)]

    def _block(self, block: Block, is_first: bool) -> SummaryBlock:
        number = self.numbers[(block, is_first)]
        calls: list[int] = []
        imports: list[str] = []
        answer, line, yields = NO_ANSWER, 0, False
        for step in block.steps:
            calls += self._step(step, number)
            yields = yields or any(isinstance(node, nodes.Yield) for node in step.operations())
            if step.kind is StepKind.IMPORT:
                start, end = step.node.start, step.node.end
                imports += [path for path, at in self.flow.imports if start <= at < end]
            elif step.kind is StepKind.RETURN:
                answer, line = self._answer(step.node, step.value), step.node.line
        edges: list[SummaryEdge] = []
        for edge in block.edges:
            if edge.kind is EdgeKind.END:
                answer = self._end()
            elif edge.target is not self.graph.raised and edge.target is not self.graph.returned:
                edges.append(self._edge(edge, is_first))
        can_raise = block.on_exception is not None and any(step.may_raise() for step in block.steps)
        raised = self._number(block, block.on_exception) if can_raise and block.on_exception else -1
        return SummaryBlock(calls, [], imports, edges, raised, answer, line, yields)

    def _step(self, step: Step, number: int) -> list[int]:
        """The calls of a step; functions that it defines are noted."""
        if step.kind is StepKind.AUGMENT or step.kind is StepKind.MATCH:
            return self.operations.does(step.node, number)
        if step.kind is StepKind.DEFINE and isinstance(step.node, nodes.FunctionDef):
            self.inner.setdefault(step.node, []).append(number)
        found: list[int] = []
        for node in step.operations():
            if isinstance(node, nodes.Lambda):
                self.inner.setdefault(node, []).append(number)
            found += self.operations.does(node, number)
        if step.kind in (StepKind.BIND, StepKind.DELETE) and isinstance(step.node, nodes.Subscript):
            found += self.operations.does(step.node, number)
        return found

    def _edge(self, edge: Edge, is_first: bool) -> SummaryEdge:
        target = self._number(edge.source, edge.target)
        line = edge.node.line if edge.node is not None else 0
        if edge.kind is EdgeKind.SWALLOWED and isinstance(edge.node, nodes.WithItem):
            paths = self.operations.paths(edge.node.context_expr)
            return SummaryEdge(target, EdgeRole.SWALLOWED, line, paths)
        if edge.kind in ROLES:
            return SummaryEdge(target, ROLES[edge.kind], line)
        if edge.kind is EdgeKind.EXHAUSTED and is_first:
            return SummaryEdge(target, EdgeRole.SKIPPED)
        if edge.join is not None and isinstance(edge.node, nodes.Expression):
            holds, holds_not = self.given.missing(edge.node)
            if holds if edge.kind is EdgeKind.TRUE else holds_not:
                join = self._number(edge.source, edge.join) if (edge.join, False) in self.numbers else -1
                return SummaryEdge(target, EdgeRole.MISSING, join=join)
        return SummaryEdge(target)

    def _answer(self, node: nodes.Node, value: nodes.Expression | None) -> int:
        """The number of the answer of a `return`; one that is in several copies of a `finally` is one."""
        if self.is_inner or (isinstance(value, nodes.Name) and value.id == "NotImplemented"):
            # After NotImplemented, Python asks the other operand.
            return INNER_ANSWER
        key = (node, value)
        if key not in self._answered:
            place = self.operations.place(node if value is None else value)
            span = self.operations.tree.span(place)
            if value is None or (isinstance(value, nodes.Constant) and value.value is None):
                found = Answer("none", span, [], True, True)
            else:
                is_false = isinstance(value, nodes.Constant) and not value.value
                self.flow.gives += self.operations.paths(value)
                found = Answer("value", span, self._held(value), self.given.is_empty(value), is_false)
            self.flow.answers.append(found)
            self._answered[key] = len(self.flow.answers) - 1
        return self._answered[key]

    def _end(self) -> int:
        """The number of the answer that is the end of the function."""
        body = self.graph.body
        if self.is_inner or not isinstance(body, nodes.FunctionDef):
            return INNER_ANSWER
        key = (body, None)
        if key not in self._answered:
            span = self.operations.tree.span(self.operations.place(body.body[-1] if body.body else body))
            end = Span(span.end_line, span.end_column, span.end_line, span.end_column)
            self.flow.answers.append(Answer("end", end, [], True, True))
            self._answered[key] = len(self.flow.answers) - 1
        return self._answered[key]

    def _held(self, value: nodes.Expression) -> list[str]:
        """The paths in an answer, at any depth, but for what it calls."""
        found: dict[str, None] = {}
        waiting: list[nodes.Node] = [value]
        while waiting and self.operations.tree.spend(5):
            node = waiting.pop()
            if isinstance(node, nodes.Expression):
                found.update(dict.fromkeys(self.operations.paths(node)))
            called = node.func if isinstance(node, nodes.Call) else None
            waiting += [part for part in node.children() if part is not called]
        return list(found)
