"""References and definitions at the places where a word of the plan stands as a name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hardcut.source.facts import Bound, Definition, Reference
from hardcut.source.python.constants import literal_text
from hardcut.source.python.imports import scope_name
from hardcut.source.python.names import Binding, Names, is_pattern, is_plain_name
from hardcut.source.python.paths import Path, Paths
from hardcut.source.python.tree import Tree, arguments, climb, field, same, unwrap, wrap

if TYPE_CHECKING:
    from tree_sitter import Node

NAMED_MEMBER = frozenset({"getattr", "hasattr", "setattr", "delattr", "object", "attrgetter"})
"""Last names of calls whose second argument names a member of the first."""
KINDS: dict[str, Bound] = {
    "function": "function",
    "class": "class",
    "assign": "assign",
    "type": "assign",
    "loop": "assign",
    "with": "assign",
    "except": "assign",
}


class References:
    """Collects the references and definitions of one file."""

    def __init__(self, tree: Tree, names: Names, paths: Paths, words: frozenset[str]) -> None:
        self.tree = tree
        self.names = names
        self.paths = paths
        self.words = words
        self.references: dict[tuple[int, int, str], Reference] = {}
        self.definitions: dict[tuple[str, int], Definition] = {}
        self.nodes: list[tuple[Node, Reference]] = []
        self._chased: set[tuple[str, int]] = set()
        self._waiting: list[tuple[str, Binding]] = []
        self._busy = False

    def word(self, node: Node) -> None:
        """Note what an identifier that is a word says: a definition, a use, or nothing."""
        parent = node.parent
        if parent is None:
            return
        if parent.type == "attribute" and same(field(parent, "attribute"), node):
            self._emit(parent)
            return
        if parent.type == "dotted_name" and is_pattern(parent) and not same(parent.named_child(0), node):
            self._emit(parent)
            return
        if not is_plain_name(node):
            return
        binding = self.names.is_binding(node)
        if binding is not None:
            self._define(binding)
            if binding.owner.type == "augmented_assignment":
                self._emit(node)
            return
        self._emit(node)

    def member(self, string: Node) -> bool:
        """Note a string that names a member: `getattr(x, "name")`, `monkeypatch.setattr(x, "name", ...)`."""
        listed = string.parent
        if listed is not None and listed.type == "subscript":
            holder = field(listed, "value")
            if holder is None or self.tree.text(holder) == "sys.modules":
                return False
            found = self.paths.of(listed)
            self._add(listed, found)
            return bool(found)
        call = listed.parent if listed is not None else None
        if listed is None or call is None or listed.type != "argument_list" or call.type != "call":
            return False
        function = field(call, "function")
        positional, _ = arguments(call)
        if function is None or len(positional) < 2 or positional[1].id != string.id:
            return False
        if self.tree.text(function).rsplit(".", 1)[-1] not in NAMED_MEMBER:
            return False
        step = literal_text(self.tree, string)
        if step is None or not all(part.isidentifier() for part in step.split(".")):
            return False
        found = [path.member(step, "getattr") for path in self.paths.of(positional[0])]
        self._add(call, found)
        if found:
            self._follow(call)
        return bool(found)

    def members(self) -> None:
        """Note members named by a constant that is no literal: `getattr(x, LEAF)`."""
        for name in ("getattr", "hasattr", "setattr", "delattr"):
            for node in self.tree.nodes(name):
                call = node.parent
                if call is None or call.type != "call" or not same(field(call, "function"), node):
                    continue
                given, _ = arguments(call)
                if len(given) < 2 or given[1].type == "string":
                    continue
                found = [
                    path
                    for path in self.paths.named_members(given[0], given[1])
                    if path.path.rpartition(".")[2] in self.words
                ]
                self._add(call, found)
                if found:
                    self._follow(call)

    def annotation(self, string: Node) -> None:
        """Note the names within a string that stands for a type."""
        text = literal_text(self.tree, string) or ""
        for word in self.words:
            if word not in text:
                continue
            for start, end in self.tree.places(word):
                if string.start_byte < start and end < string.end_byte:
                    before = self.tree.data[max(string.start_byte, start - 200) : start].decode(
                        "utf-8", "replace"
                    )
                    if not before.endswith("."):
                        for binding in self.names.resolve(word, string):
                            self._add(string, self.paths.binding(binding))

    def chase(self, interesting: frozenset[str]) -> None:
        """Note the uses of imported names whose path holds a word but whose local name does not."""
        aliases = {
            entry.alias: None
            for entry, _ in self.names.imports
            if entry.alias not in self.words
            and entry.name != "*"
            and interesting.intersection(entry.path.split("."))
        }
        for alias in aliases:
            for binding in self.names.bindings(alias):
                if binding.imported is not None and interesting.intersection(
                    binding.imported.path.split(".")
                ):
                    self._chase(alias, binding)

    def _chase(self, name: str, binding: Binding) -> None:
        """Note the uses of a bound name, which see all bindings of its scope; names bound to these wait."""
        key = name, binding.scope.id
        if key in self._chased:
            return
        self._chased.add(key)
        self._waiting.append((name, binding))
        if self._busy:
            return
        self._busy = True
        while self._waiting:
            waiting, bound = self._waiting.pop()
            for node in self.names.uses(waiting, bound):
                if is_plain_name(node) and self.names.is_binding(node) is None:
                    self._emit(node)
        self._busy = False

    def follow_value(self, node: Node) -> None:
        """Note the uses of a name that an import call is bound to."""
        self._follow(node)

    def _emit(self, node: Node) -> None:
        """Note the whole attribute chain around a node."""
        top = node
        holder = node.parent
        if holder is not None and holder.type == "dotted_name" and holder.named_child_count > 1:
            # A class or value of a pattern.
            top = holder
        while True:
            outer = wrap(top).parent
            if outer is None or outer.type != "attribute" or not same(field(outer, "object"), wrap(top)):
                break
            top = outer
        top = self._member_call(top)
        found = self._paths(top)
        if not found and top.id != node.id:
            top, found = node, self.paths.of(node)
        self._add(top, [one for one in found if not one.instance])
        if found:
            self._follow(top)

    def _member_call(self, top: Node) -> Node:
        """The call around `getattr(top, "name")` and its like, else the expression itself."""
        while True:
            listed = wrap(top).parent
            call = listed.parent if listed is not None and listed.type == "argument_list" else None
            function = field(call, "function") if call is not None and call.type == "call" else None
            if call is None or function is None:
                return top
            positional, _ = arguments(call)
            name = self.tree.text(function).rsplit(".", 1)[-1]
            first_two = len(positional) >= 2 and same(positional[0], wrap(top))
            if not first_two or name not in NAMED_MEMBER or positional[1].type != "string":
                return top
            top = call
            if name != "getattr":
                return top

    def _paths(self, top: Node) -> list[Path]:
        """As `Paths.of`, also for `setattr(x, "name", ...)` and its like."""
        function = field(top, "function") if top.type == "call" else None
        name = self.tree.text(function).rsplit(".", 1)[-1] if function is not None else ""
        if name == "getattr" or name not in NAMED_MEMBER:
            return self.paths.of(top)
        positional, _ = arguments(top)
        step = literal_text(self.tree, positional[1]) if len(positional) > 1 else None
        if step is None or not all(part.isidentifier() for part in step.split(".")):
            return self.paths.of(positional[0]) if positional else []
        return [path.member(step, "getattr") for path in self.paths.of(positional[0])]

    def _add(self, top: Node, found: list[Path]) -> None:
        scope = scope_name(self.tree, top)
        for path in found:
            key = (top.start_byte, top.end_byte, path.path)
            if key in self.references:
                continue
            reference = Reference(path.path, path.form, self.tree.span(top), path.root, path.imported, scope)
            self.references[key] = reference
            self.nodes.append((top, reference))

    def _follow(self, top: Node) -> None:
        """Chase the name that a noted expression is bound to, where the name is no word itself."""
        value = wrap(top)
        owner = value.parent
        while owner is not None and owner.type in ("conditional_expression", "boolean_operator"):
            value = wrap(owner)
            owner = value.parent
        if owner is None:
            return
        if owner.type == "assignment" and same(field(owner, "right"), value):
            target = field(owner, "left")
        elif owner.type == "named_expression" or owner.type in (
            "default_parameter",
            "typed_default_parameter",
        ):
            target = field(owner, "name")
        elif owner.type == "as_pattern":
            alias = field(owner, "alias")
            target = alias.named_child(0) if alias is not None else None
        else:
            return
        target = unwrap(target) if target is not None else None
        if target is None or target.type != "identifier":
            return
        name = self.tree.text(target)
        binding = self.names.is_binding(target)
        if binding is None or name in self.words:
            return
        self._define(binding)
        self._chase(name, binding)

    def _define(self, binding: Binding) -> None:
        kind = KINDS.get(binding.kind)
        if kind is None or binding.scope.type not in ("module", "class_definition"):
            return
        name = self.tree.text(binding.node)
        if binding.scope.type == "class_definition":
            outer = scope_name(self.tree, binding.node)
            if self._in_function(binding.scope):
                return
            name = f"{outer}.{name}" if outer else name
        target: str | None = None
        if kind == "assign" and binding.value is not None and not binding.index:
            value = unwrap(binding.value)
            if value.type in ("identifier", "attribute") or self._is_getattr(value):
                found = [one for one in self.paths.of(value) if not one.instance]
                if found:
                    target, kind = found[0].path, "alias"
        self.definitions[(name, binding.node.start_byte)] = Definition(
            name,
            kind,
            self.tree.span(binding.node),
            target,
        )

    def _is_getattr(self, value: Node) -> bool:
        function = field(value, "function") if value.type == "call" else None
        return function is not None and self.tree.text(function) == "getattr"

    def _in_function(self, scope: Node) -> bool:
        return any(parent.type in ("function_definition", "lambda") for parent in climb(scope))
