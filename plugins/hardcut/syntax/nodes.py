"""The syntax tree: one class a construct, with the names and fields of the standard `ast` module.

Differences from `ast`, each on purpose:

- `start` and `end` are byte offsets into the source (UTF-8), `line` is the line of `start`, counted from 1.
- Operators are their source text (`"+"`, `"not in"`), not classes.
- There is no `ctx`: whether a name is read, bound or deleted follows from the field that holds it.
- Asynchronous and starred forms are the flags `is_async` and `is_star` of one class. `ast` has a class for
  each (`AsyncFor`, `TryStar`), and code that forgets one of them has a hole.
- The base classes are `Expression`, `Statement` and `Pattern`; helpers are in CamelCase (`Keyword`).
- Helpers to which the parser gives no place (`Keyword`, `Comprehension`, `Alias`, type parameters) have the
  range of what they hold, or of their statement. The range of a binary operation is from one operand to the
  other, without their parentheses; an expression statement has the range of its expression.

All classes are final and declare their attributes, so that mypyc compiles attribute access to a load.
"""

from __future__ import annotations

from types import EllipsisType
from typing import Literal, final
from typing import TypeAlias as _Alias

ConstantValue: _Alias = "str | bytes | int | float | complex | bool | EllipsisType | None"
BinaryOperator: _Alias = Literal["+", "-", "*", "@", "/", "%", "**", "<<", ">>", "|", "^", "&", "//"]
BooleanOperator: _Alias = Literal["and", "or"]
ComparisonOperator: _Alias = Literal["==", "!=", "<", "<=", ">", ">=", "is", "is not", "in", "not in"]
UnaryOperator: _Alias = Literal["~", "not", "+", "-"]


class Node:
    """A place in the tree."""

    __slots__ = ("end", "line", "start")

    def __init__(self, line: int, start: int, end: int) -> None:
        self.line = line
        self.start = start
        self.end = end

    def children(self) -> list[Node]:
        """The nodes that this one holds, in the order of its fields."""
        return []


def _present(*nodes: Node | None) -> list[Node]:
    return [node for node in nodes if node is not None]


class Expression(Node):
    """Something that has a value."""

    __slots__ = ()


class Statement(Node):
    """A statement."""

    __slots__ = ()


class Pattern(Node):
    """What follows `case`, or a part of it."""

    __slots__ = ()


class TypeParameter(Node):
    """A type parameter: `T` in `def f[T](): ...`."""

    __slots__ = ()


@final
class Module(Node):
    """A file."""

    __slots__ = ("body",)

    def __init__(self, line: int, start: int, end: int, body: list[Statement]) -> None:
        self.line, self.start, self.end = line, start, end
        self.body = body

    def children(self) -> list[Node]:
        return [*self.body]


@final
class FunctionDef(Statement):
    """`def` and `async def`; the range starts at the keyword, not at a decorator."""

    __slots__ = ("args", "body", "decorator_list", "is_async", "name", "returns", "type_params")

    def __init__(
        self,
        line: int,
        start: int,
        end: int,
        name: str,
        args: Arguments,
        body: list[Statement],
        decorator_list: list[Expression],
        returns: Expression | None,
        type_params: list[TypeParameter],
        is_async: bool,
    ) -> None:
        self.line, self.start, self.end = line, start, end
        self.name = name
        self.args = args
        self.body = body
        self.decorator_list = decorator_list
        self.returns = returns
        self.type_params = type_params
        self.is_async = is_async

    def children(self) -> list[Node]:
        return _present(self.args, *self.body, *self.decorator_list, self.returns, *self.type_params)


@final
class ClassDef(Statement):
    """`class`; the range starts at the keyword, not at a decorator."""

    __slots__ = ("bases", "body", "decorator_list", "keywords", "name", "type_params")

    def __init__(
        self,
        line: int,
        start: int,
        end: int,
        name: str,
        bases: list[Expression],
        keywords: list[Keyword],
        body: list[Statement],
        decorator_list: list[Expression],
        type_params: list[TypeParameter],
    ) -> None:
        self.line, self.start, self.end = line, start, end
        self.name = name
        self.bases = bases
        self.keywords = keywords
        self.body = body
        self.decorator_list = decorator_list
        self.type_params = type_params

    def children(self) -> list[Node]:
        return [*self.bases, *self.keywords, *self.body, *self.decorator_list, *self.type_params]


