"""Names that a module makes when they are asked for: `__getattr__`, and the tables behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hardcut.source.outline import Entry, Getattr, Shape
from hardcut.source.python.constants import Constants, literal_text
from hardcut.source.python.tree import Tree, arguments, climb, field, inside, named, unwrap

if TYPE_CHECKING:
    from tree_sitter import Node

LOADERS = frozenset({"import_module", "getattr", "__import__", "AttributeError", "ImportError", "get"})
"""Calls within a `__getattr__` that are its own work, not another function's."""


class Lazies:
    """Reads one file's lazy tables and its `__getattr__`."""

    def __init__(self, tree: Tree, constants: Constants, module: str | None, is_package: bool) -> None:
        self.tree = tree
        self.constants = constants
        self.module = module
        self.package = module if is_package else (module or "").rpartition(".")[0] or None

    def getattr(self) -> Getattr | None:
        """The module-level `__getattr__`, however it came there; the last one counts."""
        found: Getattr | None = None
        for node in self.tree.nodes("__getattr__"):
            owner = node.parent
            if owner is None or self._is_inner(node):
                continue
            if owner.type == "function_definition":
                found = Getattr(self._shape(owner), self.tree.span(owner, field(owner, "parameters")))
            elif owner.type in ("assignment", "pattern_list", "tuple_pattern"):
                target = owner if owner.type == "assignment" else owner.parent
                if target is not None and inside(node, field(target, "left")):
                    found = Getattr(self._made(target), self.tree.span(target))
            elif owner.type in ("dotted_name", "aliased_import"):
                found = Getattr("made", self.tree.span(node))
        return found

    def _is_inner(self, node: Node) -> bool:
        for parent in climb(node):
            if parent.type == "class_definition":
                return True
            name = field(parent, "name") if parent.type == "function_definition" else None
            if parent.type == "function_definition" and (name is None or name.id != node.id):
                return True
        return False

    def _made(self, assignment: Node) -> Shape:
        """An assigned `__getattr__`: a local function's shape, else a factory's answer."""
        right = field(assignment, "right")
        if right is not None and right.type == "identifier":
            for node in self.tree.nodes(self.tree.text(right)):
                owner = node.parent
                if owner is not None and owner.type == "function_definition":
                    return self._shape(owner)
        return "made"

    def _shape(self, function: Node) -> Shape:
        body = field(function, "body")
        returns = [
            one
            for one in _below(body, "return_statement")
            if named(one) and self.tree.text(named(one)[0]) != "None"
        ]
        if not returns:
            return "raises"
        listed = field(function, "parameters")
        asked = self.tree.text(named(listed)[0]).split(":")[0].strip() if listed and named(listed) else ""
        for one in returns:
            value = unwrap(named(one)[0])
            called = field(value, "function") if value.type == "call" else None
            if called is None or self.tree.text(called).rsplit(".", 1)[-1] in LOADERS:
                continue
            if asked in [self.tree.text(given) for given in arguments(value)[0]]:
                return "helper"
        return "own"

    def entries(self) -> list[Entry]:
        """The rows of all tables at module level: `name: path`, `name: (module, name)`, `module: [names]`."""
        found: list[Entry] = []
        inner = ("function_definition", "class_definition", "lambda")
        for table in _below(self.tree.root, "dictionary", inner):
            for pair in named(table):
                key = field(pair, "key") if pair.type == "pair" else None
                if key is not None and self.tree.spend(20):
                    found += self._row(pair, self._text(key))
        for node in self.tree.nodes("dict"):
            call = node.parent
            if call is None or call.type != "call" or any(one.type in inner for one in climb(call)):
                continue
            for pair in named(field(call, "arguments") or call):
                key = field(pair, "name") if pair.type == "keyword_argument" else None
                if key is not None and self.tree.spend(20):
                    found += self._row(pair, self.tree.text(key))
        return found

    def _row(self, pair: Node, text: str | None) -> list[Entry]:
        value = field(pair, "value")
        if value is None or text is None:
            return []
        value = unwrap(value)
        span = self.tree.span(pair)
        if value.type in ("list", "set"):
            return self._group(text, value)
        if not text.isidentifier():
            return []
        parts = named(value) if value.type == "tuple" else [value]
        texts = [self._text(part) for part in parts[:3]]
        path = self._path(text, texts)
        return [Entry(text, path, span)] if path is not None else []

    def _group(self, module: str, value: Node) -> list[Entry]:
        """`"module": ["name", "name"]`."""
        base = self._absolute(module if "." in module else f".{module}")
        found: list[Entry] = []
        for part in named(value):
            name = self._text(part)
            if base is None or name is None or not name.isidentifier():
                return []
            found.append(Entry(name, f"{base}.{name}", self.tree.span(part)))
        return found

    def _path(self, name: str, texts: list[str | None]) -> str | None:
        """The path that a row's value stands for."""
        first = texts[0] if texts else None
        if first is None:
            return None
        if len(texts) == 1:
            path = self._absolute(first.replace(":", "."))
            return path if path is not None and "." in path else None
        second = texts[1]
        if second is not None and second.startswith(".") and not first.startswith("."):
            return f"{first}{second}.{name}"
        base = self._absolute(first)
        if base is None:
            return None
        return f"{base}.{second if second is not None and second.isidentifier() else name}"

    def _absolute(self, path: str) -> str | None:
        dots = len(path) - len(path.lstrip("."))
        tail = path[dots:]
        if not all(part.isidentifier() for part in tail.split(".")):
            return None
        if not dots:
            return tail
        above = (self.package or "").split(".")
        kept = above[: len(above) - dots + 1]
        return ".".join([*kept, tail]) if kept and kept[0] else None

    def _text(self, node: Node) -> str | None:
        if node.type == "string":
            return literal_text(self.tree, node)
        if self.tree.text(node) in ("__package__", "__spec__.parent"):
            return self.package
        values = self.constants.texts(node)
        return values[0] if len(values) == 1 else None


def _below(
    top: Node | None, kind: str, closed: tuple[str, ...] = ("lambda", "class_definition")
) -> list[Node]:
    """The nodes of one kind below another, not within nodes of the closed kinds."""
    found: list[Node] = []
    waiting = [top] if top is not None else []
    while waiting:
        node = waiting.pop()
        for child in reversed(node.named_children):
            if child.type == kind:
                found.append(child)
            elif child.type not in closed and child.type != "string":
                waiting.append(child)
    return sorted(found, key=lambda one: one.start_byte)
