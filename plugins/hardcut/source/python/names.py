"""Names and scopes: where a name is bound, and which bindings a use of it sees."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

from hardcut.source.facts import Import
from hardcut.source.python.imports import STATEMENTS, read_imports
from hardcut.source.python.tree import COMPREHENSIONS, SCOPES, Tree, climb, field, inside, named, same

if TYPE_CHECKING:
    from tree_sitter import Node

Kind = Literal[
    "import", "function", "class", "assign", "loop", "with", "except", "param", "match", "type", "global"
]
PATTERNS = frozenset(
    {
        "pattern_list",
        "tuple_pattern",
        "list_pattern",
        "list_splat_pattern",
        "tuple",
        "list",
        "expression_list",
        "parenthesized_expression",
        "list_splat",
        "as_pattern_target",
    }
)
PARAMETERS = frozenset({"parameters", "lambda_parameters"})


class Binding(msgspec.Struct, frozen=True):
    """One place that binds a name.

    `value` is the bound expression (an assignment's right side, a loop's iterable, a parameter's
    default), `annotation` its type, `index` the position within a tuple target, `owner` the
    statement, function or class that binds it.
    """

    kind: Kind
    node: Node
    scope: Node
    owner: Node
    value: Node | None = None
    annotation: Node | None = None
    index: tuple[int, ...] = ()
    imported: Import | None = None


CHAINED = frozenset(
    {
        "argument_list",
        "attribute",
        "binary_operator",
        "boolean_operator",
        "call",
        "comparison_operator",
        "conditional_expression",
        "not_operator",
        "parenthesized_expression",
        "subscript",
    }
)
"""Expressions whose parts are in the same scope."""


class Names:
    """Bindings of one file, found name by name when they are asked for."""

    def __init__(self, tree: Tree, package: str | None) -> None:
        self.tree = tree
        self.imports = read_imports(tree, package)
        self._by_alias: dict[str, list[tuple[Import, Node]]] = {}
        for entry, statement in self.imports:
            self._by_alias.setdefault(entry.alias, []).append((entry, statement))
        self._bindings: dict[str, list[Binding]] = {}
        self._by_scope: dict[str, dict[int, list[Binding]]] = {}
        self._scopes: dict[int, Node] = {}
        self._resolved: dict[tuple[str, int], list[Binding]] = {}
        self._places: dict[int, dict[int, int]] = {}
        self._uses: dict[str, dict[int, list[Node]]] = {}
        self._outer: set[tuple[str, int]] = set()

    def scope_of(self, node: Node) -> Node:
        """The scope in which a name at this node is looked up or bound."""
        child = node
        for parent in climb(node):
            if parent.type in SCOPES and self._belongs(child, parent):
                return parent
            child = parent
        return self.tree.root

    def _belongs(self, child: Node, scope: Node) -> bool:
        """Whether a scope's direct child is evaluated inside it."""
        kind = scope.type
        if kind == "module":
            return True
        if kind == "class_definition":
            return same(child, field(scope, "body"))
        return kind in COMPREHENSIONS or same(child, field(scope, "body"))

    def _lookup_scope(self, node: Node) -> Node:
        """As `scope_of`, for a use: a comprehension's first iterable belongs outside it."""
        found = self._scopes.get(node.id)
        if found is None:
            found = self._scopes[node.id] = self._use_scope(node)
        return found

    def note_scopes(self, node: Node) -> None:
        """Look up the scopes of all that an operator or call holds, from that of the whole.

        Each lookup climbs the tree, so one for each part of a long chain would be quadratic.
        """
        if node.type in CHAINED:
            scope = self._lookup_scope(node)
            for child in node.named_children:
                self._scopes.setdefault(child.id, scope)

    def _use_scope(self, node: Node) -> Node:
        child = node
        clause: Node | None = None
        for parent in climb(node):
            if parent.type == "for_in_clause":
                clause = parent
            if parent.type in COMPREHENSIONS:
                first = next((one for one in parent.named_children if one.type == "for_in_clause"), None)
                iterable = field(first, "right") if first is not None else None
                if not (same(clause, first) and inside(node, iterable)):
                    return parent
            elif parent.type in SCOPES and self._belongs(child, parent):
                return parent
            child = parent
        return self.tree.root

    def bindings(self, name: str) -> list[Binding]:
        """Every binding of a name in the file, in order."""
        found = self._bindings.get(name)
        if found is None:
            found = []
            self._bindings[name] = found
            for entry, statement in self._by_alias.get(name, ()):
                found.append(
                    Binding("import", statement, self.scope_of(statement), statement, imported=entry)
                )
            for node in self.tree.nodes(name, _may_bind):
                if node.type == "identifier" and (binding := self._classify(node)) is not None:
                    found.append(binding)
            found.sort(key=lambda one: one.node.start_byte)
        return found

    def resolve(self, name: str, at: Node) -> list[Binding]:
        """The bindings that a use of a name may see: those of the nearest scope that has any."""
        every = self.bindings(name)
        if not every:
            return []
        key = name, at.id
        found = self._resolved.get(key)
        if found is None:
            found = self._resolved[key] = self._seen(name, at, every)
        return found

    def _seen(self, name: str, at: Node, every: list[Binding]) -> list[Binding]:
        scoped = self._scoped(name, every)
        start = scope = self._lookup_scope(at)
        while scope.type != "module":
            if scope.type != "class_definition" or scope.id == start.id:
                here = scoped.get(scope.id)
                if here and scope.type == "class_definition":
                    # Code of a class body sees what has been bound so far, else the name outside.
                    here = [binding for binding in here if _is_before(binding, at)]
                if here and (name, scope.id) in self._outer:
                    return [*scoped.get(self.tree.root.id, ()), *here]
                if here:
                    return here
            above = self._lookup_scope(scope)
            if above.id == scope.id:
                break
            scope = above
        return scoped.get(self.tree.root.id, [])

    def uses(self, name: str, bound: Binding) -> list[Node]:
        """The identifiers of a name that may see a binding: those that see any of its scope."""
        known = self._uses.get(name)
        if known is None:
            known = self._uses[name] = {}
            for node in self.tree.nodes(name):
                seen = self.resolve(name, node) if node.type == "identifier" else []
                for scope in {seen[0].scope.id, seen[-1].scope.id} if seen else ():
                    known.setdefault(scope, []).append(node)
        return known.get(bound.scope.id, [])

    def _scoped(self, name: str, every: list[Binding]) -> dict[int, list[Binding]]:
        found = self._by_scope.get(name)
        if found is None:
            found = self._by_scope[name] = {}
            for one in every:
                found.setdefault(one.scope.id, []).append(one)
            self._outer.update((name, one.scope.id) for one in every if one.kind == "global")
        return found

    def is_binding(self, node: Node) -> Binding | None:
        """The binding made at an identifier, if it makes one."""
        return self._classify(node)

    def _classify(self, node: Node) -> Binding | None:
        parent = node.parent
        if parent is None:
            return None
        kind = parent.type
        if kind in ("function_definition", "class_definition") and same(field(parent, "name"), node):
            which: Kind = "function" if kind == "function_definition" else "class"
            return Binding(which, node, self.scope_of(parent), parent)
        if kind in PARAMETERS:
            return self._parameter(node, parent, None, None)
        if kind in ("default_parameter", "typed_default_parameter") and same(field(parent, "name"), node):
            return self._parameter(node, parent.parent, field(parent, "value"), field(parent, "type"))
        if kind == "typed_parameter" and same(parent.named_child(0), node):
            return self._parameter(node, parent.parent, None, field(parent, "type"))
        if kind in ("list_splat_pattern", "dictionary_splat_pattern"):
            above = parent.parent
            if above is not None and above.type == "typed_parameter":
                above = above.parent
            if above is not None and above.type in PARAMETERS:
                return self._parameter(node, above, None, None)
        if kind in ("global_statement", "nonlocal_statement"):
            return (
                Binding("global", node, self.scope_of(node), parent) if kind == "global_statement" else None
            )
        if kind == "type" and parent.parent is not None and parent.parent.type == "type_alias_statement":
            owner = parent.parent
            if same(field(owner, "left"), parent):
                return Binding("type", node, self.scope_of(owner), owner, field(owner, "right"))
        return self._target(node, parent)

    def _parameter(
        self, node: Node, listed: Node | None, value: Node | None, kind: Node | None
    ) -> Binding | None:
        function = listed.parent if listed is not None else None
        if function is None or function.type not in ("function_definition", "lambda"):
            return None
        return Binding("param", node, function, function, value, kind)

    def _target(self, node: Node, parent: Node) -> Binding | None:
        """A name as (part of) the target of an assignment, loop, `with`, `except` or pattern."""
        child, index = node, []
        while parent.type in PATTERNS:
            if parent.type in (
                "pattern_list",
                "tuple_pattern",
                "list_pattern",
                "tuple",
                "list",
                "expression_list",
            ):
                index.append(self._position(parent, child))
            child = parent
            if parent.parent is None:
                return None
            parent = parent.parent
        where = tuple(reversed(index))
        kind = parent.type
        if kind in ("assignment", "augmented_assignment") and same(field(parent, "left"), child):
            value = field(parent, "right")
            while value is not None and value.type == "assignment":
                value = field(value, "right")
            return Binding("assign", node, self.scope_of(parent), parent, value, field(parent, "type"), where)
        if kind == "named_expression" and same(field(parent, "name"), child):
            scope = self.scope_of(parent)
            while scope.type in COMPREHENSIONS:
                scope = self.scope_of(scope)
            return Binding("assign", node, scope, parent, field(parent, "value"))
        if kind == "for_statement" and same(field(parent, "left"), child):
            return Binding("loop", node, self.scope_of(parent), parent, field(parent, "right"), None, where)
        if kind == "for_in_clause" and same(field(parent, "left"), child):
            scope = parent.parent or self.tree.root
            return Binding("loop", node, scope, parent, field(parent, "right"), None, where)
        if kind == "as_pattern" and child.type in ("as_pattern_target", "identifier"):
            return self._as(node, parent)
        if kind == "dotted_name" and parent.named_child_count == 1 and parent.parent is not None:
            above = parent.parent
            if above.type in ("case_pattern", "splat_pattern") or above.type == "keyword_pattern":
                return Binding("match", node, self.scope_of(above), above)
        return None

    def _position(self, parent: Node, child: Node) -> int:
        """The place of an element within a tuple or list; counted once for each of these."""
        places = self._places.get(parent.id)
        if places is None:
            places = self._places[parent.id] = {one.id: at for at, one in enumerate(named(parent))}
        return places.get(child.id, 0)

    def _as(self, node: Node, pattern: Node) -> Binding | None:
        above = pattern.parent
        value = pattern.named_child(0)
        if value is not None and value.id == node.id:
            return None
        if above is not None and above.type == "with_item":
            return Binding("with", node, self.scope_of(pattern), above, value)
        if above is not None and above.type == "case_pattern":
            return Binding("match", node, self.scope_of(pattern), above)
        return Binding("except", node, self.scope_of(pattern), pattern)