@final
class Return(Statement):
    """`return`."""

    __slots__ = ("value",)

    def __init__(self, line: int, start: int, end: int, value: Expression | None) -> None:
        self.line, self.start, self.end = line, start, end
        self.value = value

    def children(self) -> list[Node]:
        return _present(self.value)


@final
class Delete(Statement):
    """`del`."""

    __slots__ = ("targets",)

    def __init__(self, line: int, start: int, end: int, targets: list[Expression]) -> None:
        self.line, self.start, self.end = line, start, end
        self.targets = targets

    def children(self) -> list[Node]:
        return [*self.targets]


@final
class Assign(Statement):
    """`a = b = value`."""

    __slots__ = ("targets", "value")

    def __init__(self, line: int, start: int, end: int, targets: list[Expression], value: Expression) -> None:
        self.line, self.start, self.end = line, start, end
        self.targets = targets
        self.value = value

    def children(self) -> list[Node]:
        return [*self.targets, self.value]


@final
class TypeAlias(Statement):
    """`type X = ...`."""

    __slots__ = ("name", "type_params", "value")

    def __init__(
        self,
        line: int,
        start: int,
        end: int,
        name: Expression,
        type_params: list[TypeParameter],
        value: Expression,
    ) -> None:
        self.line, self.start, self.end = line, start, end
        self.name = name
        self.type_params = type_params
        self.value = value

    def children(self) -> list[Node]:
        return [self.name, *self.type_params, self.value]


@final
class AugAssign(Statement):
    """`target += value`; `op` is the operator without `=`."""

    __slots__ = ("op", "target", "value")

    def __init__(
        self, line: int, start: int, end: int, target: Expression, op: BinaryOperator, value: Expression
    ) -> None:
        self.line, self.start, self.end = line, start, end
        self.target = target
        self.op = op
        self.value = value

    def children(self) -> list[Node]:
        return [self.target, self.value]


@final
class AnnAssign(Statement):
    """`target: annotation = value`; `simple` if the target is a bare name."""

    __slots__ = ("annotation", "simple", "target", "value")

    def __init__(
        self,
        line: int,
        start: int,
        end: int,
        target: Expression,
        annotation: Expression,
        value: Expression | None,
        simple: bool,
    ) -> None:
        self.line, self.start, self.end = line, start, end
        self.target = target
        self.annotation = annotation
        self.value = value
        self.simple = simple

    def children(self) -> list[Node]:
        return _present(self.target, self.annotation, self.value)


@final
class For(Statement):
    """`for` and `async for`."""

    __slots__ = ("body", "is_async", "iter", "orelse", "target")

    def __init__(
        self,
        line: int,
        start: int,
        end: int,
        target: Expression,
        iter: Expression,
        body: list[Statement],
        orelse: list[Statement],
        is_async: bool,
    ) -> None:
        self.line, self.start, self.end = line, start, end
        self.target = target
        self.iter = iter
        self.body = body
        self.orelse = orelse
        self.is_async = is_async

    def children(self) -> list[Node]:
        return [self.target, self.iter, *self.body, *self.orelse]


@final
class While(Statement):
    """`while`."""

    __slots__ = ("body", "orelse", "test")

    def __init__(
        self,
        line: int,
        start: int,
        end: int,
        test: Expression,
        body: list[Statement],
        orelse: list[Statement],
    ) -> None:
        self.line, self.start, self.end = line, start, end
        self.test = test
        self.body = body
        self.orelse = orelse

    def children(self) -> list[Node]:
        return [self.test, *self.body, *self.orelse]


