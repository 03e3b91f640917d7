"""What code looks like, so that it is known again under another name or in another file.

Fingerprints are taken from tokens alone, as clone detectors do: they need no syntax tree, and damaged code
has them too.
"""

from __future__ import annotations

import hashlib
import keyword
import re
from array import array
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from itertools import accumulate
from typing import Literal, NamedTuple

import msgspec

from hardcut.source.facts import Limit, Span
from hardcut.source.limits import note

Kind = Literal["module", "function", "class", "value"]

LARGEST = 4_000_000
"""Bytes beyond which a file is not looked at: no hand has written it."""
FEWEST = 4
"""Tokens of a line that counts."""


class Fingerprint(msgspec.Struct, frozen=True, array_like=True):
    """One body: of a whole module (name ""), a function, a class, a method (`Class.name`) or a value.

    `lines` are hashes of its significant lines, sorted: without layout, comments, docstrings and imports,
    the body's own name and leading underscores made equal; a line of fewer than `FEWEST` tokens says
    too little and is left out. `characters` are those of all its tokens. `shape` is a digest of all tokens
    with every name replaced by the order in which it comes first, so that a body in which names were
    changed throughout keeps it.
    """

    name: str
    kind: Kind
    span: Span
    characters: int
    lines: list[int]
    shape: bytes


def share(gone: Fingerprint, there: Fingerprint) -> float:
    """How much of one body is in another, from 0 to 1, by its significant lines and their number."""
    if not gone.lines:
        return 0.0
    common = Counter(gone.lines) & Counter(there.lines)
    return sum(common.values()) / len(gone.lines)


def fingerprints(data: bytes) -> list[Fingerprint]:
    """The fingerprints of a file (UTF-8): the module first, then its functions, classes, their methods, its
    values."""
    if len(data) > LARGEST:
        what = f"a file of more than {LARGEST:,} bytes is not compared with what the plan took out"
        note(Limit(Span(1, 1, 1, 1), what))
        return []
    scan = _Scan(data)
    found = [scan.fingerprint(_Body("", "module", Span(1, 1, 1, 1), 0, len(scan.texts)))]
    found += [scan.fingerprint(body) for body in scan.bodies()]
    return found


_TOKEN = re.compile(
    rb"""(?:[ \t\f]|\\(?:\r\n?|\n)|\#[^\r\n]*)*+
    (?: (?P<newline>(?:\r\n?|\n)[ \t\f]*+)
    | (?P<string>[A-Za-z]{0,2}(?:\"{3}(?:[^"\\]|\\.|"(?!""))*+(?:\"{3}|\Z)
        |'{3}(?:[^'\\]|\\.|'(?!''))*+(?:'{3}|\Z)
        |"(?:[^"\\\r\n]|\\.)*+"?|'(?:[^'\\\r\n]|\\.)*+'?))
    | (?P<word>[A-Za-z_\x80-\xff][\w\x80-\xff]*+)
    | (?P<other>\.?[0-9][\w.]*+|\*\*=?|//=?|>>=?|<<=?|[-+*/%@&|^=!<>:]=|->|\.\.\.|.) )""",
    re.VERBOSE | re.DOTALL,
)
_NEWLINE = re.compile(rb"\r\n?|\n")
_PARTS = re.compile(rb"([A-Za-z_\x80-\xff][\w\x80-\xff]*)")
_FORMAT = re.compile(rb"[bBrR]?[fFtT]")
_KEYWORDS = frozenset(word.encode() for word in keyword.kwlist)
_OPENING = frozenset({b"(", b"[", b"{"})
_CLOSING = frozenset({b")", b"]", b"}"})
_DEFINITIONS = frozenset({b"def", b"class"})
_QUOTES = (b'"', b"'")
_NAME = b"\1"
"""Stands for any name in a body's shape."""
_OWN = b"\0"
"""Stands for the body's own name."""


class _Line(NamedTuple):
    """A logical line: its indentation, and its tokens as a range."""

    indent: int
    first: int
    end: int


