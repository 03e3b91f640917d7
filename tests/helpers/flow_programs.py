"""Random programs that record what they do, and whether a control-flow graph has the path that they took.

A program is one function. Its statements call `hit(n)` (records), `may(n)` (records, and may raise),
`cond(n)` (records, and gives a boolean) and others like them, each with a number of its own. What they decide
is random, with the seed of the run.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import Any

from hardcut.flow.cfg import Block, ControlFlowGraph, EdgeKind, Step, StepKind, build
from hardcut.syntax import nodes, parser, tree

MOST_EVENTS = 120
Event = tuple[str, int, object]


class First(Exception):
    pass


class Second(Exception):
    pass


class Third(First):
    pass


class Stop(BaseException):
    """Ends a run that has recorded enough."""


RAISED = (First, Second, Third)
RECORDED = frozenset({"hit", "may", "cond", "number", "items", "manager"})


class Writer:
    """Writes one random function."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.lines: list[str] = []
        self.number = 0
        self.is_async = self.random.random() < 0.2
        self.is_generator = not self.is_async and self.random.random() < 0.15

    def program(self) -> str:
        head = "async def run():" if self.is_async else "def run():"
        self.lines = [head]
        if self.is_generator:
            self.lines.append("    yield hit(0)")
        self.block(1, 3, False, False)
        return "\n".join(self.lines) + "\n"

    def call(self, name: str) -> str:
        self.number += 1
        return f"{name}({self.number})"

    def put(self, depth: int, text: str) -> None:
        self.lines.append("    " * depth + text)

    def block(self, depth: int, left: int, loop: bool, endless: bool, star: bool = False) -> None:
        for _ in range(self.random.randint(1, 3)):
            self.statement(depth, left, loop, endless, star)

    def statement(self, depth: int, left: int, loop: bool, endless: bool, star: bool) -> None:
        simple: list[Callable[[int], None]] = [self.hit, self.hit, self.value, self.value, self.raises]
        if not star:
            simple.append(self.returns)
        if loop and not star:
            simple += [self.jump, self.jump]
        compound = [self.if_, self.for_, self.while_, self.try_, self.try_, self.with_, self.match_]
        compound += [self.try_star, self.class_, self.assert_]
        if left <= 0 or self.random.random() < 0.4:
            self.random.choice(simple)(depth)
        else:
            self.random.choice(compound)(depth, left - 1, loop, endless, star)

    def hit(self, depth: int) -> None:
        self.put(depth, self.call("hit"))

    def value(self, depth: int) -> None:
        self.put(depth, f"x = {self.expression(2)}")

    def expression(self, left: int) -> str:
        may = lambda: self.call("may")  # noqa: E731
        if left <= 0:
            return may()
        inner = lambda: self.expression(left - 1)  # noqa: E731
        forms = [
            may,
            lambda: f"({inner()}, {inner()})",
            lambda: f"({inner()} if {self.condition()} else {inner()})",
            lambda: f"({self.condition()} and {inner()})",
            lambda: f"({self.condition()} or {inner()} or {inner()})",
            lambda: f"(y := {inner()})",
            lambda: f"[{inner()} for _ in {self.call('items')} if {self.condition()}]",
            lambda: f"{{{inner()}: {inner()} for _ in {self.call('items')} for _ in {self.call('items')}}}",
            lambda: f"any({inner()} for _ in {self.call('items')})",
            lambda: f"(lambda a={inner()}: hit(-1))",
            lambda: f"pair({inner()}, k={inner()})",
            lambda: f"[{inner()}][{self.call('hit')}:]",
            lambda: f"(0 < {self.call('number')} < {self.call('number')} < 9)",
            lambda: f"f'{{ {inner()} }}'",
            lambda: f"{{1: {inner()}, **{{2: {inner()}}}}}",
            lambda: f"not {inner()}",
        ]
        if self.is_async:
            forms.append(lambda: f"(await later({inner()}))")
        if self.is_generator:
            forms.append(lambda: f"(yield {inner()})")
        return self.random.choice(forms)()

    def condition(self) -> str:
        one = lambda: self.call("cond")  # noqa: E731
        two = lambda op: f"({one()} {op} {one()})"  # noqa: E731
        forms = [one, one, lambda: two("and"), lambda: two("or"), lambda: f"not {one()}"]
        forms += [lambda: f"not ({one()} or {one()} and {one()})"]
        forms += [lambda: f"({one()} if {one()} else {one()})", lambda: self.random.choice(["True", "0"])]
        return self.random.choice(forms)()

    def raises(self, depth: int) -> None:
        name = self.random.choice(["First", "Second", "Third"])
        forms = [
            f"raise {name}",
            f"raise {name}({self.call('hit')})",
            f"raise {name} from {self.call('hit')}",
        ]
        forms += ["raise", "raise ExceptionGroup('', [First(), Second()])"]
        self.put(depth, self.random.choice(forms))

    def returns(self, depth: int) -> None:
        value = "" if self.is_generator else f" {self.expression(1)}"
        self.put(depth, "return" + (value if self.random.random() < 0.7 else ""))

    def jump(self, depth: int) -> None:
        self.put(depth, self.random.choice(["break", "continue"]))

    def if_(self, depth: int, left: int, loop: bool, endless: bool, star: bool) -> None:
        self.put(depth, f"if {self.condition()}:")
        self.block(depth + 1, left, loop, endless, star)
        for _ in range(self.random.choice([0, 0, 1, 2])):
            self.put(depth, f"elif {self.condition()}:")
            self.block(depth + 1, left, loop, endless, star)
        self.otherwise(depth, left, loop, endless, star)

    def otherwise(self, depth: int, left: int, loop: bool, endless: bool, star: bool) -> None:
        if self.random.random() < 0.4:
            self.put(depth, "else:")
            self.block(depth + 1, left, loop, endless, star)

    def for_(self, depth: int, left: int, loop: bool, endless: bool, star: bool) -> None:
        if self.is_async and self.random.random() < 0.5:
            self.put(depth, f"async for z in {self.call('items')}:")
        else:
            self.put(depth, f"for z in {self.call('items')}:")
        self.block(depth + 1, left, True, endless)
        self.otherwise(depth, left, loop, endless, star)

    def while_(self, depth: int, left: int, loop: bool, endless: bool, star: bool) -> None:
        test = "True" if self.random.random() < 0.3 else self.condition()
        self.put(depth, f"while {test}:")
        self.hit(depth + 1)
        self.block(depth + 1, left, True, True)
        self.otherwise(depth, left, loop, endless, star)

    def try_(self, depth: int, left: int, loop: bool, endless: bool, star: bool) -> None:
        self.put(depth, "try:")
        self.block(depth + 1, left, loop, endless, star)
        clauses = self.random.choice([0, 1, 1, 2])
        for place in range(clauses):
            kinds = ["First", "Second", "(Second, Third)", f"kind({self.call('may')})", "Exception as e"]
            if place == clauses - 1 and not endless:
                kinds.append("")
            self.put(depth, f"except {self.random.choice(kinds)}:".replace(" :", ":"))
            self.block(depth + 1, left, loop, endless, star)
        if clauses:
            self.otherwise(depth, left, loop, endless, star)
        if not clauses or self.random.random() < 0.4:
            self.put(depth, "finally:")
            # A jump out of an endless loop's `finally` would swallow what ends the run.
            if endless:
                self.hit(depth + 1)
                self.value(depth + 1)
            else:
                self.block(depth + 1, left, loop, endless, star)

    def try_star(self, depth: int, left: int, loop: bool, endless: bool, star: bool) -> None:
        self.put(depth, "try:")
        self.block(depth + 1, left, loop, endless, star)
        for _ in range(self.random.choice([1, 1, 2])):
            self.put(depth, f"except* {self.random.choice(['First', 'Second as e', '(Second, Third)'])}:")
            self.block(depth + 1, left, False, endless, True)
        self.otherwise(depth, left, loop, endless, star)

    def with_(self, depth: int, left: int, loop: bool, endless: bool, star: bool) -> None:
        names = ["manager"] * self.random.choice([1, 1, 2])
        items = ", ".join(
            self.call(name) + self.random.choice(["", " as m", " as cell[hit(-2)]"]) for name in names
        )
        is_async = self.is_async and self.random.random() < 0.5
        self.put(depth, f"{'async ' if is_async else ''}with {items}:")
        self.block(depth + 1, left, loop, endless, star)

    def match_(self, depth: int, left: int, loop: bool, endless: bool, star: bool) -> None:
        self.put(depth, f"match {self.call('number')}:")
        patterns = [
            "0",
            "1 | 2",
            f"int() if {self.call('cond')}",
            "[a, *b]",
            "{'a': c}",
            f"d if {self.call('cond')}",
        ]
        for _ in range(self.random.randint(1, 3)):
            self.put(depth + 1, f"case {self.random.choice(patterns)}:")
            self.block(depth + 2, left, loop, endless, star)
        if self.random.random() < 0.4:
            self.put(depth + 1, f"case {self.random.choice(['_', 'w', '1 | _', 'v as u'])}:")
            self.block(depth + 2, left, loop, endless, star)

    def class_(self, depth: int, left: int, loop: bool, endless: bool, star: bool) -> None:
        if self.random.random() < 0.5:
            self.put(depth, f"@same({self.call('may')})")
            self.put(depth, f"def inner(a={self.call('may')}):")
            self.put(depth + 1, "hit(-1)")
            return
        self.put(depth, f"class Inner(base({self.call('may')})):")
        self.hit(depth + 1)
        self.put(depth + 1, f"if {self.condition()}:")
        self.put(depth + 2, f"x: {self.call('may')} = {self.call('may')}")

    def assert_(self, depth: int, left: int, loop: bool, endless: bool, star: bool) -> None:
        self.put(depth, f"assert {self.condition()}, {self.call('may')}")


