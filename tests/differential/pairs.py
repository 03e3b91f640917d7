"""Pairs of files, a helper and its caller, and what the caller does when an import in the helper fails."""

from __future__ import annotations

import random

KINDS = ["ImportError", "ImportError", "Exception", "(ValueError, ImportError)", "RuntimeError", "ValueError"]
TOUCHES = ["import native_ext", 'native_ext = importlib.import_module("native_ext")', "install(flag)"]
ENDINGS = [
    *(["return False"], ["return None"], ["pass"], ["raise"], ["raise RuntimeError('gone')"]),
    *(
        ["if flag:", "    raise", "return None"],
        ["raise Gone('gone')"],
        ["if flag:", "    return False", "raise"],
    ),
]
CATCHES = [["pass"], ["raise"], ["return 0"], ["raise KeyError('x')"], ["if other:", "    raise"]]
TOP = "import importlib\nfrom contextlib import contextmanager\n"
ASKING = [
    ["if not reach(flag):", "    raise RuntimeError('late')"],
    ["if not reach(flag):", "    return 0"],
    ["found = reach(flag)", "if not found and other:", "    raise RuntimeError('late')"],
    ["return reach(flag) or 1"],
    ["while not reach(flag):", "    log()"],
    ["done = False", "while not done:", "    done = reach(flag)"],
    ["for turn in range(3):", "    if reach(flag):", "        break"],
    [
        "for turn in range(3):",
        "    if reach(flag):",
        "        break",
        "else:",
        "    raise RuntimeError('late')",
    ],
    [
        "for turn in (1, 2):",
        "    if not reach(flag):",
        "        continue",
        "    return 1",
        "raise RuntimeError('late')",
    ],
    ["for turn in (1, 2):", "    if not reach(flag):", "        raise RuntimeError('late')"],
]
"""Callers that look at the answer."""


class Pairs:
    """Makes one pair after another from one source of chance."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)

    def pair(self, number: int) -> tuple[str, str]:
        """The sources of `tools_N` and `entry_N`."""
        shape = self.chance.choice([self.asked, self.asked, self.tried, self.tried, self.handed])
        tools, entry, names = shape()
        return TOP + tools, f"{TOP}from tools_{number} import {names}, log\n\n{entry}"

    def asked(self) -> tuple[str, str, str]:
        """A caller that looks at what the helper answers."""
        return (
            self._reach(),
            _function("entry(flag, other)", [*self.chance.choice(ASKING), "return 1"]),
            "reach",
        )

    def tried(self) -> tuple[str, str, str]:
        """A caller with a handler of its own."""
        handler = ["try:", "    reach(flag)", f"except {self.chance.choice(KINDS)}:"]
        every = ["try:", "    reach(flag)", "except Exception:"]
        lines = self.chance.choice(
            [
                [*handler, *_in(self.chance.choice(CATCHES))],
                [*handler, *_in(self.chance.choice(CATCHES))],
                ["reach(flag)"],
                [
                    "for turn in range(2):",
                    *_in([*every, "    continue", "return 1"]),
                    "raise RuntimeError('late')",
                ],
                [*every, "    reach(flag)"],
                [*every, "    if again:", "        return entry(flag, other, False)", "    raise"],
            ]
        )
        entry = _function("entry(flag, other, again=True)", [*lines, "return 1"])
        return self._reach(), entry, "reach"

    def handed(self) -> tuple[str, str, str]:
        """A helper, manager or decorator that is handed what may fail."""
        caught = f"except {self.chance.choice(KINDS)}:"
        ending = self.chance.choice(
            [["pass"], ["raise"], ["return None"], ["raise RuntimeError('gone')"], ["log()"]]
        )
        attempt = ["try:", "    return function(*given)", caught, *_in(ending)]
        again = ["for turn in (1, 2):", *_in(["try:", "    return function(*given)", caught, "    continue"])]
        again += self.chance.choice([[], ["raise RuntimeError('late')"]])
        inner = self.chance.choice([attempt, again])
        install = "from native_ext import install\n\n\n"
        roll = self.chance.randrange(3)
        if roll == 0:
            tools = _function("tool(function, *given)", inner)
            entry = _function("entry(flag, other)", ["tool(install, flag)", "return 1"])
        elif roll == 1:
            tools = _function("tool(function)", ["def inner(*given):", *_in(inner), "return inner"])
            entry = "@tool\n" + _function("work(flag)", ["install(flag)"])
            entry += _function("entry(flag, other)", ["work(flag)", "return 1"])
        else:
            tools = "@contextmanager\n" + _function("tool()", ["try:", "    yield", caught, *_in(ending)])
            entry = _function("entry(flag, other)", ["with tool():", "    install(flag)", "return 1"])
        return _function("log()", ["return None"]) + tools, install + entry, "tool"

    def _reach(self) -> str:
        """A helper that reaches what may be missing, sometimes through another one."""
        touch = self.chance.choice(TOUCHES)
        body = [
            "try:",
            f"    {touch}",
            f"except {self.chance.choice(KINDS)}:",
            *_in(self.chance.choice(ENDINGS)),
        ]
        if body[-1] == "    pass":
            body += self.chance.choice([["    return None"], ["    log()", "    return False"]])
        body = [*body, "return True"] if self.chance.random() < 0.8 else [touch, "return True"]
        top = "from native_ext import install\n\n\nclass Gone(RuntimeError):\n    pass\n\n\n"
        top += _function("log()", ["return None"])
        if self.chance.random() < 0.25:
            return top + _function("inner(flag)", body) + _function("reach(flag)", ["return inner(flag)"])
        return top + _function("reach(flag)", body)


def _function(head: str, body: list[str]) -> str:
    return "\n".join([f"def {head}:", *_in(body)]) + "\n\n\n"


def _in(lines: list[str]) -> list[str]:
    return [f"    {line}" for line in lines]


RUNNER = """
import builtins, importlib, json, sys, types

