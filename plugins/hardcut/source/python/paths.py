"""Which absolute dotted paths an expression stands for."""

from __future__ import annotations

import builtins
import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec

from hardcut.source.facts import Form
from hardcut.source.python.constants import Constants
from hardcut.source.python.imports import scope_name
from hardcut.source.python.names import Binding, Names, is_pattern
from hardcut.source.python.tree import Tree, arguments, climb, field, named, operands, unwrap

if TYPE_CHECKING:
    from tree_sitter import Node

DEPTH = 60
COST = 20
MOST = 200
"""So many values of a name that is bound by means of itself are followed."""
DOTTED = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")
UNIONS = frozenset({"Optional", "Union", "Annotated", "Final", "ClassVar", "Type", "type"})


class Path(msgspec.Struct, frozen=True):
    """A dotted path that an expression may stand for.

    `root` is the local name it starts from and `imported` that name's own path. `instance` tells
    that the expression is an object of the class `path`; `form` how the last step was made.
    """

    path: str
    root: str
    imported: str
    form: Form = "name"
    instance: bool = False

    def member(self, name: str, form: Form) -> Path:
        """The path of an attribute."""
        if self.form in ("getattr", "instance", "inherited") and form == "attribute":
            form = self.form
        return Path(f"{self.path}.{name}", self.root, self.imported, "instance" if self.instance else form)


