"""Warnings that something is deprecated: calls and decorators."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hardcut.source.outline import Warned
from hardcut.source.python.imports import scope_name
from hardcut.source.python.paths import Paths
from hardcut.source.python.tree import Tree, arguments, field, named

if TYPE_CHECKING:
    from tree_sitter import Node

CATEGORY = re.compile(r"\b(\w*Deprecat\w*|FutureWarning)\b")
FUNCTION = re.compile(r"[Dd]eprecat")
PASSIVE = re.compile(r"^(is_|has_|ignore|filter|catch|check|assert|no_|test)|(filter|deprecated_call)$")


def warned(tree: Tree, paths: Paths) -> list[Warned]:
    """Each call that warns of deprecation, and each definition that a decorator marks so."""
    found: list[Warned] = []
    if b"eprecat" not in tree.data and b"FutureWarning" not in tree.data:
        return found
    waiting = [tree.root]
    while waiting:
        node = waiting.pop()
        if node.type == "call" and tree.spend():
            if _warns(tree, node):
                scope = scope_name(tree, node)
                found.append(Warned(scope, tree.span(node), "call"))
        elif node.type == "decorated_definition":
            found += _decorated(tree, node)
        waiting.extend(child for child in reversed(node.named_children) if child.type != "decorator")
    return found


def _warns(tree: Tree, call: Node) -> bool:
    function = field(call, "function")
    if function is None or function.type not in ("identifier", "attribute"):
        return False
    name = tree.text(function).rsplit(".", 1)[-1]
    if name in ("warn", "warn_explicit"):
        given, keywords = arguments(call)
        return any(
            CATEGORY.search(tree.text(one).split("(", 1)[0])
            for one in [*given, *keywords.values()]
            if one.type in ("identifier", "attribute", "call")
        )
    expression = call.parent is not None and call.parent.type == "expression_statement"
    return expression and bool(FUNCTION.search(name)) and not PASSIVE.search(name)


def _decorated(tree: Tree, node: Node) -> list[Warned]:
    definition = field(node, "definition")
    name = field(definition, "name") if definition is not None else None
    if name is None:
        return []
    outer = scope_name(tree, node)
    scope = f"{outer}.{tree.text(name)}" if outer else tree.text(name)
    found: list[Warned] = []
    for one in node.named_children:
        if one.type == "decorator" and named(one):
            inner = named(one)[0]
            called = (field(inner, "function") if inner.type == "call" else inner) or inner
            last = tree.text(called).rsplit(".", 1)[-1]
            if FUNCTION.search(last) and not PASSIVE.search(last):
                found.append(Warned(scope, tree.span(one), "decorator"))
    return found
