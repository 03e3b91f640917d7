"""The patterns of `match`: which values they meet, and what they bind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hardcut.source.python.exceptions import ANY, Exceptions
from hardcut.source.python.tree import Tree, identifiers, named
from hardcut.source.python.values import EXCEPTION, FALSY, SET, State, is_none

if TYPE_CHECKING:
    from tree_sitter import Node


def bind(pattern: Node, value: str | None, state: State, tree: Tree) -> State:
    """The state in which a pattern has bound its names."""
    whole = len(named(pattern)) == 1 and named(pattern)[0].type == "dotted_name"
    for node in identifiers(pattern):
        state = state.put(tree.text(node), value if whole else None)
    return state


def fits(pattern: Node, value: str | None, exceptions: Exceptions) -> bool | None:
    """Whether a value meets a pattern, None where nobody knows."""
    inner = next(iter(named(pattern)), None)
    if inner is None or (inner.type == "dotted_name" and inner.named_child_count == 1):
        return True
    if inner.type == "none":
        return is_none(value)
    if inner.type in ("true", "false"):
        return None if value in (None, SET, FALSY) else value.lower() == inner.type
    if inner.type == "class_pattern" and named(inner):
        kind, whole = named(inner)[0], inner.named_child_count == 1
        if value is None or not value.startswith(EXCEPTION):
            return False if is_none(value) else None
        raised = value.removeprefix(EXCEPTION)
        if raised == ANY:
            return None
        name = named(kind)[0] if kind.type == "dotted_name" and kind.named_child_count == 1 else kind
        caught = exceptions.catches(exceptions.types(name), raised)
        return caught if whole or not caught else None
    return None
