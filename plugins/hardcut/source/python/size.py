"""Measuring a file: which lines count, and which definitions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hardcut.source.decode import decode
from hardcut.source.measure import Measure
from hardcut.source.python.toplevel import top_level
from hardcut.source.python.tree import Tree

if TYPE_CHECKING:
    from tree_sitter import Node


def measure(data: bytes, python: bool, deep: bool) -> Measure:
    """The size of a file; what is not Python has no definitions, and its code is what is not blank.

    Only lines are counted, and nothing is parsed, unless `deep`.
    """
    if not python:
        rows = _rows(data)
        return Measure(len(rows), sum(1 for row in rows if row.strip()))
    source = decode(data).data
    if not deep:
        return Measure(len(_rows(source)))
    tree = Tree(source)
    names = {one.name for one in top_level(source, None) if one.kind in ("function", "class")}
    return Measure(len(_rows(source)), _code(tree), sum("." not in name for name in names))


def _rows(data: bytes) -> list[bytes]:
    """The lines of a file; the last one counts without its newline too."""
    rows = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
    return rows if rows[-1] else rows[:-1]


def _code(tree: Tree) -> int:
    """How many lines hold a token other than a comment or a string that stands alone."""
    rows: set[int] = set()
    waiting: list[Node] = [tree.root]
    while waiting:
        node = waiting.pop()
        if node.type == "comment" or _is_docstring(node):
            continue
        if node.child_count and node.type != "string":
            waiting.extend(node.children)
        elif node.end_byte > node.start_byte:
            rows.update(range(node.start_point.row, node.end_point.row + 1))
    return len(rows)


def _is_docstring(node: Node) -> bool:
    return (
        node.type == "expression_statement"
        and node.named_child_count == 1
        and (inner := node.named_child(0)) is not None
        and inner.type in ("string", "concatenated_string")
    )
