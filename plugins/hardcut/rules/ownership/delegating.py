"""Whether a function reaches the native side, and what it works out for itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

import msgspec

from hardcut.flow.effects import NEVER_RETURN
from hardcut.rules.ownership.leading import Leading
from hardcut.source.bodies import Answer, Body, Called, Kind, Work
from hardcut.source.project import Project

DEPTH = 40
"""How many functions in a row are followed to the native side."""
DOES: dict[Kind | Literal["fallback", "answer"], str] = {
    "arithmetic": "does arithmetic",
    "bits": "joins by `|`, `&` or `^`",
    "comparison": "compares values",
    "order": "compares values",
    "set": "does set algebra",
    "aggregate": "aggregates",
    "loop": "loops by `while`",
    "fallback": "falls back where the native side fails",
    "answer": "answers without the native side",
}
STRONG: frozenset[Kind] = frozenset({"arithmetic", "order", "set", "aggregate", "loop"})
REPORTING = re.compile(r"\A_*(log|record|emit|trace|warn|notify|audit|report|deprecat|metric|observe)")
"""Functions of the project that report a call, and are no part of its work."""
LOGS = frozenset({"debug", "info", "warning", "warn", "error", "exception", "critical", "log"})
"""Methods of a logger: a call of one is no work."""
SUPPRESS = "contextlib.suppress"
MANAGERS = frozenset({"contextlib.contextmanager", "contextlib.asynccontextmanager"})
"""Decorators that make a context manager of a generator: what it catches at its `yield` is swallowed."""
EXITS = ("__exit__", "__aexit__")

Way = Literal["direct", "named", "unnamed"]


class Own(msgspec.Struct, frozen=True):
    """One thing that a function does for itself, in words, and the line where it does."""

    what: str
    line: int


class Delegating:
    """Judges functions against one surface; `named` are the functions that may stand on the way."""

    def __init__(self, project: Project, to: str, named: frozenset[tuple[str, str]]) -> None:
        self.project = project
        self.leading = Leading(project, to)
        self.named = named
        self._ways: dict[tuple[str, str], Way | None] = {}
        self._returns: dict[tuple[str, str], bool] = {}
        self._never: dict[int, tuple[Body, frozenset[int]]] = {}
        self._swallowers: dict[tuple[str, str], bool] = {}

    def way(self, body: Body, depth: int = 0) -> Way | None:
        """How a body reaches the native side: itself, through a named function, or through another one."""
        answered = body.summary.answered(self._never_returning(body))
        if any(self._holds_result(body.answers[number], body) for number in answered):
            return "direct"
        found = {self._call_way(body.calls[number], body, depth) for number in self._live(body)}
        return next((way for way in ("direct", "named", "unnamed") if way in found), None)

    def _live(self, body: Body) -> list[int]:
        """The calls that may be made, by their places in `calls`."""
        blocks = body.summary.blocks
        live = body.summary.live(self._never_returning(body))
        return sorted({call for number in live for call in (*blocks[number].calls, *blocks[number].defines)})

    def is_alone(self, module: str, body: Body) -> bool:
        """Whether no other definition of a body's name does anything."""
        return all(other.kind == "stub" for other in self.project.bodies(module, body.name))

    def helpers(self, body: Body) -> list[str]:
        """The functions, not named, through which a body reaches the native side."""
        return list(
            dict.fromkeys(
                name
                for number in self._live(body)
                for path in body.calls[number].paths
                for module, name in self.leading.functions(path, body)
                if self._function_way((module, name), 0) is not None
            )
        )

    def _call_way(self, call: Called, body: Body, depth: int) -> Way | None:
        if self.leading.calls_native(call, body):
            return "direct"
        ways = []
        for path in call.paths:
            for function in self.leading.functions(path, body):
                if self._function_way(function, depth) is not None:
                    ways.append("named" if function in self.named else "unnamed")
        return "named" if "named" in ways else "unnamed" if ways else None

    def _function_way(self, function: tuple[str, str], depth: int) -> Way | None:
        if function not in self._ways:
            self._ways[function] = None
            if depth >= DEPTH:
                self.project.give_up(function[0], f"a call was followed through {DEPTH} functions only")
            else:
                found = [self.way(one, depth + 1) for one in self.project.bodies(*function)]
                self._ways[function] = next((one for one in found if one is not None), None)
        return self._ways[function]

    def own(self, body: Body) -> list[Own]:
        """All that a function does beyond marshalling, by line; a named converter may answer by itself."""
        never, live = self._never_returning(body), self._live(body)
        found = [Own(DOES[work.kind], work.span.line) for work in self._works(body)]
        if self.way(body) is not None:
            native = {number for number in live if self._call_way(body.calls[number], body, 0) is not None}
            idle = {number for number in live if _is_log(body.calls[number])}
            empty = {number for number, answer in enumerate(body.answers) if answer.empty}
            for number in body.summary.answers_without(native, never, idle, empty):
                answer = body.answers[number]
                if not self._holds_result(answer, body):
                    found.append(Own(DOES["answer"], answer.span.line))
        found += [Own(DOES["fallback"], line) for line in self._fallbacks(body)]
        for number in live:
            found += self._helped(body.calls[number], body)
        return sorted(set(found), key=lambda own: (own.line, own.what))

    def _works(self, body: Body) -> list[Work]:
        """The works of a body that may be done, but for those of handlers that end in an exception."""
        never = self._never_returning(body)
        counted = body.summary.live(never) - body.summary.doomed(never)
        return [
            work for work in body.works if not counted.isdisjoint(work.blocks) and self._counts(work, body)
        ]

    def _fallbacks(self, body: Body) -> list[int]:
        """The lines at which failures of the native side end."""
        failing = [
            number
            for number, block in enumerate(body.summary.blocks)
            if any(self._touches(path, body) for path in block.imports)
            or any(self._tries(body.calls[call], body) for call in block.calls)
        ]
        found = body.summary.recoveries(failing, self._never_returning(body))
        return [
            recovery.line
            for recovery in found
            if not recovery.managers or any(self._swallows(path, body) for path in recovery.managers)
        ]

    def _tries(self, call: Called, body: Body) -> bool:
        return any(self._touches(path, body) for path in (*call.paths, *call.given))

    def _swallows(self, path: str, body: Body) -> bool:
        """Whether a context manager swallows exceptions: `suppress`, or one of the project that does."""
        ends = [path, *self.leading.ends(path, body)]
        if any(end.replace("()", "") == SUPPRESS for end in ends):
            return True
        return any(
            self._function_swallows((module, name.removesuffix(".__init__")))
            for end in dict.fromkeys(end.removesuffix("()") for end in ends)
            for module, name in self.leading.functions(end, body)
        )

    def _function_swallows(self, function: tuple[str, str]) -> bool:
        """Whether a class, or a generator that is made a context manager, swallows exceptions."""
        if function not in self._swallowers:
            self._swallowers[function] = False
            module, name = function
            exits = [body for method in EXITS for body in self.project.bodies(module, f"{name}.{method}")]
            generators = [
                body for body in self.project.bodies(module, name) if MANAGERS.intersection(body.decorators)
            ]
            self._swallowers[function] = any(map(self._exit_swallows, exits)) or any(
                map(self._generator_swallows, generators)
            )
        return self._swallowers[function]

    def _exit_swallows(self, body: Body) -> bool:
        """Whether an `__exit__` may answer with what is true; what another `__exit__` says is its matter."""
        for number in body.summary.answered(self._never_returning(body)):
            answer = body.answers[number]
            passed = any(path.removesuffix("()").endswith(EXITS) for path in answer.holds)
            if not answer.false and not passed:
                return True
        return False

    def _generator_swallows(self, body: Body) -> bool:
        """Whether an exception at a `yield` ends in the generator."""
        failing = [number for number, block in enumerate(body.summary.blocks) if block.yields]
        found = body.summary.recoveries(failing, self._never_returning(body))
        return any(
            not recovery.managers or any(self._swallows(path, body) for path in recovery.managers)
            for recovery in found
        )

    def _holds_result(self, answer: Answer, body: Body) -> bool:
        """Whether an answer is made from a native object's attribute; what calls gave is their matter."""
        return any("()" not in path and self.leading.is_result(path, body) for path in answer.holds)

    def _counts(self, work: Work, body: Body) -> bool:
        """Whether a work is the function's own, and not an operator or a result of the native side."""
        if work.kind == "loop":
            return True
        if work.kind in ("set", "aggregate") and any(self.leading.is_native(path, body) for path in work.on):
            return False
        if work.kind in ("arithmetic", "bits") and any(self.leading.is_own_object(path) for path in work.on):
            return False
        compares = work.kind in ("comparison", "order")
        looks = compares and (work.against == "unit" or (work.kind == "comparison" and work.against))
        return not any(
            self.leading.is_object(path, body) or (looks and self._is_given_back(path, body))
            for path in work.on
        )

    def _is_given_back(self, path: str, body: Body, deep: int = 3) -> bool:
        """Whether a path is what the native side gave: by a function on the way, or by one that calls it."""
        made, called, _ = path.rpartition("()")
        if self.leading.is_result(path, body) or (bool(called) and self._touches(made, body)):
            return True
        return bool(called) and any(
            self._call_way(call, body, 0) is not None
            or (deep > 0 and any(self._is_given_back(one, body, deep - 1) for one in call.given))
            for call in body.calls
            if made in call.paths
        )

    def _touches(self, path: str, body: Body) -> bool:
        if self.leading.is_native(path, body) or self.leading.to.startswith(f"{path}."):
            return True
        return any(self._function_way(one, 0) is not None for one in self.leading.functions(path, body))

    def _never_returning(self, body: Body) -> frozenset[int]:
        """The calls of a body that never return, by their places in `calls`."""
        known = self._never.get(id(body))
        if known is None:
            # While the answer is worked out, a function that calls itself is taken for one that returns.
            self._never[id(body)] = (body, frozenset())
            found = frozenset(filter(_NeverReturning(self, body).__contains__, range(len(body.calls))))
            known = self._never[id(body)] = (body, found)
        return known[1]

    def never_returns(self, path: str, body: Body) -> bool:
        """Whether a call of a path ends in an exception, or ends the process."""
        ends = [path, *self.leading.ends(path, body)]
        if not NEVER_RETURN.keys().isdisjoint(ends):
            return True
        functions = self.leading.functions(path, body)
        return bool(functions) and not any(map(self._may_return, functions))

    def _may_return(self, function: tuple[str, str]) -> bool:
        """Whether a function of the project may end without an exception."""
        if function not in self._returns:
            self._returns[function] = True
            self._returns[function] = any(
                body.kind not in ("function", "lambda")
                or body.summary.may_return(_NeverReturning(self, body))
                for body in self.project.bodies(*function)
            )
        return self._returns[function]

    def _helped(self, call: Called, body: Body) -> Iterator[Own]:
        """What the functions of the project that a call leads to work out: converters may only convert."""
        for path in call.paths:
            for function in self.leading.functions(path, body):
                leaf = function[1].rsplit(".", 1)[-1]
                if leaf == "__init__" or function in self.named or REPORTING.match(leaf):
                    continue
                does = next(
                    filter(None, (self._works_out(inner, call) for inner in self.project.bodies(*function))),
                    "",
                )
                if does:
                    yield Own(f"calls `{leaf}`, which {does}", call.span.line)

    def _works_out(self, body: Body, call: Called) -> str:
        """The first thing that a helper works out, in words; empty where it only converts."""
        for work in self._works(body):
            decides = work.kind == "comparison" and call.role != "value"
            if work.kind in STRONG or decides:
                return DOES[work.kind]
        return ""


class _NeverReturning:
    """The calls of a body that never return; each is asked about when it is looked for.

    An answer leads through the bodies of other functions, and few calls are on the way to a first `return`.
    """

    def __init__(self, delegating: Delegating, body: Body) -> None:
        self._delegating = delegating
        self._body = body

    def __contains__(self, number: object) -> bool:
        """Whether the call at a place in `calls` never returns."""
        if not isinstance(number, int):
            return False
        paths = self._body.calls[number].paths
        return any(self._delegating.never_returns(path, self._body) for path in paths)


def _is_log(call: Called) -> bool:
    """Whether a call writes to a log."""
    return any(path.rsplit(".", 1)[-1] in LOGS for path in call.paths)
