"""All names that a module binds at its top level, with the members of its classes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hardcut.source.facts import Bound, Definition
from hardcut.source.python.imports import read_imports
from hardcut.source.python.names import Names
from hardcut.source.python.tree import Tree, field, named, unwrap

if TYPE_CHECKING:
    from tree_sitter import Node

BLOCKS = frozenset(
    {
        "if_statement",
        "try_statement",
        "with_statement",
        "for_statement",
        "while_statement",
        "match_statement",
        "block",
        "elif_clause",
        "else_clause",
        "except_clause",
        "finally_clause",
        "case_clause",
        "module",
        "expression_statement",
        "decorated_definition",
    }
)

PATTERNS = frozenset(
    {
        "pattern_list",
        "tuple_pattern",
        "list_pattern",
        "tuple",
        "list",
        "list_splat_pattern",
        "expression_list",
    }
)


def top_level(data: bytes, package: str | None) -> list[Definition]:
    """The names bound at module level (`Class.member` for class members), in the file's order.

    Imports carry their target; a star import is `*`. A module-level `__getattr__` is listed like
    any function, so that a caller can tell that further names may exist.
    """
    return names_of(Tree(data), package)


def names_of(tree: Tree, package: str | None) -> list[Definition]:
    """The same of a parsed file."""
    found: list[Definition] = []
    for entry, _ in read_imports(tree, package):
        if entry.scope or entry.module is None:
            continue
        if entry.name == "*":
            found.append(Definition("*", "star", entry.span, entry.module))
        else:
            target = entry.path if entry.name or entry.alias != entry.path.split(".")[0] else entry.alias
            found.append(Definition(entry.alias, "import", entry.span, target))
    _walk(tree, tree.root, found)
    return sorted(found, key=lambda one: one.span)


def binds(data: bytes, name: str) -> bool:
    """Whether a module binds one name at its top level, in any way that a statement or expression can."""
    tree = Tree(data)
    names = Names(tree, None)
    if name == "annotations" and b"__future__" in data:
        return True
    return any(one.scope.type == "module" or one.kind == "global" for one in names.bindings(name))


def _walk(tree: Tree, top: Node, found: list[Definition]) -> None:
    waiting = [(top, "")]
    while waiting:
        block, prefix = waiting.pop()
        for node in named(block):
            waiting += _names_in(tree, node, prefix, found)


def _names_in(tree: Tree, node: Node, prefix: str, found: list[Definition]) -> list[tuple[Node, str]]:
    """Note the names that a statement binds; the blocks in it, each with the class around it."""
    kind = node.type
    if kind in ("function_definition", "class_definition"):
        return _defined(tree, node, prefix, found)
    if kind in ("assignment", "augmented_assignment"):
        value: Node | None = node
        while value is not None and value.type in ("assignment", "augmented_assignment"):
            _targets(tree, field(value, "left"), prefix, found)
            value = field(value, "right")
    elif kind == "type_alias_statement":
        left = field(node, "left")
        if left is not None:
            found.append(Definition(prefix + tree.text(left).split("[")[0], "assign", tree.span(left)))
    elif kind == "parenthesized_expression" and unwrap(node).type == "named_expression":
        _targets(tree, field(unwrap(node), "name"), prefix, found)
    elif kind in BLOCKS:
        if kind == "for_statement":
            _targets(tree, field(node, "left"), prefix, found)
        return [(node, prefix)]
    return []


def _defined(tree: Tree, node: Node, prefix: str, found: list[Definition]) -> list[tuple[Node, str]]:
    name, body = field(node, "name"), field(node, "body")
    if name is None:
        return []
    qualified = prefix + tree.text(name)
    which: Bound = "function" if node.type == "function_definition" else "class"
    found.append(Definition(qualified, which, tree.span(name)))
    return [(body, qualified + ".")] if which == "class" and body is not None else []


def _targets(tree: Tree, target: Node | None, prefix: str, found: list[Definition]) -> None:
    waiting = [target] if target is not None else []
    while waiting:
        node = waiting.pop()
        if node.type == "identifier":
            found.append(Definition(prefix + tree.text(node), "assign", tree.span(node)))
        elif node.type in PATTERNS:
            waiting += named(node)
