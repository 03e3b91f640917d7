"""A quick look at a file's imports and top-level names, without parsing it.

What it finds only decides which files are worth reading in full: an import in a docstring is listed
too, and only names bound without indentation are. A name that is not among the unsure ones is bound.
"""

from __future__ import annotations

import codecs
import re
from bisect import bisect_right
from collections.abc import Iterator

import msgspec

_LISTED = rb"(\([^)]*\)|[^\n;]*)"
_FROM = re.compile(rb"([ \t\f]*)(?:lazy[ \t]+)?from[ \t]+([.\w \t]+?)[ \t]*\bimport\b[ \t]*" + _LISTED)
_IMPORT = re.compile(rb"([ \t\f]*)(?:lazy[ \t]+)?import[ \t]+([^\n;]+)")
_DOT = re.compile(rb"[ \t]*\.[ \t]*")
_TOP = re.compile(rb"\n(?:(?:(?:async[ \t]+)?def|class)[ \t]+(\w+)|(\w+)[ \t]*(?::|=(?!=)))")
_INNER = re.compile(rb"[;:][ \t]*(?=(?:lazy|from|import)[ \t])")
_COMMENT = re.compile(rb"#[^\n]*")


class Scan(msgspec.Struct, frozen=True, array_like=True):
    """`imports` pairs a module as written (leading dots kept) with names; `names` are bound at top level.

    `unsure` are those of the names that may only be words in a string of several lines.
    """

    imports: list[tuple[str, list[str]]]
    names: list[str]
    unsure: list[str] = []


def scan(data: bytes) -> Scan:
    """The imports and top-level names of a Python file's bytes."""
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    data = b"\n" + data.removeprefix(codecs.BOM_UTF8)
    if b"\\\n" in data:
        data = data.replace(b"\\\n", b"  ")
    imports: list[tuple[str, list[str]]] = []
    bound: set[str] = set()
    sure: set[str] = set()
    quotes = _TripleQuotes(data)
    for place, first in _places(data):
        match = _FROM.match(data, place)
        pieces = _pieces(match[3].strip(b"()") if match is not None else b"")
        if match is not None:
            module = match[2].replace(b" ", b"").replace(b"\t", b"")
            imports.append((module.decode("utf-8", "replace"), [words[0] for words in pieces]))
        elif (match := _IMPORT.match(data, place)) is not None:
            pieces = _pieces(_DOT.sub(b".", match[2]))
            imports += [(words[0], []) for words in pieces]
        if match is not None and first and not match[1]:
            names = [words[-1] if match.re is _FROM else words[-1].split(".", 1)[0] for words in pieces]
            bound.update(names)
            if not quotes.may_hold(match.start()):
                sure.update(names)
    for match in _TOP.finditer(data):
        name = (match.group(1) or match.group(2)).decode("utf-8", "replace")
        bound.add(name)
        if not quotes.may_hold(match.start()):
            sure.add(name)
    return Scan(imports, sorted(bound), sorted(bound - sure))


class _TripleQuotes:
    """Where strings of several lines may be, by their quotes: an odd number of one kind before a place.

    In code that uses one kind within a string of the other, more counts as a string than is one, and a name
    there is looked up in the file's index.
    """

    def __init__(self, data: bytes) -> None:
        self._kinds = [
            [match.start() for match in re.finditer(sign, data)] if sign in data else []
            for sign in (b'"""', b"'''")
        ]

    def may_hold(self, offset: int) -> bool:
        """Whether an offset may be in such a string."""
        return any(bisect_right(places, offset) % 2 for places in self._kinds)


def _places(data: bytes) -> Iterator[tuple[int, bool]]:
    """Where an import may begin: the start of each line that says `import`, and after `;` or `:` on it.

    The second value tells which of the two it is.
    """
    at = data.find(b"import")
    while at >= 0:
        start, end = data.rfind(b"\n", 0, at) + 1, data.find(b"\n", at)
        end = end if end >= 0 else len(data)
        yield start, True
        for match in _INNER.finditer(data, start, end):
            yield match.end(), False
        at = data.find(b"import", end)


def _pieces(listed: bytes) -> list[list[str]]:
    if b"#" in listed:
        listed = _COMMENT.sub(b"", listed)
    text = listed.replace(b"\\", b" ").replace(b"(", b" ").decode("utf-8", "replace")
    return [words for piece in text.split(",") if (words := piece.split())]
