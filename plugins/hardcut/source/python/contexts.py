"""Calls that never return, and context managers that swallow: the library's own and the file's."""

from __future__ import annotations

import builtins
import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from hardcut.flow.effects import NEVER_RETURN, TEST_METHODS, Leave
from hardcut.flow.exceptions import ANY
from hardcut.source.python.context_managers import ContextManagers
from hardcut.source.python.exceptions import Exceptions
from hardcut.source.python.failure_flow import FailureFlow
from hardcut.source.python.names import Names
from hardcut.source.python.tree import Tree, climb, field, named, same

if TYPE_CHECKING:
    from tree_sitter import Node

DOTTED = re.compile(r"\w+(\.\w+)+")
HOPS = 60
"""How many plain assignments in a row are followed."""


class Contexts:
    """Answers about calls and `with` items of one file.

    `ends` tells of a function of another module that never returns what it raises.
    """

    def __init__(self, tree: Tree, names: Names, exceptions: Exceptions) -> None:
        self.tree = tree
        self.names = names
        self.exceptions = exceptions
        self.ends: Callable[[str], tuple[str, ...]] = lambda path: ()
        self.flow = FailureFlow(tree, self)
        self._never: dict[int, tuple[str, ...]] = {}
        self.managers = ContextManagers(self)

    def dotted(self, function: Node, depth: int = 0) -> str:
        """A called name with its first part spelled out as far as imports and plain assignments tell."""
        text = self.tree.text(function)
        head, dot, rest = text.partition(".")
        for binding in self.names.resolve(head, function):
            if binding.imported is not None:
                path = binding.imported.path
                return f"{path}{dot}{rest}"
            plain = binding.kind == "assign" and not binding.index
            if plain and depth >= HOPS:
                self.tree.give_up(function, f"a called name was followed {HOPS} steps only")
            elif plain and binding.value is not None and binding.value.type in ("identifier", "attribute"):
                return f"{self.dotted(binding.value, depth + 1)}{dot}{rest}"
        return text

    def local(self, function: Node) -> Node | None:
        """The function or class of this file that a called expression names."""
        if function.type == "identifier":
            for binding in self.names.resolve(self.tree.text(function), function):
                if binding.kind in ("function", "class"):
                    return binding.owner
        if function.type == "attribute":
            holder, name = field(function, "object"), field(function, "attribute")
            if holder is None or name is None or self.tree.text(holder) not in ("self", "cls"):
                return None
            owner = self.class_of(function)
            for binding in self.names.bindings(self.tree.text(name)):
                if binding.kind == "function" and owner is not None and same(binding.scope, owner):
                    return binding.owner
        return None

    def class_of(self, node: Node) -> Node | None:
        """The class around a node."""
        return next((one for one in climb(node) if one.type == "class_definition"), None)

    def never(self, call: Node) -> tuple[str, ...]:
        """What a call that never returns raises; nothing for a call that may return."""
        function = field(call, "function")
        if function is None:
            return ()
        known = _known(self.dotted(function))
        if known is not None:
            return (known,)
        owner = self.local(function)
        if owner is None:
            return next((ends for path in self.foreign(function) if (ends := self.ends(path))), ())
        if owner.type != "function_definition":
            return ()
        if owner.id not in self._never:
            self._never[owner.id] = ()
            self._never[owner.id] = self.always_raises(owner)
        return self._never[owner.id]

    def always_raises(self, function: Node) -> tuple[str, ...]:
        """What a function of this file raises whenever it is called; empty where it may return."""
        kind, body = field(function, "return_type"), field(function, "body")
        text = self.tree.text(body) if body is not None else ""
        if body is None or "yield" in text:
            return ()
        declared = kind is not None and self.tree.text(kind).rsplit(".", 1)[-1] in ("NoReturn", "Never")
        if not declared and not any(sign in text for sign in ("raise", "exit", "fail", "skip")):
            return ()
        followed = self.flow.follow(function)
        if followed is None:
            return (ANY,) if declared else ()
        raised = tuple(sorted(followed.failures.raised))
        if declared:
            return raised or (ANY,)
        return raised if not followed.failures.returns else ()

    def foreign(self, function: Node) -> tuple[str, ...]:
        """The dotted paths of a called name that comes from another module; none for any other."""
        text = self.tree.text(function)
        head = text.partition(".")[0]
        if function.type not in ("identifier", "attribute"):
            return ()
        if not head.isidentifier():
            return self._member(function)
        bindings = self.names.resolve(head, function)
        if any(one.imported is not None for one in bindings):
            path = self.dotted(function)
            return (path,) if DOTTED.fullmatch(path) else ()
        if bindings:
            return self._member(function)
        stars = [entry.module for entry, _ in self.names.imports if entry.name == "*" and entry.module]
        return () if hasattr(builtins, head) else tuple(f"{star}.{text}" for star in stars)

    def _member(self, function: Node) -> tuple[str, ...]:
        """The paths of a method of an object whose class the file tells, or of the object as a function."""
        paths = self.exceptions.paths
        found = paths.of(function) if paths is not None else []
        if function.type == "identifier":
            return tuple(f"{one.path}.__call__" for one in found if one.instance)
        return tuple(dict.fromkeys(one.path for one in found if one.form in ("instance", "inherited")))

    def leave(self, context: Node, raised: str) -> Leave:
        """What a `with` item does with an exception."""
        return self.managers.leave(context, raised)


def _known(path: str) -> str | None:
    """What a function of a library raises that never returns; builtins are written without their module."""
    holder, _, name = path.rpartition(".")
    if holder in ("self", "cls"):
        return TEST_METHODS.get(name)
    return NEVER_RETURN.get(path if holder else f"builtins.{name}")


def calls_in(block: Node) -> Iterator[Node]:
    """The calls and import statements within a block, not within functions that it defines."""
    queue = [block]
    while queue:
        node = queue.pop()
        if node.type in ("call", "import_statement", "import_from_statement"):
            yield node
        if node.type not in ("function_definition", "lambda", "class_definition"):
            queue.extend(named(node))
