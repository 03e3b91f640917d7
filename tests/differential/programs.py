"""Programs made of handlers, loops and helpers around an import, and what they do when it fails."""

from __future__ import annotations

import random
import textwrap

HEAD = """\
import contextlib
import importlib
import sys
from contextlib import contextmanager, suppress

{top}

class Missing(Exception):
    pass


ERRORS = (ImportError, ValueError)
OTHERS = (KeyError, ValueError)
Wide = Exception


def log(*said):
    return None


def die(*said):
    raise RuntimeError("always")


def leave():
    sys.exit(1)


def load():
    return importlib.import_module("native_ext")


def translated():
    try:
        import native_ext
    except ImportError as error:
        raise Missing("gone") from error
    return native_ext


@contextmanager
def quiet():
    try:
        yield
    except ImportError:
        log("quiet")


@contextmanager
def loud():
    try:
        yield
    except ImportError as error:
        raise RuntimeError("loud") from error


class Quiet:
    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        return True


class Loud:
    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        return False


def entry(flag, other):
    error = None
    errors = []
    failed = False
    ok = False
    module = None
"""
"""What every program begins with; `entry` is what the program's callers call."""
CATCHING = [
    *("ImportError", "ModuleNotFoundError", "Exception", "BaseException", "(ImportError, ValueError)"),
    *(
        "ERRORS",
        "Wide",
        "(KeyError, ModuleNotFoundError)",
        "(Missing, ImportError)",
        "(*OTHERS, ImportError)",
    ),
]
PASSING = ["ValueError", "OTHERS", "(KeyError, TypeError)", "RuntimeError", "Missing"]
HARD_TO_PASS = ("die()", "leave()", "translated", "Missing", "for ", "ValueError", "OTHERS")
"""Signs of a piece that no run may get through; nothing may follow it, for its truth would be unknown."""
CONTEXTS = [
    *("suppress(ImportError)", "contextlib.suppress(Exception)", "suppress(ValueError)", "quiet()"),
    *("loud()", "Quiet()", "Loud()", "suppress(*ERRORS)"),
]


class Maker:
    """Makes one program after another from one source of chance."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)

    def program(self) -> str:
        """A whole program."""
        top = "import native_fast\n\n" if self.chance.random() < 0.3 else ""
        top += "from native_ext import install\n"
        lines: list[str] = []
        for _ in range(self.chance.choice([1, 1, 1, 2])):
            if not any(sign in line for line in lines for sign in HARD_TO_PASS):
                lines += self.piece(2, False)
                lines += self.after()
        lines += self.chance.choice([["return module"], ["return 1"], []])
        return HEAD.format(top=top) + textwrap.indent("\n".join(lines) + "\n", "    ")

    def pick(self, *choices: list[str]) -> list[str]:
        """One of several pieces."""
        return self.chance.choice(choices)

    def touch(self) -> list[str]:
        """A statement that reaches what may be missing."""
        return self.pick(
            ["import native_ext"],
            ["from native_ext import thing"],
            ['module = importlib.import_module("native_ext")'],
            ["module = load()"],
            ["module = translated()"],
            ["install(flag)"],
            ["log(load())"],
        )

    def piece(self, depth: int, loop: bool) -> list[str]:
        """A `try`, `with`, `if` or loop around a touch."""
        roll = self.chance.random()
        if depth <= 0:
            return self.touch()
        if roll < 0.5:
            return self.attempt(depth, loop)
        if roll < 0.65:
            body = self.piece(depth - 1, loop)
            return [f"with {self.chance.choice(CONTEXTS)}:", *_in(body)]
        if roll < 0.75:
            return [
                f"if {self.condition()}:",
                *_in(self.piece(depth - 1, loop)),
                *self.pick([], ["else:", *_in(self.small(loop, ""))]),
            ]
        if roll < 0.95 and not loop:
            head = self.chance.choice(
                ["for _ in (1, 2):", "for turn in range(3):", 'for name in ("native_ext", "native_ext"):']
            )
            body = self.attempt(depth - 1, True)
            body += self.pick([], ["break"], ["if ok:", "    break"], ["if flag:", "    continue", "break"])
            otherwise = self.pick([], [], ["else:", *_in(self.small(False, ""))])
            return [head, *_in(body), *otherwise]
        return self.touch()

    def attempt(self, depth: int, loop: bool) -> list[str]:
        """A whole `try` statement."""
        inner = self.piece(depth - 1, loop) if self.chance.random() < 0.35 else self.touch()
        body = [*self.pick([], [], ["log(1)"]), *inner, *self.pick([], ["ok = True"], ["failed = False"])]
        if loop and self.chance.random() < 0.3:
            body += self.pick(["break"], ["return module"])
        lines = ["try:", *_in(body)]
        clauses = self.chance.choice([1, 1, 1, 2])
        plain = len(inner) == 1 and "translated" not in inner[0]
        for number in range(clauses):
            last = number == clauses - 1
            inside = depth if plain and number == 0 else 0
            caught = self.chance.choice(PASSING if self.chance.random() < 0.2 else CATCHING)
            name = self.chance.choice(["", "caught"])
            if last and self.chance.random() < 0.08:
                lines += ["except:", *_in(self.handler(inside, loop, ""))]
            else:
                inside = inside if caught != "Missing" else 0
                head = f"except {caught}" + (f" as {name}:" if name else ":")
                lines += [head, *_in(self.handler(inside, loop, name))]
        if self.chance.random() < 0.2:
            lines += ["else:", *_in(self.small(loop, ""))]
        if self.chance.random() < 0.15:
            lines += [
                "finally:",
                *_in(self.pick(["log(2)"], ["log(3)"], ["if flag:", "    return 0"], ["return 2"])),
            ]
        return lines

    def handler(self, depth: int, loop: bool, name: str) -> list[str]:
        """The body of a handler."""
        lines = self.pick([], [], ["log(4)"])
        roll = self.chance.random()
        if roll < 0.2:
            other = self.pick([], ["else:", *_in(self.ending(loop, name))])
            lines = [*lines, f"if {self.condition()}:", *_in(self.ending(loop, name)), *other]
            if self.chance.random() < 0.5:
                lines += self.ending(loop, name)
            return lines
        if roll < 0.27 and depth > 0:
            return [*lines, *self.attempt(depth - 1, loop)]
        if roll < 0.33:
            return [*lines, "for turn in (1, 2):", *_in(self.ending(True, name)), *self.small(loop, name)]
        if roll < 0.38:
            return [*lines, "try:", *_in(self.ending(loop, name)), "finally:", "    log(5)"]
        if roll < 0.43 and name:
            kind = self.chance.choice(["ModuleNotFoundError", "ImportError", "(ValueError, KeyError)"])
            return [
                *lines,
                f"if isinstance({name}, {kind}):",
                *_in(self.ending(loop, name)),
                *self.ending(loop, name),
            ]
        return [*lines, *self.ending(loop, name)]

    def ending(self, loop: bool, name: str) -> list[str]:
        """How a path through a handler may end."""
        choices = [
            *(["pass"], ["raise"], ["raise"], ["raise RuntimeError('x')"], ["die()"], ["return None"]),
            *(["return 0"], ["failed = True"], ["module = None"], ["errors.append('x')"], ["leave()"]),
            *(["ok = False"], ["error = 'text'"], ["return die()"]),
        ]
        if name:
            choices += [
                *([f"error = {name}"], [f"error = {name}"], [f"raise Missing('x') from {name}"]),
                *([f"raise {name}"], [f"errors.append({name})"], [f"log({name})"]),
            ]
        if loop:
            choices += [["continue"], ["continue"], ["break"]]
        return self.chance.choice(choices)

    def small(self, loop: bool, name: str) -> list[str]:
        """A short block that is no handler."""
        found = self.ending(loop, name)
        return ["log(6)"] if found == ["raise"] else found

    def condition(self) -> str:
        """A condition over the arguments."""
        return self.chance.choice(
            ["flag", "not flag", "other", "flag and other", "flag or other", "flag is None"]
        )

    def after(self) -> list[str]:
        """What may follow: often a raise that was put off."""
        return self.pick(
            [],
            [],
            ["if error is not None:", "    raise RuntimeError('late')"],
            ["if errors:", "    raise RuntimeError('late')"],
            ["if failed:", "    raise RuntimeError('late')"],
            ["if not ok:", "    raise RuntimeError('late')"],
            ["if module is None:", "    raise RuntimeError('late')"],
            ["if error:", "    log(error)", "    if flag:", "        raise RuntimeError('late')"],
            ["assert not failed"],
            ["if flag and failed:", "    raise RuntimeError('late')"],
        )


def _in(lines: list[str]) -> list[str]:
    return [f"    {line}" for line in lines]


RUNNER = """
import builtins, importlib, json, sys, types, warnings

