"""The solver: what an analysis says of a program holds in every run of it, and the solver ends."""

from __future__ import annotations

import warnings

import pytest
from flow_programs import Paths, Writer, graph_of, runs

from hardcut.flow import solver
from hardcut.flow.cfg import ControlFlowGraph, Edge, EdgeKind, Step, StepKind
from hardcut.flow.lattice import Environment
from hardcut.flow.solver import DivergedError, solve
from hardcut.semantic.values import ANYTHING, UNKNOWN, Pattern, String, Value, constant, value_of
from hardcut.syntax import nodes

Numbers = frozenset[int]


class Surely:
    """The recorded calls that were made on every way to a place."""

    def __init__(self, graph: ControlFlowGraph) -> None:
        self.calls = Paths(graph).calls

    def start(self) -> Numbers:
        return frozenset()

    def join(self, first: Numbers, second: Numbers) -> Numbers:
        return first & second

    def widen(self, before: Numbers, after: Numbers) -> Numbers:
        return after

    def step(self, step: Step, state: Numbers) -> Numbers | None:
        if step.kind is StepKind.RAISE:
            return None
        return state | {number for _, number in self.calls[step]}

    def raised(self, step: Step, state: Numbers) -> Numbers | None:
        return state

    def edge(self, edge: Edge, state: Numbers) -> Numbers | None:
        return state


class Perhaps(Surely):
    """The recorded calls that were made on some way to a place."""

    def join(self, first: Numbers, second: Numbers) -> Numbers:
        return first | second

    def raised(self, step: Step, state: Numbers) -> Numbers | None:
        return state | {number for _, number in self.calls[step]}


@pytest.mark.parametrize("first", range(0, 200, 50))
def test_a_solution_holds_in_every_run(first: int) -> None:
    runs_compared = 0
    for seed in range(first, first + 50):
        source = Writer(seed).program()
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                compile(source, "program", "exec", dont_inherit=True)
        except SyntaxError:
            continue
        graph = graph_of(source)
        surely, perhaps = solve(graph, Surely(graph)), solve(graph, Perhaps(graph))
        for _, run in runs(seed, 5):
            if run.ending == "stopped":
                continue
            made = {number for _, number, _ in run.events}
            if run.ending == "returned":
                least, most = surely.returned(), perhaps.returned()
            else:
                least, most = surely.raised(), perhaps.raised()
            assert least is not None and most is not None, source
            assert least <= made <= most, source
            runs_compared += 1
    assert runs_compared > 50


class Constants:
    """What names are bound to, of constants, names and sums of strings."""

    def start(self) -> Environment:
        return Environment({})

    def join(self, first: Environment, second: Environment) -> Environment:
        return first.join(second)

    def widen(self, before: Environment, after: Environment) -> Environment:
        return before.widen(after)

    def step(self, step: Step, state: Environment) -> Environment | None:
        if step.kind is StepKind.BIND and isinstance(step.node, nodes.Name) and step.value is not None:
            return state.bind(step.node.id, self.value(step.value, state))
        return None if step.kind is StepKind.RAISE else state

    def value(self, node: nodes.Expression, state: Environment) -> Value:
        if isinstance(node, nodes.Constant):
            return constant(node.value)
        if isinstance(node, nodes.Name):
            return state.get(node.id)
        return UNKNOWN

    def raised(self, step: Step, state: Environment) -> Environment | None:
        return state

    def edge(self, edge: Edge, state: Environment) -> Environment | None:
        if edge.kind in (EdgeKind.TRUE, EdgeKind.FALSE) and isinstance(edge.node, nodes.Name):
            value = state.get(edge.node.id).when(edge.kind is EdgeKind.TRUE)
            return (
                state.bind(edge.node.id, value) if value != value.when(edge.kind is EdgeKind.FALSE) else None
            )
        return state


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        ("x = 1", constant(1)),
        ("x = 1\nif a(): x = 2", constant(1).join(constant(2))),
        ("x = 0\nif x: x = 2", constant(0)),
        ("x = 1\nif not x: x = 2", constant(1)),
        ("x = None\ntry:\n  x = a()\n  x = 3\nexcept E: pass\nif x: return\nx = x", None),
        ("x = 1\ntry:\n  a()\n  x = 2\nfinally:\n  y = x\nx = y", constant(2)),
        ("x = 'a'\nfor y in z: x = x", constant("a")),
        ("x = 1\nwhile True:\n  if x: break\n  x = 2", constant(1)),
        ("if a():\n  raise E\nelse:\n  x = 'b'", constant("b")),
    ],
)
def test_constants_follow_control(body: str, wanted: Value | None) -> None:
    graph = graph_of("def run():\n" + "".join(f"  {line}\n" for line in body.splitlines()))
    ended = solve(graph, Constants()).returned()
    assert ended is not None
    if wanted is not None:
        assert ended.get("x") == wanted


class Growing(Constants):
    """Binds a longer string in every round."""

    def value(self, node: nodes.Expression, state: Environment) -> Value:
        if isinstance(node, nodes.BinOp):
            texts = [atom.text for atom in state.get("x").atoms() if isinstance(atom, String)]
            return value_of(*(String(f"{text}b") for text in texts))
        return super().value(node, state)


class Joining(Growing):
    def widen(self, before: Environment, after: Environment) -> Environment:
        return after


LOOP = "def run():\n  x = 'a'\n  while c():\n    x = x + 'b'\n"


def test_a_loop_is_widened() -> None:
    ended = solve(graph_of(LOOP), Growing()).returned()
    assert ended is not None and ended.get("x") == ANYTHING


def test_a_lattice_of_finite_height_ends_without_widening() -> None:
    ended = solve(graph_of(LOOP), Joining()).returned()
    assert ended is not None and ended.get("x") == value_of(Pattern("a", "", True))


class Endless(Surely):
    """Its lattice has no end."""

    def join(self, first: Numbers, second: Numbers) -> Numbers:
        return first | second

    def step(self, step: Step, state: Numbers) -> Numbers | None:
        return state | {len(state)}


def test_an_analysis_without_an_end_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(solver, "MOST_VISITS", 50)
    graph = graph_of(LOOP)
    with pytest.raises(DivergedError, match="after 50 visits"):
        solve(graph, Endless(graph))


def test_what_is_not_reached_has_no_state() -> None:
    graph = graph_of("def run():\n  while True:\n    a()\n  b()\n")
    solution = solve(graph, Constants())
    assert solution.returned() is None
    assert solution.raised() is not None
