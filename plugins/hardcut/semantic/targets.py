"""What a statement binds to what: the expression behind each name that it binds."""

from __future__ import annotations

from enum import Enum
from typing import final

from hardcut.syntax import nodes
from hardcut.syntax.nodes import Expression, Node, Statement


class Source(Enum):
    """How a target gets its value from an expression."""

    VALUE = "value"
    """It is the value."""
    ELEMENT = "element"
    """It is an element of the value, which is iterated over."""
    DEFAULT = "default"
    """It is the value, unless a caller gives another."""
    ENTERED = "entered"
    """The value is a context manager that gives it."""
    AUGMENTED = "augmented"
    """It is the operator of the statement applied to what it was and to the value."""


@final
class Target:
    """The expression behind a name.

    `steps` are the places of the name in nested tuple targets. A place counts from the end if it is
    negative, behind a starred target. `is_starred` says that the name gets the rest of a sequence.
    """

    __slots__ = ("annotation", "is_starred", "source", "statement", "steps", "value")

    def __init__(
        self,
        source: Source,
        value: Expression | None,
        annotation: Expression | None = None,
        statement: nodes.AugAssign | None = None,
    ) -> None:
        self.source = source
        self.value = value
        self.annotation = annotation
        self.statement = statement
        self.steps: tuple[int, ...] = ()
        self.is_starred = False


def targets_of(statement: Statement) -> dict[int, Target]:
    """The targets of a statement's own code, by the offsets of their names; not of statements in it."""
    found: dict[int, Target] = {}
    waiting: list[Node] = [statement]
    while waiting:
        node = waiting.pop()
        _note(node, found)
        for child in node.children():
            if not isinstance(child, Statement):
                waiting.append(child)
    return found


def _note(node: Node, found: dict[int, Target]) -> None:
    if isinstance(node, nodes.Assign):
        for target in node.targets:
            _spread(target, Target(Source.VALUE, node.value), (), found)
    elif isinstance(node, nodes.AnnAssign):
        _spread(node.target, Target(Source.VALUE, node.value, node.annotation), (), found)
    elif isinstance(node, nodes.AugAssign):
        _spread(node.target, Target(Source.AUGMENTED, node.value, None, node), (), found)
    elif isinstance(node, nodes.NamedExpr):
        _spread(node.target, Target(Source.VALUE, node.value), (), found)
    elif isinstance(node, nodes.For | nodes.Comprehension):
        _spread(node.target, Target(Source.ELEMENT, node.iter), (), found)
    elif isinstance(node, nodes.WithItem):
        if node.optional_vars is not None:
            _spread(node.optional_vars, Target(Source.ENTERED, node.context_expr), (), found)
    elif isinstance(node, nodes.Arguments):
        _note_parameters(node, found)


def _note_parameters(node: nodes.Arguments, found: dict[int, Target]) -> None:
    plain = [*node.posonlyargs, *node.args]
    missing = len(plain) - len(node.defaults)
    for place, parameter in enumerate(plain):
        default = node.defaults[place - missing] if place >= missing else None
        found[parameter.start] = Target(Source.DEFAULT, default, parameter.annotation)
    for parameter, default in zip(node.kwonlyargs, node.kw_defaults, strict=True):
        found[parameter.start] = Target(Source.DEFAULT, default, parameter.annotation)


def _spread(node: Expression, target: Target, steps: tuple[int, ...], found: dict[int, Target]) -> None:
    """Note the names of a target; of a nested one with their places."""
    waiting: list[tuple[Expression, tuple[int, ...]]] = [(node, steps)]
    while waiting:
        part, places = waiting.pop()
        starred = isinstance(part, nodes.Starred)
        if isinstance(part, nodes.Starred):
            part = part.value
        if isinstance(part, nodes.Name):
            copy = Target(target.source, target.value, target.annotation, target.statement)
            copy.steps = places
            copy.is_starred = starred
            found[part.start] = copy
        elif isinstance(part, nodes.Tuple | nodes.List):
            rest = next(
                (at for at, item in enumerate(part.elts) if isinstance(item, nodes.Starred)), len(part.elts)
            )
            for at, item in enumerate(part.elts):
                waiting.append((item, (*places, at if at <= rest else at - len(part.elts))))
