"""Calls that never return, and context managers that swallow: the library's own and the file's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hardcut.source.python.exceptions import FAILURES, Exceptions, builtin
from hardcut.source.python.flow import Flow, Touch
from hardcut.source.python.names import Names
from hardcut.source.python.tree import Tree, arguments, climb, field, named, same, unwrap

if TYPE_CHECKING:
    from tree_sitter import Node

NEVER = frozenset(
    {
        *("sys.exit", "os._exit", "os.abort", "exit", "quit"),
        *("pytest.fail", "pytest.skip", "pytest.xfail", "pytest.exit", "typing.assert_never"),
        *("self.fail", "self.skipTest", "cls.fail", "cls.skipTest"),
    }
)
"""Calls after which nothing goes on."""
TRIED = (*FAILURES, "RuntimeError", "TypeError", "ValueError", "AttributeError", "OSError")
EXPECTING = frozenset({"raises", "assertRaises", "assertRaisesRegex"})


class Contexts:
    """Answers about calls and `with` items of one file."""

    def __init__(self, tree: Tree, names: Names, exceptions: Exceptions) -> None:
        self.tree = tree
        self.names = names
        self.exceptions = exceptions
        self._never: dict[int, bool] = {}
        self._swallowed: dict[int, list[str]] = {}

    def flow(self, touches: list[Touch]) -> Flow:
        """A follower of failures without probes."""
        return Flow(self.tree, self.exceptions, touches, {}, self.never, self.swallows)

    def dotted(self, function: Node) -> str:
        """A called name with its first part spelled out as far as imports tell."""
        text = self.tree.text(function)
        head, dot, rest = text.partition(".")
        for binding in self.names.resolve(head, function):
            if binding.imported is not None:
                path = binding.imported.path
                return f"{path}{dot}{rest}"
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

    def never(self, call: Node) -> bool:
        """Whether a call never returns."""
        function = field(call, "function")
        if function is None:
            return False
        if self.dotted(function) in NEVER:
            return True
        owner = self.local(function)
        if owner is None or owner.type != "function_definition":
            return False
        if owner.id not in self._never:
            self._never[owner.id] = False
            self._never[owner.id] = self._always_raises(owner)
        return self._never[owner.id]

    def _always_raises(self, function: Node) -> bool:
        kind = field(function, "return_type")
        if kind is not None and self.tree.text(kind).rsplit(".", 1)[-1] in ("NoReturn", "Never"):
            return True
        body = field(function, "body")
        if body is None or not any(
            sign in self.tree.data[body.start_byte : body.end_byte]
            for sign in (b"raise", b"exit", b"fail", b"skip")
        ):
            return False
        if b"yield" in self.tree.data[body.start_byte : body.end_byte]:
            return False
        _, _, ways = self.flow([]).run(body)
        return not ways.normal and not ways.returned

    def swallows(self, context: Node, depth: int = 0) -> list[str]:
        """The exception types that a `with` item keeps from going on."""
        context = unwrap(context)
        if depth > 6:
            return []
        if context.type == "identifier":
            return [
                one
                for binding in self.names.resolve(self.tree.text(context), context)
                if binding.kind == "assign" and binding.value is not None and not binding.index
                for one in self.swallows(binding.value, depth + 1)
            ]
        function = field(context, "function") if context.type == "call" else None
        if function is None:
            return []
        last = self.dotted(function).rsplit(".", 1)[-1]
        given, _ = arguments(context)
        if last == "suppress":
            return [one for argument in given for one in self.exceptions.types(argument)]
        if last in EXPECTING:
            return self.exceptions.types(given[0]) if given else []
        owner = self.local(function)
        if owner is None:
            return []
        if owner.id not in self._swallowed:
            self._swallowed[owner.id] = []
            own = self._by_class(owner) if owner.type == "class_definition" else self._by_function(owner)
            self._swallowed[owner.id] = own
        return self._swallowed[owner.id]

    def _by_function(self, function: Node) -> list[str]:
        decorated = function.parent
        body = field(function, "body")
        if decorated is None or decorated.type != "decorated_definition" or body is None:
            return []
        marks = [self.tree.text(one) for one in decorated.named_children if one.type == "decorator"]
        if not any(mark.endswith("contextmanager") for mark in marks):
            return []
        yields = [node.parent for node in self.tree.nodes("yield") if self._within(node, function)]
        places = [one for one in yields if one is not None and one.type == "yield"]
        return [
            kind
            for kind in TRIED
            if self.flow([Touch(one, (), "yield", (kind,)) for one in places]).run(body)[0]
        ]

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
                endings = {ending for _, ending in self.flow([]).run(body)[2].returned}
                if not endings - {"returns None", "returns False"}:
                    return []
                text = self.tree.text(body)
                return sorted({one for one in _words(text) if builtin(one) is not None}) or ["BaseException"]
        return []


def _words(text: str) -> list[str]:
    return "".join(sign if sign.isalnum() or sign == "_" else " " for sign in text).split()


def calls_in(block: Node, most: int = 300) -> list[Node]:
    """The calls and import statements within a block, not within functions that it defines."""
    found: list[Node] = []
    queue = [block]
    while queue and len(found) < most:
        node = queue.pop()
        if node.type in ("call", "import_statement", "import_from_statement"):
            found.append(node)
        if node.type not in ("function_definition", "lambda", "class_definition"):
            queue.extend(named(node))
    return found