@final
class If(Statement):
    """`if`; an `elif` is an `If` that is the only statement in `orelse`."""

    __slots__ = ("body", "orelse", "test")

    def __init__(
        self,
        line: int,
        start: int,
        end: int,
        test: Expression,
        body: list[Statement],
        orelse: list[Statement],
    ) -> None:
        self.line, self.start, self.end = line, start, end
        self.test = test
        self.body = body
        self.orelse = orelse

    def children(self) -> list[Node]:
        return [self.test, *self.body, *self.orelse]


@final
class With(Statement):
    """`with` and `async with`."""

    __slots__ = ("body", "is_async", "items")

    def __init__(
        self, line: int, start: int, end: int, items: list[WithItem], body: list[Statement], is_async: bool
    ) -> None:
        self.line, self.start, self.end = line, start, end
        self.items = items
        self.body = body
        self.is_async = is_async

    def children(self) -> list[Node]:
        return [*self.items, *self.body]


@final
class Match(Statement):
    """`match`."""

    __slots__ = ("cases", "subject")

    def __init__(self, line: int, start: int, end: int, subject: Expression, cases: list[MatchCase]) -> None:
        self.line, self.start, self.end = line, start, end
        self.subject = subject
        self.cases = cases

    def children(self) -> list[Node]:
        return [self.subject, *self.cases]


@final
class Raise(Statement):
    """`raise exc from cause`."""

    __slots__ = ("cause", "exc")

    def __init__(
        self, line: int, start: int, end: int, exc: Expression | None, cause: Expression | None
    ) -> None:
        self.line, self.start, self.end = line, start, end
        self.exc = exc
        self.cause = cause

    def children(self) -> list[Node]:
        return _present(self.exc, self.cause)


@final
class Try(Statement):
    """`try`; `is_star` for `except*`."""

    __slots__ = ("body", "finalbody", "handlers", "is_star", "orelse")

    def __init__(
        self,
        line: int,
        start: int,
        end: int,
        body: list[Statement],
        handlers: list[ExceptHandler],
        orelse: list[Statement],
        finalbody: list[Statement],
        is_star: bool,
    ) -> None:
        self.line, self.start, self.end = line, start, end
        self.body = body
        self.handlers = handlers
        self.orelse = orelse
        self.finalbody = finalbody
        self.is_star = is_star

    def children(self) -> list[Node]:
        return [*self.body, *self.handlers, *self.orelse, *self.finalbody]


@final
class Assert(Statement):
    """`assert`."""

    __slots__ = ("msg", "test")

    def __init__(self, line: int, start: int, end: int, test: Expression, msg: Expression | None) -> None:
        self.line, self.start, self.end = line, start, end
        self.test = test
        self.msg = msg

    def children(self) -> list[Node]:
        return _present(self.test, self.msg)


@final
class Import(Statement):
    """`import a.b as c`."""

    __slots__ = ("names",)

    def __init__(self, line: int, start: int, end: int, names: list[Alias]) -> None:
        self.line, self.start, self.end = line, start, end
        self.names = names

    def children(self) -> list[Node]:
        return [*self.names]


@final
class ImportFrom(Statement):
    """`from ..module import name`; `level` counts the dots."""

    __slots__ = ("level", "module", "names")

    def __init__(
        self, line: int, start: int, end: int, module: str | None, names: list[Alias], level: int
    ) -> None:
        self.line, self.start, self.end = line, start, end
        self.module = module
        self.names = names
        self.level = level

    def children(self) -> list[Node]:
        return [*self.names]


@final
class Global(Statement):
    """`global`."""

    __slots__ = ("names",)

    def __init__(self, line: int, start: int, end: int, names: list[str]) -> None:
        self.line, self.start, self.end = line, start, end
        self.names = names


@final
class Nonlocal(Statement):
    """`nonlocal`."""

    __slots__ = ("names",)

    def __init__(self, line: int, start: int, end: int, names: list[str]) -> None:
        self.line, self.start, self.end = line, start, end
        self.names = names


