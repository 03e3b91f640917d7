"""The parts of a module that can be left out when only some of it is read: functions and statements."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from hardcut.source.decode import decode
from hardcut.source.python.tree import Tree, field, named

if TYPE_CHECKING:
    from tree_sitter import Node

AROUND = frozenset({"class_definition", "decorated_definition", "block", "if_statement", "try_statement"})
"""What is looked into for functions; functions inside functions go with their bodies."""
IMPORTS = frozenset({"import_statement", "import_from_statement"})
_WORD = re.compile(r"\w+")
_KEYWORDS = frozenset(keyword.kwlist)


class Outermost(NamedTuple):
    """An outermost function, decorators and all: lines from 1, ends included; `indent` counts from 0."""

    first: int
    last: int
    indent: int
    name: str


class Statement(NamedTuple):
    """Lines (from 1, ends included) that hold a whole statement of a module, or several that share a line.

    It is of use where one of its `names` is; with the bodies of functions left out it holds `words`.
    """

    first: int
    last: int
    indent: int
    names: frozenset[str]
    words: frozenset[str]


class Frame(NamedTuple):
    """The functions of a Python file, outside of each other, and its statements; each in their order.

    `users` are the indexes of the statements that are of use for a name. `stubs` are the file's lines with
    functions as mere names, `bare` what is left of these without the statements; lines keep their numbers.
    """

    functions: list[Outermost]
    statements: list[Statement]
    users: dict[str, list[int]]
    stubs: list[str]
    bare: list[str]


def frame(source: bytes) -> Frame:
    """The parts of a Python file; nothing that could not be read is one."""
    decoded = decode(source)
    tree = Tree(decoded.data)
    functions: list[Outermost] = []
    waiting = [tree.root]
    while waiting:
        for node in named(waiting.pop()):
            if node.type == "function_definition":
                functions += _function(node, tree)
            elif node.type in AROUND or node.type.endswith("_clause"):
                waiting.append(node)
    functions.sort()
    stubs = decoded.text.split("\n")
    for each in functions:
        stub = f"{' ' * each.indent}def {each.name}(): ..."
        stubs[each.first - 1 : each.last] = [stub, *[""] * (each.last - each.first)]
    statements = _statements(tree, stubs)
    users: dict[str, list[int]] = {}
    bare = list(stubs)
    for index, one in enumerate(statements):
        for name in one.names:
            users.setdefault(name, []).append(index)
        alone = not stubs[one.first - 1][: one.indent].strip()
        stub = f"{' ' * one.indent}pass" if one.indent and alone else ""
        bare[one.first - 1 : one.last] = [stub, *[""] * (one.last - one.first)]
    return Frame(functions, statements, users, stubs, bare)


def words_of(lines: Iterable[str]) -> set[str]:
    """All words in some lines that may be names."""
    return {*_WORD.findall("\n".join(lines))} - _KEYWORDS


def needed(known: Frame, words: set[str]) -> set[int]:
    """The indexes of the statements that are of use for some words, and of those that these need in turn."""
    found: set[int] = set()
    seen, waiting = set(words), list(words)
    while waiting:
        for index in known.users.get(waiting.pop(), ()):
            if index not in found:
                found.add(index)
                fresh = known.statements[index].words - seen
                seen |= fresh
                waiting += fresh
    return found


def _function(function: Node, tree: Tree) -> list[Outermost]:
    name = field(function, "name")
    if name is None or function.has_error:
        return []
    outer = function.parent
    top = outer if outer is not None and outer.type == "decorated_definition" else function
    start, end = top.start_point, function.end_point
    return [Outermost(start.row + 1, end.row + 1, start.column, tree.text(name))]


def _statements(tree: Tree, lines: list[str]) -> list[Statement]:
    found: list[Statement] = []
    if tree.root.type != "module":
        return found
    waiting = tree.root.named_children[::-1]
    while waiting:
        node = waiting.pop()
        then = field(node, "consequence") if node.type == "if_statement" else None
        if then is not None and field(node, "alternative") is None:
            waiting += then.named_children[::-1]
            continue
        if node.has_error or any(child.type == "wildcard_import" for child in node.named_children):
            continue
        first, last = node.start_point.row + 1, node.end_point.row + 1
        words = frozenset(words_of(lines[first - 1 : last]))
        one = Statement(first, last, node.start_point.column, _names(node, tree, words), words)
        if found and found[-1].last >= first:
            before = found.pop()
            names, words = before.names | one.names, before.words | words
            one = Statement(before.first, max(before.last, last), before.indent, names, words)
        found.append(one)
    return found


def _names(node: Node, tree: Tree, words: frozenset[str]) -> frozenset[str]:
    """The names that a statement is of use for; all its words, where that is not plain."""
    definition = field(node, "definition") if node.type == "decorated_definition" else node
    if definition is not None and definition.type in ("function_definition", "class_definition"):
        name = field(definition, "name")
        return frozenset([tree.text(name)]) if name is not None else words
    if node.type in IMPORTS:
        listed = node.children_by_field_name("name")
        return frozenset(tree.text(field(one, "alias") or one).split(".")[0].strip() for one in listed)
    value = node.named_children[0] if node.type == "expression_statement" and node.named_children else node
    if value.type == "assignment" and ":=" not in tree.text(value):
        target, right = field(value, "left"), field(value, "right")
        if target is not None and (right is None or right.type != "assignment"):
            return frozenset(words_of([tree.text(target)]))
    return frozenset() if value.type in ("comment", "string", "future_import_statement") else words
