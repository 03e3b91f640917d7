"""Calls that never return, and context managers that swallow: the library's own and the file's."""

from __future__ import annotations

import builtins
import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from hardcut.flow.conditions import FALSE, GOES_ON, NONE
from hardcut.flow.effects import EXPECTING, Leave
from hardcut.flow.exceptions import ANY, EXIT, TEST_FAILURE, builtin
from hardcut.flow.failures import ANSWER
from hardcut.source.python.exceptions import Exceptions
from hardcut.source.python.failure_flow import FailureFlow, Touch
from hardcut.source.python.names import Names
from hardcut.source.python.tree import Tree, arguments, climb, field, named, same, unwrap

if TYPE_CHECKING:
    from tree_sitter import Node

NEVER = {
    **dict.fromkeys(("sys.exit", "os._exit", "os.abort", "exit", "quit", "pytest.exit"), EXIT),
    **dict.fromkeys(("pytest.skip", "pytest.xfail", "self.skipTest", "cls.skipTest"), EXIT),
    **dict.fromkeys(("pytest.fail",), TEST_FAILURE),
    **dict.fromkeys(("self.fail", "cls.fail", "typing.assert_never"), "AssertionError"),
}
"""Calls after which nothing goes on, and what they raise."""
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
        self._left: dict[tuple[int, str, tuple[str, ...]], Leave] = {}

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
        known = NEVER.get(self.dotted(function))
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

    def leave(self, context: Node, raised: str, depth: int = 0) -> Leave:
        """What a `with` item does with an exception."""
        context = unwrap(context)
        on = Leave(False, frozenset([raised]))
        if context.type in ("identifier", "attribute") and depth >= HOPS:
            self.tree.give_up(context, f"a context manager was followed {HOPS} steps only")
        elif context.type in ("identifier", "attribute"):
            for binding in self.names.resolve(self.tree.text(context), context):
                if binding.kind == "assign" and binding.value is not None and not binding.index:
                    return self.leave(binding.value, raised, depth + 1)
            return on._replace(through=self.foreign(context))
        function = field(context, "function") if context.type == "call" else None
        if function is None:
            return on
        last = self.dotted(function).rsplit(".", 1)[-1]
        positional, keywords = arguments(context)
        if last in ("suppress", *EXPECTING):
            listed = field(context, "arguments")
            parts = named(listed) if listed is not None else []
            kept = [
                one
                for part in (parts if last == "suppress" else parts[:1])
                for one in self.exceptions.types(part)
            ]
            told = [one for one in kept if "." not in one]
            return Leave(True, frozenset()) if self.exceptions.hierarchy.catches(told, raised) else on
        given = tuple(
            one for part in (*positional, *keywords.values()) for one in self.exceptions.types(part)
        )
        owner = self.local(function)
        if owner is None:
            kinds = ",".join(one for one in given if "." not in one and ":" not in one)
            return on._replace(
                through=tuple(f"{path}::{kinds}" if kinds else path for path in self.foreign(function))
            )
        key = (owner.id, raised, given)
        if key not in self._left:
            self._left[key] = on
            self.exceptions.given[owner.id] = list(given)
            self._left[key] = self.by_owner(owner, raised)
            del self.exceptions.given[owner.id]
        return self._left[key]

    def by_owner(self, owner: Node, raised: str) -> Leave:
        """What a context manager that is defined in this file does with an exception."""
        on = Leave(False, frozenset([raised]))
        if owner.type == "class_definition":
            caught = self._by_class(owner)
            return Leave(True, frozenset()) if self.exceptions.hierarchy.catches(caught, raised) else on
        return self._by_function(owner, raised) or on

    def _by_function(self, function: Node, raised: str) -> Leave | None:
        decorated = function.parent
        if decorated is None or decorated.type != "decorated_definition":
            return None
        marks = [self.tree.text(one) for one in decorated.named_children if one.type == "decorator"]
        if not any(mark.endswith("contextmanager") for mark in marks):
            return None
        yields = [node.parent for node in self.tree.nodes("yield") if self._within(node, function)]
        places = [one for one in yields if one is not None and one.type == "yield"]
        if not places:
            return None
        followed = self.flow.follow(function, [Touch(one, (), "yield", (raised,)) for one in places])
        if followed is None:
            return None
        is_sure = followed.surely(followed.caught)
        through = () if is_sure else tuple(followed.depends(followed.caught))
        on = frozenset(one for kinds in followed.escapes.values() for one in kinds)
        return Leave(is_sure, on, through)

    def _within(self, node: Node, function: Node) -> bool:
        owner = next((one for one in climb(node) if one.type in ("function_definition", "lambda")), None)
        return same(owner, function)

    def _by_class(self, owner: Node) -> list[str]:
        for name in ("__exit__", "__aexit__"):
            for binding in self.names.bindings(name):
                if binding.kind != "function" or not same(binding.scope, owner):
                    continue
                body = field(binding.owner, "body")
                if body is None:
                    continue
                followed = self.flow.follow(binding.owner)
                left = followed.left() if followed is not None else []
                if not any(env.get(ANSWER, 0) & ~(NONE | FALSE | GOES_ON) for _, env in left):
                    return []
                said = {one for one in _words(self.tree.text(body)) if builtin(one) is not None}
                return sorted(said) or self.exceptions.given.get(owner.id) or ["BaseException"]
        return []


def _words(text: str) -> list[str]:
    return "".join(sign if sign.isalnum() or sign == "_" else " " for sign in text).split()


def calls_in(block: Node) -> Iterator[Node]:
    """The calls and import statements within a block, not within functions that it defines."""
    queue = [block]
    while queue:
        node = queue.pop()
        if node.type in ("call", "import_statement", "import_from_statement"):
            yield node
        if node.type not in ("function_definition", "lambda", "class_definition"):
            queue.extend(named(node))
