"""Where failures end: a table of programs, and random programs whose runs the analysis has to know."""

from __future__ import annotations

import re
import warnings

import pytest
from flow_effects import PlainEffects
from flow_programs import Items, Manager, Run, Writer, graph_of

from hardcut.flow.conditions import ELSE, FALSE, GOES_ON, NONE, TRUE, dotted
from hardcut.flow.exceptions import FAILURES
from hardcut.flow.failures import Failures, Place, follow
from hardcut.syntax import nodes
from hardcut.syntax.tree import walk
from tests.limits import within

ANSWERS = {NONE: "None", TRUE: "True", FALSE: "False", GOES_ON: "end", ELSE: "value"}
RAISED = "raised"


def followed(source: str, called: str = "install", types: tuple[str, ...] = FAILURES) -> Failures:
    """What becomes of the failures of the calls of a name in the first function of a source."""
    graph = graph_of(source)
    calls = [
        node for node in walk(graph.body) if isinstance(node, nodes.Call) and dotted(node.func) == called
    ]
    return follow(graph, PlainEffects(), [Place(call, types) for call in calls], {})


def endings(body: str) -> set[str]:
    """How a function may end after `install()` has failed in it: by an answer, or `RAISED`."""
    source = "def run(a, b, log):\n" + "".join(f"    {line}\n" for line in body.strip("\n").split("\n"))
    found = followed(source)
    ended = {ANSWERS[caught.answer] for caught in found.caught}
    return ended | ({RAISED} if found.escapes else set())


IFS = "\n".join(f"    if a[{number}]: log({number})" for number in range(60))
TABLE = {
    "no handler": ("install()", {RAISED}),
    "pass": ("try:\n    install()\nexcept ImportError:\n    pass", {"end"}),
    "another type": ("try:\n    install()\nexcept ValueError:\n    pass", {RAISED}),
    "only one of the types": ("try:\n    install()\nexcept ModuleNotFoundError:\n    pass", {"end", RAISED}),
    "re-raised": ("try:\n    install()\nexcept ImportError:\n    log()\n    raise", {RAISED}),
    "many conditions before the raise": (
        f"try:\n    install()\nexcept ImportError:\n{IFS}\n    raise",
        {RAISED},
    ),
    "many names before the raise": (
        "try:\n    install()\nexcept ImportError as e:\n"
        + "".join(f"    x{n} = None if a[{n}] else e\n" for n in range(12))
        + "    if e is not None: raise",
        {RAISED},
    ),
    "sys.exit": ("try:\n    install()\nexcept ImportError:\n    sys.exit(1)", {RAISED}),
    "assert False": ("try:\n    install()\nexcept ImportError:\n    assert False", {RAISED}),
    "assert_never": ("try:\n    install()\nexcept ImportError as e:\n    assert_never(e)", {RAISED}),
    "while True": (
        "while True:\n    try:\n        return install()\n    except ImportError:\n        log()",
        {"value"},
    ),
    "while True that ends": (
        "while True:\n    try:\n        return install()\n    except ImportError:\n        break",
        {"end"},
    ),
    "for, return, else: raise": (
        "for x in a:\n    try:\n        return install(x)\n    except ImportError:\n        continue\n"
        "else:\n    raise RuntimeError",
        {"value", RAISED},
    ),
    "collected and raised later": (
        "errors = []\nfor x in a:\n    try:\n        install(x)\n    except ImportError as e:\n"
        "        errors.append(e)\nif errors:\n    raise ExceptionGroup('', errors)\nreturn b",
        {RAISED},
    ),
    "counted and raised later": (
        "failed = 0\ntry:\n    install()\nexcept ImportError:\n    failed += 1\n"
        "if failed > 0:\n    raise RuntimeError",
        {RAISED},
    ),
    "kept and raised later": (
        "error = None\ntry:\n    install()\nexcept ImportError as e:\n    error = e\nlog()\n"
        "if error: raise error",
        {RAISED},
    ),
    "kept and not raised": (
        "error = None\ntry:\n    install()\nexcept ImportError as e:\n    error = e\nreturn error",
        {"value"},
    ),
    "a flag that is tested": (
        "ok = True\ntry:\n    install()\nexcept ImportError:\n    ok = False\nif not ok:\n"
        "    raise RuntimeError",
        {RAISED},
    ),
    "a flag that is returned": (
        "ok = True\ntry:\n    install()\nexcept ImportError:\n    ok = False\nreturn ok",
        {"False"},
    ),
    "suppress": ("with suppress(ImportError):\n    install()\nreturn a", {"value"}),
    "suppress of another type": ("with suppress(ValueError):\n    install()", {RAISED}),
    "suppress inside of another": (
        "with suppress(Exception), suppress(ValueError):\n    install()",
        {"end"},
    ),
    "a stack": ("with ExitStack() as s:\n    s.enter_context(suppress(ImportError))\n    install()", {"end"}),
    "a stack that is pushed to": (
        "with ExitStack() as s:\n    s.push(suppress(ImportError))\n    install()",
        {"end"},
    ),
    "before the stack holds it": (
        "with ExitStack() as s:\n    install()\n    s.enter_context(suppress(ImportError))",
        {RAISED},
    ),
    "finally that returns": ("try:\n    install()\nfinally:\n    return None", {"None"}),
    "finally that breaks": (
        "for x in a:\n    try:\n        install()\n    finally:\n        break\nreturn 1",
        {"value"},
    ),
    "finally that catches for itself": (
        "try:\n    install()\nfinally:\n    try:\n        raise KeyError\n    except KeyError:\n        pass",
        {RAISED},
    ),
    "a test of the type": (
        "try:\n    install()\nexcept Exception as e:\n    if isinstance(e, ImportError):\n"
        "        raise\n    return 1",
        {RAISED},
    ),
    "a match of the type": (
        "try:\n    install()\nexcept Exception as e:\n    match e:\n        case ImportError():\n"
        "            raise\n        case _:\n            return 1",
        {RAISED},
    ),
    "a bound name": (
        "try:\n    install()\nexcept ImportError as e:\n    error = e\n"
        "if 'error' in locals():\n    raise error",
        {RAISED},
    ),
    "a conditional answer": (
        "error = None\ntry:\n    install()\nexcept ImportError:\n    error = 'x'\n"
        "return None if error else a",
        {"None"},
    ),
    "a test that wants the failure": (
        "try:\n    install()\nexcept ImportError:\n    pass\nelse:\n    fail_test()",
        set(),
    ),
    "a test that wants it, and more follows": (
        "if a: raise ValueError\ntry:\n    install()\n    assert False\nexcept ImportError:\n    pass\nlog()",
        set(),
    ),
    "a test that asks for it later": (
        "error = None\ntry:\n    install()\nexcept ImportError as e:\n    error = e\n"
        "assert error is not None",
        set(),
    ),
    "a block that is expected to fail": ("with raises(ImportError):\n    install()", set()),
    "except*": ("try:\n    install()\nexcept* ImportError:\n    pass", {"end"}),
}  # fmt: skip