@final
class Expr(Statement):
    """An expression as a statement."""

    __slots__ = ("value",)

    def __init__(self, line: int, start: int, end: int, value: Expression) -> None:
        self.line, self.start, self.end = line, start, end
        self.value = value

    def children(self) -> list[Node]:
        return [self.value]


@final
class Pass(Statement):
    """`pass`."""

    __slots__ = ()


@final
class Break(Statement):
    """`break`."""

    __slots__ = ()


@final
class Continue(Statement):
    """`continue`."""

    __slots__ = ()


@final
class BoolOp(Expression):
    """`a and b and c`."""

    __slots__ = ("op", "values")

    def __init__(
        self, line: int, start: int, end: int, op: BooleanOperator, values: list[Expression]
    ) -> None:
        self.line, self.start, self.end = line, start, end
        self.op = op
        self.values = values

    def children(self) -> list[Node]:
        return [*self.values]


@final
class NamedExpr(Expression):
    """`target := value`."""

    __slots__ = ("target", "value")

    def __init__(self, line: int, start: int, end: int, target: Expression, value: Expression) -> None:
        self.line, self.start, self.end = line, start, end
        self.target = target
        self.value = value

    def children(self) -> list[Node]:
        return [self.target, self.value]


@final
class BinOp(Expression):
    """`left + right`."""

    __slots__ = ("left", "op", "right")

    def __init__(
        self, line: int, start: int, end: int, left: Expression, op: BinaryOperator, right: Expression
    ) -> None:
        self.line, self.start, self.end = line, start, end
        self.left = left
        self.op = op
        self.right = right

    def children(self) -> list[Node]:
        return [self.left, self.right]


@final
class UnaryOp(Expression):
    """`not operand`."""

    __slots__ = ("op", "operand")

    def __init__(self, line: int, start: int, end: int, op: UnaryOperator, operand: Expression) -> None:
        self.line, self.start, self.end = line, start, end
        self.op = op
        self.operand = operand

    def children(self) -> list[Node]:
        return [self.operand]


@final
class Lambda(Expression):
    """`lambda`."""

    __slots__ = ("args", "body")

    def __init__(self, line: int, start: int, end: int, args: Arguments, body: Expression) -> None:
        self.line, self.start, self.end = line, start, end
        self.args = args
        self.body = body

    def children(self) -> list[Node]:
        return [self.args, self.body]


@final
class IfExp(Expression):
    """`body if test else orelse`."""

    __slots__ = ("body", "orelse", "test")

    def __init__(
        self, line: int, start: int, end: int, test: Expression, body: Expression, orelse: Expression
    ) -> None:
        self.line, self.start, self.end = line, start, end
        self.test = test
        self.body = body
        self.orelse = orelse

    def children(self) -> list[Node]:
        return [self.test, self.body, self.orelse]


@final
class Dict(Expression):
    """A dict display; the key of `**value` is None."""

    __slots__ = ("keys", "values")

    def __init__(
        self, line: int, start: int, end: int, keys: list[Expression | None], values: list[Expression]
    ) -> None:
        self.line, self.start, self.end = line, start, end
        self.keys = keys
        self.values = values

    def children(self) -> list[Node]:
        return _present(*self.keys, *self.values)


@final
class Set(Expression):
    """A set display."""

    __slots__ = ("elts",)

    def __init__(self, line: int, start: int, end: int, elts: list[Expression]) -> None:
        self.line, self.start, self.end = line, start, end
        self.elts = elts

    def children(self) -> list[Node]:
        return [*self.elts]


@final
class ListComp(Expression):
    """A list comprehension."""

    __slots__ = ("elt", "generators")

    def __init__(
        self, line: int, start: int, end: int, elt: Expression, generators: list[Comprehension]
    ) -> None:
        self.line, self.start, self.end = line, start, end
        self.elt = elt
        self.generators = generators

    def children(self) -> list[Node]:
        return [self.elt, *self.generators]


