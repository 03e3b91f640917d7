"""What one function does: whom it calls, what it works out itself, and what it answers.

A path in these facts is absolute as far as the file tells. `()` after a name stands for what a call of it
gives, `*` for a name that only the caller's texts tell (`import_module(name)` in a helper), `$name` for a
parameter.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from hardcut.source.facts import Span

Role = Literal["value", "test", "alone"]
Kind = Literal["arithmetic", "bits", "comparison", "order", "set", "aggregate", "loop", "fallback"]


class Called(msgspec.Struct, frozen=True, array_like=True):
    """One call, or an operator on an object.

    role: `test` where it decides a branch, `alone` where nothing takes its result, else `value`. `given`
    are the paths among its arguments, `texts` the constant strings, `keyed` the paths of its keywords.
    """

    paths: list[str]
    span: Span
    role: Role = "value"
    given: list[str] = []
    texts: list[str] = []
    keyed: dict[str, list[str]] = {}


class Work(msgspec.Struct, frozen=True, array_like=True):
    """A place that computes or decides.

    kind: arithmetic, bits (`|`, `&`, `^` on what may be sets), comparison (`==`, `in`), order (`<`), set
    (set algebra), aggregate (`sum`, `max`), loop (`while`), fallback (a handler that does not raise on
    every path). `on` are the paths that it works on (for a fallback, those that are tried), `against`
    tells that the other side is a constant (`unit`: 0, 1 or -1), `ends` what a handler calls, which may
    never return.
    """

    kind: Kind
    span: Span
    on: list[str] = []
    against: Literal["", "constant", "unit"] = ""
    ends: list[str] = []


class Answer(msgspec.Struct, frozen=True, array_like=True):
    """A way out of the function that is no exception.

    kind: `value`, `none`, `end` (its last line). `before` are the calls (by place in `calls`) on each way
    to it, `holds` the paths in the answer, `nothing` that a parameter is missing or empty on that way and
    the answer is as empty.
    """

    kind: Literal["value", "none", "end"]
    span: Span
    before: list[list[int]] = []
    holds: list[str] = []
    nothing: bool = False


class Body(msgspec.Struct, frozen=True, array_like=True):
    """One definition of a name.

    kind: `function`, `lambda`, `bound` (a name or attribute that an expression is bound to), `stub` (an
    overload, or a body of `...`). `gives` are the paths that it answers with, over all its answers.
    """

    name: str
    kind: Literal["function", "lambda", "bound", "stub"]
    span: Span
    calls: list[Called] = []
    works: list[Work] = []
    answers: list[Answer] = []
    gives: list[str] = []
