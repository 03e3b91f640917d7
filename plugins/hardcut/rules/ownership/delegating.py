"""Whether a function reaches the native side, and what it works out for itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

import msgspec

from hardcut.rules.ownership.leading import Leading
from hardcut.source.bodies import Answer, Body, Called, Kind, Work
from hardcut.source.project import Project

DEPTH = 40
"""How many functions in a row are followed to the native side."""
DOES: dict[Kind | Literal["answer"], str] = {
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
TELLING = re.compile(r"\A_*(log|record|emit|trace|warn|notify|audit|report|deprecat|metric|observe)")
"""Functions of the project that tell of a call, and are no part of its work."""

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
        self._never: dict[tuple[str, str], bool] = {}

    def way(self, body: Body, depth: int = 0) -> Way | None:
        """How a body reaches the native side: itself, through a named function, or through another one."""
        if any(self._holds_result(one, body) for one in body.answers):
            return "direct"
        found = {self._call_way(call, body, depth) for call in body.calls}
        return next((one for one in ("direct", "named", "unnamed") if one in found), None)

    def is_alone(self, module: str, body: Body) -> bool:
        """Whether no other definition of a body's name does anything."""
        return all(one.kind == "stub" for one in self.project.bodies(module, body.name))

    def helpers(self, body: Body) -> list[str]:
        """The functions, not named, through which a body reaches the native side."""
        return list(
            dict.fromkeys(
                name
                for call in body.calls
                for path in call.paths
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
        native = {at for at, call in enumerate(body.calls) if self._call_way(call, body, 0) is not None}
        found = [Own(DOES[work.kind], work.span.line) for work in body.works if self._counts(work, body)]
        for answer in body.answers if self.way(body) is not None else ():
            asked = all(native.intersection(one) for one in answer.before)
            if not (answer.nothing or asked or self._holds_result(answer, body)):
                found.append(Own(DOES["answer"], answer.span.line))
        for call in body.calls:
            found += self._helped(call, body)
        return sorted(set(found), key=lambda one: (one.line, one.what))

    def _holds_result(self, answer: Answer, body: Body) -> bool:
        """Whether an answer is made from a native object's attribute; what calls gave is their matter."""
        return any("()" not in one and self.leading.is_result(one, body) for one in answer.holds)

    def _counts(self, work: Work, body: Body) -> bool:
        """Whether a work is the function's own, and not an operator or a result of the native side."""
        if work.kind == "loop":
            return True
        if work.kind == "fallback":
            tried = any(self._touches(path, body) for path in work.on)
            return tried and not any(self._never_returns(path, body) for path in work.ends)
        if work.kind in ("set", "aggregate") and any(self.leading.is_native(one, body) for one in work.on):
            return False
        if work.kind in ("arithmetic", "bits") and any(self.leading.is_own_object(one) for one in work.on):
            return False
        compares = work.kind in ("comparison", "order")
        looks = compares and (work.against == "unit" or (work.kind == "comparison" and work.against))
        return not any(
            self.leading.is_object(one, body) or (looks and self._is_given_back(one, body)) for one in work.on
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

    def _never_returns(self, path: str, body: Body) -> bool:
        for function in self.leading.functions(path, body):
            bodies = self.project.bodies(*function)
            if bodies and not any(one.answers or one.kind == "stub" for one in bodies):
                return True
        return path in ("sys.exit", "os._exit", "pytest.fail", "pytest.skip")

    def _helped(self, call: Called, body: Body) -> Iterator[Own]:
        """What the functions of the project that a call leads to work out: converters may only convert."""
        for path in call.paths:
            for function in self.leading.functions(path, body):
                leaf = function[1].rsplit(".", 1)[-1]
                if leaf == "__init__" or function in self.named or TELLING.match(leaf):
                    continue
                does = next(
                    filter(None, (self._works(one, call) for one in self.project.bodies(*function))), ""
                )
                if does:
                    yield Own(f"calls `{leaf}`, which {does}", call.span.line)

    def _works(self, body: Body, call: Called) -> str:
        """The first thing that a helper works out, in words; empty where it only converts."""
        for work in body.works:
            decides = work.kind == "comparison" and call.role != "value"
            if (work.kind in STRONG or decides) and self._counts(work, body):
                return DOES[work.kind]
        return ""
