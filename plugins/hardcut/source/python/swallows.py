"""Whether a manager, decorator or helper of one file, used in another, swallows an exception."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hardcut.source.python.contexts import Contexts
from hardcut.source.python.exceptions import Exceptions
from hardcut.source.python.names import Names
from hardcut.source.python.tree import Tree, climb, field, named, same
from hardcut.source.python.ways import Touch

if TYPE_CHECKING:
    from tree_sitter import Node


def swallows(
    data: bytes, name: str, package: str | None, how: str, raised: tuple[str, ...]
) -> tuple[bool, list[str]]:
    """Whether a name swallows one of some exceptions, and the paths it is imported from.

    `how` it is used: `context`, `decorator`, or `handed:` with the position or keyword of the argument
    that it calls.
    """
    tree = Tree(data)
    names = Names(tree, package)
    contexts = Contexts(tree, names, Exceptions(tree, names, None))
    further: list[str] = []
    for binding in names.bindings(name):
        if binding.scope.type != "module":
            continue
        if binding.imported is not None:
            further.append(binding.imported.path)
        elif binding.kind in ("function", "class"):
            owner = binding.owner
            if how != "context" and _calls(contexts, owner, how, raised):
                return True, []
            if not how.startswith("handed") and any(contexts.by_owner(owner, one).ends for one in raised):
                return True, []
    return False, further


def _calls(contexts: Contexts, owner: Node, how: str, raised: tuple[str, ...]) -> bool:
    """Whether what a function is given, called in it or in a function within it, fails in silence."""
    places = [0] if how == "decorator" else [how.removeprefix("handed:")]
    makers = [owner, *_inner(owner)] if how == "decorator" else [owner]
    for maker in makers:
        for place in places:
            parameter = _parameter(contexts.tree, maker, str(place))
            for node in contexts.tree.nodes(parameter) if parameter else ():
                call = node.parent
                if call is None or call.type != "call" or not same(field(call, "function"), node):
                    continue
                if any(
                    one.kind == "param" and one.owner.id == maker.id
                    for one in contexts.names.resolve(parameter, node)
                ) and _fails_silently(contexts, call, raised):
                    return True
    return False


def _inner(function: Node) -> list[Node]:
    body = field(function, "body")
    return [one for one in (named(body) if body is not None else ()) if one.type == "function_definition"]


def _parameter(tree: Tree, function: Node, place: str) -> str:
    listed = field(function, "parameters")
    plain: list[str] = []
    for one in named(listed) if listed is not None else ():
        name = one if one.type == "identifier" else field(one, "name") or next(iter(named(one)), None)
        if name is not None and name.type == "identifier":
            plain.append(tree.text(name))
    if place.isdecimal():
        return plain[int(place)] if int(place) < len(plain) else ""
    return place if place in plain else ""


def _fails_silently(contexts: Contexts, call: Node, raised: tuple[str, ...]) -> bool:
    function = next((one for one in climb(call) if one.type == "function_definition"), None)
    body = field(function, "body") if function is not None else None
    if body is None:
        return False
    caught, _, _ = contexts.flow([Touch(call, (), "call", raised)]).run(body)
    return bool(caught)
