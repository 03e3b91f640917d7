"""Which operators and calls work a value out, and which merely build, test or convert one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hardcut.source.bodies import Kind
from hardcut.source.python.tree import Tree, arguments, field, named, unwrap

if TYPE_CHECKING:
    from tree_sitter import Node

DEPTH = 100
"""How deep an operand is looked into: CPython reads no more brackets than twice as many."""
BUILT = frozenset(
    {
        "string",
        "concatenated_string",
        "list",
        "tuple",
        "dictionary",
        "list_comprehension",
        "dictionary_comprehension",
    }
)
"""Operands that make `+`, `|` and `*` put something together."""
BUILDERS = frozenset({"str", "list", "tuple", "dict", "repr", "bytes", "join", "format", "Path", "PurePath"})
SETS = frozenset({"set", "set_comprehension"})
SET_MAKERS = frozenset({"set", "frozenset", "keys"})
SET_METHODS = frozenset(
    {
        "union",
        "intersection",
        "difference",
        "symmetric_difference",
        "issubset",
        "issuperset",
        "isdisjoint",
        "intersection_update",
        "difference_update",
    }
)
AGGREGATES = frozenset({"sum", "max", "min", "abs", "round", "pow", "divmod"})
AGGREGATE_PATHS = re.compile(
    r"(functools\.reduce|itertools\.(accumulate|groupby)|(math|statistics|operator)\.\w+)\Z"
)
UNITS = frozenset({"10", "60", "100", "1000", "1024", "3600", "86400", "1000000", "1000000000"})
"""Factors from one unit to another: seconds to milliseconds, bytes to kibibytes."""
LITERALS = frozenset({"integer", "float", "string", "true", "false", "none", "concatenated_string"})
ENVIRONMENT = re.compile(r"(^|\.)(sys\.(version_info|platform|byteorder)|os\.name|platform\.\w+|__debug__)\b")
CONSTANT = re.compile(r"_?[A-Z][A-Z0-9_]*")
CLASS = re.compile(r"_?[A-Z]\w*[a-z]\w*")
"""A name that is written as a class is."""
EMPTY = frozenset({"()", "[]", "{}", '""', "''", "b''", 'b""'})


def is_constant(tree: Tree, node: Node, depth: int = 0) -> bool:
    """Whether an expression is written as a constant: a literal, or a name in capitals."""
    node = unwrap(node)
    if node.type == "unary_operator" and named(node):
        node = named(node)[0]
    if node.type in LITERALS:
        return True
    if node.type in ("tuple", "list", "set"):
        return depth < DEPTH and all(is_constant(tree, one, depth + 1) for one in named(node))
    last = tree.text(node).rsplit(".", 1)[-1] if node.type in ("identifier", "attribute") else ""
    return CONSTANT.fullmatch(last) is not None


def _called(tree: Tree, node: Node) -> str:
    function = field(node, "function") if node.type == "call" else None
    return tree.text(function).rsplit(".", 1)[-1] if function is not None else ""


def _is_length(tree: Tree, node: Node) -> bool:
    return _called(tree, node) == "len"


def _is_type(tree: Tree, node: Node) -> bool:
    if node.type == "identifier" and CLASS.fullmatch(tree.text(node)):
        return True
    last = tree.text(node).rsplit(".", 1)[-1] if node.type == "attribute" else ""
    return _called(tree, node) == "type" or last in ("__class__", "__name__", "ndim", "dtype", "shape")


def compared(tree: Tree, node: Node) -> Kind | None:
    """What a comparison works out; None for one that asks for a shape.

    Shapes are identity, types, emptiness and length, a key that is written out, and the interpreter.
    """
    parts = [unwrap(one) for one in named(node)]
    signs = [one.type for one in node.children_by_field_name("operators")]
    kind: Kind | None = None
    for at, sign in enumerate(signs):
        left, right = parts[at], parts[at + 1] if at + 1 < len(parts) else parts[at]
        both = (left, right)
        if sign in ("is", "is not", "is", "not"):
            continue
        if any(ENVIRONMENT.search(tree.text(one)[:200]) or _is_type(tree, one) for one in both):
            continue
        lengths = [_is_length(tree, one) for one in both]
        if all(lengths) or (any(lengths) and any(one.type == "integer" for one in both)):
            continue
        if sign in ("in", "not in"):
            if left.type == "string":
                continue
            kind = kind or "comparison"
        elif sign in ("==", "!="):
            shape = any(
                one.type in ("none", "true", "false", "ellipsis") or tree.text(one)[:3] in EMPTY
                for one in both
            )
            kind = kind if shape else kind or "comparison"
        else:
            kind = "order"
    return kind


def operated(tree: Tree, sign: str, left: Node, right: Node, is_set: bool, built: bool) -> Kind | None:
    """What a binary operator works out; None where it puts together, joins flags or changes a unit.

    `is_set`: an operand is a set, by the file; `built`: one shows that something is put together.
    """
    both = (unwrap(left), unwrap(right))
    sign = sign.rstrip("=") or sign
    if sign == "+" and built:
        return None
    if sign == "%" and both[0].type in ("string", "concatenated_string"):
        return None
    if sign == "|" and (built or all(is_constant(tree, one) for one in both)):
        return None
    if sign == "*" and any(one.type in ("list", "tuple", "string") for one in both):
        return None
    if sign in ("*", "/", "//") and any(_is_unit(tree, one) for one in both):
        return None
    if sign == "/" and any(
        one.type == "string" or _called(tree, one) in ("Path", "PurePath") for one in both
    ):
        return None
    if all(is_constant(tree, one) for one in both):
        return None
    if sign in ("-", "|", "&", "^") and is_set:
        return "set"
    return "bits" if sign in ("|", "&", "^") else "arithmetic"


def is_built(tree: Tree, node: Node, depth: int = 0) -> bool:
    """Whether an operand shows that something is put together."""
    while node.type == "binary_operator":
        right, left = field(node, "right"), field(node, "left")
        if right is not None and depth < DEPTH and is_built(tree, unwrap(right), depth + 1):
            return True
        if left is None:
            return False
        node = unwrap(left)
    return node.type in BUILT or _called(tree, node) in BUILDERS


def _is_unit(tree: Tree, node: Node) -> bool:
    text = tree.text(node).replace("_", "").lower()
    if "e" in text and node.type == "float":
        return re.fullmatch(r"1(\.0*)?e[+-]?\d+", text) is not None
    return node.type in ("integer", "float") and text.removesuffix(".0").removesuffix(".") in UNITS


def makes_set(tree: Tree, node: Node) -> bool:
    """Whether an expression is written as a set."""
    return unwrap(node).type in SETS or _called(tree, unwrap(node)) in SET_MAKERS


def aggregated(tree: Tree, call: Node, paths: list[str]) -> Kind | None:
    """What a call works out by a means of Python's own: `sum(x)`, `math.floor(x)`, `a.issubset(b)`."""
    function = field(call, "function")
    if function is None:
        return None
    if function.type == "identifier" and tree.text(function) in AGGREGATES and not paths:
        given, _ = arguments(call)
        return None if given and all(is_constant(tree, one) for one in given) else "aggregate"
    if any(AGGREGATE_PATHS.match(one) for one in paths):
        return "aggregate"
    if function.type == "attribute" and tree.text(function).rsplit(".", 1)[-1] in SET_METHODS:
        return "set"
    return None