class _Body(NamedTuple):
    name: str
    kind: Kind
    span: Span
    first: int
    end: int


class _Scan:
    """A file's tokens: without comments, docstrings, imports, and commas that are layout."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.texts: list[bytes] = []
        """Names stand without leading underscores."""
        self._starts: list[int] = []
        self._is_name: list[bool] = []
        self._lines: list[_Line] = []
        self._read()
        self._line_starts = [0, *(match.end() for match in _NEWLINE.finditer(data))]
        self._rows = [bisect_right(self._line_starts, start) for start in self._starts]
        pairs = list(zip(self.texts, self._is_name, strict=True))
        self._shapes = [_NAME if named else text for text, named in pairs]
        self._names = [text for text, named in pairs if named]
        self._name_counts = [0, *accumulate(self._is_name)]
        self._row_hashes: dict[tuple[int, int], int] = {}

    # From text to logical lines.

    def _read(self) -> None:
        depth = indent = first = 0
        for match in _TOKEN.finditer(self._data):
            kind = match.lastgroup
            if kind is None:
                break
            text = match[kind]
            if kind == "newline":
                if not depth:
                    self._end_line(indent, first)
                    first = len(self.texts)
                    indent = len(text.lstrip(b"\r\n").expandtabs(8))
                continue
            start = match.start(kind)
            if kind == "word":
                if depth and text in _DEFINITIONS and self._data[start - 1 : start] in b"\r\n":
                    # No bracket goes on here: one of the lines above lacks its end.
                    self._end_line(indent, first)
                    depth, first, indent = 0, len(self.texts), 0
                named = text not in _KEYWORDS
                self._add(text.lstrip(b"_") or text if named else text, start, named)
            elif kind == "string":
                self._add_string(text, start)
            elif text == b";" and not depth:
                self._end_line(indent, first)
                first = len(self.texts)
            else:
                depth += (text in _OPENING) - (text in _CLOSING and depth > 0)
                if text in _CLOSING and self.texts[-1:] == [b","]:
                    # A comma before a closing bracket is layout.
                    self._drop(len(self.texts) - 1)
                self._add(text, start, False)
        self._end_line(indent, first)

    def _add_string(self, text: bytes, start: int) -> None:
        """A string is one token, unless names stand in it."""
        if not _FORMAT.match(text) or b"{" not in text:
            self._add(text, start, False)
            return
        for number, part in enumerate(_PARTS.split(text)):
            if part:
                self._add(part, start, bool(number % 2))

    def _add(self, text: bytes, start: int, is_name: bool) -> None:
        self.texts.append(text)
        self._starts.append(start)
        self._is_name.append(is_name)

    def _drop(self, first: int) -> None:
        for column in (self.texts, self._starts, self._is_name):
            del column[first:]

    def _end_line(self, indent: int, first: int) -> None:
        """End a logical line. It is dropped if it imports, or holds strings alone as docstrings do."""
        end = len(self.texts)
        if end == first:
            return
        opening = self.texts[first]
        if opening in (b"import", b"from") or (
            opening.endswith(_QUOTES) and all(text.endswith(_QUOTES) for text in self.texts[first:end])
        ):
            self._drop(first)
            return
        self._lines.append(_Line(indent, first, end))

    # From logical lines to bodies.

    def bodies(self) -> Iterator[_Body]:
        """The bodies of a module and its outermost classes, also below `if` and `try`."""
        open_blocks: list[tuple[int, _Body | None]] = []
        found: list[_Body] = []
        decorated: int | None = None
        for line in self._lines:
            while open_blocks and line.indent <= open_blocks[-1][0]:
                open_blocks.pop()
            if self.texts[line.first] == b"@":
                decorated = line.first if decorated is None else decorated
                continue
            first = line.first if decorated is None else decorated
            decorated = None
            owners = [body for _, body in open_blocks if body is not None]
            if len(owners) > 1 or (owners and owners[0].kind != "class"):
                continue
            body = self._body(line, first, f"{owners[0].name}." if owners else "")
            if body is None:
                continue
            if body.kind != "value":
                open_blocks.append((line.indent, body))
            found.append(body)
        ends = self._ends()
        for body in found:
            yield body if body.kind == "value" else body._replace(end=ends[body.end])

    def _ends(self) -> dict[int, int]:
        """Where the block ends that each logical line opens: both as token numbers, by the line's end."""
        ends: dict[int, int] = {}
        waiting: list[_Line] = []
        for line in self._lines:
            while waiting and line.indent <= waiting[-1].indent:
                ends[waiting.pop().end] = line.first
            waiting.append(line)
        ends.update((line.end, len(self.texts)) for line in waiting)
        return ends

    def _body(self, line: _Line, first: int, owner: str) -> _Body | None:
        """What a logical line defines; `end` is that of the line."""
        texts = self.texts[line.first : line.first + 3]
        at = line.first + 1
        kind: Kind = "function"
        if texts[0] == b"async" and texts[1:2] == [b"def"]:
            at += 1
        elif texts[0] == b"class":
            kind = "class"
        elif self._is_name[line.first] and self._is_assigned(line):
            kind, at = "value", line.first
        elif texts[0] != b"def":
            return None
        if at >= line.end or not self._is_name[at]:
            return None
        span = self._span(at)
        return _Body(owner + self._name(at), kind, span, first, line.end)

    def _is_assigned(self, line: _Line) -> bool:
        """Whether a line that begins with a name assigns it, with or without an annotation."""
        rest = self.texts[line.first + 1 : line.end]
        return rest[:1] == [b"="] or (rest[:1] == [b":"] and b"=" in rest)

    def _name(self, token: int) -> str:
        match = _PARTS.match(self._data, self._starts[token])
        return match.group().decode("utf-8", "replace") if match is not None else ""

    def _span(self, token: int) -> Span:
        start = self._starts[token]
        name = self._name(token)
        line = bisect_right(self._line_starts, start)
        before = self._data[self._line_starts[line - 1] : start].decode("utf-8", "replace")
        return Span(line, len(before) + 1, line, len(before) + 1 + len(name))

    # From a body to its fingerprint.

    def fingerprint(self, body: _Body) -> Fingerprint:
        """What a range of tokens looks like."""
        own = body.name.rpartition(".")[2].lstrip("_").encode()
        texts = self.texts[body.first : body.end]
        names = self._names[self._name_counts[body.first] : self._name_counts[body.end]]
        order: dict[bytes, int] = {}
        numbers = array("I", [order.setdefault(name, len(order)) for name in names])
        shape = hashlib.blake2b(b" ".join(self._shapes[body.first : body.end]), digest_size=8)
        shape.update(numbers.tobytes())
        uses = names.count(own) if own else 0
        characters = sum(map(len, texts)) - uses * (len(own) - len(_OWN))
        lines = sorted(self._row_hash(first, end, own) for first, end in self._rows_of(body))
        return Fingerprint(body.name, body.kind, body.span, characters, lines, shape.digest())

    def _rows_of(self, body: _Body) -> Iterator[tuple[int, int]]:
        """The tokens of each line of the file that says enough."""
        rows = self._rows
        first = body.first
        while first < body.end:
            end = bisect_right(rows, rows[first], first, body.end)
            if end - first >= FEWEST:
                yield first, end
            first = end

    def _row_hash(self, first: int, end: int, own: bytes) -> int:
        texts = self.texts[first:end]
        if own and own in texts:
            names = zip(texts, self._is_name[first:end], strict=True)
            return _hash([_OWN if named and text == own else text for text, named in names])
        known = self._row_hashes.get((first, end))
        if known is None:
            known = self._row_hashes[first, end] = _hash(texts)
        return known


def _hash(texts: list[bytes]) -> int:
    return int.from_bytes(hashlib.blake2b(b" ".join(texts), digest_size=6).digest(), "big")
