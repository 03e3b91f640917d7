"""One name of a Python file to what its definitions do."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from hardcut.flow.cfg import MOST_BLOCKS, GraphTooLargeError
from hardcut.flow.summary import FunctionSummary, SummaryBlock
from hardcut.source.bodies import Body
from hardcut.source.python.body_flow import BodyFlow
from hardcut.source.python.constants import Constants
from hardcut.source.python.handles import Handles
from hardcut.source.python.importers import Importers
from hardcut.source.python.imports import scope_name
from hardcut.source.python.names import Binding, Names
from hardcut.source.python.operations import Operations
from hardcut.source.python.paths import Paths
from hardcut.source.python.tree import Tree, climb, field, named, unwrap
from hardcut.syntax import nodes
from hardcut.syntax.parser import parse
from hardcut.syntax.tree import read_module, walk

if TYPE_CHECKING:
    from tree_sitter import Node


def bodies(data: bytes, module: str | None, package: str | None, name: str) -> list[Body]:
    """What each definition of a name (`Class.member` too) does, in the file's order.

    `data` is a file's source as UTF-8. A member is also what `self.member` is set to in its class. Never
    raises for any input.
    """
    return _file(data, module, package).read(name)


@lru_cache(maxsize=8)
def _file(data: bytes, module: str | None, package: str | None) -> _Bodies:
    return _Bodies(data, module, package)


class _Bodies:
    """One file, parsed once for several of its names."""

    def __init__(self, data: bytes, module: str | None, package: str | None) -> None:
        self.tree = Tree(data)
        self.names = Names(self.tree, package)
        self.constants = Constants(self.tree, self.names, module, package)
        importers = Importers(self.tree, self.names, self.constants, package)
        paths = Paths(self.tree, self.names, module, importers.modules, self.constants)
        self.handles = Handles(self.tree, self.names, paths, importers)
        self.imports = [(entry.path, statement.start_byte) for entry, statement in self.names.imports]
        self.module = read_module(parse(data))
        self.functions = {
            node.start: node
            for node in walk(self.module)
            if isinstance(node, (nodes.FunctionDef, nodes.Lambda))
        }

    def read(self, name: str) -> list[Body]:
        """All definitions of one name."""
        self.tree.refuel()
        outer, _, leaf = name.rpartition(".")
        found: list[Body] = []
        for binding in self.names.bindings(leaf):
            if binding.scope.type not in ("module", "class_definition"):
                continue
            if scope_name(self.tree, binding.node) == outer and not _is_within_function(binding.node):
                found += self._bound(name, binding)
        return found or (self._attributes(name, outer, leaf) if outer else [])

    def _bound(self, name: str, binding: Binding) -> list[Body]:
        if binding.kind == "function":
            return [self._function(name, binding.node, binding.owner)]
        if binding.kind != "assign" or binding.owner.type == "augmented_assignment":
            return []
        value = unwrap(binding.value) if binding.value is not None else None
        if value is not None and value.type == "lambda":
            return [self._function(name, binding.node, value)]
        return [self._assigned(name, binding.node, value, self.handles.bound(binding))]

    def _assigned(self, name: str, node: Node, value: Node | None, paths: list[str]) -> Body:
        operations = Operations(self.tree, self.handles, self.constants, [value] if value else [])
        own = f"{self.handles.paths.module}.{name}"
        gives = [path for path in paths if path != own]
        summary = self._evaluated(operations, [value] if value is not None else [])
        calls, works = operations.calls, operations.works
        return Body(name, "bound", self.tree.span(node), calls, works, [], gives, summary)

    def _evaluated(self, operations: Operations, places: list[Node]) -> FunctionSummary:
        """A summary of code that evaluates some expressions, with all that they hold."""
        ranges = {(place.start_byte, place.end_byte) for place in places}
        for root in walk(self.module) if ranges else ():
            if isinstance(root, nodes.Expression) and (root.start, root.end) in ranges:
                operations.note_roles(root)
                for node in walk(root):
                    operations.does(node, 0)
        return FunctionSummary([SummaryBlock(list(range(len(operations.calls))))], [0])

    def _function(self, name: str, node: Node, function: Node) -> Body:
        span = self.tree.span(node)
        body = field(function, "body")
        written = _decorators(function)
        decorators = [path for decorator in written for path in self.handles.of(decorator)]
        operations = Operations(self.tree, self.handles, self.constants, [*written, function])
        if any(self.tree.text(decorator).rsplit(".", 1)[-1] == "overload" for decorator in written):
            return Body(name, "stub", span)
        if body is None or _is_stub(body):
            summary = self._evaluated(operations, written)
            return Body(name, "stub", span, operations.calls, summary=summary, decorators=decorators)
        found = self.functions.get(function.start_byte)
        flow = BodyFlow(operations, self.imports)
        try:
            summary = flow.read(found) if found is not None else FunctionSummary()
        except GraphTooLargeError:
            self.tree.give_up(function, f"the function has more than {MOST_BLOCKS:,} branches")
            return Body(name, "unread", span, decorators=decorators)
        kind: Literal["function", "lambda"] = "lambda" if function.type == "lambda" else "function"
        gives = list(dict.fromkeys(flow.gives))
        return Body(
            name, kind, span, operations.calls, operations.works, flow.answers, gives, summary, decorators
        )

    def _attributes(self, name: str, outer: str, leaf: str) -> list[Body]:
        """What `self.leaf` is set to in the methods of a class."""
        found: list[Body] = []
        for node in self.tree.nodes(leaf):
            target = node.parent
            if target is None or target.type != "attribute" or field(target, "attribute") != node:
                continue
            statement, holder = target.parent, field(target, "object")
            if statement is None or holder is None or self.tree.text(holder) not in ("self", "cls"):
                continue
            if statement.type != "assignment" or field(statement, "left") != target:
                continue
            if scope_name(self.tree, target).rpartition(".")[0] != outer:
                continue
            value = field(statement, "right")
            paths = self.handles.of(value) if value is not None else []
            found.append(Body(name, "bound", self.tree.span(node), gives=paths))
        return found


def _is_within_function(node: Node) -> bool:
    """Whether a definition stands within another function."""
    inner = node.parent
    return any(one.type in ("function_definition", "lambda") and one != inner for one in climb(node))


def _decorators(function: Node) -> list[Node]:
    above = function.parent
    if above is None or above.type != "decorated_definition":
        return []
    return [named(one)[0] for one in named(above) if one.type == "decorator" and named(one)]


def _is_stub(body: Node) -> bool:
    """Whether a body is `...` alone, beside a docstring."""
    if body.type != "block":
        return False
    inner = [named(one)[0] for one in named(body) if one.type == "expression_statement" and named(one)]
    kinds = {one.type for one in inner}
    return (
        len(inner) == len(named(body))
        and "ellipsis" in kinds
        and kinds <= {"ellipsis", "string", "concatenated_string"}
    )