@final
class SetComp(Expression):
    """A set comprehension."""

    __slots__ = ("elt", "generators")

    def __init__(
        self, line: int, start: int, end: int, elt: Expression, generators: list[Comprehension]
    ) -> None:
        self.line, self.start, self.end = line, start, end
        self.elt = elt
        self.generators = generators

    def children(self) -> list[Node]:
        return [self.elt, *self.generators]


@final
class DictComp(Expression):
    """A dict comprehension; without a key it is `{**value for ...}`."""

    __slots__ = ("generators", "key", "value")

    def __init__(
        self,
        line: int,
        start: int,
        end: int,
        key: Expression | None,
        value: Expression,
        generators: list[Comprehension],
    ) -> None:
        self.line, self.start, self.end = line, start, end
        self.key = key
        self.value = value
        self.generators = generators

    def children(self) -> list[Node]:
        return _present(self.key, self.value, *self.generators)


@final
class GeneratorExp(Expression):
    """A generator expression."""

    __slots__ = ("elt", "generators")

    def __init__(
        self, line: int, start: int, end: int, elt: Expression, generators: list[Comprehension]
    ) -> None:
        self.line, self.start, self.end = line, start, end
        self.elt = elt
        self.generators = generators

    def children(self) -> list[Node]:
        return [self.elt, *self.generators]


@final
class Await(Expression):
    """`await`."""

    __slots__ = ("value",)

    def __init__(self, line: int, start: int, end: int, value: Expression) -> None:
        self.line, self.start, self.end = line, start, end
        self.value = value

    def children(self) -> list[Node]:
        return [self.value]


@final
class Yield(Expression):
    """`yield`."""

    __slots__ = ("value",)

    def __init__(self, line: int, start: int, end: int, value: Expression | None) -> None:
        self.line, self.start, self.end = line, start, end
        self.value = value

    def children(self) -> list[Node]:
        return _present(self.value)


@final
class YieldFrom(Expression):
    """`yield from`."""

    __slots__ = ("value",)

    def __init__(self, line: int, start: int, end: int, value: Expression) -> None:
        self.line, self.start, self.end = line, start, end
        self.value = value

    def children(self) -> list[Node]:
        return [self.value]


@final
class Compare(Expression):
    """`a < b < c`."""

    __slots__ = ("comparators", "left", "ops")

    def __init__(
        self,
        line: int,
        start: int,
        end: int,
        left: Expression,
        ops: list[ComparisonOperator],
        comparators: list[Expression],
    ) -> None:
        self.line, self.start, self.end = line, start, end
        self.left = left
        self.ops = ops
        self.comparators = comparators

    def children(self) -> list[Node]:
        return [self.left, *self.comparators]


@final
class Call(Expression):
    """A call; `*args` is a `Starred` in `args`, `**kwargs` a `Keyword` without a name."""

    __slots__ = ("args", "func", "keywords")

    def __init__(
        self,
        line: int,
        start: int,
        end: int,
        func: Expression,
        args: list[Expression],
        keywords: list[Keyword],
    ) -> None:
        self.line, self.start, self.end = line, start, end
        self.func = func
        self.args = args
        self.keywords = keywords

    def children(self) -> list[Node]:
        return [self.func, *self.args, *self.keywords]


@final
class FormattedValue(Expression):
    """`{value!r:spec}` in an f-string; `conversion` is the letter."""

    __slots__ = ("conversion", "format_spec", "value")

    def __init__(
        self,
        line: int,
        start: int,
        end: int,
        value: Expression,
        conversion: str | None,
        format_spec: Expression | None,
    ) -> None:
        self.line, self.start, self.end = line, start, end
        self.value = value
        self.conversion = conversion
        self.format_spec = format_spec

    def children(self) -> list[Node]:
        return _present(self.value, self.format_spec)


@final
class JoinedStr(Expression):
    """An f-string."""

    __slots__ = ("values",)

    def __init__(self, line: int, start: int, end: int, values: list[Expression]) -> None:
        self.line, self.start, self.end = line, start, end
        self.values = values

    def children(self) -> list[Node]:
        return [*self.values]


