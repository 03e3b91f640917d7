"""Whose import it is: the line of a checked file that it goes back to, or nobody's of whom a plan speaks."""

from __future__ import annotations

import linecache
import os
import sys
from collections.abc import Iterator, Sequence
from itertools import islice
from types import CodeType, FrameType
from typing import NamedTuple

from hardcut.api.paths import relative
from hardcut.engine.imports import Forbidding, Imports, is_surface
from hardcut.flow.absence import asserts_absence
from hardcut.integrations.pytest.import_watch import MACHINERY, Seen

INSTALLED = frozenset({"site-packages", "dist-packages"})
MACHINES = (MACHINERY, "<frozen importlib._bootstrap_external>", os.path.join("importlib", "__init__.py"))
CALLERS = 3
"""So many callers are shown of a line that imports a computed name."""
LONGEST = 200


class Importer(NamedTuple):
    """The line that an import goes back to: `path:line`, its text, its callers, and the gate it breaks.

    `path` is relative to the root, None for a library's; `lines` are those of the statement or call.
    """

    path: str | None
    lines: range
    where: str
    text: str
    callers: list[str]
    gate: Forbidding


class Importers:
    """Goes up the stack of an import, past those who only import what they are told to.

    A library's import statement, and what it imports of its own, are its own affair. A library that imports a
    computed name does so for whoever called it.
    """

    def __init__(self, imports: Imports) -> None:
        self._imports = imports
        self._known: dict[tuple[str, object], str | None] = {}
        self._library: list[str] = []
        inside = map(self._inside, (sys.prefix, os.path.dirname(os.__file__)))
        self._library = [one for one in inside if one is not None]

    def of(self, seen: Seen) -> Importer | None:
        """The importer, if a gate speaks of it; None also where a test asserts that the import fails."""
        gates = self._imports.gates(seen.module)
        if seen.compiled:
            # An extension module imports its own package as pickle imports what it is told to.
            gates = tuple(gate for gate in gates if not is_surface(gate))
        found = self._found(seen, gates) if gates else None
        if found is None or (_failed(seen) and any(map(_is_asserted, self._project(found[0])))):
            return None
        frame, path, gate = found
        after = islice(self._project(frame), 1, CALLERS + 1)
        callers = [] if seen.written else [f"{_where(one, self.path(one))}: {_text(one)}" for one in after]
        first, last, _ = _position(frame.f_code, frame.f_lasti)
        return Importer(path, range(first, last + 1), _where(frame, path), _text(frame), callers, gate)

    def path(self, frame: FrameType) -> str | None:
        """The path of a frame's file relative to the root, None for a library's."""
        file, name = frame.f_code.co_filename, frame.f_globals.get("__name__")
        key = (file, name)
        if key not in self._known:
            if file.startswith("<"):
                file = str(frame.f_globals.get("__file__") or "")
            self._known[key] = self._inside(file) or self._installed(file, name) if file else None
        return self._known[key]

    def _found(
        self, seen: Seen, gates: Sequence[Forbidding]
    ) -> tuple[FrameType, str | None, Forbidding] | None:
        computed, pseudo = not seen.written, None
        own = seen.module.partition(".")[0]
        for frame in _stack(seen.frame):
            path = self.path(frame)
            if frame.f_code.co_filename.startswith("<"):
                # The text of an exec or a doctest: whoever has it run is the importer.
                computed, pseudo = True, pseudo or (frame if path is not None else None)
                continue
            if path is None and pseudo is not None:
                frame, path = pseudo, self.path(pseudo)
            if path is not None:
                gate = next((one for one in gates if self._imports.holds(one, path, seen.module)), None)
                return (frame, path, gate) if gate is not None else None
            name = str(frame.f_globals.get("__name__"))
            is_body = frame.f_code.co_name == "<module>" and name != "__main__"
            if not computed or is_body or name.partition(".")[0] == own:
                return None
        gate = next((one for one in gates if not is_surface(one)), None)
        return (next(_stack(seen.frame), seen.frame), None, gate) if gate is not None else None

    def _project(self, frame: FrameType) -> Iterator[FrameType]:
        """A frame and those that called it, of checked files only."""
        for one in _stack(frame):
            path = self.path(one)
            if path is not None and self._imports.checked(path):
                yield one

    def _inside(self, file: str) -> str | None:
        path = relative(self._imports.root, file) if os.path.isabs(file) else None
        if path is None or path == "." or not INSTALLED.isdisjoint(path.split("/")):
            return None
        return None if any(f"{path}/".startswith(f"{one}/") for one in self._library) else path

    def _installed(self, file: str, module: object) -> str | None:
        """The project's file that an installed copy of it was made from."""
        path = self._imports.file(module) if isinstance(module, str) else None
        tail = path.rpartition(module.partition(".")[0])[2] if path and isinstance(module, str) else None
        return path if tail and file.replace(os.sep, "/").endswith(tail) else None


def _stack(frame: FrameType | None) -> Iterator[FrameType]:
    """A frame and those that called it, without the import system's."""
    while frame is not None:
        if not frame.f_code.co_filename.endswith(MACHINES):
            yield frame
        frame = frame.f_back


def _failed(seen: Seen) -> bool:
    return isinstance(seen.failure, ImportError) or (seen.failure is None and seen.module not in sys.modules)


def _is_asserted(frame: FrameType) -> bool:
    lines = linecache.getlines(frame.f_code.co_filename, frame.f_globals)
    line, _, column = _position(frame.f_code, frame.f_lasti)
    if not 0 < line <= len(lines):
        return False
    indent = len(lines[line - 1]) - len(lines[line - 1].lstrip())
    source = "".join(lines).encode("utf-8", "replace")
    return asserts_absence(source, line, indent if column is None else column, True)


def _where(frame: FrameType, path: str | None) -> str:
    file, line = frame.f_code.co_filename, _position(frame.f_code, frame.f_lasti)[0]
    if path is None:
        return f"{file}:{line}"
    return f"{path}: {file}:{line}" if file.startswith("<") else f"{path}:{line}"


def _text(frame: FrameType) -> str:
    """The source of what a frame is at, on one line."""
    first, last, _ = _position(frame.f_code, frame.f_lasti)
    lines = linecache.getlines(frame.f_code.co_filename, frame.f_globals)[first - 1 : last]
    text = " ".join(" ".join(lines).split())
    return f"{text[:LONGEST]}..." if len(text) > LONGEST else text


def _position(code: CodeType, at: int) -> tuple[int, int, int | None]:
    """First and last line (from 1), and column (in bytes, from 0) of an instruction."""
    first, last, column, _ = next(islice(code.co_positions(), at // 2, None), (None, None, None, None))
    line = first or code.co_firstlineno
    return line, last or line, column