warnings.simplefilter("ignore")
STATE = {"count": 0, "fails": (), "kind": ImportError, "hurt": False, "quiet": (0, 0), "noise": None}
STUB = types.ModuleType("native_ext")
STUB.thing = object()


def attempt():
    STATE["count"] += 1
    first, last = STATE["quiet"]
    if first <= STATE["count"] <= last:
        raise STATE["noise"]("another error")
    if STATE["count"] - last in STATE["fails"]:
        STATE["hurt"] = True
        raise STATE["kind"]("native_ext")


def install(*given):
    attempt()


STUB.install = install
real_import, real_module = builtins.__import__, importlib.import_module


def fake_import(name, *rest, **more):
    if name == "native_ext":
        attempt()
        return STUB
    if name == "native_fast":
        return STUB
    return real_import(name, *rest, **more)


def fake_module(name, *rest):
    if name == "native_ext":
        attempt()
        return STUB
    return real_module(name, *rest)


builtins.__import__, importlib.import_module = fake_import, fake_module


EACH = [(1,), (2,), (3,), (4,), (1, 2, 3, 4, 5, 6), (2, 3, 4, 5, 6), (1, 2), (1, 2, 3), (2, 3), (2, 3, 4)]
RUNS = [(fails, (0, 0), KeyError) for fails in EACH]
RUNS += [
    (fails, quiet, noise)
    for quiet in ((1, 1), (1, 2), (1, 3), (2, 2), (3, 3))
    for noise in (KeyError, ValueError, TypeError, RuntimeError)
    for fails in (EACH[0], EACH[4])
]


def swallows(source):
    STATE.update(count=0, fails=(), quiet=(0, 0))
    space = {"__name__": "program"}
    exec(compile(source, "program", "exec"), space)
    for fails, quiet, noise in RUNS:
        for kind in (ImportError, ModuleNotFoundError):
            for flag in (True, False, None):
                for other in (True, False):
                    STATE.update(count=0, fails=fails, kind=kind, hurt=False, quiet=quiet, noise=noise)
                    try:
                        space["entry"](flag, other)
                    except BaseException:
                        continue
                    if STATE["hurt"]:
                        return True
    return False


print(json.dumps([swallows(source) for source in json.load(sys.stdin)]))
"""
"""Runs programs of our own and tells of each whether some failure stays inside `entry`."""