@final
class Interpolation(Expression):
    """`{value!r:spec}` in a t-string, with its source."""

    __slots__ = ("conversion", "format_spec", "str", "value")

    def __init__(
        self,
        line: int,
        start: int,
        end: int,
        value: Expression,
        str: str,
        conversion: str | None,
        format_spec: Expression | None,
    ) -> None:
        self.line, self.start, self.end = line, start, end
        self.value = value
        self.str = str
        self.conversion = conversion
        self.format_spec = format_spec

    def children(self) -> list[Node]:
        return _present(self.value, self.format_spec)


@final
class TemplateStr(Expression):
    """A t-string."""

    __slots__ = ("values",)

    def __init__(self, line: int, start: int, end: int, values: list[Expression]) -> None:
        self.line, self.start, self.end = line, start, end
        self.values = values

    def children(self) -> list[Node]:
        return [*self.values]


@final
class Constant(Expression):
    """A literal; adjacent strings are one."""

    __slots__ = ("value",)

    def __init__(self, line: int, start: int, end: int, value: ConstantValue) -> None:
        self.line, self.start, self.end = line, start, end
        self.value = value


@final
class Attribute(Expression):
    """`value.attr`."""

    __slots__ = ("attr", "value")

    def __init__(self, line: int, start: int, end: int, value: Expression, attr: str) -> None:
        self.line, self.start, self.end = line, start, end
        self.value = value
        self.attr = attr

    def children(self) -> list[Node]:
        return [self.value]


@final
class Subscript(Expression):
    """`value[slice]`."""

    __slots__ = ("slice", "value")

    def __init__(self, line: int, start: int, end: int, value: Expression, slice: Expression) -> None:
        self.line, self.start, self.end = line, start, end
        self.value = value
        self.slice = slice

    def children(self) -> list[Node]:
        return [self.value, self.slice]


@final
class Starred(Expression):
    """`*value`."""

    __slots__ = ("value",)

    def __init__(self, line: int, start: int, end: int, value: Expression) -> None:
        self.line, self.start, self.end = line, start, end
        self.value = value

    def children(self) -> list[Node]:
        return [self.value]


@final
class Name(Expression):
    """A name."""

    __slots__ = ("id",)

    def __init__(self, line: int, start: int, end: int, id: str) -> None:
        self.line, self.start, self.end = line, start, end
        self.id = id


@final
class List(Expression):
    """A list display."""

    __slots__ = ("elts",)

    def __init__(self, line: int, start: int, end: int, elts: list[Expression]) -> None:
        self.line, self.start, self.end = line, start, end
        self.elts = elts

    def children(self) -> list[Node]:
        return [*self.elts]


@final
class Tuple(Expression):
    """A tuple display."""

    __slots__ = ("elts",)

    def __init__(self, line: int, start: int, end: int, elts: list[Expression]) -> None:
        self.line, self.start, self.end = line, start, end
        self.elts = elts

    def children(self) -> list[Node]:
        return [*self.elts]


@final
class Slice(Expression):
    """`lower:upper:step`."""

    __slots__ = ("lower", "step", "upper")

    def __init__(
        self,
        line: int,
        start: int,
        end: int,
        lower: Expression | None,
        upper: Expression | None,
        step: Expression | None,
    ) -> None:
        self.line, self.start, self.end = line, start, end
        self.lower = lower
        self.upper = upper
        self.step = step

    def children(self) -> list[Node]:
        return _present(self.lower, self.upper, self.step)


@final
class MatchValue(Pattern):
    """A constant or dotted name."""

    __slots__ = ("value",)

    def __init__(self, line: int, start: int, end: int, value: Expression) -> None:
        self.line, self.start, self.end = line, start, end
        self.value = value

    def children(self) -> list[Node]:
        return [self.value]


@final
class MatchSingleton(Pattern):
    """`None`, `True` or `False`."""

    __slots__ = ("value",)

    def __init__(self, line: int, start: int, end: int, value: bool | None) -> None:
        self.line, self.start, self.end = line, start, end
        self.value = value


