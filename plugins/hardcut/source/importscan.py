"""A quick look at a file's imports and top-level names, without parsing it.

What it finds only decides which files are worth reading in full: an import in a docstring is listed
too, and only names bound without indentation are.
"""

from __future__ import annotations

import codecs
import re

import msgspec

_LISTED = rb"(\([^)]*\)|[^\n;]*)"
_FROM = re.compile(rb"\n([ \t\f]*)(?:lazy[ \t]+)?from[ \t]+([.\w \t]+?)[ \t]*\bimport\b[ \t]*" + _LISTED)
_IMPORT = re.compile(rb"\n([ \t\f]*)(?:lazy[ \t]+)?import[ \t]+([^\n;]+)")
_TOP = re.compile(rb"\n(?:(?:async[ \t]+)?def|class)[ \t]+(\w+)|\n(\w+)[ \t]*(?::|=(?!=))")
_INNER = re.compile(rb"[;:][ \t]*(?=(?:lazy|from|import)[ \t])")
_COMMENT = re.compile(rb"#[^\n]*")


class Scan(msgspec.Struct, frozen=True, array_like=True):
    """`imports` pairs a module as written (leading dots kept) with names; `names` are bound at top level."""

    imports: list[tuple[str, list[str]]]
    names: list[str]


def scan(data: bytes) -> Scan:
    """The imports and top-level names of a Python file's bytes."""
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    data = b"\n" + data.removeprefix(codecs.BOM_UTF8)
    if b"\\\n" in data:
        data = data.replace(b"\\\n", b"  ")
    if _INNER.search(data) is not None:
        data = _INNER.sub(b"\n ", data)
    imports: list[tuple[str, list[str]]] = []
    bound: set[str] = set()
    for match in _FROM.finditer(data):
        names: list[str] = []
        for words in _pieces(match.group(3).strip(b"()")):
            names.append(words[0])
            if not match.group(1):
                bound.add(words[-1])
        imports.append(
            (match.group(2).replace(b" ", b"").replace(b"\t", b"").decode("utf-8", "replace"), names)
        )
    for match in _IMPORT.finditer(data):
        for words in _pieces(match.group(2)):
            imports.append((words[0], []))
            if not match.group(1):
                bound.add(words[-1].split(".", 1)[0])
    for match in _TOP.finditer(data):
        bound.add((match.group(1) or match.group(2)).decode("utf-8", "replace"))
    return Scan(imports, sorted(bound))


def _pieces(listed: bytes) -> list[list[str]]:
    if b"#" in listed:
        listed = _COMMENT.sub(b"", listed)
    text = listed.replace(b"\\", b" ").replace(b"(", b" ").decode("utf-8", "replace")
    return [words for piece in text.split(",") if (words := piece.split())]
