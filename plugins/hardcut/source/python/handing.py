"""What may fail and is not called but handed on: as an argument, to a decorator, under another name."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from hardcut.source.python.contexts import Contexts
from hardcut.source.python.names import Names
from hardcut.source.python.tree import Tree, arguments, climb, field, given_to, named, same
from hardcut.source.python.units import Foreign, is_argument

if TYPE_CHECKING:
    from tree_sitter import Node

DEPTH = 60
"""How often something is passed on, from name to name, before that is given up."""
STANDS = frozenset({"partial", "partialmethod", "wraps", "cast"})
"""Last names of functions that give something which calls what they are handed."""
CALLS = frozenset({"to_thread", "run_sync", "run_in_executor"})
"""Last names of functions that call what they are handed, and raise what it raises."""
PARAMETERS = frozenset({"identifier", "typed_parameter", "default_parameter", "typed_default_parameter"})


class Handing:
    """Follows such things in one file to where they are called; `add` notes a call that may fail.

    `foreign` are the places where a function of another module gets one.
    """

    def __init__(
        self,
        tree: Tree,
        names: Names,
        contexts: Contexts,
        add: Callable[[Node, list[str], str, tuple[str, ...]], None],
    ) -> None:
        self.tree = tree
        self.names = names
        self.contexts = contexts
        self._add = add
        self._done: set[tuple[int, tuple[str, ...], tuple[str, ...]]] = set()
        self.foreign: dict[tuple[int, str, str], Foreign] = {}

    def thing(self, node: Node, paths: list[str], types: tuple[str, ...], depth: int = 0) -> None:
        """An expression that fails when it is called: where it is handed to, or the name that it gets."""
        parent = node.parent
        key = node.id, tuple(paths), types
        if parent is None or key in self._done:
            return
        if depth > DEPTH:
            self.tree.give_up(node, f"what may fail was passed on more than {DEPTH} times")
            return
        self._done.add(key)
        if is_argument(node):
            self._argument(node, paths, types, depth)
        elif parent.type in ("assignment", "named_expression"):
            target = field(parent, "left") or field(parent, "name")
            if target is not None and target.type == "identifier" and target.id != node.id:
                self._name(target, paths, types, depth)

    def around(self, node: Node, paths: list[str], types: tuple[str, ...]) -> None:
        """What stands in a lambda: the lambda fails when it is called."""
        outer = next((one for one in climb(node) if one.type == "lambda"), None)
        if outer is not None:
            self.thing(outer, paths, types)

    def _name(self, target: Node, paths: list[str], types: tuple[str, ...], depth: int) -> None:
        for node in self.tree.nodes(self.tree.text(target)):
            if not any(one.node.id == target.id for one in self.names.resolve(self.tree.text(target), node)):
                continue
            call = node.parent
            if call is not None and call.type == "call" and same(field(call, "function"), node):
                self._add(call, paths, "helper", types)
            elif node.id != target.id:
                self.thing(node, paths, types, depth + 1)

    def _argument(self, argument: Node, paths: list[str], types: tuple[str, ...], depth: int) -> None:
        """Calls of the parameter that an argument is bound to."""
        given = given_to(argument)
        if given is None:
            return
        call, function, where = given
        said = self.tree.text(function).rsplit(".", 1)[-1]
        if said in STANDS:
            self.thing(call, paths, types, depth + 1)
            return
        if said in CALLS:
            self._add(call, paths, "helper", types)
            return
        made = field(function, "function") if function.type == "call" else None
        if made is not None:
            self._decorated(call, made, function, paths, types)
            return
        owner = self.contexts.local(function)
        if owner is None or owner.type != "function_definition":
            self._elsewhere(call, function, paths, types, f"handed:{where}", call)
            return
        self._note_types(owner, call)
        shift = 1 if function.type == "attribute" else 0
        place = int(where) + shift if where.isdecimal() else -1
        parameter = where if where.isidentifier() else self._parameter(owner, place)
        self._calls(owner, parameter, paths, types)

    def decorator(self, decorator: Node, paths: list[str], types: tuple[str, ...]) -> None:
        """A decorator of a function that may fail."""
        made = field(decorator, "function") if decorator.type == "call" else None
        self._decorated(decorator, made or decorator, decorator, paths, types)

    def _decorated(
        self, place: Node, made: Node, decorator: Node, paths: list[str], types: tuple[str, ...]
    ) -> None:
        owner = self.contexts.local(made)
        if owner is None or owner.type != "function_definition":
            self._elsewhere(place, made, paths, types, "decorator:", decorator)
            return
        if decorator.type == "call":
            self._note_types(owner, decorator)
            body = field(owner, "body")
            inner = (one for one in (named(body) if body is not None else ()))
            owner = next((one for one in inner if one.type == "function_definition"), owner)
        self._calls(owner, self._parameter(owner, 0), paths, types)

    def _note_types(self, owner: Node, call: Node) -> None:
        """The exceptions that a function is handed: its handlers may catch them."""
        kinds = self._types(call)
        known = self.contexts.exceptions.given.setdefault(owner.id, [])
        known += [one for one in kinds if one not in known]

    def _types(self, call: Node) -> list[str]:
        positional, keywords = arguments(call) if call.type == "call" else ([], {})
        every = (*positional, *keywords.values())
        return [one for part in every for one in self.contexts.exceptions.types(part)]

    def _elsewhere(
        self, place: Node, function: Node, paths: list[str], types: tuple[str, ...], how: str, call: Node
    ) -> None:
        """Note that what may fail is handed to a function of another module."""
        kinds = ",".join(one for one in self._types(call) if "." not in one and ":" not in one)
        used = (
            f"{how.removesuffix(':')}{'' if not kinds else f':{kinds}' if how[-1] != ':' else f'::{kinds}'}"
        )
        for path in self.contexts.foreign(function):
            self.foreign[place.id, used, path] = Foreign(place, path, tuple(paths), types, used)

    def _parameter(self, function: Node, place: int) -> str:
        listed = field(function, "parameters")
        plain = [one for one in (named(listed) if listed is not None else ()) if one.type in PARAMETERS]
        if not 0 <= place < len(plain):
            return ""
        name = field(plain[place], "name") or (
            plain[place] if plain[place].type == "identifier" else plain[place].named_child(0)
        )
        return self.tree.text(name) if name is not None else ""

    def _calls(self, owner: Node, name: str, paths: list[str], types: tuple[str, ...]) -> None:
        for node in self.tree.nodes(name) if name.isidentifier() else ():
            call = node.parent
            if call is None or call.type != "call" or not same(field(call, "function"), node):
                continue
            if any(
                one.kind == "param" and one.owner.id == owner.id for one in self.names.resolve(name, node)
            ):
                self._add(call, paths, "helper", types)
