"""Compares a syntax tree with what the running interpreter's `ast` makes of the same source."""

from __future__ import annotations

import ast

from hardcut.syntax import nodes, tree
from hardcut.syntax.parser import parse

OPERATORS: dict[type[ast.AST], str] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.MatMult: "@", ast.Div: "/", ast.Mod: "%", ast.Pow: "**",
    ast.LShift: "<<", ast.RShift: ">>", ast.BitOr: "|", ast.BitXor: "^", ast.BitAnd: "&", ast.FloorDiv: "//",
    ast.And: "and", ast.Or: "or", ast.Invert: "~", ast.Not: "not", ast.UAdd: "+", ast.USub: "-",
    ast.Eq: "==",
    ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Is: "is",
    ast.IsNot: "is not", ast.In: "in", ast.NotIn: "not in",
}  # fmt: skip
NAMES = {
    "AsyncFunctionDef": "FunctionDef", "AsyncFor": "For", "AsyncWith": "With", "TryStar": "Try",
    "arguments": "Arguments", "arg": "Arg", "keyword": "Keyword", "alias": "Alias", "withitem": "WithItem",
    "match_case": "MatchCase", "comprehension": "Comprehension",
}  # fmt: skip
LEFT_OUT = frozenset({"ctx", "kind", "type_comment", "type_ignores"})
WITHOUT_PLACE = frozenset(
    {
        # The stream has no places for these; see `nodes`.
        "Keyword", "Alias", "TypeVar", "ParamSpec", "TypeVarTuple", "Expr", "BinOp",
        # `ast` counts the parentheses of the call, the stream does not; the end of `*(a)` in a call neither.
        "GeneratorExp", "Starred",
    }
)  # fmt: skip


class DifferenceError(AssertionError):
    """Two trees are not the same."""


def compare(source: bytes) -> None:
    """Raise `DifferenceError` if the trees of a source (UTF-8, `\\n` line ends) differ.

    `SyntaxError` and `ValueError` are the interpreter's, about a source that it cannot read.
    """
    wanted = ast.parse(source.decode())
    parsed = parse(source)
    Comparison(parsed.lines).nodes(wanted, tree.read_module(parsed), "")


class Comparison:
    """One comparison; `lines` are the offsets at which lines start."""

    def __init__(self, lines: list[int]) -> None:
        self.lines = lines
        self.in_string = 0

    def nodes(self, wanted: ast.AST, found: nodes.Node, path: str) -> None:
        name = type(wanted).__name__
        kind = NAMES.get(name, name)
        path = f"{path}.{kind}"
        self.equal(kind, type(found).__name__, path)
        if kind in ("FunctionDef", "For", "With"):
            self.equal(name.startswith("Async"), found.is_async, path)
        if kind == "Try":
            self.equal(name == "TryStar", found.is_star, path)
        self.place(wanted, found, path)
        self.in_string += name == "JoinedStr"
        for field in wanted._fields:
            if field not in LEFT_OUT:
                value = getattr(wanted, field, None)
                if field == "conversion":
                    value = None if value == -1 else chr(value)
                elif field in ("is_async", "simple"):
                    value = bool(value)
                self.values(value, getattr(found, field), f"{path}.{field}")
        self.in_string -= name == "JoinedStr"

    def place(self, wanted: ast.AST, found: nodes.Node, path: str) -> None:
        # Before 3.12 the places in an f-string are not those of the source.
        if not isinstance(wanted, (ast.stmt, ast.expr, ast.pattern, ast.arg, ast.excepthandler)):
            return
        if self.in_string or type(found).__name__ in WITHOUT_PLACE:
            return
        start = self.lines[wanted.lineno - 1] + wanted.col_offset
        self.equal((wanted.lineno, start), (found.line, found.start), f"{path} start")
        if not isinstance(wanted, ast.stmt):
            # The end of a statement may count a semicolon or not, by the version.
            end = self.lines[(wanted.end_lineno or 1) - 1] + (wanted.end_col_offset or 0)
            self.equal(end, found.end, f"{path} end, line {wanted.lineno}")

    def values(self, wanted: object, found: object, path: str) -> None:
        if isinstance(wanted, ast.AST) and type(wanted) not in OPERATORS:
            assert isinstance(found, nodes.Node), (path, found)
            self.nodes(wanted, found, path)
        elif isinstance(wanted, list):
            assert isinstance(found, list)
            self.equal(len(wanted), len(found), path)
            for one, other in zip(wanted, found, strict=True):
                self.values(one, other, path)
        else:
            self.equal(OPERATORS.get(type(wanted), wanted), found, path)  # type: ignore[call-overload]

    def equal(self, wanted: object, found: object, path: str) -> None:
        if type(wanted) is type(found) and (wanted == found or wanted != wanted):
            return
        # A lone surrogate in a string is U+FFFD in the stream.
        if isinstance(wanted, str) and isinstance(found, str) and "\ufffd" in found:
            return
        raise DifferenceError(f"{path}: {wanted!r} is {found!r}")
