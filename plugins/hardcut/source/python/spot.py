"""What surrounds a place, in a form that survives reformatting: where it is, without lines and columns."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable
from typing import TYPE_CHECKING

from hardcut.source.python.tree import MAX_CLIMB, Tree, climb, field

if TYPE_CHECKING:
    from tree_sitter import Node

Spot = tuple[str, str]
"""The qualified name of the enclosing definition ("" for the module), and the statement, normalised."""

_DEFINITIONS = ("function_definition", "class_definition")
_COLLECTIONS = ("list", "tuple", "set", "dictionary", "expression_list")
_IMPORTS = ("import_statement", "import_from_statement", "future_import_statement")
_LAYOUT = frozenset({"(", ")", ",", ";", "\\", "string_start", "string_end", "comment", "line_continuation"})
"""Tokens that formatters put in, take out or change."""
_LONGEST = 4000


def spots(data: bytes, places: Iterable[tuple[int, int]]) -> list[Spot]:
    """The spot of each place (line and column from 1, in characters) of a Python file's UTF-8 bytes."""
    tree = Tree(data)
    starts = _starts(data)
    return [_spot(tree, _offset(data, starts, line, column)) for line, column in places]


def in_comment(data: bytes, places: Iterable[tuple[int, int]]) -> list[bool]:
    """Whether each place lies in a comment."""
    tree = Tree(data)
    starts = _starts(data)
    return [tree.node_at(at := _offset(data, starts, *place), at + 1).type == "comment" for place in places]


def joined(data: bytes, lines: Iterable[int]) -> list[tuple[int, int]]:
    """The first and last of the lines that each line is one with, by strings and backslashes across ends."""
    tree = Tree(data)
    starts = _starts(data)

    def beyond(end: int) -> tuple[int, int] | None:
        """The lines of what goes on beyond the end of a line."""
        if end == 0 or end >= len(data):
            return None
        if data[end - 1 : end] == b"\\":
            line = bisect(starts, end)
            return line, line + 1
        for node in climb(tree.node_at(end, end + 1)):
            if node.type == "string":
                return node.start_point[0] + 1, node.end_point[0] + 1
        return None

    found: list[tuple[int, int]] = []
    for line in lines:
        first = last = line
        while (above := beyond(starts[first - 1] - 1)) is not None and above[0] < first:
            first = above[0]
        while (below := beyond(starts[last] - 1)) is not None and below[1] > last:
            last = below[1]
        found.append((first, last))
    return found


def _starts(data: bytes) -> list[int]:
    starts = [0]
    for line in data.split(b"\n"):
        starts.append(starts[-1] + len(line) + 1)
    return starts


def _offset(data: bytes, starts: list[int], line: int, column: int) -> int:
    if not 1 <= line < len(starts):
        return len(data)
    text = data[starts[line - 1] : starts[line] - 1].decode("utf-8", "replace")
    return starts[line - 1] + len(text[: column - 1].encode())


def _spot(tree: Tree, at: int) -> Spot:
    node = tree.node_at(at, min(at + 1, len(tree.data)))
    above = [node]
    while (parent := above[-1].parent) is not None and len(above) < MAX_CLIMB:
        above.append(parent)
    names = [
        tree.text(name)
        for one, inner in zip(above[1:], above, strict=False)
        if one.type in _DEFINITIONS
        and (name := field(one, "name")) is not None
        and inner.id == getattr(field(one, "body"), "id", None)
    ]
    return ".".join(reversed(names)), _statement(tree, above, at)[:_LONGEST]


def _statement(tree: Tree, above: list[Node], at: int) -> str:
    """The smallest part that says it: a name of an import, an element of a list, a statement's head."""
    for depth, node in enumerate(above):
        inner = above[depth - 1] if depth else node
        parent = node.parent
        if node.type in ("comment", "string_content") and b"\n" in tree.data[node.start_byte : node.end_byte]:
            return _line(tree, at)
        if node.type == "comment":
            return " ".join(tree.text(node).split())
        if parent is None:
            return _tokens(tree, inner)
        if parent.type in _IMPORTS:
            module = field(parent, "module_name")
            first = module.start_byte if module is not None else -1
            name = "" if first == node.start_byte else _tokens(tree, node)
            return f"import {_tokens(tree, module) if module is not None else ''} {name}"
        if parent.type in _COLLECTIONS:
            return f"{_holder(tree, above[depth + 1 :])} {_tokens(tree, node)}"
        if parent.type in _DEFINITIONS and field(parent, "name") == node:
            return f"{parent.type} {tree.text(node)}"
        if parent.type in ("assignment", "augmented_assignment") and field(parent, "left") == node:
            return f"{_tokens(tree, node)} ="
        if node.type.endswith(("_statement", "_definition", "_clause")) or parent.type in ("block", "module"):
            return _tokens(tree, node)
    return _line(tree, at)


def _holder(tree: Tree, above: list[Node]) -> str:
    """What a collection is bound to, so far as an assignment says so."""
    for node in above:
        if node.type in ("assignment", "augmented_assignment") and (left := field(node, "left")) is not None:
            return f"{_tokens(tree, left)} ="
        if node.type in ("block", "module"):
            break
    return ""


def _tokens(tree: Tree, node: Node) -> str:
    """A node's tokens without layout; of what has a body, all before it."""
    found: list[str] = []
    waiting, length = [node], 0
    while waiting and length < _LONGEST:
        one = waiting.pop()
        if one.type in _LAYOUT or (one.type == "block" and one.id != node.id):
            continue
        if one.child_count and one.type != "string":
            waiting += reversed(one.children)
        elif one.type == "string":
            inner = [child for child in one.children if child.type not in _LAYOUT]
            found.append('"' + "".join(tree.text(child) for child in inner) + '"')
        else:
            found.append(tree.text(one))
        length += len(found[-1]) if found else 0
    return " ".join(found)


def _line(tree: Tree, at: int) -> str:
    start = tree.data.rfind(b"\n", 0, at) + 1
    end = tree.data.find(b"\n", at)
    return " ".join(tree.data[start : end if end >= 0 else None].decode("utf-8", "replace").split())


def line_of(text: str, number: int) -> str:
    """A line of a text, counted from 1, without its layout; empty where there is none."""
    lines = text.splitlines()
    return " ".join(lines[number - 1].split()) if 1 <= number <= len(lines) else ""
