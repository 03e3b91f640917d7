"""Taking the prints of a Python file: one for the module, one for each body at its outermost levels."""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from hardcut.source.facts import Limit, Span
from hardcut.source.limits import note
from hardcut.source.prints import FEWEST, Kind, Print
from hardcut.source.python.tree import Tree, field

if TYPE_CHECKING:
    from tree_sitter import Node

LARGEST = 4_000_000
"""Bytes beyond which a file is not looked at: no hand has written it."""
_IMPORTS = frozenset({"import_statement", "import_from_statement", "future_import_statement"})
_CLOSING = frozenset({b")", b"]", b"}"})
_TEXTS = frozenset({"string", "concatenated_string"})


class _Token(NamedTuple):
    start: int
    row: int
    text: bytes
    named: bool
    imported: bool


def prints(data: bytes) -> list[Print]:
    """The prints of a file: the module first, then its functions, classes, their methods, its values."""
    if len(data) > LARGEST:
        what = f"a file of more than {LARGEST:,} bytes is not compared with what the plan took out"
        note(Limit(Span(1, 1, 1, 1), what))
        return []
    tree = Tree(data)
    tokens = list(_tokens(tree.root, data))
    starts = [one.start for one in tokens]
    found = [_print(tree, tree.root, "", "module", tokens)]
    for node, name, kind in _bodies(tree, tree.root, ""):
        inside = tokens[bisect_left(starts, node.start_byte) : bisect_left(starts, node.end_byte)]
        found.append(_print(tree, node, name, kind, inside))
    return found


def _tokens(root: Node, data: bytes) -> Iterator[_Token]:
    """The leaves in order; without comments and strings that stand alone."""
    waiting: list[tuple[Node, bool]] = [(root, False)]
    while waiting:
        node, imported = waiting.pop()
        if node.type == "comment" or _stands_alone(node):
            continue
        if node.child_count and not _is_plain_text(node):
            inside = imported or node.type in _IMPORTS
            waiting.extend((child, inside) for child in reversed(node.children))
        elif node.end_byte > node.start_byte:
            text = data[node.start_byte : node.end_byte]
            yield _Token(node.start_byte, node.start_point.row, text, node.type == "identifier", imported)


def _bodies(tree: Tree, node: Node, owner: str) -> Iterator[tuple[Node, str, Kind]]:
    """The bodies right below a module or class, also below `if` and `try`."""
    waiting = list(reversed(node.named_children))
    while waiting:
        one = waiting.pop()
        inner = field(one, "definition") if one.type == "decorated_definition" else one
        if inner is None:
            continue
        name = field(inner, "name")
        if inner.type in ("function_definition", "class_definition") and name is not None:
            own = owner + tree.text(name)
            yield one, own, "function" if inner.type == "function_definition" else "class"
            body = field(inner, "body")
            if inner.type == "class_definition" and not owner and body is not None:
                yield from _bodies(tree, body, f"{own}.")
        elif inner.type == "assignment":
            left, right = field(inner, "left"), field(inner, "right")
            if left is not None and left.type == "identifier" and right is not None:
                yield inner, owner + tree.text(left), "value"
        elif inner.type not in ("function_definition", "class_definition", "lambda"):
            waiting.extend(reversed(inner.named_children))


def _print(tree: Tree, node: Node, name: str, kind: Kind, tokens: Sequence[_Token]) -> Print:
    own = name.rpartition(".")[2].lstrip("_").encode()
    order: dict[bytes, int] = {}
    rows: dict[int, list[bytes]] = {}
    shape = hashlib.blake2b(digest_size=8)
    for one, after in zip(tokens, [*tokens[1:], None], strict=False):
        # A comma before a closing bracket is layout.
        if one.imported or (one.text == b"," and after is not None and after.text in _CLOSING):
            continue
        text = one.text
        if one.named:
            text = text.lstrip(b"_") or text
            text = b"\0" if own and text == own else text
            shape.update(b"\1%d " % order.setdefault(text, len(order)))
        else:
            shape.update(text + b" ")
        rows.setdefault(one.row, []).append(text)
    lines = sorted(_hash(texts) for texts in rows.values() if len(texts) >= FEWEST)
    characters = sum(len(text) for texts in rows.values() for text in texts)
    return Print(name, kind, _span(tree, node), characters, lines, shape.digest())


def _hash(texts: list[bytes]) -> int:
    return int.from_bytes(hashlib.blake2b(b" ".join(texts), digest_size=6).digest(), "big")


def _span(tree: Tree, node: Node) -> Span:
    """Where a body is named; the module's is its first line."""
    if node.type == "module":
        return Span(1, 1, 1, 1)
    inner = field(node, "definition") or node
    return tree.span(field(inner, "name") or field(inner, "left") or inner)


def _is_plain_text(node: Node) -> bool:
    """A string is one token, unless names stand in it."""
    return node.type == "string" and all(child.type != "interpolation" for child in node.children)


def _stands_alone(node: Node) -> bool:
    return (
        node.type == "expression_statement"
        and node.named_child_count == 1
        and (inner := node.named_child(0)) is not None
        and inner.type in _TEXTS
    )