class Run:
    """One run of a program: its events, and how it ended."""

    def __init__(self, code: Any, seed: int) -> None:
        self.random = random.Random(seed)
        self.events: list[Event] = []
        self.is_over = False
        self.ending = self._run(code)

    def record(self, name: str, number: int, outcome: object = None) -> None:
        if len(self.events) >= MOST_EVENTS:
            self.is_over = True
            raise Stop
        self.events.append((name, number, outcome))

    def hit(self, number: int) -> int:
        if number != -2:
            self.record("hit", number)
        return 1

    def may(self, number: int) -> int:
        self.record("may", number)
        if self.random.random() < 0.2:
            raise self.kind(None)
        return 1

    def cond(self, number: int) -> bool:
        found = self.random.random() < 0.5
        self.record("cond", number, found)
        return found

    def number(self, number: int) -> int:
        self.record("number", number)
        return self.random.randrange(4)

    def items(self, number: int) -> Items:
        self.record("items", number)
        return Items(self)

    def manager(self, number: int) -> Manager:
        self.record("manager", number)
        return Manager(self, number)

    def kind(self, _: object) -> type[Exception]:
        return self.random.choice(RAISED)

    def _names(self) -> dict[str, Any]:
        async def later(value: object) -> object:
            return value

        recorded = {name: getattr(self, name) for name in (*RECORDED, "kind")}
        raised = {kind.__name__: kind for kind in RAISED}
        helpers = {
            "same": lambda _: lambda given: given,
            "base": lambda _: object,
            "pair": lambda *_, **__: 1,
            "later": later,
            "cell": {},
        }
        return {**recorded, **raised, **helpers}

    def _run(self, code: Any) -> str:
        names = self._names()
        exec(code, names)
        try:
            found = names["run"]()
            if hasattr(found, "send"):
                self._drive(found)
            return "returned"
        except BaseException:
            # What ends the run may come in a group, from `except*`.
            return "stopped" if self.is_over else "raised"

    def _drive(self, found: Any) -> None:
        """Resume a generator or coroutine to its end, now and then by an exception."""
        try:
            found.send(None)
            while True:
                if self.random.random() < 0.2:
                    found.throw(self.random.choice(RAISED))
                else:
                    found.send(None)
        except StopIteration:
            return