class Paths:
    """Answers for one file; `dynamic` gives the modules that an import call names."""

    def __init__(
        self,
        tree: Tree,
        names: Names,
        module: str | None,
        dynamic: Callable[[Node], list[str]],
        constants: Constants,
    ) -> None:
        self.tree = tree
        self.names = names
        self.module = module
        self._dynamic = dynamic
        self.constants = constants
        self._known: dict[int, list[Path]] = {}
        self._cut = 0
        self._open: dict[int, list[Path]] = {}
        self._circles: set[int] = set()

    def of(self, node: Node, depth: int = 0, seen: frozenset[int] = frozenset()) -> list[Path]:
        """The paths of an expression; empty where the file does not tell."""
        if depth > DEPTH:
            self.tree.give_up(node, f"what a name stands for was followed {DEPTH} steps only")
        if depth > DEPTH or not self.tree.spend(COST):
            self._cut += 1
            return []
        node = unwrap(node)
        kind = node.type
        if kind == "identifier":
            return self._name(node, depth, seen)
        if kind == "attribute":
            value, attribute = field(node, "object"), field(node, "attribute")
            if value is None or attribute is None:
                return []
            name = self.tree.text(attribute)
            return [path.member(name, "attribute") for path in self.of(value, depth + 1, seen)]
        if kind == "call":
            return self._call(node, depth, seen)
        if kind == "dotted_name" and is_pattern(node):
            first, *rest = named(node)
            found = self.of(first, depth + 1, seen)
            for step in rest:
                found = [path.member(self.tree.text(step), "attribute") for path in found]
            return found
        if kind == "conditional_expression":
            parts = named(node)
            return self._union([parts[0], parts[-1]] if parts else [], depth, seen)
        if kind == "boolean_operator":
            return self._union(operands(node), depth, seen)
        if kind in ("await", "named_expression"):
            inner = field(node, "value") or (named(node)[-1] if named(node) else None)
            return self.of(inner, depth + 1, seen) if inner is not None else []
        if kind == "subscript":
            return self._subscript(node, depth, seen)
        return []

    def _union(self, nodes: list[Node], depth: int, seen: frozenset[int]) -> list[Path]:
        return list(dict.fromkeys(path for node in nodes for path in self.of(node, depth + 1, seen)))

    def _name(self, node: Node, depth: int, seen: frozenset[int]) -> list[Path]:
        name = self.tree.text(node)
        bindings = self.names.resolve(name, node)
        if not bindings and hasattr(builtins, name):
            return []
        if not bindings:
            own = f"{self.module}.{name}"
            return [Path(own, name, own)] * (self.module is not None) + [
                Path(f"{entry.module}.{name}", name, f"{entry.module}.{name}")
                for entry, _ in self.names.imports
                if entry.name == "*" and entry.module is not None
            ]
        known = self._known.get(id(bindings))
        if known is None:
            if id(bindings) in self._open:
                self._cut += 1
                self._circles.add(id(bindings))
                return self._open[id(bindings)]
            cut = self._cut
            known = self._bound(bindings, node, depth, seen)
            # What was cut short, or in a circle, is known for this question only.
            if cut == self._cut or not (self._open or seen):
                self._known[id(bindings)] = known
        self.tree.spend(8 * len(known))
        return known

    def _bound(self, bindings: list[Binding], node: Node, depth: int, seen: frozenset[int]) -> list[Path]:
        """The paths of a name; where it is bound by means of itself, each binding sees the one before."""
        key = id(bindings)
        self._open[key] = []
        self._circles.discard(key)
        found = dict.fromkeys(path for one in bindings for path in self.binding(one, depth + 1, seen))
        if key in self._circles:
            first, before = list(found), list[Path]()
            for one in bindings:
                self._open[key] = [*first, *before]
                bound = self.binding(one, depth + 1, seen)
                found.update(dict.fromkeys(bound))
                # What a method of an unknown object gives is not followed through the next one.
                before = [path for path in bound if path.form != "instance"]
                if len(found) > MOST + len(bindings):
                    self.tree.give_up(
                        node, f"a name that is bound by means of itself has more than {MOST} values"
                    )
                    break
        del self._open[key]
        return list(found)

    def binding(self, binding: Binding, depth: int = 0, seen: frozenset[int] = frozenset()) -> list[Path]:
        """The paths that a bound name stands for."""
        if binding.node.id in seen or depth > DEPTH:
            self._cut += 1
            return []
        seen = seen | {binding.node.id}
        name = self.tree.text(binding.node) if binding.kind != "import" else ""
        if binding.imported is not None:
            entry = binding.imported
            if entry.module is None or entry.name == "*":
                return []
            path = entry.path
            if entry.name is None and "." in path and entry.alias == path.split(".", 1)[0]:
                path = entry.alias
            return [Path(path, entry.alias, path)]
        own = self.own_path(binding)
        found = [Path(own, name, own)] if own else []
        bound = binding.kind in ("assign", "with") and binding.owner.type != "augmented_assignment"
        if bound and not binding.index and binding.value is not None:
            found += [
                Path(one.path, name, one.path, one.form, one.instance or binding.kind == "with")
                for one in self.of(binding.value, depth + 1, seen)
            ]
        if binding.kind == "param":
            found += self._parameter(binding, name, depth, seen)
        if binding.annotation is not None:
            found += self.annotated(binding.annotation, name, depth, seen)
        return found

    def own_path(self, binding: Binding) -> str | None:
        """The path of a name bound at module level or in a class body, None for a local name."""
        if self.module is None or binding.kind in ("param", "global", "import"):
            return None
        name = self.tree.text(binding.node)
        if binding.scope.type == "module":
            return f"{self.module}.{name}"
        if binding.scope.type == "class_definition":
            outer = self.class_path(binding.scope)
            return f"{outer}.{name}" if outer else None
        return None

    def class_path(self, node: Node) -> str | None:
        """The dotted path of a class that stands at module level or within such a class."""
        name = field(node, "name")
        if self.module is None or name is None:
            return None
        if any(parent.type in ("function_definition", "lambda") for parent in climb(node)):
            return None
        outer = scope_name(self.tree, node)
        return ".".join(part for part in (self.module, outer, self.tree.text(name)) if part)

    def _parameter(self, binding: Binding, name: str, depth: int, seen: frozenset[int]) -> list[Path]:
        found: list[Path] = []
        if binding.value is not None:
            found += [
                Path(one.path, name, one.path, one.form, one.instance)
                for one in self.of(binding.value, depth + 1, seen)
            ]
        listed = binding.node.parent
        if listed is not None and listed.type == "parameters":
            first = named(listed)
            owner = self._method_class(binding.owner)
            if (
                owner is not None
                and first
                and first[0].id == binding.node.id
                and not self._is_static(binding.owner)
            ):
                found += self._class_and_bases(owner, name, depth, seen)
        return found

    def _class_and_bases(self, owner: Node, name: str, depth: int, seen: frozenset[int]) -> list[Path]:
        own = self.class_path(owner)
        found = [Path(own, name, own, "name", True)] if own else []
        bases = field(owner, "superclasses")
        for base in named(bases) if bases is not None else ():
            if base.type in ("identifier", "attribute"):
                found += [
                    Path(one.path, name, one.path, "inherited", True)
                    for one in self.of(base, depth + 1, seen)
                ]
        return found

    def _method_class(self, function: Node) -> Node | None:
        for parent in climb(function):
            if parent.type == "class_definition":
                return parent
            if parent.type in ("function_definition", "lambda"):
                return None
        return None

    def _is_static(self, function: Node) -> bool:
        parent = function.parent
        return (
            parent is not None
            and parent.type == "decorated_definition"
            and any(
                "staticmethod" in self.tree.text(one)
                for one in parent.named_children
                if one.type == "decorator"
            )
        )

    def annotated(
        self, annotation: Node, name: str, depth: int = 0, seen: frozenset[int] = frozenset()
    ) -> list[Path]:
        """The classes of which a type says that what bears it is an object."""
        found: list[Path] = []
        for node in self._classes(annotation):
            quoted = node.type == "string"
            for one in self._quoted(node, depth, seen) if quoted else self.of(node, depth + 1, seen):
                if not one.instance:
                    found.append(Path(one.path, name, one.path, one.form, True))
        return found

    def _quoted(self, string: Node, depth: int, seen: frozenset[int]) -> list[Path]:
        """The classes that a quoted type names."""
        text = " ".join(self.tree.text(one) for one in string.named_children if one.type == "string_content")
        found: list[Path] = []
        for dotted in DOTTED.findall(text):
            head, _, rest = dotted.partition(".")
            for binding in self.names.resolve(head, string):
                found += [
                    Path(
                        f"{one.path}.{rest}" if rest else one.path,
                        one.root,
                        one.imported,
                        one.form,
                        one.instance,
                    )
                    for one in self.binding(binding, depth + 1, seen)
                ]
        return found

    def _classes(self, annotation: Node) -> list[Node]:
        """The class names of a type: through unions, Optional and Annotated, not into other generics."""
        found: list[Node] = []
        waiting = [annotation]
        while waiting:
            node = waiting.pop()
            kind = node.type
            if kind in ("identifier", "attribute", "string"):
                found.append(node)
            elif kind in (
                "type",
                "binary_operator",
                "union_type",
                "parenthesized_expression",
                "type_parameter",
            ):
                waiting += reversed(named(node))
            elif kind in ("generic_type", "subscript"):
                parts = named(node)
                head = self.tree.text(parts[0]).rsplit(".", 1)[-1] if parts else ""
                waiting += reversed(parts[1:]) if head in UNIONS else ()
        return found

    def _call(self, node: Node, depth: int, seen: frozenset[int]) -> list[Path]:
        function = field(node, "function")
        if function is None:
            return []
        name = self.tree.text(function).rsplit(".", 1)[-1]
        positional, _ = arguments(node)
        if name == "getattr" and len(positional) >= 2:
            return self.named_members(positional[0], positional[1], depth, seen)
        if name == "cast" and len(positional) == 2:
            return self.of(positional[1], depth + 1, seen)
        if name == "super":
            for parent in climb(node):
                if parent.type == "class_definition":
                    own = self.class_path(parent)
                    return [
                        one for one in self._class_and_bases(parent, "super", depth, seen) if one.path != own
                    ]
            return []
        modules = self._dynamic(node)
        if modules:
            return [Path(module, module, module) for module in modules]
        return [
            Path(one.path, one.root, one.imported, "instance", True)
            for one in self.of(function, depth + 1, seen)
            if not one.instance
        ]

    def named_members(
        self, owner: Node, name: Node, depth: int = 0, seen: frozenset[int] = frozenset()
    ) -> list[Path]:
        """The paths of attributes that a string names, as in `getattr(owner, name)`.

        A module and a name that come from one row of a table belong together: of
        `for module, name in TABLE.values()`, no name is looked for in another row's module.
        """
        steps = [step for step in self.constants.texts(name) if step.isidentifier()]
        paths = self.of(owner, depth + 1, seen)
        positional, _ = arguments(owner) if owner.type == "call" else ([], {})
        rows = self.constants.rows(positional[0], name) if positional else None
        return [
            path.member(step, "getattr")
            for path in paths
            for step in steps
            if rows is None or any(step == text and _is_named(path, module) for module, text in rows)
        ]

    def _subscript(self, node: Node, depth: int, seen: frozenset[int]) -> list[Path]:
        """`sys.modules["a.b"]`, `module.__dict__["x"]` and `vars(module)["x"]`."""
        value, key = field(node, "value"), field(node, "subscript")
        if value is None or key is None:
            return []
        text = self.tree.text(value)
        if text == "sys.modules":
            return [Path(one, one, one) for one in self.constants.texts(key)]
        holder: Node | None = None
        if value.type == "attribute" and text.endswith(".__dict__"):
            holder = field(value, "object")
        elif value.type == "call" and text.startswith("vars("):
            positional, _ = arguments(value)
            holder = positional[0] if positional else None
        if holder is None:
            return []
        return [
            path.member(step, "getattr")
            for path in self.of(holder, depth + 1, seen)
            for step in self.constants.texts(key)
            if step.isidentifier()
        ]


def _is_named(path: Path, module: str) -> bool:
    """Whether the path of a module may be that of a name, which is relative if it starts with dots."""
    tail = module.lstrip(".")
    return path.path == tail or (tail != module and f".{path.path}".endswith(f".{tail}"))
