"""Module-level names that merely stand for another path: wrappers, empty subclasses, aliases, proxies."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

from hardcut.source.outline import Arguments, Forward
from hardcut.source.python.constants import Constants
from hardcut.source.python.names import Names
from hardcut.source.python.paths import Paths
from hardcut.source.python.tree import Tree, arguments, field, named, unwrap
from hardcut.source.python.usage import used

if TYPE_CHECKING:
    from tree_sitter import Node

PATH = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*(?::[^\W\d]\w*|\.[^\W\d]\w*)")
WARNINGS = re.compile(r"(^|\.|_)(warn|deprecat\w*|warn_\w+)$|deprecat", re.IGNORECASE)
STATEMENTS = frozenset({"function_definition", "class_definition", "assignment", "type_alias_statement"})
GENERICS = frozenset({"Generic", "Protocol"})
"""Bases that add nothing but parameters of a type."""
CONSTRUCTORS = frozenset({"__init__", "__new__", "__init_subclass__", "__call__"})


BLOCKS = frozenset(
    {
        "if_statement",
        "try_statement",
        "with_statement",
        "for_statement",
        "while_statement",
        "match_statement",
        "block",
        "elif_clause",
        "else_clause",
        "except_clause",
        "finally_clause",
        "case_clause",
        "module",
        "expression_statement",
        "decorated_definition",
    }
)

PATTERNS = frozenset(
    {
        "pattern_list",
        "tuple_pattern",
        "list_pattern",
        "tuple",
        "list",
        "list_splat_pattern",
        "expression_list",
    }
)


class Forwards:
    """Collects them for one file."""

    def __init__(
        self, tree: Tree, names: Names, paths: Paths, constants: Constants, exported: set[str]
    ) -> None:
        self.tree = tree
        self.names = names
        self.paths = paths
        self.constants = constants
        self.exported = exported

    def read(self) -> list[Forward]:
        """All of them, in the file's order."""
        found: list[Forward] = []
        for node in self._statements(self.tree.root):
            if node.type == "function_definition":
                found += self._function(node)
            elif node.type == "class_definition":
                found += self._class(node)
            elif node.type == "assignment":
                found += self._assignment(node)
            elif node.type == "type_alias_statement":
                found += self._type(node)
            else:
                found += self._walrus(node)
        return found

    def _statements(self, top: Node) -> Iterator[Node]:
        waiting = [*reversed(named(top))]
        while waiting:
            node = waiting.pop()
            if node.type in STATEMENTS or unwrap(node).type == "named_expression":
                yield unwrap(node)
            elif node.type in BLOCKS:
                waiting += reversed(named(node))

    def _made(
        self,
        name: Node,
        kind: Literal["function", "class", "assign", "proxy"],
        target: Node | str,
        how: Arguments = "same",
    ) -> list[Forward]:
        text = self.tree.text(name)
        if isinstance(target, str):
            path: str | None = target
        else:
            own = f"{self.paths.module}.{text}"
            found = [one.path for one in self.paths.of(target) if one.path != own]
            path = self._through_class(target, found) or (found[-1] if found else None)
        if path is None or not self.tree.spend(100):
            return []
        return [
            Forward(
                text,
                kind,
                path,
                self.tree.span(name),
                how,
                used(self.tree, self.names, text),
                text in self.exported,
            )
        ]

    def _through_class(self, target: Node, paths: list[str]) -> str | None:
        """What an attribute of a class of this file is another name of."""
        attribute = field(target, "attribute") if target.type == "attribute" else None
        for binding in self.names.bindings(self.tree.text(attribute)) if attribute is not None else ():
            if binding.scope.type == "class_definition" and self.paths.own_path(binding) in paths:
                further = [one.path for one in self.paths.binding(binding) if one.path not in paths]
                if further:
                    return further[-1]
        return None

    def _function(self, node: Node) -> list[Forward]:
        """A function whose body passes its parameters on to one other function."""
        name, listed, body = field(node, "name"), field(node, "parameters"), field(node, "body")
        if name is None or listed is None or body is None:
            return []
        work = [one for one in named(body) if not self._is_aside(one)]
        if len(work) != 1:
            return []
        call = self._call(work[0])
        function = field(call, "function") if call is not None else None
        if call is None or function is None or self.tree.text(function) == self.tree.text(name):
            return []
        how = self._passes(call, self._parameters(listed))
        return self._made(name, "function", function, how) if how != "other" else []

    def _call(self, node: Node) -> Node | None:
        """The call that a statement returns, awaits or makes, or of which it yields every item."""
        if node.type == "for_statement":
            return self._each(node)
        if node.type in ("return_statement", "expression_statement") and len(named(node)) == 1:
            node = unwrap(named(node)[0])
        if node.type == "yield" and self.tree.text(node).startswith("yield from") and named(node):
            node = named(node)[0]
        if node.type == "await" and named(node):
            node = unwrap(named(node)[0])
        return node if node.type == "call" else None

    def _each(self, loop: Node) -> Node | None:
        """`for one in call(): yield one`, and `async for`."""
        left, right, body = (field(loop, part) for part in ("left", "right", "body"))
        inner = named(body) if body is not None else []
        if left is None or right is None or len(inner) != 1 or inner[0].type != "expression_statement":
            return None
        given = unwrap(named(inner[0])[0])
        item = named(given)[0] if given.type == "yield" and len(named(given)) == 1 else None
        is_same = item is not None and self.tree.text(item) == self.tree.text(left)
        return unwrap(right) if is_same and unwrap(right).type == "call" else None

    def _is_aside(self, node: Node) -> bool:
        """A docstring, `pass`, an import or a warning: nothing that a wrapper does of its own."""
        if node.type in ("pass_statement", "import_from_statement", "import_statement"):
            return True
        if node.type != "expression_statement" or not named(node):
            return False
        inner = named(node)[0]
        if inner.type in ("string", "concatenated_string", "ellipsis"):
            return True
        function = field(inner, "function") if inner.type == "call" else None
        return function is not None and bool(WARNINGS.search(self.tree.text(function)))

    def _parameters(self, listed: Node) -> list[str]:
        found: list[str] = []
        for one in named(listed):
            if one.type in ("keyword_separator", "positional_separator"):
                continue
            name = field(one, "name") or (one if one.type == "identifier" else one.named_child(0))
            found.append(self.tree.text(name or one).lstrip("*"))
        return found

    def _passes(self, call: Node, parameters: list[str]) -> Arguments:
        """How a call's arguments are the parameters of the function around it."""
        listed = field(call, "arguments")
        if listed is None or listed.type != "argument_list":
            return "other"
        given: list[str] = []
        renamed = False
        for one in named(listed):
            value: Node | None = one
            if one.type == "keyword_argument":
                key, value = field(one, "name"), field(one, "value")
                renamed |= value is None or key is None or self.tree.text(key) != self.tree.text(value)
            elif one.type in ("list_splat", "dictionary_splat"):
                value = one.named_child(0)
            text = self.tree.text(value) if value is not None else ""
            if text not in parameters:
                return "other"
            given.append(text)
        return "renamed" if renamed or given != parameters else "same"

    def _class(self, node: Node) -> list[Forward]:
        """A subclass with nothing of its own but a warning."""
        name, bases, body = field(node, "name"), field(node, "superclasses"), field(node, "body")
        if name is None or bases is None or body is None:
            return []
        every = [one for one in named(bases) if not self._adds_nothing(one)]
        listed = [one for one in every if one.type in ("identifier", "attribute")]
        if len(listed) != 1 or len(every) != 1:
            return []
        if not all(self._is_aside(one) or self._is_constructor(one) for one in named(body)):
            return []
        return self._made(name, "class", listed[0])

    def _adds_nothing(self, base: Node) -> bool:
        """`Generic[T]`, `metaclass=...`"""
        key = field(base, "name") if base.type == "keyword_argument" else None
        if key is not None:
            return self.tree.text(key) == "metaclass"
        value = field(base, "value") if base.type == "subscript" else None
        return value is not None and self.tree.text(value).rsplit(".", 1)[-1] in GENERICS

    def _is_constructor(self, node: Node) -> bool:
        """A constructor that warns and calls `super()`."""
        if node.type == "decorated_definition":
            node = field(node, "definition") or node
        name, body = field(node, "name"), field(node, "body")
        if node.type != "function_definition" or name is None or body is None:
            return False
        if self.tree.text(name) not in CONSTRUCTORS:
            return False
        for one in named(body):
            call = None if self._is_aside(one) else self._call(one)
            if not self._is_aside(one) and (
                call is None or not self.tree.text(call).lstrip().startswith("super(")
            ):
                return False
        return True

    def _assignment(self, node: Node) -> list[Forward]:
        """`Old = New`, several at once, and proxies."""
        targets: list[Node] = []
        right: Node | None = node
        while right is not None and right.type == "assignment":
            left = field(right, "left")
            targets += [left] if left is not None else []
            right = field(right, "right")
        if right is None:
            return []
        return [one for left in targets for one in self._assigned(left, right)]

    def _assigned(self, left: Node, right: Node) -> list[Forward]:
        """What one target of an assignment stands for."""
        if left.type == "identifier":
            return self._alias(left, unwrap(right))
        if left.type in ("pattern_list", "tuple_pattern") and right.type in ("expression_list", "tuple"):
            pairs = list(zip(named(left), named(right), strict=False))
            return [
                one for name, value in pairs if name.type == "identifier" for one in self._alias(name, value)
            ]
        return []

    def _walrus(self, node: Node) -> list[Forward]:
        """`(Old := New)`"""
        name, value = field(node, "name"), field(node, "value")
        return self._alias(name, unwrap(value)) if name is not None and value is not None else []

    def _type(self, node: Node) -> list[Forward]:
        """`type Old = New`"""
        left, right = (field(node, side) for side in ("left", "right"))
        name = left.named_child(0) if left is not None else None
        value = right.named_child(0) if right is not None else None
        if name is None or value is None or name.type != "identifier":
            return []
        return self._alias(name, value)

    def _alias(self, name: Node, value: Node) -> list[Forward]:
        if value.type in ("identifier", "attribute"):
            return self._made(name, "assign", value)
        if value.type == "lambda":
            return self._lambda(name, value)
        if value.type != "call":
            return []
        function = field(value, "function")
        said = self.tree.text(function).rsplit(".", 1)[-1] if function is not None else ""
        given, keywords = arguments(value)
        every = [*given, *keywords.values()]
        if said == "getattr":
            return self._made(name, "assign", value)
        if said == "partial" and len(given) == 1 and not keywords:
            return self._made(name, "assign", given[0])
        if WARNINGS.search(said) and given:
            for one in every:
                if one.type in ("identifier", "attribute"):
                    return self._made(name, "assign", one)
        return self._proxy(name, every)

    def _lambda(self, name: Node, value: Node) -> list[Forward]:
        body, listed = field(value, "body"), field(value, "parameters")
        if body is None or body.type != "call" or (function := field(body, "function")) is None:
            return []
        how = self._passes(body, self._parameters(listed) if listed is not None else [])
        return self._made(name, "function", function, how) if how != "other" else []

    def _proxy(self, name: Node, given: list[Node]) -> list[Forward]:
        """An object made from a path: `Proxy("pkg.new:Old")`, `lazy("pkg.new", "Old")`, `lazy(lambda: x)`."""
        texts = [text for one in given if one.type == "string" for text in self.constants.texts(one)[:1]]
        if len(texts) >= 2 and all(re.fullmatch(r"[\w.]+", one) for one in texts[:2]) and "." in texts[0]:
            return self._made(name, "proxy", f"{texts[0]}.{texts[1]}")
        for text in texts:
            if PATH.fullmatch(text):
                return self._made(name, "proxy", text.replace(":", "."))
        for one in given:
            body = field(one, "body") if one.type == "lambda" else None
            if body is not None and body.type in ("identifier", "attribute"):
                return self._made(name, "proxy", body)
        return []
