"""Import functions: the calls that import a module by a string, and what strings reach them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from hardcut.source.facts import Sink
from hardcut.source.python.constants import Constants, Value
from hardcut.source.python.imports import absolute, scope_name
from hardcut.source.python.names import Names
from hardcut.source.python.tree import Tree, arguments, climb, field, named, unwrap, wrap

if TYPE_CHECKING:
    from tree_sitter import Node

IMPORTERS = frozenset(
    {
        "import_module",
        "__import__",
        "find_spec",
        "find_loader",
        "get_loader",
        "resolve_name",
        "run_module",
        "importorskip",
        "import_string",
        "import_from_string",
        "load_module",
        "import_object",
        "locate",
        "load_object",
        "symbol_by_name",
        "find_module",
        "safe_import",
        "lazy_import",
        "import_item",
        "try_import",
        "optional_import",
    }
)
"""Last names of functions that import (or look for) the module they are given.

From importlib, importlib.util, pkgutil, runpy, pydoc, imp, pytest, and the loaders of Django,
Werkzeug, Tornado, Scrapy, Kombu, Uvicorn and traitlets; the rest are common names of such helpers.
"""
SEEKERS = frozenset({"find_spec", "find_loader", "get_loader", "find_module"})
"""Those that look for a module and do not give it."""
FINDERS = SEEKERS - {"find_module"}
"""Those that answer None where it is not there."""
PARAMETERS = (
    "name",
    "modname",
    "module",
    "module_name",
    "fullname",
    "mod_name",
    "import_name",
    "dotted_path",
)


class ImportCall(msgspec.Struct, frozen=True):
    """A call of an import function, and the modules that it may import."""

    node: Node
    function: str
    argument: Node
    values: list[Value]


class Importers:
    """The import calls of one file, and its own wrappers around them."""

    def __init__(self, tree: Tree, names: Names, constants: Constants, package: str | None) -> None:
        self.tree = tree
        self.names = names
        self.constants = constants
        self.package = package
        self.wrappers: dict[str, tuple[str, int]] = {}
        self.finders: set[str] = set()
        self.calls: list[ImportCall] = []
        self._by_node: dict[int, ImportCall] = {}
        for node, function in self._called():
            self._read(node, function)
        self._read_wrappers()

    def modules(self, call: Node) -> list[str]:
        """The modules that a call imports, as far as constants tell; empty for any other call."""
        found = self._by_node.get(call.id)
        if found is None or self.only_looks(found):
            return []
        # What a `fromlist` names is imported too, but the call gives the package.
        given = [value for value in found.values if value.way != "fromlist"]
        names = [value.text for value in given if value.exact and value.text]
        if found.function.endswith("__import__"):
            _, keywords = arguments(call)
            if "fromlist" not in keywords and len(arguments(call)[0]) < 4:
                return list(dict.fromkeys(name.split(".", 1)[0] for name in names))
        return list(dict.fromkeys(names))

    def imports(self, call: Node) -> bool:
        """Whether a call is one of an import function itself, its module told or not."""
        found = self._by_node.get(call.id)
        leaf = found.function.rsplit(".", 1)[-1] if found is not None else ""
        return leaf in IMPORTERS and leaf not in SEEKERS

    def only_looks(self, call: ImportCall) -> bool:
        """Whether a call only looks for a module, by itself or through a wrapper of the file."""
        return call.function.rsplit(".", 1)[-1] in SEEKERS or call.function in self.finders

    def handed(self, call: ImportCall) -> list[str]:
        """The modules of a call, and those that this file hands to the wrapper around it."""
        found = [one.text for one in call.values if one.exact and not one.text.startswith(".")]
        around = next((one for one in climb(call.node) if one.type == "function_definition"), None)
        name = field(around, "name") if around is not None else None
        if around is None or name is None:
            return found
        outer = scope_name(self.tree, around)
        qualified = f"{outer}.{self.tree.text(name)}" if outer else self.tree.text(name)
        if qualified in self.wrappers:
            for other in self.calls:
                if other.function == qualified:
                    found += [one.text for one in other.values if one.exact]
        return list(dict.fromkeys(found))

    def sinks(self) -> dict[int, list[Sink]]:
        """For each string literal (by node id) the import functions that it reaches whole."""
        found: dict[int, list[Sink]] = {}
        for call in self.calls:
            span = self.tree.span(call.node)
            for value in call.values:
                origin = value.origin
                if origin is not None:
                    found.setdefault(origin.id, []).append(Sink(call.function, value.way, span))
        return found

    def _called(self) -> list[tuple[Node, str]]:
        """Calls of import functions by name or alias, in order; `map(import_module, ...)` counts."""
        words = {name for name in IMPORTERS if name.encode() in self.tree.data}
        aliases: dict[str, str] = {}
        for entry, _ in self.names.imports:
            last = (entry.name or "").rsplit(".", 1)[-1]
            if last in IMPORTERS and entry.alias != last:
                aliases[entry.alias] = entry.path
        found: dict[int, tuple[Node, str]] = {}
        queue = [(word, word) for word in sorted(words)] + list(aliases.items())
        done: set[str] = set()
        while queue:
            word, function = queue.pop()
            if word in done:
                continue
            done.add(word)
            for node in self.tree.nodes(word):
                if node.type != "identifier":
                    continue
                whole = self._whole(node)
                parent = whole.parent
                if parent is None:
                    continue
                if parent.type == "call" and field(parent, "function") == whole:
                    found[parent.id] = (parent, function if whole.id == node.id else self.tree.text(whole))
                elif (
                    parent.type == "argument_list"
                    and parent.parent is not None
                    and parent.parent.type == "call"
                ):
                    called = field(parent.parent, "function")
                    if called is not None and self.tree.text(called) == "map":
                        found[parent.parent.id] = (parent.parent, function)
                elif parent.type == "assignment" and field(parent, "right") == whole:
                    left = field(parent, "left")
                    if left is not None and left.type == "identifier":
                        queue.append((self.tree.text(left), function))
        return sorted(found.values(), key=lambda one: one[0].start_byte)

    def _read_wrappers(self) -> None:
        """Calls of this file's own wrappers, and of wrappers around those."""
        done: set[str] = set()
        while waiting := [name for name in self.wrappers if name not in done]:
            for qualified in waiting:
                done.add(qualified)
                parameter, position = self.wrappers[qualified]
                for call, shift in self._calls_of(qualified):
                    positional, keywords = arguments(call)
                    place = position - shift
                    argument = keywords.get(parameter)
                    if argument is None and 0 <= place < len(positional):
                        argument = positional[place]
                    if argument is None or call.id in self._by_node:
                        continue
                    values = [
                        Value(one.text, one.exact, one.origin, "wrapper" if one.way == "direct" else one.way)
                        for one in self.constants.values(argument)
                    ]
                    found = ImportCall(call, qualified, argument, values)
                    self.calls.append(found)
                    self._by_node[call.id] = found
                    self._note_wrapper(unwrap(argument), qualified)

    def _calls_of(self, qualified: str) -> list[tuple[Node, int]]:
        """Calls of a function or method of this file, with 1 where the first parameter is bound."""
        found: list[tuple[Node, int]] = []
        name = qualified.rsplit(".", 1)[-1]
        for node in self.tree.nodes(name):
            if node.type != "identifier":
                continue
            whole = self._whole(node)
            call = whole.parent
            if call is not None and call.type == "call" and field(call, "function") == whole:
                found.append((call, int(whole.id != node.id and "." in qualified)))
        return found

    def _whole(self, node: Node) -> Node:
        parent = node.parent
        if parent is not None and parent.type == "attribute" and field(parent, "attribute") == node:
            return wrap(parent)
        return wrap(node)

    def _read(self, node: Node, function: str) -> None:
        positional, keywords = arguments(node)
        called = field(node, "function")
        values: list[Value]
        if called is not None and self.tree.text(called) == "map":
            if len(positional) < 2:
                return
            argument = positional[1]
            values = [Value(one.text, one.exact, one.origin, "loop") for one in self.constants.held(argument)]
        else:
            argument_or_none = (
                positional[0]
                if positional
                else next((keywords[key] for key in PARAMETERS if key in keywords), None)
            )
            if argument_or_none is None:
                return
            argument = argument_or_none
            values = self.constants.values(argument)
            self._note_wrapper(unwrap(argument), function)
        if function.rsplit(".", 1)[-1] == "__import__":
            found = self._imported(values, positional, keywords)
        else:
            resolved = [self._absolute(value, positional, keywords) for value in values]
            found = [value for value in resolved if value is not None]
        call = ImportCall(node, function, argument, found)
        self.calls.append(call)
        self._by_node[node.id] = call

    def _imported(
        self, values: list[Value], positional: list[Node], keywords: dict[str, Node]
    ) -> list[Value]:
        """What `__import__` imports: a module, by `level` a relative one, and what `fromlist` names."""
        level = keywords.get("level") or (positional[4] if len(positional) > 4 else None)
        listed = keywords.get("fromlist") or (positional[3] if len(positional) > 3 else None)
        dots = self.tree.text(level) if level is not None else ""
        if dots.isdigit() and int(dots):
            values = [
                Value(module, value.exact, value.origin, "relative")
                for value in values
                if (module := absolute(value.text, int(dots), self.package)) is not None
            ]
        leaves = self.constants.held(listed) if listed is not None else []
        return values + [
            Value(f"{value.text}.{leaf.text}", leaf.exact, leaf.origin, "fromlist")
            for value in values
            if value.exact
            for leaf in leaves
        ]

    def _absolute(self, value: Value, positional: list[Node], keywords: dict[str, Node]) -> Value | None:
        if not value.text.startswith("."):
            return value
        given = keywords.get("package") or (positional[1] if len(positional) > 1 else None)
        packages = (
            self.constants.texts(given) if given is not None else ([self.package] if self.package else [])
        )
        level = len(value.text) - len(value.text.lstrip("."))
        for package in packages:
            module = absolute(value.text.lstrip("."), level, package)
            if module:
                return Value(
                    module, value.exact, value.origin, "relative" if value.way == "direct" else value.way
                )
        return None

    def _note_wrapper(self, argument: Node, function: str) -> None:
        if argument.type != "identifier":
            return
        for binding in self.names.resolve(self.tree.text(argument), argument):
            if binding.kind != "param" or binding.owner.type != "function_definition":
                continue
            name = field(binding.owner, "name")
            listed = field(binding.owner, "parameters")
            if name is None or listed is None:
                continue
            outer = scope_name(self.tree, binding.owner)
            qualified = f"{outer}.{self.tree.text(name)}" if outer else self.tree.text(name)
            position = next(
                (i for i, one in enumerate(named(listed)) if inside_parameter(one, binding.node)), 0
            )
            self.wrappers[qualified] = (self.tree.text(argument), position)
            if function.rsplit(".", 1)[-1] in FINDERS or function in self.finders:
                self.finders.add(qualified)


def inside_parameter(parameter: Node, name: Node) -> bool:
    """Whether a parameter (plain, typed or with default) is the one of this name."""
    return parameter.start_byte <= name.start_byte and name.end_byte <= parameter.end_byte