@final
class MatchSequence(Pattern):
    """`[a, *rest]`."""

    __slots__ = ("patterns",)

    def __init__(self, line: int, start: int, end: int, patterns: list[Pattern]) -> None:
        self.line, self.start, self.end = line, start, end
        self.patterns = patterns

    def children(self) -> list[Node]:
        return [*self.patterns]


@final
class MatchMapping(Pattern):
    """`{key: pattern, **rest}`."""

    __slots__ = ("keys", "patterns", "rest")

    def __init__(
        self,
        line: int,
        start: int,
        end: int,
        keys: list[Expression],
        patterns: list[Pattern],
        rest: str | None,
    ) -> None:
        self.line, self.start, self.end = line, start, end
        self.keys = keys
        self.patterns = patterns
        self.rest = rest

    def children(self) -> list[Node]:
        return [*self.keys, *self.patterns]


@final
class MatchClass(Pattern):
    """`Point(x, y=0)`."""

    __slots__ = ("cls", "kwd_attrs", "kwd_patterns", "patterns")

    def __init__(
        self,
        line: int,
        start: int,
        end: int,
        cls: Expression,
        patterns: list[Pattern],
        kwd_attrs: list[str],
        kwd_patterns: list[Pattern],
    ) -> None:
        self.line, self.start, self.end = line, start, end
        self.cls = cls
        self.patterns = patterns
        self.kwd_attrs = kwd_attrs
        self.kwd_patterns = kwd_patterns

    def children(self) -> list[Node]:
        return [self.cls, *self.patterns, *self.kwd_patterns]


@final
class MatchStar(Pattern):
    """`*rest`; without a name `*_`."""

    __slots__ = ("name",)

    def __init__(self, line: int, start: int, end: int, name: str | None) -> None:
        self.line, self.start, self.end = line, start, end
        self.name = name


@final
class MatchAs(Pattern):
    """`pattern as name`, a name, or `_` (neither)."""

    __slots__ = ("name", "pattern")

    def __init__(self, line: int, start: int, end: int, pattern: Pattern | None, name: str | None) -> None:
        self.line, self.start, self.end = line, start, end
        self.pattern = pattern
        self.name = name

    def children(self) -> list[Node]:
        return _present(self.pattern)


@final
class MatchOr(Pattern):
    """`a | b`."""

    __slots__ = ("patterns",)

    def __init__(self, line: int, start: int, end: int, patterns: list[Pattern]) -> None:
        self.line, self.start, self.end = line, start, end
        self.patterns = patterns

    def children(self) -> list[Node]:
        return [*self.patterns]


@final
class ExceptHandler(Node):
    """`except type as name`."""

    __slots__ = ("body", "name", "type")

    def __init__(
        self,
        line: int,
        start: int,
        end: int,
        type: Expression | None,
        name: str | None,
        body: list[Statement],
    ) -> None:
        self.line, self.start, self.end = line, start, end
        self.type = type
        self.name = name
        self.body = body

    def children(self) -> list[Node]:
        return _present(self.type, *self.body)


@final
class Comprehension(Node):
    """`for target in iter if ...` in a comprehension."""

    __slots__ = ("ifs", "is_async", "iter", "target")

    def __init__(
        self,
        line: int,
        start: int,
        end: int,
        target: Expression,
        iter: Expression,
        ifs: list[Expression],
        is_async: bool,
    ) -> None:
        self.line, self.start, self.end = line, start, end
        self.target = target
        self.iter = iter
        self.ifs = ifs
        self.is_async = is_async

    def children(self) -> list[Node]:
        return [self.target, self.iter, *self.ifs]


