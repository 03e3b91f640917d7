"""Places that answer imports themselves: `sys.modules`, `globals()`, `sys.meta_path`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from hardcut.source.outline import Replaced
from hardcut.source.python.constants import Constants
from hardcut.source.python.imports import scope_name
from hardcut.source.python.paths import Paths
from hardcut.source.python.tree import Tree, arguments, field, named, wrap

if TYPE_CHECKING:
    from tree_sitter import Node

SETTERS = frozenset({"setdefault", "__setitem__"})
HOOKS = frozenset({"insert", "append", "extend"})


class Replacements:
    """Collects them for one file."""

    def __init__(self, tree: Tree, paths: Paths, constants: Constants, module: str | None) -> None:
        self.tree = tree
        self.paths = paths
        self.constants = constants
        self.module = module
        self.found: list[Replaced] = []

    def read(self) -> list[Replaced]:
        """All of them, in the order of the words that give them away."""
        for node in self.tree.nodes("modules"):
            if (whole := _attribute(node, self.tree, "sys.modules")) is not None:
                self._modules(whole)
        for name in ("globals", "vars", "locals"):
            for node in self.tree.nodes(name):
                call = node.parent
                if call is not None and call.type == "call" and not arguments(call)[0]:
                    self._namespace(call)
        for name in ("meta_path", "path_hooks"):
            for node in self.tree.nodes(name):
                if (whole := _attribute(node, self.tree, f"sys.{name}")) is not None:
                    self._finder(whole)
        return sorted(self.found, key=lambda one: one.span)

    def _modules(self, node: Node) -> None:
        parent = node.parent
        if parent is None:
            return
        if parent.type == "subscript" and (key := field(parent, "subscript")) is not None:
            target = wrap(parent).parent
            if target is not None and target.type == "attribute":
                name = field(target, "attribute")
                if name is not None and self.tree.text(name) == "__dict__":
                    self._taken(target)
                if name is None or self.tree.text(name) != "__class__":
                    return
                target = target.parent
            if target is not None and target.type == "assignment" and _is_left(target, parent):
                value = field(target, "right")
                while (above := target.parent) is not None and above.type == "assignment":
                    target = above
                self._add("modules", target, key, value)
            call = target.parent if target is not None and target.type == "argument_list" else None
            function = field(call, "function") if call is not None else None
            if call is not None and function is not None and self.tree.text(function) == "setattr":
                given, _ = arguments(call)
                if len(given) == 3 and self.tree.text(key) == "__name__":
                    self._add("globals", call, None, given[2])
        elif parent.type == "attribute" and (call := parent.parent) is not None and call.type == "call":
            name = field(parent, "attribute")
            given, _ = arguments(call)
            said = self.tree.text(name) if name is not None else ""
            if said in SETTERS and len(given) >= 2:
                self._add("modules", call, given[0], given[1])
            elif said == "update" and given:
                for pair in named(given[0]):
                    key, value = field(pair, "key"), field(pair, "value")
                    if pair.type == "pair" and key is not None:
                        self._add("modules", pair, key, value)

    def _taken(self, names: Node) -> None:
        """What is put into a module's names: `globals().update(vars(new))`, `globals().update(Old=New)`."""
        call = names.parent.parent if names.parent is not None else None
        function = field(call, "function") if call is not None and call.type == "call" else None
        if call is None or function is None or not self.tree.text(function).endswith(".update"):
            return
        given, keywords = arguments(call)
        for value in given[:1] or keywords.values():
            self._add("globals", call, None, _inner(value))

    def _namespace(self, call: Node) -> None:
        """`globals().update(...)`, and `globals()[name] = ...` at module level."""
        parent = call.parent
        if parent is None or scope_name(self.tree, call):
            return
        if parent.type == "attribute" and (outer := parent.parent) is not None and outer.type == "call":
            name = field(parent, "attribute")
            if name is not None and self.tree.text(name) == "update":
                self._taken(call)
        elif parent.type == "subscript":
            target = parent.parent
            key = field(parent, "subscript")
            if target is not None and target.type == "assignment" and _is_left(target, parent):
                literal = key is not None and key.type == "string"
                if not literal:
                    self._add("globals", target, None, field(target, "right"))

    def _finder(self, node: Node) -> None:
        parent = node.parent
        call = parent.parent if parent is not None and parent.type == "attribute" else None
        if parent is None or call is None or call.type != "call":
            return
        name = field(parent, "attribute")
        if name is not None and self.tree.text(name) in HOOKS:
            self._add("finder", call, None, None)

    def _add(
        self, kind: Literal["modules", "globals", "finder"], node: Node, key: Node | None, value: Node | None
    ) -> None:
        modules: list[str | None] = [None]
        if key is not None:
            own = self.tree.text(key) == "__name__"
            modules = [self.module] if own else [*self.constants.texts(key)]
        found = self.paths.of(value) if value is not None else []
        target = found[0].path if found and not found[0].instance else None
        span, scope = self.tree.span(node), scope_name(self.tree, node)
        self.found += [Replaced(kind, module, target, span, scope) for module in dict.fromkeys(modules)]


def _attribute(node: Node, tree: Tree, whole: str) -> Node | None:
    parent = node.parent
    if parent is not None and parent.type == "attribute" and tree.text(parent) == whole:
        return parent
    return node if parent is not None and parent.type == "subscript" and node.type == "identifier" else None


def _is_left(assignment: Node, node: Node) -> bool:
    left = field(assignment, "left")
    return left is not None and left.start_byte <= node.start_byte and node.end_byte <= left.end_byte


def _inner(node: Node) -> Node:
    """The module in `vars(module)`, `module.__dict__` or a comprehension over one of them."""
    if node.type == "call":
        given, _ = arguments(node)
        return given[0] if given else node
    if node.type == "attribute":
        return field(node, "object") or node
    if node.type == "dictionary_comprehension":
        for child in node.named_children:
            if child.type == "for_in_clause" and (right := field(child, "right")) is not None:
                while right.type in ("call", "attribute"):
                    inner = field(right, "function") or field(right, "object")
                    if right.type == "call" and arguments(right)[0]:
                        inner = arguments(right)[0][0]
                    if inner is None:
                        break
                    right = inner
                return right
    return node