def _may_bind(data: bytes, start: int, end: int) -> bool:
    """Whether a word may be bound where it stands; no, where it is an attribute, called or looked into."""
    if data[start - 1 : start] == b".":
        return False
    if data[end : end + 1] not in (b"(", b".", b"["):
        return True
    before = data[max(0, start - 20) : start].rstrip(b" \t\f\r\n\\")
    return not before or before.endswith((b"def", b"class", b"type"))


def _is_before(binding: Binding, at: Node) -> bool:
    """Whether a binding has been made where a name is read: `Error = Error` reads another one."""
    value = binding.value
    is_in_value = value is not None and value.start_byte <= at.start_byte < value.end_byte
    return binding.node.start_byte < at.start_byte and not is_in_value


MATCH_PATTERNS = frozenset(
    {"case_pattern", "class_pattern", "dict_pattern", "keyword_pattern", "union_pattern"}
)


def is_pattern(name: Node) -> bool:
    """Whether a dotted name is a class or value of a `match` statement's pattern, or a name it binds."""
    return name.parent is not None and name.parent.type in MATCH_PATTERNS


def is_plain_name(node: Node) -> bool:
    """Whether an identifier is a name of its own: no attribute, keyword or part of an import."""
    parent = node.parent
    if parent is None or node.type != "identifier":
        return False
    if parent.type == "attribute":
        return not same(field(parent, "attribute"), node)
    if parent.type == "keyword_argument":
        return not same(field(parent, "name"), node)
    if parent.type == "keyword_pattern" or (parent.type == "dotted_name" and is_pattern(parent)):
        return same(parent.named_child(0), node) == (parent.type == "dotted_name")
    above = parent.parent
    return parent.type not in STATEMENTS and not (
        parent.type in ("dotted_name", "aliased_import")
        and above is not None
        and (above.type in STATEMENTS or above.type == "aliased_import" or above.type == "relative_import")
    )
