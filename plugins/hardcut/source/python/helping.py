"""What a manager, decorator or helper of one file, used in another, does with what it is handed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from hardcut.flow.conditions import NONE, SOME
from hardcut.flow.exceptions import ANY
from hardcut.source.catching import Does
from hardcut.source.python.context_managers import TYPES
from hardcut.source.python.contexts import Contexts
from hardcut.source.python.exceptions import Exceptions
from hardcut.source.python.failure_flow import (
    EMPTY_ANSWERS,
    Caught,
    Followed,
    Question,
    Touch,
    function_around,
)
from hardcut.source.python.guards import Guards
from hardcut.source.python.importers import IMPORTERS, SEEKERS
from hardcut.source.python.names import Binding, Names
from hardcut.source.python.retries import Retries
from hardcut.source.python.tree import Tree, climb, field, given_to, named, same
from hardcut.source.python.units import is_argument

if TYPE_CHECKING:
    from tree_sitter import Node

DEPTH = 60
"""How often a parameter is passed on within one file before that is given up."""
RETURNED = re.compile(r"return (\w+)$", re.MULTILINE)


def helps(
    data: bytes,
    name: str,
    package: str | None,
    does: Does,
    how: str,
    raised: tuple[str, ...],
    known: Callable[[str], tuple[str, ...]],
) -> tuple[bool, list[tuple[str, str]]]:
    """Whether a name (or `Class.method`) swallows one of some exceptions, or tries again what raises it.

    `how` it is used: `context`, `decorator`, `handed` what it calls, or `named` the module that it
    imports or looks for. After a colon stands the position or keyword of the argument; after a second
    one the exceptions that it is given. With the answer come other names, and how they are used, of
    which the answer is true if it is of any. `known` tells what a function that never returns raises.
    """
    helper = Helper(Tree(data), package, does, how, raised)
    helper.contexts.ends = known
    further = [(path, how) for path in helper.imported(name)]
    found = any(helper.does_it(owner) for owner in helper.owners(name))
    return found, [] if found else [*further, *helper.further]


def ends(data: bytes, name: str, package: str | None) -> tuple[tuple[str, ...], list[str]]:
    """What a function raises whenever it is called, nothing where it may return; where else it comes from."""
    helper = Helper(Tree(data), package, "swallow", "handed", ())
    found = [
        helper.contexts.always_raises(one) for one in helper.owners(name) if one.type == "function_definition"
    ]
    told = tuple(sorted({ANY if kind.startswith("own:") else kind for kinds in found for kind in kinds}))
    return told if found and all(found) else (), helper.imported(name)


class Helper:
    """Answers about the definitions of one name in one file."""

    def __init__(
        self, tree: Tree, package: str | None, does: Does, how: str, raised: tuple[str, ...]
    ) -> None:
        self.tree = tree
        self.names = Names(tree, package)
        self.contexts = Contexts(tree, self.names, Exceptions(tree, self.names, None))
        self.does = does
        self.how, _, rest = how.partition(":")
        self.place, _, kinds = rest.partition(":")
        self.given = [one for one in kinds.split(",") if one]
        self.raised = raised
        self.further: list[tuple[str, str]] = []

    def imported(self, name: str) -> list[str]:
        """Where a module has a name from."""
        return [one.imported.path for one in self._bound(name) if one.imported is not None]

    def owners(self, name: str) -> Iterator[Node]:
        """The functions and classes of a name, and the calls that make it."""
        for one in self._bound(name):
            if one.kind in ("function", "class"):
                yield one.owner
            elif one.kind == "assign" and one.value is not None and self.how == "context" and not one.index:
                yield one.value

    def _bound(self, name: str) -> list[Binding]:
        """The bindings of a name of the module, or of `Class.name`."""
        outer, _, leaf = name.rpartition(".")
        found = self.names.bindings(leaf)
        if not outer:
            return [one for one in found if one.scope.type == "module"]
        return [one for one in found if self._is_class(one.scope, outer)]

    def _is_class(self, scope: Node, name: str) -> bool:
        own = field(scope, "name") if scope.type == "class_definition" else None
        return own is not None and self.tree.text(own) == name

    def does_it(self, owner: Node) -> bool:
        """Whether one definition does what is asked."""
        if self.place == TYPES:
            return self._names_types(owner)
        self.contexts.exceptions.given[owner.id] = self.given
        if self.does == "swallow" and self.how in ("context", "decorator") and self._manages(owner):
            return True
        if self.how == "context" or owner.type not in ("function_definition", "class_definition"):
            return False
        calls = [call for maker, place in self._makers(owner) for call in self._called(maker, place, 0)]
        return self._tries_again(calls) if self.does == "retry" else any(self._fails(one) for one in calls)

    def _names_types(self, owner: Node) -> bool:
        """Whether it is, or gives, types that catch one of the exceptions."""
        exceptions = self.contexts.exceptions
        is_function = owner.type == "function_definition"
        types = exceptions.returned(owner) if is_function else exceptions.caught(owner)
        return any(self.contexts.exceptions.hierarchy.catches(types, kind) for kind in self.raised)

    def _manages(self, owner: Node) -> bool:
        """Whether it is a manager that ends an exception."""
        if owner.type in ("function_definition", "class_definition"):
            left = [self.contexts.managers.by_owner(owner, one) for one in self.raised]
        else:
            left = [self.contexts.leave(owner, one) for one in self.raised]
        for path, at, rest in (path.partition(":") for one in left for path in one.through):
            self.further.append((path, f"context{at}{rest}"))
        return any(one.ends for one in left)

    def _makers(self, owner: Node) -> list[tuple[Node, str]]:
        """The functions that take what is handed over, each with the argument's place."""
        place = self.place if self.how != "decorator" else "0"
        if owner.type == "class_definition":
            return [
                (one, str(int(place) + 1) if place.isdecimal() else place)
                for one in _inner(owner)
                if self._is_named(one, "__init__")
            ]
        inside_class = next(iter(climb(owner)), owner).parent
        bound = inside_class is not None and inside_class.type == "class_definition"
        own = str(int(place) + 1) if bound and place.isdecimal() and not self._is_static(owner) else place
        return [(owner, own), *((one, "0") for one in _inner(owner) if self.how == "decorator")]

    def _is_named(self, function: Node, name: str) -> bool:
        own = field(function, "name")
        return own is not None and self.tree.text(own) == name

    def _is_static(self, function: Node) -> bool:
        above = function.parent
        return (
            above is not None
            and above.type == "decorated_definition"
            and "@staticmethod" in self.tree.text(above)
        )

    def _called(self, maker: Node, place: str, depth: int) -> Iterator[Node]:
        """The calls of a parameter, or of import functions with it, in a function and those that it calls."""
        parameter = _parameter(self.tree, maker, place)
        for node in self.tree.nodes(parameter) if parameter else ():
            if not any(
                one.kind == "param" and one.owner.id == maker.id
                for one in self.names.resolve(parameter, node)
            ):
                continue
            whole = node.parent if node.parent is not None and node.parent.type == "list_splat" else node
            parent = whole.parent
            if parent is None:
                continue
            if parent.type == "call" and same(field(parent, "function"), node):
                if self.how != "named":
                    yield parent
            elif parent.type == "for_statement" and same(field(parent, "right"), node):
                yield from self._each(parent)
            elif is_argument(whole):
                yield from self._handed_on(whole, depth)
            elif parent.type == "assignment" and self.how != "named":
                yield from self._kept(parent)

    def _each(self, loop: Node) -> Iterator[Node]:
        """`for function in functions: function()`"""
        left = field(loop, "left")
        name = self.tree.text(left) if left is not None and left.type == "identifier" else ""
        for node in self.tree.nodes(name) if name else ():
            call = node.parent
            called = call is not None and call.type == "call" and same(field(call, "function"), node)
            if call is not None and called and self._is_of(loop, name, node):
                yield call

    def _is_of(self, owner: Node, name: str, node: Node) -> bool:
        """Whether a use of a name is bound by a function or loop."""
        return any(one.owner.id == owner.id for one in self.names.resolve(name, node))

    def _kept(self, assignment: Node) -> Iterator[Node]:
        """`self.function = function` in a constructor, and its calls in the class."""
        left = field(assignment, "left")
        attribute = field(left, "attribute") if left is not None and left.type == "attribute" else None
        for node in self.tree.nodes(self.tree.text(attribute)) if attribute is not None else ():
            whole = node.parent
            call = whole.parent if whole is not None and whole.type == "attribute" else None
            own = whole is not None and self.tree.text(whole).startswith("self.")
            if call is not None and own and call.type == "call" and same(field(call, "function"), whole):
                yield call

    def _handed_on(self, argument: Node, depth: int) -> Iterator[Node]:
        """What becomes of a parameter that is handed to another function."""
        given = given_to(argument)
        if given is None:
            return
        call, function, at = given
        if self.how == "named" and self.tree.text(function).rsplit(".", 1)[-1] in IMPORTERS:
            yield call
            return
        owner = self.contexts.local(function)
        local = owner is not None and owner.type == "function_definition" and bool(at)
        if local and depth >= DEPTH:
            self.tree.give_up(call, f"a parameter was passed on more than {DEPTH} times")
        elif owner is not None and local:
            if self.does == "swallow" and self._fails(call):
                yield call
            shift = function.type == "attribute" and at.isdecimal() and not self._is_static(owner)
            yield from self._called(owner, str(int(at) + 1) if shift else at, depth + 1)
        elif at:
            self.further += [
                (path, f"{'named' if self.how == 'named' else 'handed'}:{at}")
                for path in self.contexts.foreign(function)
            ]

    def _tries_again(self, calls: list[Node]) -> bool:
        """Whether one of some calls is tried again when it failed."""
        guards = Guards(self.tree, self.names, self.contexts, frozenset(), None)
        touches = [Touch(call, ("",), "helper", self.raised) for call in calls]
        return bool(Retries(self.tree, self.contexts, guards, touches).read())

    def _fails(self, call: Node) -> bool:
        """Whether the failure of a call does not get out."""
        function = function_around(call)
        if function is None:
            return False
        called = field(call, "function")
        seeks = called is not None and self.tree.text(called).rsplit(".", 1)[-1] in SEEKERS
        if self.how == "named" and seeks:
            flow = self.contexts.flow.follow(function, (), {0: Question(call, NONE, SOME)})
        else:
            flow = self.contexts.flow.follow(function, [Touch(call, ("",), "helper", self.raised)])
        if flow is None:
            return False
        told = {one for one in flow.caught if self.how != "named" or self._is_empty(one, flow)}
        return flow.surely(told)

    def _is_empty(self, caught: Caught, flow: Followed) -> bool:
        """Whether a function answers with nothing: None, False, or a default that it was given."""
        if caught.ending in EMPTY_ANSWERS:
            return True
        clause = flow.place(caught.by)
        given = RETURNED.findall(self.tree.text(clause)) if clause is not None else []
        return any(one.kind == "param" for name in given for one in self.names.bindings(name))


def _inner(outer: Node) -> list[Node]:
    """The functions in a function or class."""
    body = field(outer, "body")
    found = [
        field(one, "definition") if one.type == "decorated_definition" else one
        for one in (named(body) if body is not None else ())
    ]
    return [one for one in found if one is not None and one.type == "function_definition"]


def _parameter(tree: Tree, function: Node, place: str) -> str:
    """The name of the parameter at a position, or of a keyword; `*rest` takes all that follow."""
    listed = field(function, "parameters")
    plain: list[str] = []
    rest = ""
    for one in named(listed) if listed is not None else ():
        name = one if one.type == "identifier" else field(one, "name") or next(iter(named(one)), None)
        splat = name if name is not None and name.type == "list_splat_pattern" else one
        if splat.type == "list_splat_pattern":
            name = next(iter(named(splat)), None)
            rest = tree.text(name) if name is not None else ""
            break
        if name is not None and name.type == "identifier":
            plain.append(tree.text(name))
    if place.isdecimal():
        return plain[int(place)] if int(place) < len(plain) else rest
    return place if place.isidentifier() else ""