class Items:
    """An iterable of none to two items, whose iterator may raise."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.left = run.random.randrange(3)

    def __iter__(self) -> Items:
        return self

    def __aiter__(self) -> Items:
        return self

    def __next__(self) -> int:
        if self.run.random.random() < 0.05:
            raise Second
        if not self.left:
            raise StopIteration
        self.left -= 1
        return 1

    async def __anext__(self) -> int:
        try:
            return self.__next__()
        except StopIteration:
            raise StopAsyncIteration from None


class Manager:
    """A context manager that may fail to be entered, and may swallow."""

    def __init__(self, run: Run, number: int) -> None:
        self.run = run
        self.number = number

    def __enter__(self) -> int:
        if self.run.random.random() < 0.1:
            raise First
        return 1

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> bool:
        if kind is Stop:
            return False
        self.run.record("leave", self.number)
        return self.run.random.random() < 0.4

    async def __aenter__(self) -> int:
        return self.__enter__()

    async def __aexit__(self, kind: type[BaseException] | None, *_: object) -> bool:
        return self.__exit__(kind)


def graph_of(source: str) -> ControlFlowGraph:
    """The graph of the first function of a source."""
    module = tree.read_module(parser.parse(source.encode()))
    function = module.body[0]
    assert isinstance(function, nodes.FunctionDef)
    return build(function)


Place = tuple[Block, int, int]


class Paths:
    """Follows events through a graph, as an automaton: where may control be after them?"""

    def __init__(self, graph: ControlFlowGraph) -> None:
        self.graph = graph
        self.calls: dict[Step, list[tuple[str, int]]] = {}
        for block in graph.blocks:
            for step in block.steps:
                self.calls[step] = _calls(step)

    def follow(self, events: list[Event], ending: str) -> int:
        """How many events a path through the graph has; one more if it ends as the run did."""
        places = self._closure({(self.graph.entry, 0, 0)}, None)
        for done, event in enumerate(events):
            moved: set[Place] = set()
            for block, at, part in places:
                if at < len(block.steps):
                    calls = self.calls[block.steps[at]]
                    if part < len(calls) and calls[part] == event[:2]:
                        moved.add((block, at, part + 1))
            if not moved:
                return done
            places = self._closure(moved, event)
        if ending == "stopped":
            return len(events) + 1
        end = self.graph.returned if ending == "returned" else self.graph.raised
        return len(events) + any(block is end for block, _, _ in places)

    def _closure(self, places: set[Place], last: Event | None) -> set[Place]:
        seen: set[Place] = set()
        waiting = list(places)
        while waiting:
            place = waiting.pop()
            if place not in seen:
                seen.add(place)
                waiting.extend(self._silent(place, last))
        return seen

    def _raises(self, step: Step, part: int) -> bool:
        """Whether a step of such a program may raise after some of its calls: only a call of `may` does."""
        if not step.may_raise() or step.kind in (
            StepKind.NEXT,
            StepKind.ENTER,
            StepKind.LEAVE,
            StepKind.RAISE,
        ):
            return step.may_raise()
        if any(isinstance(node, (nodes.Yield, nodes.Await)) for node in step.operations()):
            return True
        return part > 0 and self.calls[step][part - 1][0] == "may"

    def _silent(self, place: Place, last: Event | None) -> Iterator[Place]:
        """Where control may go without an event."""
        block, at, part = place
        if at < len(block.steps):
            step = block.steps[at]
            if self._raises(step, part) and block.on_exception is not None:
                yield block.on_exception, 0, 0
            if part == len(self.calls[step]) and step.kind is not StepKind.RAISE:
                yield block, at + 1, 0
            return
        for edge in block.edges:
            if edge.kind in (EdgeKind.TRUE, EdgeKind.FALSE) and isinstance(edge.node, nodes.Call):
                said = _call(edge.node)
                is_condition = said is not None and said[0] == "cond" and last is not None
                if is_condition and last != (*said, edge.kind is EdgeKind.TRUE):
                    continue
            yield edge.target, 0, 0


def _call(node: nodes.Node) -> tuple[str, int] | None:
    if isinstance(node, nodes.Call) and isinstance(node.func, nodes.Name) and node.func.id in RECORDED:
        given = node.args[0]
        if isinstance(given, nodes.Constant) and isinstance(given.value, int):
            return node.func.id, given.value
    return None


def _calls(step: Step) -> list[tuple[str, int]]:
    """The recorded calls of a step, in the order in which they are made."""
    if step.kind is StepKind.LEAVE:
        assert isinstance(step.node, nodes.WithItem)
        said = _call(step.node.context_expr)
        return [("leave", said[1])] if said is not None else []
    return [said for node in step.operations() if (said := _call(node)) is not None]


def runs(seed: int, count: int) -> Iterator[tuple[str, Run]]:
    """A program, and some of its runs."""
    source = Writer(seed).program()
    code = compile(source, "program", "exec", dont_inherit=True)
    for number in range(count):
        yield source, Run(code, seed * 1000 + number)