STATE = {"count": 0, "fails": (), "kind": ImportError, "hurt": False, "raised": False, "empty": False}
STUB = types.ModuleType("native_ext")


class Stop(BaseException):
    pass


def attempt(*given):
    STATE["count"] += 1
    if STATE["count"] > 20:
        raise Stop
    if STATE["count"] in STATE["fails"]:
        STATE["hurt"] = True
        raise STATE["kind"]("native_ext")


STUB.install = attempt
real_import, real_module = builtins.__import__, importlib.import_module


def fake_import(name, *rest, **more):
    if name == "native_ext":
        attempt()
        return STUB
    return real_import(name, *rest, **more)


def fake_module(name, *rest):
    if name == "native_ext":
        attempt()
        return STUB
    return real_module(name, *rest)


builtins.__import__, importlib.import_module = fake_import, fake_module


def watched(reach):
    def inner(flag):
        STATE["hurt"] = False
        try:
            answer = reach(flag)
        except BaseException:
            STATE["raised"] = STATE["raised"] or STATE["hurt"]
            raise
        STATE["kept"] = STATE["kept"] or STATE["hurt"]
        STATE["empty"] = STATE["empty"] or (STATE["hurt"] and not answer)
        return answer

    return inner


def run(entry, flags, fails, kind):
    STATE.update(count=0, fails=fails, kind=kind, hurt=False, raised=False, empty=False, kept=False)
    try:
        entry(*flags)
    except BaseException:
        return False
    return True


def truth(number, tools, entry):
    STATE.update(count=0, fails=())
    module = types.ModuleType(f"tools_{number}")
    exec(compile(tools, f"tools_{number}", "exec"), module.__dict__)
    sys.modules[module.__name__] = module
    asks = hasattr(module, "reach")
    if asks:
        module.reach = watched(module.reach)
    space = {"__name__": f"entry_{number}"}
    exec(compile(entry, space["__name__"], "exec"), space)
    found = {"tools": False, "entry": False, "soft": False, "retry": False}
    for flags in ((True, True), (True, False), (False, True), (False, False)):
        run(space["entry"], flags, (), ImportError)
        once = STATE["count"]
        for fails in ((1,), (1, 2), tuple(range(1, 30))):
            for kind in (ImportError, ModuleNotFoundError, ValueError, RuntimeError):
                returned = run(space["entry"], flags, fails, kind)
                if issubclass(kind, ImportError) or not asks:
                    found["retry"] |= STATE["count"] > once
                if issubclass(kind, ImportError):
                    found["tools"] |= asks and STATE["kept"]
                    found["entry"] |= returned and (STATE["raised"] if asks else STATE["hurt"])
                    found["soft"] |= returned and STATE["empty"] and "    reach(flag)\\n" not in entry
    return found


print(json.dumps([truth(number, *pair) for number, pair in enumerate(json.load(sys.stdin))]))
"""
"""Runs pairs of our own.

Of each it tells whether a failure stays in the helper (`tools`) or in its caller (`entry`), whether the
caller looks at an empty answer and goes on (`soft`), and whether it tries again (`retry`).
"""
