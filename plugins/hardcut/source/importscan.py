"""A quick look at a file's imports and top-level names, without parsing it.

What it finds only decides which files are worth reading in full: an import in a docstring is
listed too, and only names bound without indentation are.
"""

from __future__ import annotations

import re

import msgspec

_FROM = re.compile(
    rb"(?:^|[;:])[ \t]*(?:lazy[ \t]+)?from[ \t]+([.\w \t]+?)[ \t]+import[ \t]*(\([^)]*\)|[^\n;]*(?:\\\r?\n[^\n;]*)*)",
    re.MULTILINE,
)
_IMPORT = re.compile(rb"(?:^|[;:])[ \t]*(?:lazy[ \t]+)?import[ \t]+([^\n;]+(?:\\\r?\n[^\n;]*)*)", re.MULTILINE)
_TOP = re.compile(rb"^(?:(?:async[ \t]+)?def|class)[ \t]+(\w+)|^(\w+)[ \t]*(?::|=(?!=))", re.MULTILINE)
_COMMENT = re.compile(rb"#[^\n]*")


class Scan(msgspec.Struct, frozen=True, array_like=True):
    """`imports` pairs a module as written (leading dots kept) with names; `names` may be bound at top level."""

    imports: list[tuple[str, list[str]]]
    names: list[str]


def scan(data: bytes) -> Scan:
    """The imports and possible top-level names of a Python file's bytes."""
    imports: list[tuple[str, list[str]]] = []
    bound: set[str] = set()
    for match in _FROM.finditer(data):
        module = match.group(1).replace(b" ", b"").replace(b"\t", b"").decode("utf-8", "replace")
        listed = _COMMENT.sub(b"", match.group(2)).strip(b"()").replace(b"\\", b" ")
        names: list[str] = []
        outermost = match.group(0)[:1] in (b"f", b"l")
        for piece in listed.decode("utf-8", "replace").split(","):
            words = piece.split()
            if words:
                names.append(words[0])
                if outermost:
                    bound.add(words[-1])
        imports.append((module, names))
    for match in _IMPORT.finditer(data):
        listed = _COMMENT.sub(b"", match.group(1)).replace(b"\\", b" ")
        for piece in listed.decode("utf-8", "replace").split(","):
            words = piece.split()
            if words:
                imports.append((words[0], []))
                if match.group(0)[:1] in (b"i", b"l"):
                    bound.add(words[-1].split(".", 1)[0])
    for match in _TOP.finditer(data):
        bound.add((match.group(1) or match.group(2)).decode("utf-8", "replace"))
    return Scan(imports, sorted(bound))
