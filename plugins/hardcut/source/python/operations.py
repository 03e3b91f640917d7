"""A function's expressions: the calls that they make, and what they work out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Literal

from hardcut.source.bodies import Called, Kind, Role, Work
from hardcut.source.python.constants import Constants
from hardcut.source.python.handles import Handles
from hardcut.source.python.tree import Tree, unwrap
from hardcut.source.python.works import aggregated, compared, is_built, is_constant, makes_set, operated
from hardcut.syntax import nodes
from hardcut.syntax.nodes import Expression

if TYPE_CHECKING:
    from tree_sitter import Node as Place

LONGEST_TEXT = 200
"""Characters of a constant that may be a name."""
TYPED = frozenset({"isinstance", "issubclass", "cast", "TypeVar", "NewType"})
"""Calls among whose arguments are types."""
TEXTUAL = frozenset({"string", "identifier", "attribute", "tuple", "list", "concatenated_string"})


class Operations:
    """Collects the calls and works of one function; each operation once, however often the graph has it.

    `roots` are the function's places in the tree that names are resolved in.
    """

    def __init__(self, tree: Tree, handles: Handles, constants: Constants, roots: Sequence[Place]) -> None:
        self.tree = tree
        self.handles = handles
        self.constants = constants
        self.calls: list[Called] = []
        self.works: list[Work] = []
        self.roles: dict[nodes.Node, Role | Literal["type"]] = {}
        self._made: dict[nodes.Node, list[int]] = {}
        self._blocks: dict[nodes.Node, list[int]] = {}
        self._built: dict[nodes.Node, bool] = {}
        self._sets: dict[nodes.Node, bool] = {}
        # The innermost node of each range. Looking for each from the root is quadratic in a chain.
        self._places: dict[tuple[int, int], Place] = {}
        waiting = list(reversed(roots))
        while waiting:
            place = waiting.pop()
            self._places[(place.start_byte, place.end_byte)] = place
            handles.names.note_scopes(place)
            waiting += reversed(place.named_children)

    def place(self, node: nodes.Node) -> Place:
        """The same place in the tree that names are resolved in."""
        found = self._places.get((node.start, node.end))
        return found if found is not None else self.tree.node_at(node.start, node.end)

    def paths(self, node: nodes.Node) -> list[str]:
        """The paths that an expression may stand for."""
        return self.handles.of(self.place(node))

    def note_roles(self, root: nodes.Node) -> None:
        """Note what takes the result of the expressions in a statement, or in a lambda."""
        waiting: list[tuple[nodes.Node, Role | Literal["type"]]] = [(root, "value")]
        while waiting:
            node, role = waiting.pop()
            if role != "value":
                self.roles[node] = role
            waiting += [(child, _role_of(node, child, role)) for child in node.children()]

    def does(self, node: nodes.Node, block: int) -> list[int]:
        """The calls that an operation makes, by their places in `calls`; its works are noted."""
        blocks = self._blocks.setdefault(node, [])
        blocks.append(block)
        if len(blocks) == 1:
            self._made[node] = []
            if self.roles.get(node) != "type" and self.tree.spend(5):
                self._made[node] = self._operate(node, blocks)
        return self._made[node]

    def _operate(self, node: nodes.Node, blocks: list[int]) -> list[int]:
        if isinstance(node, nodes.Call):
            return self._call(node, blocks)
        if isinstance(node, nodes.Compare):
            return self._compare(node, blocks)
        if isinstance(node, nodes.Subscript):
            return self._operator(node.value, "__getitem__", node)
        if isinstance(node, nodes.BinOp):
            self._binary(node.op, node.left, node.right, node, blocks)
            return [
                *self._operator(node.left, "__op__", node),
                *self._operator(node.right, "__op__", node),
            ]
        if isinstance(node, nodes.UnaryOp) and node.op != "not":
            if not is_constant(self.tree, self.place(node.operand)):
                self._work("arithmetic", node, [node.operand], blocks)
            return self._operator(node.operand, "__invert__", node)
        if isinstance(node, nodes.AugAssign):
            self._binary(f"{node.op}=", node.target, node.value, node, blocks)
        elif isinstance(node, nodes.MatchCase) and _compares(node.pattern):
            self.works.append(Work("comparison", self.tree.span(self.place(node.pattern)), blocks))
        return []

    def _call(self, node: nodes.Call, blocks: list[int]) -> list[int]:
        paths = self.paths(node.func)
        if not paths and isinstance(node.func, nodes.Name) and node.func.id in ("exit", "quit"):
            paths = [f"builtins.{node.func.id}"]
        values = [_unstarred(value) for value in node.args]
        values += [keyword.value for keyword in node.keywords]
        keyed = {
            keyword.arg: found
            for keyword in node.keywords
            if keyword.arg is not None and (found := self.paths(keyword.value))
        }
        given = dict.fromkeys(path for value in values for path in self.paths(value))
        texts = dict.fromkeys(text for value in values for text in self._texts(self.place(value)))
        kind = aggregated(self.tree, self.place(node), paths)
        if kind is not None:
            self.works.append(Work(kind, self.tree.span(self.place(node)), blocks, paths))
        role = self.roles.get(node, "value")
        return self._add(
            Called(
                paths,
                self.tree.span(self.place(node.func)),
                "value" if role == "type" else role,
                list(given),
                list(texts),
                keyed,
            )
        )

    def _texts(self, node: Place) -> list[str]:
        """The constant strings that an argument is, or holds."""
        if node.type not in TEXTUAL:
            return []
        found = self.constants.texts(node)
        if not found and node.type != "string":
            found = [value.text for value in self.constants.held(node) if value.exact]
        return [text for text in found if len(text) < LONGEST_TEXT]

    def _add(self, call: Called) -> list[int]:
        self.calls.append(call)
        return [len(self.calls) - 1]

    def _operator(self, value: Expression, method: str, node: nodes.Node) -> list[int]:
        """An operator on an object is a call of its method."""
        paths = [f"{path}.{method}" for path in self.paths(value) if not path.endswith("()")]
        return self._add(Called(paths, self.tree.span(self.place(node)))) if paths else []

    def _compare(self, node: nodes.Compare, blocks: list[int]) -> list[int]:
        kind = compared(self.tree, self.place(node))
        if kind is None:
            return []
        self._work(kind, node, [node.left, *node.comparators], blocks)
        return self._operator(node.left, "__eq__", node)

    def _binary(
        self, sign: str, left: Expression, right: Expression, node: nodes.Node, blocks: list[int]
    ) -> None:
        """A binary operator, or an augmented assignment, that may work something out."""
        sides = (left, right)
        if sign.rstrip("=") == "+" and any(self._is_bound(side, is_built) for side in sides):
            return
        built = any(self._holds(side, self._built, self._is_built) for side in sides)
        is_set = any(self._holds(side, self._sets, self._is_set) for side in sides)
        kind = operated(self.tree, sign, self.place(left), self.place(right), is_set, built)
        if kind is not None:
            self._work(kind, node, [left, right], blocks)

    def _holds(
        self, node: Expression, known: dict[nodes.Node, bool], shows: Callable[[Expression], bool]
    ) -> bool:
        """Whether an expression, or an operand of it, shows something; each link of a chain is asked once."""
        chain: list[nodes.BinOp] = []
        while isinstance(node, nodes.BinOp) and node not in known:
            chain.append(node)
            node = node.left
        found = known[node] if isinstance(node, nodes.BinOp) else shows(node)
        for link in reversed(chain):
            found = found or self._holds(link.right, known, shows)
            known[link] = found
        return found

    def _is_built(self, node: Expression) -> bool:
        return is_built(self.tree, self.place(node))

    def _is_set(self, node: Expression) -> bool:
        return makes_set(self.tree, self.place(node)) or self._is_bound(node, makes_set)

    def _is_bound(self, node: Expression, shows: Callable[[Tree, Place], bool]) -> bool:
        """Whether a name is bound to something that shows what it is."""
        return isinstance(node, nodes.Name) and any(
            binding.kind == "assign"
            and binding.owner.type == "assignment"
            and binding.value is not None
            and not binding.index
            and shows(self.tree, unwrap(binding.value))
            for binding in self.handles.names.resolve(node.id, self.place(node))
        )

    def _work(self, kind: Kind, node: nodes.Node, parts: list[Expression], blocks: list[int]) -> None:
        on = dict.fromkeys(path for part in parts for path in self.paths(part))
        constants = [place for part in parts if is_constant(self.tree, place := self.place(part))]
        small = any(self.tree.text(unwrap(place)) in ("0", "1", "-1") for place in constants)
        against: Literal["", "constant", "unit"] = "unit" if small else "constant" if constants else ""
        self.works.append(Work(kind, self.tree.span(self.place(node)), blocks, list(on), against))


def _role_of(node: nodes.Node, child: nodes.Node, role: Role | Literal["type"]) -> Role | Literal["type"]:
    """What takes the result of a part of a node."""
    if role == "type" or child is _annotation(node):
        return "type"
    if isinstance(node, (nodes.If, nodes.While, nodes.IfExp, nodes.Assert)) and child is node.test:
        return "test"
    if isinstance(node, (nodes.Match, nodes.MatchCase, nodes.Comprehension)):
        return "test" if child in _tests(node) else "value"
    if isinstance(node, nodes.Expr):
        return "alone"
    if isinstance(node, nodes.Call):
        return "type" if child in _types_in(node) else "value"
    passes = isinstance(node, (nodes.Compare, nodes.BoolOp, nodes.IfExp, nodes.Await))
    return role if passes or (isinstance(node, nodes.UnaryOp) and node.op == "not") else "value"


def _annotation(node: nodes.Node) -> Expression | None:
    if isinstance(node, (nodes.AnnAssign, nodes.Arg)):
        return node.annotation
    return node.returns if isinstance(node, nodes.FunctionDef) else None


def _tests(node: nodes.Match | nodes.MatchCase | nodes.Comprehension) -> list[nodes.Node]:
    if isinstance(node, nodes.Comprehension):
        return [*node.ifs]
    if isinstance(node, nodes.Match):
        return [node.subject]
    return [node.guard] if node.guard is not None else []


def _types_in(node: nodes.Call) -> list[nodes.Node]:
    """The arguments of a call that are types: all but the first, or the last of `cast`."""
    function = node.func
    name = function.id if isinstance(function, nodes.Name) else ""
    name = function.attr if isinstance(function, nodes.Attribute) else name
    if name not in TYPED:
        return []
    given: list[nodes.Node] = [*node.args, *node.keywords]
    return given[:-1] if name == "cast" else given[1:]


def _unstarred(node: Expression) -> Expression:
    return node.value if isinstance(node, nodes.Starred) else node


def _compares(pattern: nodes.Pattern) -> bool:
    """Whether a pattern compares with a value: a literal, or a dotted name."""
    while isinstance(pattern, nodes.MatchAs) and pattern.pattern is not None:
        pattern = pattern.pattern
    if isinstance(pattern, nodes.MatchOr):
        return any(_compares(part) for part in pattern.patterns)
    return isinstance(pattern, nodes.MatchValue)
