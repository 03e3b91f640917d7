"""What the code does with a string: whose argument, entry, element or operand it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

from hardcut.source.facts import Span
from hardcut.source.python.constants import Constants, literal_text
from hardcut.source.python.paths import Paths
from hardcut.source.python.tree import Tree, climb, field, named, same, wrap

if TYPE_CHECKING:
    from tree_sitter import Node

Container = Literal["tuple", "list", "set", "dict", "none"]
CONTAINERS: dict[str, Container] = {
    "tuple": "tuple",
    "list": "list",
    "set": "set",
    "dictionary": "dict",
    "expression_list": "tuple",
}
MAPPINGS = frozenset({"dict", "OrderedDict"})
"""Last names of functions whose keywords are the keys of a table."""
MOST = 20
"""How many elements beside a string are noted: a sample, by which its list is known for what it is."""


class Use(msgspec.Struct):
    """What the code does with one string expression."""

    callee: str | None = None
    argument: str | None = None
    role: str = "other"
    pair: str | None = None
    container: Container = "none"
    siblings: list[str] = []
    key: str | None = None


class Uses:
    """Tells the uses of one file's strings."""

    def __init__(self, tree: Tree, constants: Constants, paths: Paths) -> None:
        self.tree = tree
        self.constants = constants
        self.paths = paths
        self._listed: dict[int, tuple[list[Node], dict[int, int]]] = {}

    def of(self, node: Node) -> Use:
        """The use of a string expression, by the syntax around it."""
        node = wrap(node)
        parent = node.parent
        if parent is None:
            return Use()
        kind = parent.type
        if kind in ("argument_list", "keyword_argument"):
            return self._argument(node, parent)
        if kind == "pair":
            return self._pair(node, parent)
        if kind in CONTAINERS:
            return self._element(node, parent)
        if kind == "comparison_operator":
            others = [self.tree.text(one) for one in named(parent) if one.id != node.id]
            return Use(role="compare", siblings=others)
        if kind == "subscript":
            value = field(parent, "value")
            return Use(self.tree.text(value)[:200] if value is not None else None, role="subscript")
        if kind == "attribute":
            return self._split(parent)
        if kind == "type":
            return Use(role="annotation")
        if kind in ("assignment", "augmented_assignment"):
            left = field(parent, "left")
            return Use(
                role="assigned", key=None, callee=None, argument=self.tree.text(left)[:100] if left else None
            )
        return Use()

    def _argument(self, node: Node, parent: Node) -> Use:
        argument: str | None = None
        listed: Node | None = parent
        if parent.type == "keyword_argument":
            key = field(parent, "name")
            argument = self.tree.text(key) if key is not None else None
            listed = parent.parent
        call = listed.parent if listed is not None else None
        if listed is None or call is None or call.type != "call":
            return Use(role="argument", argument=argument)
        given, places = self._children(listed)
        if argument is None:
            argument = str(places.get(node.id, 0))
        use = Use(self.callee(call), argument, "argument")
        if use.callee is not None and f".{use.callee}".rpartition(".")[0].endswith(".__all__"):
            use.role = "all"
        if parent.type == "keyword_argument" and _last(use.callee) in MAPPINGS:
            # `dict(Money="shop.prices")` is `{"Money": "shop.prices"}`.
            return Use(role="value", container="dict", key=argument, pair=self._target(node, argument))
        values = [self._plain(one) for one in given[:2]]
        first, second = (*values, None, None)[:2]
        if argument in ("0", "1") and first and second and "." in first and second.isidentifier():
            use.pair = f"{first}.{second}"
        return use

    def _split(self, attribute: Node) -> Use:
        """The names of a text that is split: `__all__ = "Cart ship".split()`."""
        call, name = attribute.parent, field(attribute, "attribute")
        is_split = name is not None and self.tree.text(name) == "split"
        if is_split and call is not None and call.type == "call" and self._is_all(wrap(call)):
            return Use(role="all")
        return Use()

    def _children(self, parent: Node) -> tuple[list[Node], dict[int, int]]:
        """A node's named children and their positions, listed once."""
        found = self._listed.get(parent.id)
        if found is None:
            children = named(parent)
            found = (children, {one.id: place for place, one in enumerate(children)})
            self._listed[parent.id] = found
        return found

    def callee(self, call: Node) -> str | None:
        """The dotted path of a called function, or its source where that is unknown."""
        function = field(call, "function")
        if function is None:
            return None
        known = self.paths.of(function)
        text = self.tree.text(function)
        return known[0].path if known else (text[:200] if len(text) < 200 else None)

    def _pair(self, node: Node, parent: Node) -> Use:
        key, value = field(parent, "key"), field(parent, "value")
        is_key = same(key, node)
        use = Use(role="key" if is_key else "value", container="dict")
        plain = self._plain(key) if key is not None else None
        use.key = plain
        if value is not None:
            target = self._target(value, plain)
            if target is not None and target.isidentifier() is False:
                use.pair = target
        if self._names(parent) == "loggers":
            use.role = "logger"
        return use

    def _target(self, value: Node, key: str | None) -> str | None:
        """What a registry's value names: `("mod", "name")`, `"mod:name"`, or `"mod"` for its own key."""
        if value.type in ("tuple", "list"):
            parts = [self._plain(one) for one in named(value)[:2]]
            if len(parts) == 2 and parts[0] and parts[1] and parts[1].isidentifier() and "." in parts[0]:
                return f"{parts[0]}.{parts[1]}"
            return None
        text = self._plain(value)
        if text is None:
            return None
        if ":" in text:
            return text.replace(":", ".")
        if "." in text and key is not None and key.isidentifier():
            return text if text.rsplit(".", 1)[-1] == key else f"{text}.{key}"
        return None

    def _names(self, pair: Node) -> str | None:
        """The key under which the dictionary of a pair itself stands."""
        outer = pair.parent.parent if pair.parent is not None else None
        if outer is not None and outer.type == "pair" and (key := field(outer, "key")) is not None:
            return self._plain(key)
        return None

    def _element(self, node: Node, parent: Node) -> Use:
        parts, _ = self._children(parent)
        beside = [one for one in parts[: MOST + 1] if one.id != node.id]
        siblings = [text for one in beside[:MOST] if (text := self._plain(one)) is not None]
        use = Use(role="element", container=CONTAINERS[parent.type], siblings=siblings)
        if parent.type in ("tuple", "list") and len(parts) in (2, 3):
            first, second = self._plain(parts[0]), self._plain(parts[1])
            if first and second and "." in first and second.isidentifier():
                use.pair = f"{first}.{second}"
                above = parent.parent
                if above is not None and above.type == "pair" and (key := field(above, "key")) is not None:
                    use.key = self._plain(key)
                    use.role = "pair"
        above = parent.parent
        if use.pair is None and above is not None and above.type == "pair":
            key = field(above, "key")
            if (
                key is not None
                and (name := self._plain(key))
                and (own := self._plain(node))
                and own.isidentifier()
            ):
                use.pair, use.key, use.role = f".{name}.{own}", own, "member"
        if self._is_all(parent):
            use.role = "all"
        return use

    def _is_all(self, container: Node) -> bool:
        child = container
        for parent in climb(container):
            if parent.type in ("assignment", "augmented_assignment"):
                left = field(parent, "left")
                return left is not None and self.tree.text(left) == "__all__"
            if parent.type == "call":
                function = field(parent, "function")
                if function is not None and self.tree.text(function).startswith("__all__."):
                    return True
            if parent.type not in (
                "binary_operator",
                "parenthesized_expression",
                "list",
                "tuple",
                "argument_list",
                "call",
                "list_splat",
            ):
                return False
            child = parent
        return child is None

    def _plain(self, node: Node | None) -> str | None:
        """The text of an expression with one constant value."""
        if node is None:
            return None
        if node.type == "string":
            return literal_text(self.tree, node)
        if node.type in (
            "identifier",
            "attribute",
            "binary_operator",
            "concatenated_string",
            "parenthesized_expression",
        ):
            values = self.constants.texts(node)
            return values[0] if len(values) == 1 else None
        return None


def _last(path: str | None) -> str:
    return path.rpartition(".")[2] if path is not None else ""


def pair_span(tree: Tree, node: Node) -> Span:
    """The span of the dictionary entry around a node, or its own."""
    for parent in climb(node):
        if parent.type == "pair":
            return tree.span(parent)
    return tree.span(node)
