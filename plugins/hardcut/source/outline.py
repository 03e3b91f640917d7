"""What one Python module hands on: the facts that tell a shim from a module with work of its own.

They depend on the file alone, not on a plan, and are asked for only where a plan asks about a module.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from hardcut.source.facts import Span

Arguments = Literal["same", "renamed", "other"]
Shape = Literal["raises", "helper", "made", "own"]


class Brought(msgspec.Struct, frozen=True, array_like=True):
    """A name that an import binds at module level.

    `path` is what is imported (for a star import the module). `listed` says that `__all__` holds the
    name, `same` that it is imported `as` itself, `used` that code or an annotation of the file needs
    it, `checking` that only type checkers see it. `start` is where the statement's module stands.
    """

    name: str
    path: str
    span: Span
    start: Span
    listed: bool = False
    same: bool = False
    used: bool = False
    checking: bool = False


class Entry(msgspec.Struct, frozen=True, array_like=True):
    """A row of a lazy table: the name, and the dotted path that it stands for."""

    name: str
    target: str
    span: Span


class Listed(msgspec.Struct, frozen=True, array_like=True):
    """A string of `__all__`, or the docstring."""

    name: str
    span: Span


class Getattr(msgspec.Struct, frozen=True, array_like=True):
    """A module-level `__getattr__`.

    shape: `raises` (a tombstone: no path returns anything), `helper` (asks another function), `made`
    (the answer of a factory, or imported), `own` (anything else).
    """

    shape: Shape
    span: Span


class Forward(msgspec.Struct, frozen=True, array_like=True):
    """A module-level name that merely stands for another path.

    kind: function (one call that passes its parameters on), class (a subclass with nothing of its
    own), assign (`Old = New`), proxy (an object made from the path in a string).
    """

    name: str
    kind: Literal["function", "class", "assign", "proxy"]
    target: str
    span: Span
    arguments: Arguments = "same"
    used: bool = False
    listed: bool = False


class Replaced(msgspec.Struct, frozen=True, array_like=True):
    """A place that answers imports itself.

    kind: modules (`sys.modules`), globals, finder (`sys.meta_path`). `module` is the name under which
    something is put, where the file tells; `target` what is put there.
    """

    kind: Literal["modules", "globals", "finder"]
    module: str | None
    target: str | None
    span: Span
    scope: str = ""


class Warned(msgspec.Struct, frozen=True, array_like=True):
    """A warning that something is deprecated, or a decorator that makes one; `scope` is what is marked."""

    scope: str
    span: Span
    how: str


class Outline(msgspec.Struct, frozen=True, array_like=True):
    """All that one module hands on, and its docstring; `hollow` says that it defines nothing of its own."""

    brought: list[Brought] = []
    entries: list[Entry] = []
    listed: list[Listed] = []
    listing: Span | None = None
    getattr: Getattr | None = None
    forwards: list[Forward] = []
    replaced: list[Replaced] = []
    warned: list[Warned] = []
    hollow: bool = False
    docstring: Listed | None = None


class Made(msgspec.Struct, frozen=True, array_like=True):
    """A place that makes something by a known means: a decorator, a base class or a call, and its paths."""

    kind: Literal["decorator", "base", "call"]
    paths: list[str]
    span: Span
    scope: str = ""
