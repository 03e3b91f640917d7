"""Where each key and value of a TOML text stands; values themselves come from tomllib."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from tree_sitter import Language, Node

Path = tuple[str | int, ...]
"""A way into a TOML document: names of tables and positions in arrays."""

KEYS = frozenset({"bare_key", "quoted_key", "dotted_key"})
HEADERS = frozenset({"table", "table_array_element"})
NEWER_ESCAPE = re.compile(rb"((?<!\\)(?:\\\\)*+)\\[ex]")
"""Escapes of TOML 1.1, which would lead the grammar astray; others of their length take their place."""

PLACES = 200_000
"""More places than any manifest has; beyond them a place is that of what it lies in."""


class Spot(NamedTuple):
    """A place in a text: line and column from 1, the column in characters."""

    line: int
    column: int


class Locations:
    """The places of one text's keys, tables and values.

    What the grammar cannot place (TOML newer than the grammar) gets the place of what it lies in.
    """

    def __init__(self, text: str) -> None:
        from tree_sitter import Parser

        self._text = text
        self._source = text.encode()
        parser = Parser(_language())
        self._root = parser.parse(self._source).root_node
        if self._root.has_error:
            self._root = parser.parse(NEWER_ESCAPE.sub(rb"\1\\\\", self._source)).root_node
        self._keys: dict[Path, tuple[int, int]] = {}
        self._values: dict[Path, tuple[int, int]] = {}
        self._tables: list[tuple[Node, Path]] = []
        self._whole = False
        self._line_starts: list[int] = []
        self._last = (0, 0, 0)
        self._headers()

    def key(self, path: Path) -> Spot:
        """Where the last part of `path` is first written as a key."""
        return self._find(self._keys, path)

    def value(self, path: Path) -> Spot:
        """Where the value of `path` starts; for a table with a header, where the header starts."""
        return self._find(self._values, path)

    def _find(self, places: dict[Path, tuple[int, int]], path: Path) -> Spot:
        if path not in places and not self._whole:
            self._whole = True
            self._pairs()
        while path and path not in places:
            path = path[:-1]
        return self._spot(*places.get(path, (0, 0)))

    def _spot(self, line: int, offset: int) -> Spot:
        """Columns in characters from one in bytes; rising columns of one long line cost no more than it."""
        if len(self._source) == len(self._text):
            return Spot(line + 1, offset + 1)
        if not self._line_starts:
            lines = self._source.split(b"\n")
            self._line_starts = [0]
            for content in lines:
                self._line_starts.append(self._line_starts[-1] + len(content) + 1)
        start = self._line_starts[line]
        known, done, count = self._last
        if known != line or done > offset:
            done = count = 0
        count += len(self._source[start + done : start + offset].decode(errors="replace"))
        self._last = (line, offset, count)
        return Spot(line + 1, count + 1)

    def _headers(self) -> None:
        lengths: dict[Path, int] = {}
        for node in _flat(self._root):
            if node.type not in HEADERS or len(self._values) > PLACES:
                continue
            parts = _parts(node)
            path: Path = ()
            for position, (name, at) in enumerate(parts, 1):
                last = position == len(parts)
                path = (*path, name)
                self._note(path, at, node.start_point if last else at)
                if last and node.type == "table_array_element":
                    lengths[path] = lengths.get(path, 0) + 1
                if path in lengths:
                    path = (*path, lengths[path] - 1)
                    self._note(path, node.start_point, node.start_point)
            self._tables.append((node, path))

    def _pairs(self) -> None:
        todo = [(self._root, ()), *self._tables]
        todo.reverse()
        while todo and len(self._values) <= PLACES:
            node, base = todo.pop()
            if node.type == "array":
                for index, element in enumerate(_elements(node)):
                    path = (*base, index)
                    self._note(path, element.start_point, element.start_point)
                    if element.type in ("array", "inline_table"):
                        todo.append((element, path))
                continue
            for pair in _flat(node):
                if pair.type == "pair":
                    todo.extend(self._pair(pair, base))

    def _pair(self, pair: Node, path: Path) -> Iterator[tuple[Node, Path]]:
        """Note the places of one `key = value`; give the value where there is more inside."""
        value = _elements(pair)[-1]
        parts = _parts(pair)
        for position, (name, at) in enumerate(parts, 1):
            path = (*path, name)
            self._note(path, at, value.start_point if position == len(parts) else at)
        if value.type in ("array", "inline_table"):
            yield value, path

    def _note(self, path: Path, key: tuple[int, int], value: tuple[int, int]) -> None:
        self._keys.setdefault(path, key)
        self._values.setdefault(path, value)


@cache
def _language() -> Language:
    import tree_sitter_toml
    from tree_sitter import Language

    return Language(tree_sitter_toml.language())


def _named(node: Node) -> list[Node]:
    return node.named_children if node.child_count <= PLACES else []


def _elements(node: Node) -> list[Node]:
    return [child for child in _named(node) if child.type not in ("comment", "ERROR")]


def _flat(node: Node) -> Iterator[Node]:
    """A node's named children, with those of unreadable regions in their place."""
    todo = _named(node)[::-1]
    while todo:
        child = todo.pop()
        if child.type == "ERROR":
            todo.extend(_named(child)[::-1])
        else:
            yield child


def _parts(node: Node) -> list[tuple[str, tuple[int, int]]]:
    """The parts of a header's or pair's key, each with where it stands."""
    key = next((child for child in node.named_children if child.type in KEYS), None)
    found: list[tuple[str, tuple[int, int]]] = []
    todo = [key] if key else []
    while todo:
        key = todo.pop()
        if key.type == "dotted_key":
            todo.extend(key.named_children)
        elif key.type in KEYS:
            found.append((_name(key), key.start_point))
    return found[::-1]


def _name(key: Node) -> str:
    text = (key.text or b"").decode(errors="replace")
    if key.type == "bare_key":
        return text
    if "\\" not in text:
        return text[1:-1]
    try:
        return next(iter(tomllib.loads(f"{text} = 0")))
    except (tomllib.TOMLDecodeError, StopIteration):
        return text
