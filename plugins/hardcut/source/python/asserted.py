"""Whether a place in a test asserts that an import fails."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hardcut.source.python.tree import Tree, arguments, climb, field, named

if TYPE_CHECKING:
    from tree_sitter import Node

FAILURES = frozenset({"ImportError", "ModuleNotFoundError"})
EXPECTING = frozenset({"raises", "assertRaises", "assertRaisesRegex", "RaisesExc"})
FUNCTIONS = frozenset({"function_definition", "lambda"})


def asserted(source: bytes, line: int, column: int) -> bool:
    """Whether a failing import at a place (line from 1, column in bytes from 0) is what a test asks for.

    The place stands in `with raises(ImportError)`, in a call `raises(ImportError, function, ...)`, or
    in a `try` that catches ImportError and fails where nothing is caught.
    """
    tree = Tree(source)
    child = tree.root.descendant_for_point_range((line - 1, column), (line - 1, column)) or tree.root
    for parent in [child, *climb(child)]:
        if parent.type in FUNCTIONS:
            return False
        if parent.type == "with_statement" and not _is(field(parent, "body"), child):
            return False
        if parent.type == "with_statement" and any(
            _expects(tree, call) for item in named(named(parent)[0]) for call in _calls(item)
        ):
            return True
        if parent.type == "call" and len(arguments(parent)[0]) > 1 and _expects(tree, parent):
            return True
        if parent.type == "try_statement" and _is(field(parent, "body"), child) and _fails(tree, parent):
            return True
        child = parent
    return False


def _expects(tree: Tree, call: Node) -> bool:
    function, given = field(call, "function"), arguments(call)[0]
    name = tree.text(function).rsplit(".", 1)[-1] if function is not None else ""
    return name in EXPECTING and bool(given) and _names_failure(tree, given[0])


def _names_failure(tree: Tree, types: Node) -> bool:
    kinds = named(types) if types.type in ("tuple", "parenthesized_expression") else [types]
    return any(tree.text(one).rsplit(".", 1)[-1] in FAILURES for one in kinds)


def _fails(tree: Tree, attempt: Node) -> bool:
    """Whether a `try` catches ImportError, and its `else`, or the end of its body, fails."""
    clauses = [one for one in named(attempt) if one.type == "except_clause"]
    caught = any(_names_failure(tree, _type(one)) for clause in clauses for one in named(clause)[:1])
    blocks = [field(one, "body") for one in named(attempt) if one.type == "else_clause"]
    blocks = blocks or [field(attempt, "body")]
    return caught and any(_ends_badly(tree, block) for block in blocks if block is not None)


def _type(caught: Node) -> Node:
    """The types in `except types as name`."""
    return named(caught)[0] if caught.type == "as_pattern" else caught


def _ends_badly(tree: Tree, block: Node) -> bool:
    last = named(block)[-1] if named(block) else block
    if last.type == "raise_statement":
        return True
    text = tree.text(last)
    if last.type == "assert_statement":
        return text.split(None, 1)[-1].startswith(("False", "0"))
    call = next(iter(_calls(last)), None)
    function = field(call, "function") if call is not None else None
    return function is not None and tree.text(function).rsplit(".", 1)[-1] == "fail"


def _calls(node: Node) -> list[Node]:
    """The calls that a `with` item or an expression statement is."""
    for _ in range(4):
        if node.type == "call":
            return [node]
        inner = named(node)
        if not inner:
            break
        node = inner[0]
    return []


def _is(one: Node | None, other: Node) -> bool:
    return one is not None and one.id == other.id