@pytest.mark.parametrize("title", TABLE)
def test_a_failure_ends_where_the_table_says(title: str) -> None:
    body, expected = TABLE[title]
    assert endings(body) == expected


UNHASHABLE = re.compile(r"\{[\[{(]")
"""A key of a dict that may be a list: nothing that raises by itself is followed after a failure."""


class PlainWriter(Writer):
    """Functions in which nothing raises but `may` and `raise`, without `except*`, which groups exceptions."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.is_async = self.is_generator = False

    def raises(self, depth: int) -> None:
        name = self.random.choice(["First", "Second", "Third"])
        self.put(depth, self.random.choice([f"raise {name}", f"raise {name}({self.call('hit')})"]))

    def assert_(self, depth: int, left: int, loop: bool, endless: bool, star: bool) -> None:
        """Where all success ends in a failed assertion, the failure is what a test asks for."""
        self.hit(depth)

    def try_star(self, depth: int, left: int, loop: bool, endless: bool, star: bool) -> None:
        self.try_(depth, left, loop, endless, star)


class CalmItems(Items):
    def __next__(self) -> int:
        if not self.left:
            raise StopIteration
        self.left -= 1
        return 1


class CalmManager(Manager):
    def __enter__(self) -> int:
        return 1


class FailingRun(Run):
    """A run in which nothing but calls of `may` and `raise` statements raise; `failed` are those calls."""

    def __init__(self, code: object, seed: int) -> None:
        self.failed: list[int] = []
        super().__init__(code, seed)

    def may(self, number: int) -> int:
        self.record("may", number)
        if not self.failed and self.random.random() < 0.2:
            self.failed.append(number)
            raise self.kind(None)
        return 1

    def items(self, number: int) -> Items:
        self.record("items", number)
        return CalmItems(self)

    def manager(self, number: int) -> Manager:
        self.record("manager", number)
        return CalmManager(self, number)


@pytest.mark.parametrize("first", range(0, 600, 100))
def test_the_end_of_every_run_is_known(first: int) -> None:
    compared = 0
    for seed in range(first, first + 100):
        source = PlainWriter(seed).program()
        if UNHASHABLE.search(source):
            continue
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                code = compile(source, "program", "exec", dont_inherit=True)
        except SyntaxError:
            continue
        graph = graph_of(source)
        calls = {
            node.args[0].value: node
            for node in walk(graph.body)
            if isinstance(node, nodes.Call) and dotted(node.func) == "may" and node.args
            if isinstance(node.args[0], nodes.Constant)
        }
        numbers = list(calls)
        places = [Place(call, ("First", "Second", "Third")) for call in calls.values()]
        found = follow(graph, PlainEffects({"Third": ["First"]}), places, {})
        caught = {numbers[one.failure] for one in found.caught}
        escaped = {numbers[failure] for failure in found.escapes}
        for number in range(8):
            run = FailingRun(code, seed * 1000 + number)
            if run.failed and run.ending != "stopped":
                known = caught if run.ending == "returned" else escaped
                assert run.failed[0] in known, (source, run.failed, run.ending)
                compared += 1
    assert compared > 50


def test_time_grows_as_the_code_does() -> None:
    """A thousand conditions, blocks nested sixty deep, many handlers, and expressions in one another."""
    ifs = "".join(f"    if x{n}:\n        y{n} = {n}\n" for n in range(1000))
    attempts = "".join(
        f"    try:\n        install({n})\n    except ImportError:\n        z = {n}\n" for n in range(300)
    )
    nested = "".join(f"{'  ' * depth}try:\n{'  ' * depth} install()\n" for depth in range(1, 60)) + "".join(
        f"{'  ' * depth}except ImportError:\n{'  ' * depth} x = {depth}\n" for depth in range(59, 0, -1)
    )
    test = "a"
    for _ in range(90):
        test = f"((b if {test} else c) is None or d)"
    elifs = "    if a: pass\n" + "    elif b(): log()\n" * 3000
    for body in (ifs + attempts, nested, f"    install()\n    if {test}: return {test}\n", elifs + attempts):
        with within(20):
            found = followed(f"def run():\n{body}")
            assert found.escapes or found.caught
