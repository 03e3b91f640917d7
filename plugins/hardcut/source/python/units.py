"""The functions of a file in which something may fail, and small steps around such places."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from hardcut.source.python.failure_flow import Caught, Followed, Question, Touch
from hardcut.source.python.tree import climb, field, named, same

if TYPE_CHECKING:
    from tree_sitter import Node


class Foreign(NamedTuple):
    """A place where what may fail is handed to a function of another module, `path`, and how."""

    node: Node
    path: str
    paths: tuple[str, ...]
    types: tuple[str, ...]
    how: str


class Unit:
    """A function, or a module's own code, with its touches and what became of their failures."""

    def __init__(self, node: Node, body: Node) -> None:
        self.node = node
        self.body = body
        self.touches: dict[tuple[int, str], Touch] = {}
        self.questions: dict[int, Question] = {}
        self.caught: set[Caught] = set()
        self.escapes: dict[int, set[str]] = {}
        self.flow: Followed | None = None
        self.order: list[Touch] = []


def is_argument(node: Node) -> bool:
    """Whether an expression is handed to a call."""
    parent = node.parent
    if parent is None:
        return False
    if parent.type == "keyword_argument":
        return same(field(parent, "value"), node)
    return parent.type == "argument_list"


def is_kept(node: Node) -> bool:
    """Whether an expression is all that a name is bound to."""
    parent = node.parent
    return parent is not None and parent.type == "assignment" and same(field(parent, "right"), node)


def between(node: Node, outer: Node) -> list[Node]:
    """What stands around a node, up to one around it."""
    found = []
    for parent in climb(node):
        if parent.id == outer.id:
            break
        found.append(parent)
    return found


def statements(block: Node) -> list[Node]:
    """All statements within a block, not those of functions that it defines."""
    found: list[Node] = []
    queue = [block]
    while queue:
        node = queue.pop()
        for child in named(node):
            if child.type in ("function_definition", "lambda", "class_definition"):
                continue
            if child.type.endswith(("_statement", "_clause", "block")):
                found.append(child)
                queue.append(child)
    return found