@final
class Arguments(Node):
    """The parameters of a function, grouped as in `ast`."""

    __slots__ = ("args", "defaults", "kw_defaults", "kwarg", "kwonlyargs", "posonlyargs", "vararg")

    def __init__(
        self,
        line: int,
        start: int,
        end: int,
        posonlyargs: list[Arg],
        args: list[Arg],
        vararg: Arg | None,
        kwonlyargs: list[Arg],
        kw_defaults: list[Expression | None],
        kwarg: Arg | None,
        defaults: list[Expression],
    ) -> None:
        self.line, self.start, self.end = line, start, end
        self.posonlyargs = posonlyargs
        self.args = args
        self.vararg = vararg
        self.kwonlyargs = kwonlyargs
        self.kw_defaults = kw_defaults
        self.kwarg = kwarg
        self.defaults = defaults

    def children(self) -> list[Node]:
        return _present(
            *self.posonlyargs,
            *self.args,
            self.vararg,
            *self.kwonlyargs,
            *self.kw_defaults,
            self.kwarg,
            *self.defaults,
        )


@final
class Arg(Node):
    """A parameter."""

    __slots__ = ("annotation", "arg")

    def __init__(self, line: int, start: int, end: int, arg: str, annotation: Expression | None) -> None:
        self.line, self.start, self.end = line, start, end
        self.arg = arg
        self.annotation = annotation

    def children(self) -> list[Node]:
        return _present(self.annotation)


@final
class Keyword(Node):
    """`arg=value`; `**value` has no name."""

    __slots__ = ("arg", "value")

    def __init__(self, line: int, start: int, end: int, arg: str | None, value: Expression) -> None:
        self.line, self.start, self.end = line, start, end
        self.arg = arg
        self.value = value

    def children(self) -> list[Node]:
        return [self.value]


@final
class Alias(Node):
    """`name as asname` in an import."""

    __slots__ = ("asname", "name")

    def __init__(self, line: int, start: int, end: int, name: str, asname: str | None) -> None:
        self.line, self.start, self.end = line, start, end
        self.name = name
        self.asname = asname


@final
class WithItem(Node):
    """`context_expr as optional_vars`."""

    __slots__ = ("context_expr", "optional_vars")

    def __init__(
        self, line: int, start: int, end: int, context_expr: Expression, optional_vars: Expression | None
    ) -> None:
        self.line, self.start, self.end = line, start, end
        self.context_expr = context_expr
        self.optional_vars = optional_vars

    def children(self) -> list[Node]:
        return _present(self.context_expr, self.optional_vars)


@final
class MatchCase(Node):
    """`case pattern if guard`."""

    __slots__ = ("body", "guard", "pattern")

    def __init__(
        self,
        line: int,
        start: int,
        end: int,
        pattern: Pattern,
        guard: Expression | None,
        body: list[Statement],
    ) -> None:
        self.line, self.start, self.end = line, start, end
        self.pattern = pattern
        self.guard = guard
        self.body = body

    def children(self) -> list[Node]:
        return _present(self.pattern, self.guard, *self.body)


@final
class TypeVar(TypeParameter):
    """`T: bound = default`."""

    __slots__ = ("bound", "default_value", "name")

    def __init__(
        self,
        line: int,
        start: int,
        end: int,
        name: str,
        bound: Expression | None,
        default_value: Expression | None,
    ) -> None:
        self.line, self.start, self.end = line, start, end
        self.name = name
        self.bound = bound
        self.default_value = default_value

    def children(self) -> list[Node]:
        return _present(self.bound, self.default_value)


@final
class ParamSpec(TypeParameter):
    """`**P`."""

    __slots__ = ("default_value", "name")

    def __init__(self, line: int, start: int, end: int, name: str, default_value: Expression | None) -> None:
        self.line, self.start, self.end = line, start, end
        self.name = name
        self.default_value = default_value

    def children(self) -> list[Node]:
        return _present(self.default_value)


@final
class TypeVarTuple(TypeParameter):
    """`*Ts`."""

    __slots__ = ("default_value", "name")

    def __init__(self, line: int, start: int, end: int, name: str, default_value: Expression | None) -> None:
        self.line, self.start, self.end = line, start, end
        self.name = name
        self.default_value = default_value

    def children(self) -> list[Node]:
        return _present(self.default_value)
