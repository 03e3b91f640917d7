"""What a module offers in `__all__`, however long the list is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hardcut.source.facts import Span
from hardcut.source.outline import Listed
from hardcut.source.python.constants import Constants
from hardcut.source.python.tree import Tree, arguments, field, named, unwrap

if TYPE_CHECKING:
    from tree_sitter import Node


def offered(tree: Tree, constants: Constants) -> tuple[list[Listed], Span | None]:
    """The strings of `__all__` where each is written, and the first statement that sets it."""
    found: dict[tuple[str, Span], Listed] = {}
    whole: Span | None = None
    for node in tree.nodes("__all__"):
        statement = node.parent
        value: Node | None = None
        if statement is not None and statement.type in ("assignment", "augmented_assignment"):
            value = field(statement, "right")
        elif statement is not None and statement.type == "attribute" and statement.parent is not None:
            given, _ = arguments(statement.parent)
            value = given[0] if given else None
        if value is None or statement is None:
            continue
        if whole is None:
            whole = tree.span(statement)
        for part in _parts(constants, unwrap(value)):
            for one in constants.values(part):
                if one.exact:
                    span = tree.span(one.origin or part)
                    found[(one.text, span)] = Listed(one.text, span)
    return list(found.values()), whole


def is_open(tree: Tree) -> bool:
    """Whether `__all__` is put together by more than lists that are written out.

    numpy's `numeric` hands it to a function that adds what other modules list. Then more is offered than
    can be listed here.
    """
    for node in tree.nodes("__all__"):
        statement = node.parent
        if statement is not None and statement.type in ("assignment", "augmented_assignment"):
            value = field(statement, "right")
            if field(statement, "left") == node and value is not None and _is_literal(value):
                continue
        return True
    return False


def _is_literal(value: Node) -> bool:
    """Whether an expression is a list or tuple of strings, or a sum of these."""
    waiting = [unwrap(value)]
    while waiting:
        part = unwrap(waiting.pop())
        if part.type == "binary_operator":
            waiting += named(part)
        elif part.type not in ("list", "tuple") or any(item.type != "string" for item in named(part)):
            return False
    return True


def _parts(constants: Constants, value: Node) -> list[Node]:
    """The elements of lists as written, however many; of anything else as far as it is followed."""
    found: list[Node] = []
    waiting = [value]
    while waiting:
        one = unwrap(waiting.pop())
        if one.type == "binary_operator":
            waiting += reversed(named(one))
        elif one.type in ("list", "tuple", "set"):
            for child in named(one):
                inner = constants.elements.of(child.named_children[0]) if child.type == "list_splat" else []
                found += inner or [child]
        else:
            found += constants.elements.of(one) or [one]
    return found
