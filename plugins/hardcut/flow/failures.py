"""Where failures end: every path from a place that may fail to the end of a function or module.

A failure is a number: that of a place which may fail, or of a probe that answers "not there". The state of
the analysis is a set of ways, each with what names hold on it. A way says which failure has happened (or
none), what caught it, and the type of an exception that is on its way; ways that agree in this are joined. So
the number of ways does not grow with the number of branches, and a condition on a name that a handler has
set still decides.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Final, NamedTuple, TypeAlias, final

from hardcut.flow.cfg import Block, ControlFlowGraph, Edge, EdgeKind, Step, StepKind
from hardcut.flow.conditions import (
    ANYTHING,
    COMPREHENSIONS,
    CONSUMERS,
    ELSE,
    EMPTY,
    FALSE,
    GOES_ON,
    NONE,
    SOME,
    TRUE,
    Conditions,
    Environment,
    answer,
    bind,
    dotted,
    join_environments,
    probe_name,
)
from hardcut.flow.effects import Effects, expects_failure
from hardcut.flow.exceptions import ANY, EXIT, TEST_FAILURE
from hardcut.flow.solver import Solution, solve
from hardcut.syntax import nodes
from hardcut.syntax.nodes import Expression, Node

NO_FAILURE: Final = -1
NO_CATCHER: Final = -1
OTHER_FAILURE: Final = -2
"""The catcher of ways on which something else failed than what is followed."""
NOT_RAISED: Final = -1

UNSPECIFIED: Final = "?other"
"""A type that may be any: each handler may take the exception, or not."""
GROWS: Final = frozenset({"append", "add", "insert", "extend", "update", "appendleft", "setdefault"})
"""Methods after which a container is not empty."""
ENTERS: Final = frozenset({"enter_context", "enter_async_context", "push", "push_async_exit"})
"""Methods of `ExitStack` and `AsyncExitStack` that take a context manager."""
ANSWER: Final = "?answer"
ASSERTED: Final = frozenset({TEST_FAILURE, "AssertionError"})
"""What is raised where a test finds that an expected failure did not happen."""


class Way(NamedTuple):
    """How control came to a place.

    `failure` is the failure that has happened, or `NO_FAILURE`; `catcher` the number of what caught it.
    `raised` is the number of the type of the exception that is on its way, or `NOT_RAISED`; `fresh` has a bit
    for each loop that has not run yet, although it will.
    """

    failure: int = NO_FAILURE
    catcher: int = NO_CATCHER
    raised: int = NOT_RAISED
    fresh: int = 0


State: TypeAlias = "dict[Way, Environment]"


class Place(NamedTuple):
    """A place that may fail: its syntax, the types that it then raises, and whether it gives an object."""

    node: Node
    types: tuple[str, ...]
    is_object: bool = False


class Probe(NamedTuple):
    """An expression that asks for something: its value if that is missing, and if it is there."""

    node: Expression
    missing: int
    present: int


class Caught(NamedTuple):
    """A failure that does not reach the caller: which one, what caught it, and the answer of the function.

    `catcher` is a number of `Failures.catchers`, or `NO_CATCHER` for a probe.
    """

    failure: int
    catcher: int
    answer: int


@final
class Failures:
    """What becomes of the failures of one body.

    `escapes` are, for each failure, the types with which it leaves the body, and `raised` all types that do
    so. `answers` are those that the body gives if nothing fails, `left` the ways to its end. Of a catcher,
    `entered` are the types that it catches, `through` the names of other files on which it depends whether it
    does; for those that are `sure`, it does not. `passed` are calls that are made after a failure.
    """

    def __init__(self) -> None:
        self.caught: set[Caught] = set()
        self.escapes: dict[int, set[str]] = {}
        self.answers = 0
        self.left: list[tuple[Way, Environment]] = []
        self.raised: set[str] = set()
        self.returns = False
        self.catchers: list[Node] = []
        self.entered: dict[int, set[str]] = {}
        self.through: dict[int, list[str]] = {}
        self.sure: set[int] = set()
        self.passed: list[nodes.Call] = []
        self.solution: Solution[State] | None = None
        self.is_cut = False

    def surely(self, caught: Iterable[Caught]) -> bool:
        """Whether one of some failures is caught whatever other files say."""
        return any(one.catcher in self.sure or one.catcher not in self.through for one in caught)

    def depends(self, caught: Iterable[Caught]) -> list[str]:
        """The managers of other files on which it depends whether a failure is caught."""
        found = (path for one in caught for path in self.through.get(one.catcher, ()))
        return sorted(dict.fromkeys(found))


@final
class Rounds:
    """What failures do to a loop: those that lead to another round, and those that leave it."""

    def __init__(self) -> None:
        self.again: set[int] = set()
        self.leaving: set[int] = set()


def rounds(
    graph: ControlFlowGraph,
    effects: Effects,
    loop: Node,
    places: Sequence[Place],
    probes: dict[int, Probe],
) -> Rounds:
    """Follow failures in one loop, until they leave it."""
    analysis = _Analysis(graph, effects, places, probes)
    asked = [probe.node for probe in probes.values()]
    tried = [place.node for place in places]
    analysis.heads = {head for head, node in graph.loops.items() if node is loop}
    if isinstance(loop, nodes.While) and not any(_is_in(loop.test, node) for node in (*asked, *tried)):
        # What fails in the body has led to another round once the condition has held again.
        analysis.bodies = {graph.bodies[head] for head in analysis.heads}
    analysis.outside = {block for head in analysis.heads for block in graph.exits.get(head, ())}
    solve(graph, analysis)
    return analysis.rounds


def follow(
    graph: ControlFlowGraph, effects: Effects, places: Sequence[Place], probes: dict[int, Probe]
) -> Failures:
    """Follow the failures of some places, numbered from 0, and of probes by their own numbers."""
    analysis = _Analysis(graph, effects, places, probes)
    solution = solve(graph, analysis)
    wanted = _Wanted(graph, analysis, solution).handlers()
    if wanted:
        # A test that asserts the failure: what its handlers catch is what it asks for.
        analysis = _Analysis(graph, effects, places, probes)
        analysis.wanted = wanted
        solution = solve(graph, analysis)
    return _read(analysis, solution)


def _read(analysis: _Analysis, solution: Solution[State]) -> Failures:
    found = analysis.found
    found.solution = solution
    found.is_cut = analysis.conditions.is_cut
    names = analysis.conditions.type_names
    returned, raised = solution.returned() or {}, solution.raised() or {}
    ends: set[str] = set()
    for way in raised:
        name = names[way.raised]
        if way.failure >= 0:
            found.escapes.setdefault(way.failure, set()).add(name)
        elif way.catcher == NO_CATCHER:
            ends.add(name)
        if way.catcher != OTHER_FAILURE or way.failure >= 0:
            found.raised.add(name)
    found.returns = bool(returned)
    is_plain = any(way.failure < 0 and way.catcher == NO_CATCHER for way in returned)
    is_asserted = bool(ends) and ends <= ASSERTED and not is_plain
    for way, env in returned.items():
        given = env.get(ANSWER, 0)
        found.left.append((way, env))
        if way.failure >= 0:
            left_out = GOES_ON if is_asserted else 0
            found.caught |= {Caught(way.failure, way.catcher, each) for each in _each(given & ~left_out)}
        elif way.catcher == NO_CATCHER:
            found.answers |= given
    return found


def _each(given: int) -> set[int]:
    """The answers that a function may give."""
    return {bit for bit in (NONE, TRUE, FALSE, GOES_ON, ELSE) if given & bit}


@final
class _Facts:
    """What a step does beside what its kind says."""

    __slots__ = ("calls", "grown", "is_tried", "loop", "never", "places", "probes")

    def __init__(self) -> None:
        self.places: list[int] = []
        self.probes: list[int] = []
        self.never: tuple[str, ...] = ()
        self.calls: list[nodes.Call] = []
        # The name of a container, and what it is after the step.
        self.grown: tuple[str, int] | None = None
        self.loop = 0
        # Whether something in the body may catch what the step raises.
        self.is_tried = False


def _is_in(outer: Node, inner: Node) -> bool:
    """Whether a node is another one, or a part of it."""
    return outer.start <= inner.start and inner.end <= outer.end


@final
class _Analysis:
    """The analysis of one graph, as the solver takes it."""

    def __init__(
        self,
        graph: ControlFlowGraph,
        effects: Effects,
        places: Sequence[Place],
        probes: dict[int, Probe],
    ) -> None:
        self.graph = graph
        self.effects = effects
        self.places = places
        self.probes = probes
        self.conditions = Conditions(effects)
        self.conditions.probes = {probe.node: number for number, probe in probes.items()}
        self.conditions.objects = {place.node for place in places if place.is_object}
        self.found = Failures()
        self.wanted: frozenset[Node] = frozenset()
        # The loop that is followed alone: its first blocks, those of its body if the condition tells whether
        # another round follows, and those behind it.
        self.heads: set[Block] = set()
        self.bodies: set[Block] = set()
        self.outside: set[Block] = set()
        self.rounds = Rounds()
        self.scan = _Scan(self)
        self.anything = self.conditions.type_number(UNSPECIFIED)
        self._catchers: dict[Node, int] = {}
        self._passed: set[Node] = set()

    # The lattice

    def start(self) -> State:
        """Nothing has failed, and nothing is known."""
        return {Way(): {}}

    def join(self, first: State, second: State) -> State:
        """The ways of both; the first state itself if it holds the second."""
        if first is second:
            return first
        found: State | None = None
        for way, env in second.items():
            before = first.get(way)
            joined = env if before is None else join_environments(before, env)
            if joined is not before:
                if found is None:
                    found = dict(first)
                found[way] = joined
        return first if found is None else found

    def widen(self, before: State, after: State) -> State:
        """The join: the lattice is of finite height."""
        return after

    # Steps

    def step(self, step: Step, state: State) -> State | None:
        """The ways on which a step ends."""
        facts = self.scan.facts.get(step)
        if facts is not None and facts.never:
            state = {way: env for way, env in state.items() if way.raised != NOT_RAISED}
        elif facts is not None:
            state = self._evaluated(facts, state)
        does = _STEPS.get(step.kind)
        if does is not None:
            state = does(self, step, state)
        return state or None

    def _evaluated(self, facts: _Facts, state: State) -> State:
        for number in facts.probes:
            state = self._probed(number, state)
        if facts.grown is not None:
            state = self._bound(state, *facts.grown)
        if facts.loop:
            found: State = {}
            for way, env in state.items():
                self._add(found, way._replace(fresh=way.fresh | facts.loop), env)
            state = found
        for call in facts.calls if any(way.failure >= 0 for way in state) else ():
            if call not in self._passed:
                self._passed.add(call)
                self.found.passed.append(call)
        return state

    def _probed(self, number: int, state: State) -> State:
        """A probe answers; if nothing has failed yet, as if nothing were there too."""
        probe, name = self.probes[number], probe_name(number)
        key = dotted(probe.node)
        found: State = {}
        for way, env in state.items():
            if way.raised != NOT_RAISED:
                self._add(found, way, env)
            elif way.failure < 0:
                self._add(found, way, bind(env, name, probe.present))
                missing = Way(number, NO_CATCHER, NOT_RAISED, way.fresh)
                self._add(found, missing, bind(env, name, probe.missing))
            elif not (way.failure == number and number in self.scan.comprehended):
                held = env.get(key, probe.present) if key else probe.present
                self._add(found, way, bind(env, name, held))
            else:
                # One round of a comprehension after another asks the same.
                self._add(found, way, env)
        return found

    def _add(self, state: State, way: Way, env: Environment) -> None:
        before = state.get(way)
        state[way] = env if before is None else join_environments(before, env)

    def _bound(self, state: State, name: str, value: int) -> State:
        """The state after a name has been bound on all ways on which code runs."""
        if not self.scan.is_tracked(name):
            return state
        below = self.scan.below(name)
        return {
            way: bind(env, name, value, below) if way.raised == NOT_RAISED else env
            for way, env in state.items()
        }

    def _bind(self, step: Step, state: State) -> State:
        target, value = step.node, step.value
        if value is None or not isinstance(target, Expression):
            return state
        if isinstance(target, (nodes.Tuple, nodes.List)):
            return self._unpack(target, value, state)
        if isinstance(target, nodes.Subscript):
            return self._bound(state, dotted(target.value), SOME)
        name = dotted(target)
        if not self.scan.is_tracked(name):
            return state
        found: State = {}
        for way, env in state.items():
            if way.raised == NOT_RAISED:
                env = bind(env, name, self.conditions.value(value, env), self.scan.below(name))
            found[way] = env
        return found

    def _unpack(self, target: nodes.Tuple | nodes.List, value: Expression, state: State) -> State:
        given = value.elts if isinstance(value, (nodes.Tuple, nodes.List)) else []
        is_whole = len(given) == len(target.elts)
        # All values are evaluated before the first name is bound: `a, b = b, a`.
        found: State = {}
        for way, env in state.items():
            bound = env
            for number, element in enumerate(target.elts):
                name = dotted(element.value if isinstance(element, nodes.Starred) else element)
                if way.raised == NOT_RAISED and name and self.scan.is_tracked(name):
                    known = self.conditions.value(given[number], env) if is_whole else ANYTHING
                    known = ANYTHING if isinstance(element, nodes.Starred) else known
                    bound = bind(bound, name, known, self.scan.below(name))
            found[way] = bound
        return found

    def _forget(self, step: Step, state: State) -> State:
        for name in _names_in(step.node):
            state = self._bound(state, name, ANYTHING)
        return state

    def _bind_caught(self, step: Step, state: State) -> State:
        handler = step.node
        assert isinstance(handler, nodes.ExceptHandler)
        found: State = {}
        for way, env in state.items():
            name = handler.name or ""
            found[way] = bind(env, name, env.get(_handled(handler), ANYTHING), self.scan.below(name))
        return found

    def _unbind_caught(self, step: Step, state: State) -> State:
        assert isinstance(step.node, nodes.ExceptHandler)
        return self._bound(state, step.node.name or "", ANYTHING)

    def _augment(self, step: Step, state: State) -> State:
        assert isinstance(step.node, nodes.AugAssign)
        value = SOME if step.node.op == "+" else ANYTHING
        return self._bound(state, dotted(step.node.target), value)

    def _import(self, step: Step, state: State) -> State:
        assert isinstance(step.node, (nodes.Import, nodes.ImportFrom))
        for alias in step.node.names:
            state = self._bound(state, alias.asname or alias.name.partition(".")[0], SOME)
        return state

    def _define(self, step: Step, state: State) -> State:
        if isinstance(step.node, (nodes.FunctionDef, nodes.ClassDef)):
            return self._bound(state, step.node.name, SOME)
        return state

    def _return(self, step: Step, state: State) -> State:
        found: State = {}
        for way, env in state.items():
            value = NONE if step.value is None else self.conditions.value(step.value, env)
            self._add(found, way, {**env, ANSWER: answer(value)})
        return found

    def _stop(self, step: Step, state: State) -> State:
        return {}

    def _enter(self, step: Step, state: State) -> State:
        """What fails before a block that is expected to fail is not what that asserts."""
        assert isinstance(step.node, nodes.WithItem)
        if not expects_failure(step.node.context_expr):
            return state
        found: State = {}
        for way, env in state.items():
            self._add(found, Way(NO_FAILURE, NO_CATCHER, way.raised, way.fresh), env)
        return found

    def _suspend(self, step: Step, state: State) -> State:
        """A `finally` begins: the exception waits, and the code runs as any other."""
        found: State = {}
        name = _suspended(step.node)
        for way, env in state.items():
            if way.raised == NOT_RAISED:
                self._add(found, way, env)
                continue
            catcher = self._catcher(step.node) if way.failure >= 0 else way.catcher
            held = self.conditions.exception(self.conditions.type_names[way.raised])
            self._add(found, Way(way.failure, catcher, NOT_RAISED, way.fresh), {**env, name: held})
        return found

    # Exceptions

    def raised(self, step: Step, state: State) -> State | None:
        """The ways on which an exception leaves a step."""
        if step.kind is StepKind.RAISE:
            return self._raise(step, state)
        facts = self.scan.facts.get(step)
        if facts is None:
            return None
        found: State = {}
        for way, env in state.items():
            for name in facts.never:
                self._raises(found, way, env, name)
            if way.failure >= 0:
                continue
            for number in facts.places:
                for name in self.places[number].types:
                    self._raises(found, Way(number, NO_CATCHER, NOT_RAISED, way.fresh), env, name)
            if facts.is_tried:
                other = Way(NO_FAILURE, OTHER_FAILURE, self.anything, way.fresh)
                self._add(found, other, env)
        return found or None

    def _raises(self, found: State, way: Way, env: Environment, name: str) -> None:
        number = self.conditions.type_number(name)
        self._add(found, Way(way.failure, way.catcher, number, way.fresh), env)

    def _raise(self, step: Step, state: State) -> State | None:
        found: State = {}
        for way, env in state.items():
            if way.raised != NOT_RAISED:
                continue
            for name in self._raised_types(step, env):
                self._raises(found, way, env, name)
        return found or None

    def _raised_types(self, step: Step, env: Environment) -> list[str]:
        """What a `raise` or a failed assertion raises."""
        if isinstance(step.node, nodes.Assert):
            return ["AssertionError"]
        if step.value is None:
            handler = self.scan.handlers.get(step.node)
            held = env.get(_handled(handler), 0) if handler is not None else _waiting(env)
        else:
            held = env.get(dotted(step.value), 0)
        known = self.conditions.exception_types(held)
        if known:
            return known
        return [ANY if step.value is None else self.effects.raised(step.value)]

    # Edges

    def edge(self, edge: Edge, state: State) -> State | None:
        """The ways behind an edge."""
        takes = _EDGES.get(edge.kind)
        if takes is not None:
            state = takes(self, edge, state)
        if self.heads:
            state = self._inside_loop(edge, state)
        return state or None

    def _inside_loop(self, edge: Edge, state: State) -> State:
        """The ways on which a failure has not left the loop that is followed alone."""
        failed = {way.failure for way in state if way.failure >= 0}
        is_round = edge.target in self.bodies if self.bodies else self._is_back(edge)
        if is_round:
            self.rounds.again |= failed
        elif edge.target in self.outside or edge.target is self.graph.returned:
            self.rounds.leaving |= failed
            return {way: env for way, env in state.items() if way.failure < 0}
        return state

    def _is_back(self, edge: Edge) -> bool:
        return edge.target in self.heads and self.graph.is_back(edge)

    def _branch(self, edge: Edge, state: State) -> State:
        condition = edge.node
        if not isinstance(condition, Expression):
            return state
        holds = edge.kind is EdgeKind.TRUE
        found: State = {}
        same = True
        for way, env in state.items():
            narrowed = env if way.raised != NOT_RAISED else self.conditions.narrow(condition, env, holds)
            same = same and narrowed is env
            if narrowed is not None:
                found[way] = narrowed
        return state if same else found

    def _round(self, edge: Edge, state: State) -> State:
        """Another round of a loop, or its end."""
        loop = self.scan.loops.get(edge.node) if edge.node is not None else None
        if loop is None:
            return state
        bit, is_single = loop
        found: State = {}
        for way, env in state.items():
            is_fresh = bool(way.fresh & bit)
            if edge.kind is EdgeKind.ITEM and (is_fresh or not is_single):
                self._add(found, way._replace(fresh=way.fresh & ~bit), env)
            elif edge.kind is EdgeKind.EXHAUSTED and not is_fresh:
                self._add(found, way, env)
        return found

    def _case(self, edge: Edge, state: State) -> State:
        case = edge.node
        assert isinstance(case, nodes.MatchCase)
        subject = self.scan.subjects.get(case)
        if subject is None:
            return state
        holds = edge.kind is EdgeKind.MATCHED
        found: State = {}
        for way, env in state.items():
            value = self.conditions.value(subject, env)
            left = self.conditions.matching(case.pattern, value, holds)
            if left:
                found[way] = self._captured(case.pattern, subject, left, env, holds)
        return found

    def _captured(
        self, pattern: nodes.Pattern, subject: Expression, value: int, env: Environment, holds: bool
    ) -> Environment:
        """What is known after a pattern has matched, or has not."""
        name = dotted(subject)
        if name and env.get(name, ANYTHING) != value:
            env = {**env, name: value}
        if not holds:
            return env
        whole = pattern.name if isinstance(pattern, nodes.MatchAs) else None
        for captured in _captures(pattern):
            held = value if captured == whole else ANYTHING
            env = bind(env, captured, held, self.scan.below(captured))
        return env

    def _catches(self, handler: nodes.ExceptHandler, way: Way) -> tuple[bool, bool, list[str]]:
        """Whether a handler may take an exception, whether it may not, and on which names that depends."""
        written = ["BaseException"] if handler.type is None else self.conditions.types(handler.type)
        known = [name for name in written if "." not in name]
        open_ = [name for name in written if "." in name]
        hierarchy = self.effects.hierarchy
        name = self.conditions.type_names[way.raised]
        if name == UNSPECIFIED or (name == ANY and way.failure < 0):
            return True, not ({"Exception", "BaseException"} & set(known)), []
        if hierarchy.catches(known, name) or not hierarchy.kinds(name).isdisjoint(open_):
            return True, False, []
        may = bool(open_) and name != EXIT
        return may, True, open_ if may else []

    def _caught(self, edge: Edge, state: State) -> State:
        handler = edge.node
        assert isinstance(handler, nodes.ExceptHandler)
        found: State = {}
        for way, env in state.items():
            if way.raised == NOT_RAISED:
                continue
            may, _, through = self._catches(handler, way)
            if not may or (way.failure >= 0 and handler in self.wanted):
                continue
            catcher = way.catcher
            name = self.conditions.type_names[way.raised]
            if way.failure >= 0:
                catcher = self._catcher(handler)
                self._enters(catcher, name, through)
            elif through:
                catcher = OTHER_FAILURE
            value = self.conditions.exception(ANY if way.raised == self.anything else name)
            env = {**env, _handled(handler): value}
            self._add(found, Way(way.failure, catcher, NOT_RAISED, way.fresh), env)
        return found

    def _not_caught(self, edge: Edge, state: State) -> State:
        handler = edge.node
        assert isinstance(handler, nodes.ExceptHandler)
        return {
            way: env
            for way, env in state.items()
            if way.raised == NOT_RAISED or self._catches(handler, way)[1]
        }

    def _enters(self, catcher: int, name: str, through: Sequence[str]) -> None:
        """Note what enters a catcher; if only other files tell whether it does, through which names."""
        if not through:
            self.found.sure.add(catcher)
        elif catcher not in self.found.through:
            self.found.through[catcher] = list(through)
        self.found.entered.setdefault(catcher, set()).add(name)

    def _catcher(self, node: Node) -> int:
        number = self._catchers.get(node)
        if number is None:
            number = self._catchers[node] = len(self.found.catchers)
            self.found.catchers.append(node)
        return number

    def _handled_all(self, edge: Edge, state: State) -> State:
        return {way: env for way, env in state.items() if way.raised == NOT_RAISED}

    def _reraised(self, edge: Edge, state: State) -> State:
        if isinstance(edge.node, nodes.WithItem):
            return self._left(edge.node, state, False)
        if edge.node is None:
            return {way: env for way, env in state.items() if way.raised != NOT_RAISED}
        found: State = {}
        name = _suspended(edge.node)
        for way, env in state.items():
            rest = {known: value for known, value in env.items() if known != name}
            catcher = NO_CATCHER if way.failure >= 0 else way.catcher
            for raised in self.conditions.exception_types(env.get(name, 0)):
                self._raises(found, Way(way.failure, catcher, NOT_RAISED, way.fresh), rest, raised)
        return found

    def _swallowed(self, edge: Edge, state: State) -> State:
        assert isinstance(edge.node, nodes.WithItem)
        return self._left(edge.node, state, True)

    def _left(self, item: nodes.WithItem, state: State, swallows: bool) -> State:
        """What a context manager swallows, or lets go on; the managers that a stack holds come first."""
        found: State = {}
        for way, env in state.items():
            if way.raised == NOT_RAISED:
                continue
            current = {way: env}
            for manager, catcher in self.scan.managers(item):
                ended, current = self._leave(manager, catcher, current)
                if swallows:
                    for each, held in ended.items():
                        self._add(found, each, held)
            if not swallows:
                for each, held in current.items():
                    self._add(found, each, held)
        return found

    def _leave(self, manager: Expression, catcher: Node, state: State) -> tuple[State, State]:
        """The ways on which a manager ends an exception, and those on which one goes on."""
        ended: State = {}
        going: State = {}
        is_expecting = expects_failure(manager)
        for way, env in state.items():
            if manager is catcher and self._is_before(way.failure, manager):
                self._add(going, way, env)
                continue
            is_other = way.raised == self.anything
            name = ANY if is_other else self.conditions.type_names[way.raised]
            leave = self.effects.leave(manager, name)
            for kind in leave.on:
                self._raises(going, way, env, UNSPECIFIED if is_other else kind)
            if way.failure < 0:
                if leave.ends:
                    self._add(ended, way._replace(raised=NOT_RAISED), env)
            elif (leave.ends and not is_expecting) or leave.through:
                number = self._catcher(catcher)
                self._enters(number, name, () if leave.ends else leave.through)
                self._add(ended, Way(way.failure, number, NOT_RAISED, way.fresh), env)
        return ended, going

    def _is_before(self, failure: int, manager: Expression) -> bool:
        """Whether a place fails before a stack has been given a manager."""
        return 0 <= failure < len(self.places) and self.places[failure].node.end < manager.start

    def _end(self, edge: Edge, state: State) -> State:
        return {way: {**env, ANSWER: GOES_ON} for way, env in state.items()}


@final
class _Scan:
    """What is known of the steps of a graph before it is solved."""

    def __init__(self, analysis: _Analysis) -> None:
        self.graph = analysis.graph
        self.effects = analysis.effects
        self.facts: dict[Step, _Facts] = {}
        # Each bare `raise`, with the handler around it.
        self.handlers: dict[Node, nodes.ExceptHandler] = {}
        self.subjects: dict[Node, Expression] = {}
        # Loops that run at least once: a bit, and whether they run once only.
        self.loops: dict[Node, tuple[int, bool]] = {}
        # The numbers of probes in comprehensions.
        self.comprehended: set[int] = set()
        self.tracked: set[str] = set()
        self._chains: dict[str, set[str]] = {}
        self.calls: list[nodes.Call] = []
        self._managers: dict[Node, list[tuple[Expression, Node]]] = {}
        self._comprehensions: list[tuple[int, int]] = []
        # What is evaluated for its value, and not merely passed on.
        self.asked: set[Node] = set()
        # Calls that give a name its value: `value = holder.method()` is not expected to end there.
        self._given: set[Node] = set()
        self._is_module = isinstance(analysis.graph.body, nodes.Module)
        self._walk(analysis.graph.body)
        self._find_loops()
        self._find_places(analysis)
        self._find_facts()

    def below(self, name: str) -> Collection[str]:
        """The chains of the body that begin with a name: `a.b` and `a.b.c` for `a`."""
        return self._chains.get(name, ())

    def is_tracked(self, name: str) -> bool:
        """Whether something depends on what a name holds."""
        return bool(name) and name.partition(".")[0] in self.tracked

    # The body

    def _walk(self, body: Node) -> None:
        """Look at everything in a body, but not in the functions that it defines."""
        waiting: list[tuple[Node, nodes.ExceptHandler | None, bool]] = [(body, None, False)]
        while waiting:
            node, handler, is_asked = waiting.pop()
            if isinstance(node, nodes.ExceptHandler):
                handler = node
            self._note(node, handler)
            if is_asked:
                self.asked.add(node)
            if node is not body and isinstance(node, (nodes.FunctionDef, nodes.Lambda)):
                continue
            asking = _asking(node, is_asked)
            waiting.extend([(child, handler, child in asking) for child in node.children()])

    def _note(self, node: Node, handler: nodes.ExceptHandler | None) -> None:
        if isinstance(node, nodes.Raise) and node.exc is None and handler is not None:
            self.handlers[node] = handler
        elif isinstance(node, nodes.Call):
            self.calls.append(node)
        elif isinstance(node, nodes.Attribute):
            self._note_chain(dotted(node))
        elif isinstance(node, (nodes.Assign, nodes.AnnAssign, nodes.WithItem, nodes.If, nodes.For)):
            self._given.add(_given(node))
        elif isinstance(node, COMPREHENSIONS):
            self._comprehensions.append((node.start, node.end))
        self._note_names(node)

    def _note_chain(self, chain: str) -> None:
        above = chain.rpartition(".")[0]
        while above:
            self._chains.setdefault(above, set()).add(chain)
            above = above.rpartition(".")[0]

    def _note_names(self, node: Node) -> None:
        """Names that are read outside of mere calls, and those that are given a constant or a container."""
        parts = _deciding(node)
        if parts:
            for part in parts:
                self._note_read(part)
        elif isinstance(node, (nodes.Assign, nodes.AnnAssign, nodes.NamedExpr)) and node.value is not None:
            targets = node.targets if isinstance(node, nodes.Assign) else [node.target]
            if isinstance(node.value, _FLAGS) or self._is_module:
                for target in targets:
                    self.tracked.update(name.partition(".")[0] for name in _names_in(target))
            self._note_read(node.value)

    def _note_read(self, root: Node | None) -> None:
        waiting = [root] if root is not None else []
        while waiting:
            node = waiting.pop()
            if isinstance(node, nodes.Name):
                self.tracked.add(node.id)
            elif isinstance(node, nodes.Constant) and isinstance(node.value, str):
                # `"error" in locals()`
                if node.value.isidentifier():
                    self.tracked.add(node.value)
            elif not isinstance(node, nodes.Lambda):
                waiting.extend(node.children())

    def managers(self, item: nodes.WithItem) -> list[tuple[Expression, Node]]:
        """The managers that the end of a `with` item leaves, in this order, each with what stands for it."""
        found = self._managers.get(item)
        if found is None:
            found = []
            name = dotted(item.optional_vars) if item.optional_vars is not None else ""
            for call in self.calls if name else ():
                function = call.func
                if (
                    isinstance(function, nodes.Attribute)
                    and function.attr in ENTERS
                    and call.args
                    and call.start > item.start
                    and dotted(function.value) == name
                ):
                    found.append((call.args[0], call.args[0]))
            found.sort(key=lambda manager: -manager[0].start)
            found.append((item.context_expr, item))
            self._managers[item] = found
        return found

    # The graph

    def _find_loops(self) -> None:
        for loop in self.graph.loops.values():
            if isinstance(loop, (nodes.For, nodes.Comprehension)):
                size = _least_size(loop.iter)
                if size:
                    # `for name in ("engine_ext",):` is a list of candidates that has had more, as in the
                    # founding codebase: it is followed as if it had, or its `continue` would be no swallow.
                    is_single = size == 1 and isinstance(loop, nodes.Comprehension)
                    self.loops[loop] = (1 << len(self.loops), is_single)
        self._iterables = {
            loop.iter: bit
            for loop, (bit, _) in self.loops.items()
            if isinstance(loop, (nodes.For, nodes.Comprehension))
        }

    def _find_places(self, analysis: _Analysis) -> None:
        ranges: list[tuple[int, int, int, bool]] = []
        for number, place in enumerate(analysis.places):
            ranges.append((place.node.start, place.node.end, number, False))
        for number, probe in analysis.probes.items():
            if probe.node in self.asked:
                ranges.append((probe.node.start, probe.node.end, number, True))
        self.comprehended = {
            number
            for number, probe in analysis.probes.items()
            if any(start <= probe.node.start < end for start, end in self._comprehensions)
        }
        ranges.sort()
        self._ranges = ranges
        self._starts = [start for start, _, _, _ in ranges]

    def _find_facts(self) -> None:
        for block in self.graph.blocks:
            is_tried = block.on_exception is not None and block.on_exception is not self.graph.raised
            for step in block.steps:
                if step.kind is StepKind.MATCH and step.value is not None:
                    self.subjects[step.node] = step.value
                self._find(step, block, is_tried)

    def _find(self, step: Step, block: Block, is_tried: bool) -> None:
        facts = _Facts()
        facts.is_tried = is_tried and step.may_raise() and not isinstance(step.node, nodes.Name)
        self._find_ranges(step, facts)
        if step.kind in (StepKind.EVALUATE, StepKind.APPLY):
            facts.loop = self._iterables.get(step.node, 0) if isinstance(step.node, Expression) else 0
            self._find_calls(step.node, facts)
        if facts.is_tried or facts.places or facts.probes or facts.calls or facts.grown or facts.loop:
            self.facts[step] = facts

    def _find_ranges(self, step: Step, facts: _Facts) -> None:
        """The places and probes in a step."""
        if not self._ranges or step.kind not in _EVALUATING:
            return
        start, end = step.node.start, step.node.end
        exactly = step.kind is StepKind.APPLY
        at = _first_at(self._starts, start)
        while at < len(self._ranges) and self._starts[at] < end:
            first, last, number, is_probe = self._ranges[at]
            at += 1
            if last > end or (exactly and (first, last) != (start, end)):
                continue
            (facts.probes if is_probe else facts.places).append(number)

    def _find_calls(self, node: Node, facts: _Facts) -> None:
        """A call that never returns, or that makes a container grow."""
        if isinstance(node, nodes.Await):
            node = node.value
        if not isinstance(node, nodes.Call):
            return
        if isinstance(node.func, nodes.Name) or node not in self._given:
            facts.never = self.effects.never_returns(node)
        if isinstance(node.func, nodes.Attribute):
            name = dotted(node.func.value)
            if name and node.func.attr in GROWS and node.args:
                facts.grown = (name, SOME)
            elif name and node.func.attr == "clear":
                facts.grown = (name, EMPTY)
        facts.calls.append(node)


@final
class _Wanted:
    """Finds the handlers of tests that assert a failure: where success ends in a failed assertion."""

    def __init__(self, graph: ControlFlowGraph, analysis: _Analysis, solution: Solution[State]) -> None:
        self.graph = graph
        self.analysis = analysis
        self.solution = solution

    def handlers(self) -> frozenset[Node]:
        """The handlers that catch what a test asks for."""
        asserting: list[tuple[int, set[str]]] = []
        for block, state in self.solution.before.items():
            for step in block.steps:
                types = self._asserts(step, state)
                if types:
                    asserting.append((step.node.start, types))
        if not any(types & ASSERTED for _, types in asserting):
            return frozenset()
        found: set[Node] = set()
        for attempt, joins in self.graph.attempts.items():
            if attempt.handlers and self._is_wanted(attempt, joins, asserting):
                found.update(attempt.handlers)
        return frozenset(found)

    def _asserts(self, step: Step, state: State) -> set[str]:
        """The types that a step raises on the ways on which nothing failed."""
        plain = {way: env for way, env in state.items() if _is_plain(way)}
        if not plain:
            return set()
        facts = self.analysis.scan.facts.get(step)
        if step.kind is StepKind.RAISE:
            return {name for env in plain.values() for name in self.analysis._raised_types(step, env)}
        return set(facts.never) if facts is not None else set()

    def _is_wanted(
        self, attempt: nodes.Try, joins: list[Block], asserting: list[tuple[int, set[str]]]
    ) -> bool:
        tried = [*attempt.body, *attempt.orelse]
        ranges = [(statement.start, statement.end) for statement in tried]
        ends = {
            name
            for at, types in asserting
            for name in types
            if any(start <= at < end for start, end in ranges)
        }
        if not ends or not ends <= ASSERTED:
            return False
        if any(_is_plain(way) for join in joins for way in self.solution.before.get(join, {})):
            return False
        return not any(self._jumps(statement) for statement in tried)

    def _jumps(self, root: Node) -> bool:
        """Whether a statement leaves the body of a `try` by a jump, if nothing failed."""
        waiting = [root]
        while waiting:
            node = waiting.pop()
            if isinstance(node, (nodes.Return, nodes.Break, nodes.Continue)):
                return True
            if not isinstance(node, (nodes.FunctionDef, nodes.Lambda)):
                waiting.extend(node.children())
        return False


def _given(node: nodes.Assign | nodes.AnnAssign | nodes.WithItem | nodes.If | nodes.For) -> Node:
    """The expression whose value a statement uses."""
    if isinstance(node, (nodes.Assign, nodes.AnnAssign)):
        found = node.value if node.value is not None else node
    elif isinstance(node, nodes.WithItem):
        found = node.context_expr
    else:
        found = node.test if isinstance(node, nodes.If) else node.iter
    return found.value if isinstance(found, nodes.Await) else found


def _deciding(node: Node) -> Sequence[Node | None]:
    """The parts of a node whose value decides something."""
    if isinstance(node, (nodes.If, nodes.While, nodes.Assert)):
        return [node.test]
    if isinstance(node, nodes.IfExp):
        return [node.test, node.body, node.orelse]
    if isinstance(node, nodes.BoolOp):
        return node.values
    if isinstance(node, nodes.Return):
        return [node.value]
    if isinstance(node, nodes.Raise):
        return [node.exc]
    if isinstance(node, nodes.Match):
        return [node.subject]
    if isinstance(node, nodes.MatchCase):
        return [node.guard]
    return node.ifs if isinstance(node, nodes.Comprehension) else []


def _asking(node: Node, is_asked: bool) -> list[Node]:
    """The parts of a node whose value decides something, is given a name, or is the answer.

    A probe that is merely handed to a call asks nothing here.
    """
    if isinstance(node, (nodes.If, nodes.While, nodes.Assert)):
        return [node.test]
    if isinstance(node, nodes.Match):
        return [node.subject]
    if isinstance(node, nodes.For):
        return [node.iter] if isinstance(node.iter, COMPREHENSIONS) else []
    if isinstance(node, nodes.Expr):
        return [] if isinstance(node.value, nodes.Call) else [node.value]
    if isinstance(node, nodes.Assign):
        values = node.value.elts if isinstance(node.value, (nodes.Tuple, nodes.List)) else []
        return [node.value, *values]
    if isinstance(node, (nodes.Return, nodes.AnnAssign, nodes.NamedExpr)):
        return [node.value] if node.value is not None else []
    return _asking_parts(node, is_asked) if isinstance(node, Expression) else _asking_tests(node)


def _asking_tests(node: Node) -> list[Node]:
    if isinstance(node, nodes.Comprehension):
        return [*node.ifs]
    if isinstance(node, nodes.MatchCase):
        return [node.guard] if node.guard is not None else []
    return []


def _asking_parts(node: Expression, is_asked: bool) -> list[Node]:
    """The parts of an expression on whose value its own value depends, or which part is evaluated."""
    if isinstance(node, nodes.BoolOp):
        return [*node.values] if is_asked else [*node.values[:-1]]
    if isinstance(node, nodes.IfExp):
        return [node.test, node.body, node.orelse] if is_asked else [node.test]
    if not is_asked:
        return []
    if isinstance(node, nodes.UnaryOp):
        return [node.operand]
    if isinstance(node, nodes.Compare):
        return [node.left]
    if isinstance(node, nodes.Await):
        return [node.value]
    if isinstance(node, nodes.Call):
        name = dotted(node.func).rpartition(".")[2]
        return [*node.args] if name in CONSUMERS or name in ("bool", "callable", "cast") else []
    if isinstance(node, COMPREHENSIONS) and not isinstance(node, nodes.DictComp):
        return [node.elt]
    return []


def _is_plain(way: Way) -> bool:
    return way.failure < 0 and way.catcher == NO_CATCHER and way.raised == NOT_RAISED


def _handled(handler: nodes.ExceptHandler) -> str:
    """The name under which an environment has what a handler caught."""
    return f"?handled {handler.start}"


def _waiting(env: Environment) -> int:
    """The exceptions that wait for the end of a `finally`, which a bare `raise` in it raises again."""
    found = 0
    for name, value in env.items():
        if name.startswith(_SUSPENDED):
            found |= value
    return found


_SUSPENDED: Final = "?suspended "


def _suspended(attempt: Node) -> str:
    """The name under which an environment has the exceptions that wait for the end of a `finally`."""
    return f"{_SUSPENDED}{attempt.start}"


def _names_in(node: Node) -> list[str]:
    """The names that a target binds."""
    if isinstance(node, (nodes.Tuple, nodes.List)):
        return [name for element in node.elts for name in _names_in(element)]
    if isinstance(node, nodes.Starred):
        return _names_in(node.value)
    name = dotted(node) if isinstance(node, Expression) else ""
    return [name] if name else []


def _captures(root: nodes.Pattern) -> list[str]:
    """The names that a pattern binds."""
    found: list[str] = []
    waiting: list[Node] = [root]
    while waiting:
        node = waiting.pop()
        if isinstance(node, (nodes.MatchAs, nodes.MatchStar)) and node.name is not None:
            found.append(node.name)
        elif isinstance(node, nodes.MatchMapping) and node.rest is not None:
            found.append(node.rest)
        waiting.extend(node.children())
    return found


def _least_size(iterable: Expression) -> int:
    """How many items an iterable surely has, as far as it is written out."""
    if isinstance(iterable, (nodes.Tuple, nodes.List, nodes.Set)):
        plain = sum(not isinstance(element, nodes.Starred) for element in iterable.elts)
        return plain if plain == len(iterable.elts) else 2 * plain
    if isinstance(iterable, nodes.Call) and dotted(iterable.func) == "range" and len(iterable.args) == 1:
        size = iterable.args[0]
        if isinstance(size, nodes.Constant) and isinstance(size.value, int):
            return max(0, size.value)
    return 0


def _first_at(starts: list[int], start: int) -> int:
    low, high = 0, len(starts)
    while low < high:
        middle = (low + high) // 2
        if starts[middle] < start:
            low = middle + 1
        else:
            high = middle
    return low


_EVALUATING: Final = frozenset(
    {
        StepKind.EVALUATE,
        StepKind.APPLY,
        StepKind.IMPORT,
        StepKind.DELETE,
    }
)
_FLAGS: Final = (nodes.Constant, nodes.List, nodes.Tuple, nodes.Set, nodes.Dict, nodes.Call)
"""Values by which a name may be a flag for other code."""

_STEPS: Final = {
    StepKind.BIND: _Analysis._bind,
    StepKind.BIND_ITEM: _Analysis._forget,
    StepKind.BIND_ENTERED: _Analysis._forget,
    StepKind.BIND_CAUGHT: _Analysis._bind_caught,
    StepKind.UNBIND_CAUGHT: _Analysis._unbind_caught,
    StepKind.AUGMENT: _Analysis._augment,
    StepKind.DELETE: _Analysis._forget,
    StepKind.IMPORT: _Analysis._import,
    StepKind.DEFINE: _Analysis._define,
    StepKind.ENTER: _Analysis._enter,
    StepKind.RAISE: _Analysis._stop,
    StepKind.RETURN: _Analysis._return,
    StepKind.SUSPEND: _Analysis._suspend,
}

_EDGES: Final = {
    EdgeKind.TRUE: _Analysis._branch,
    EdgeKind.FALSE: _Analysis._branch,
    EdgeKind.ITEM: _Analysis._round,
    EdgeKind.EXHAUSTED: _Analysis._round,
    EdgeKind.MATCHED: _Analysis._case,
    EdgeKind.UNMATCHED: _Analysis._case,
    EdgeKind.CAUGHT: _Analysis._caught,
    EdgeKind.NOT_CAUGHT: _Analysis._not_caught,
    EdgeKind.HANDLED: _Analysis._handled_all,
    EdgeKind.SWALLOWED: _Analysis._swallowed,
    EdgeKind.RERAISED: _Analysis._reraised,
    EdgeKind.END: _Analysis._end,
}
