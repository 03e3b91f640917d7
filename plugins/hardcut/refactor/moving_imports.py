"""Import statements: written for what has moved, and taken out of a module where nothing uses them."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

import msgspec

from hardcut.source.python.imports import absolute

if TYPE_CHECKING:
    from hardcut.semantic.index import ModuleIndex
    from hardcut.semantic.scopes import Import

WIDTH = 88
"""Longer statements get a line for each name."""

_RELATIVE = re.compile(rb"\bfrom\s*(\.(?:[\s.]*\.)?(?:\s*[\w\x80-\xff][\w\x80-\xff.]*)?)(?=\s*\bimport\b)")

Edit = tuple[int, int, bytes]
"""A range of byte offsets, and what takes its place."""


class NewImport(msgspec.Struct, frozen=True):
    """An import to write: `module` with the dots of a relative import; `name` is None for `import module`.

    `checking` says that it is for type checkers only.
    """

    module: str
    name: str | None = None
    alias: str | None = None
    checking: bool = False

    @property
    def bound(self) -> str:
        """The name that it binds."""
        return self.alias or self.name or self.module.partition(".")[0]


def repeated(found: Import, package: str | None, target: str | None, checking: bool) -> NewImport | None:
    """An import as a module of another package has to write it; None if its relative path leads nowhere."""
    dots = "." * found.level
    if not found.level or package == target:
        return NewImport(dots + found.module, found.name, found.alias, checking)
    module = absolute(found.module, found.level, package)
    return None if module is None else NewImport(module, found.name, found.alias, checking)


def rebased(source: bytes, found: Import, module: str) -> list[Edit]:
    """The edit that makes the module of a relative import absolute."""
    place = _RELATIVE.search(source, found.start, found.end)
    if place is None:
        return []
    before = b"" if source[place.start(1) - 1 : place.start(1)].isspace() else b" "
    behind = b" " if source[place.end(1) : place.end(1) + 1].isalpha() else b""
    return [(place.start(1), place.end(1), before + module.encode() + behind)]


def rendered(imports: Iterable[NewImport], is_own: Callable[[str], bool], indent: str = "") -> list[str]:
    """The lines of some imports, in the order of the standard library, packages, the project's own."""
    lines: list[str] = []
    ordered = sorted(set(imports), key=lambda found: _order(found, is_own))
    for _, section in groupby(ordered, key=lambda found: _section(found.module, is_own)):
        if lines:
            lines.append("")
        for (module, whole), group in groupby(section, key=lambda found: (found.module, found.name is None)):
            if whole:
                lines += [f"{indent}import {module}{_alias(found)}" for found in group]
            else:
                names = [f"{found.name}{_alias(found)}" for found in group]
                lines += _statement(module, names, indent)
    return lines


def _statement(module: str, names: Sequence[str], indent: str) -> list[str]:
    line = f"{indent}from {module} import {', '.join(names)}"
    if len(line) <= WIDTH or len(names) == 1:
        return [line]
    return [
        f"{indent}from {module} import (",
        *(f"{indent}    {name}," for name in names),
        f"{indent})",
    ]


def _alias(found: NewImport) -> str:
    return f" as {found.alias}" if found.alias is not None else ""


def _section(module: str, is_own: Callable[[str], bool]) -> int:
    first = module.partition(".")[0]
    if module == "__future__":
        return 0
    if not first or is_own(first):
        return 3
    return 1 if first in sys.stdlib_module_names else 2


def _order(found: NewImport, is_own: Callable[[str], bool]) -> tuple[int, bool, str, int, str, str]:
    name = found.name or ""
    kind = 0 if name.isupper() and len(name) > 1 else 1 if name[:1].isupper() else 2
    section = _section(found.module, is_own)
    return section, found.name is not None, found.module, kind, name, found.alias or ""


def without_imports(index: ModuleIndex, dropped: set[tuple[int, int]]) -> tuple[list[Edit], set[int]]:
    """The edits that take imports out of their statements, and the starts of statements to drop as wholes.

    `dropped` are imports by the start of their statement and their number in it.
    """
    statements: dict[int, list[Import]] = {}
    for found in index.imports:
        statements.setdefault(found.start, []).append(found)
    edits: list[Edit] = []
    whole: set[int] = set()
    for start, imports in statements.items():
        gone = {found.number for found in imports if (start, found.number) in dropped}
        if not gone:
            continue
        if len(gone) == len(imports):
            whole.add(start)
            continue
        ranges = [index.imported_name(found) for found in imports]
        places = [
            (name.start, name.alias_end if name.alias_end >= 0 else name.end)
            for name in ranges
            if name is not None
        ]
        if len(places) == len(imports):
            edits += without_elements(places, gone)
    return edits, whole


def without_elements(places: Sequence[tuple[int, int]], gone: set[int]) -> list[Edit]:
    """The edits that take elements with their commas out of a list, of which one at least stays."""
    kept = [number for number in range(len(places)) if number not in gone]
    last = kept[-1]
    edits: list[Edit] = [
        (places[number][0], places[number + 1][0], b"") for number in sorted(gone) if number < last
    ]
    if last + 1 < len(places):
        edits.append((places[last][1], places[-1][1], b""))
    return edits


def edited(source: bytes, edits: Iterable[Edit], start: int = 0, end: int | None = None) -> bytes:
    """The source between two offsets after the edits in it; insertions at one place keep their order."""
    stop = len(source) if end is None else end
    pieces: list[bytes] = []
    position = start
    for first, last, text in sorted(edits, key=lambda edit: edit[:2]):
        if first < position or last > stop:
            continue
        pieces += [source[position:first], text]
        position = last
    pieces.append(source[position:stop])
    return b"".join(pieces)
