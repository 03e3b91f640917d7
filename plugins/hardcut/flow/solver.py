"""Runs an analysis over a control-flow graph until nothing changes."""

from __future__ import annotations

from heapq import heappop, heappush
from typing import Final, Generic, Protocol, TypeVar, final

from hardcut.flow.cfg import Block, ControlFlowGraph, Edge, Step

WIDEN_AFTER: Final = 4
"""Visits of the head of a loop after which its state is widened."""
MOST_VISITS: Final = 10_000
"""Visits of one block, as a guard against a wrong analysis. With widening, a block is visited a few times
more than there are names that change in a loop.
"""

State = TypeVar("State")


class Analysis(Protocol[State]):
    """A forward analysis: a lattice of states, and what steps and edges do to a state.

    `step`, `raised` and `edge` give None if control does not go on there. A state that comes to a block is
    joined to those that came before, so an analysis ends if its lattice is of finite height or its widening
    makes it so. It finds the least solution if the three are monotone.
    """

    def start(self) -> State:
        """The state in which the code is entered."""

    def join(self, first: State, second: State) -> State:
        """The smallest state that holds two others."""

    def widen(self, before: State, after: State) -> State:
        """A state that holds two others, such that no chain of widenings is endless.

        The join itself, if the lattice is of finite height.
        """

    def step(self, step: Step, state: State) -> State | None:
        """The state after a step that ends normally; None if it never does."""

    def raised(self, step: Step, state: State) -> State | None:
        """The state in which an exception leaves a step, from the state before it; None if none does."""

    def edge(self, edge: Edge, state: State) -> State | None:
        """The state behind an edge; None if control does not take it."""


class DivergedError(RuntimeError):
    """An analysis does not come to an end: its lattice is endless, or its widening does not widen."""


@final
class Solution(Generic[State]):
    """The state before each block that is reached."""

    def __init__(self, graph: ControlFlowGraph, before: dict[Block, State]) -> None:
        self.graph = graph
        self.before = before

    def returned(self) -> State | None:
        """The state in which the code ends without an exception; None if it never does."""
        return self.before.get(self.graph.returned)

    def raised(self) -> State | None:
        """The state in which an exception leaves the code; None if none does."""
        return self.before.get(self.graph.raised)


def solve(graph: ControlFlowGraph, analysis: Analysis[State]) -> Solution[State]:
    """The least states that an analysis has for a graph."""
    return _Solver(graph, analysis).solve()


@final
class _Solver(Generic[State]):
    """A worklist, in reverse postorder: a block is visited after those that lead to it, but for loops."""

    def __init__(self, graph: ControlFlowGraph, analysis: Analysis[State]) -> None:
        self.graph = graph
        self.analysis = analysis
        order = graph.reachable()
        self.order = order
        self.rank = {block: number for number, block in enumerate(order)}
        self.before: dict[Block, State] = {}
        self.visits = [0] * len(order)
        self.heads = {
            successor
            for block in order
            for successor in block.successors()
            if self.rank[successor] <= self.rank[block]
        }
        self.waiting: list[int] = []
        self.is_waiting = [False] * len(order)

    def solve(self) -> Solution[State]:
        self._reach(self.graph.entry, self.analysis.start())
        while self.waiting:
            number = heappop(self.waiting)
            self.is_waiting[number] = False
            self.visits[number] += 1
            if self.visits[number] > MOST_VISITS:
                raise DivergedError(f"block {self.order[number].index} after {MOST_VISITS} visits")
            self._visit(self.order[number])
        return Solution(self.graph, self.before)

    def _visit(self, block: Block) -> None:
        analysis = self.analysis
        state: State | None = self.before[block]
        for step in block.steps:
            assert state is not None
            if block.on_exception is not None and step.may_raise():
                raised = analysis.raised(step, state)
                if raised is not None:
                    self._reach(block.on_exception, raised)
            state = analysis.step(step, state)
            if state is None:
                return
        for edge in block.edges:
            assert state is not None
            behind = analysis.edge(edge, state)
            if behind is not None:
                self._reach(edge.target, behind)

    def _reach(self, block: Block, state: State) -> None:
        """Control may come to a block in a state."""
        number = self.rank[block]
        before = self.before.get(block)
        if before is not None:
            joined = self.analysis.join(before, state)
            if block in self.heads and self.visits[number] >= WIDEN_AFTER:
                joined = self.analysis.widen(before, joined)
            if joined == before:
                return
            state = joined
        self.before[block] = state
        if not self.is_waiting[number]:
            self.is_waiting[number] = True
            heappush(self.waiting, number)
