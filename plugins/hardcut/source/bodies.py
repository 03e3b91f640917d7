"""What one function does: whom it calls, what it works out itself, and what it answers.

A path in these facts is absolute as far as the file shows. `()` after a name stands for what a call of it
gives, `*` for a name that only the caller's texts show (`import_module(name)` in a helper), `$name` for a
parameter.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from hardcut.flow.summary import FunctionSummary
from hardcut.source.facts import Span

Role = Literal["value", "test", "alone"]
Kind = Literal["arithmetic", "bits", "comparison", "order", "set", "aggregate", "loop"]


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
    (set algebra), aggregate (`sum`, `max`), loop (`while`). `blocks` are its blocks of the summary, `on` the
    paths that it works on, `against` says that the other side is a constant (`unit`: 0, 1 or -1).
    """

    kind: Kind
    span: Span
    blocks: list[int] = []
    on: list[str] = []
    against: Literal["", "constant", "unit"] = ""


class Answer(msgspec.Struct, frozen=True, array_like=True):
    """What the function returns at one place.

    kind: `value`, `none`, `end` (its last line). `holds` are the paths in the answer. `empty`: it is nothing,
    or a parameter; `false`: it is a literal that is false.
    """

    kind: Literal["value", "none", "end"]
    span: Span
    holds: list[str] = []
    empty: bool = False
    false: bool = False


class Body(msgspec.Struct, frozen=True, array_like=True):
    """One definition of a name.

    kind: `function`, `lambda`, `bound` (a name or attribute that an expression is bound to), `stub` (an
    overload, or a body of `...`), `unread` (a function that is too large to be analysed). `gives` are the
    paths that it answers with, over all its answers; `summary` numbers calls and answers by their places in
    these lists. `decorators` are the paths of its decorators.
    """

    name: str
    kind: Literal["function", "lambda", "bound", "stub", "unread"]
    span: Span
    calls: list[Called] = []
    works: list[Work] = []
    answers: list[Answer] = []
    gives: list[str] = []
    summary: FunctionSummary = FunctionSummary()
    decorators: list[str] = []
