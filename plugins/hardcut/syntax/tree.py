"""From a parsed file to its syntax tree, or to the tree of one of its statements.

The stream holds the tree in prefix order, without lengths: a reader starts at a recorded position and reads a
whole statement. What the stream lacks is taken from the source: the places of `elif` and `except`, names and
strings that were altered for the parser, and expressions in annotations that are no types.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterator
from typing import Final, cast, final

from hardcut.syntax import nodes, tags
from hardcut.syntax.nodes import Expression, Node, Pattern, Statement
from hardcut.syntax.parser import PLACEHOLDER, ParsedModule, is_written, parse, parse_unaltered
from hardcut.syntax.stream import allow_nesting

BINARY: Final[list[nodes.BinaryOperator]] = [
    "+", "-", "*", "@", "/", "%", "**", "<<", ">>", "|", "^", "&", "//",
]  # fmt: skip
COMPARISON: Final[list[nodes.ComparisonOperator]] = [
    "==", "!=", "<", "<=", ">", ">=", "is", "is not", "in", "not in",
]  # fmt: skip
BOOLEAN: Final[list[nodes.BooleanOperator]] = ["and", "or"]
UNARY: Final[list[nodes.UnaryOperator]] = ["~", "not", "+", "-"]
SINGLETONS: Final[dict[str, bool | None]] = {"None": None, "True": True, "False": False}

# Kinds of arguments and parameters in the stream.
POSITIONAL: Final = 0
STAR: Final = 2
NAMED: Final = 3
STAR_STAR: Final = 4
NAMED_OPTIONAL: Final = 5

# Brackets, and what may hold brackets that are none: comments and strings.
_BRACKETS: Final = re.compile(
    rb"""#[^\n]*|\"{3}(?:[^\\]|\\.)*?\"{3}|'{3}(?:[^\\]|\\.)*?'{3}"""
    rb"""|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[()\[\]{}]""",
    re.DOTALL,
)
_SLASH: Final = re.compile(rb"(?:[\s\\),]|#[^\n]*)*/")
_WORD: Final = re.compile(rb"[\w\x80-\xff]+")


def read_module(parsed: ParsedModule) -> nodes.Module:
    """The tree of a whole file."""
    reader = TreeReader(parsed)
    return nodes.Module(1, 0, len(parsed.source), [reader.statement() for _ in range(reader.integer())])


def read_statement(parsed: ParsedModule, position: int) -> Statement:
    """The tree of the statement that is at a position of the stream."""
    return TreeReader(parsed, position).statement()


def walk(root: Node) -> Iterator[Node]:
    """A node and all that it holds, depth first.

    It does not recurse: a chain of operators may be thousands of nodes deep.
    """
    waiting = [root]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(reversed(node.children()))


@final
class TreeReader:
    """Reads statements from where its stream is.

    After each node `line`, `start` and `end` are its place. `first_line` is the number of the line that is
    first in `lines`.
    """

    def __init__(self, parsed: ParsedModule, position: int = 0, first_line: int = 1) -> None:
        self.parsed = parsed
        self.stream = parsed.reader(position)
        self.source = parsed.source
        self.lines = parsed.lines
        self.first_line = first_line
        self.line = 0
        self.start = 0
        self.end = 0
        self.block_end = 0
        self.found_end = 0
        # Set while an annotation is read that the stream does not hold in full.
        self.is_partial = False
        allow_nesting()

    # The stream's primitives

    def integer(self) -> int:
        """A tagged integer."""
        return int(self.stream.integer())

    def _length(self) -> int:
        return int(self.stream.length())

    def _text(self) -> str:
        return self.stream.string()

    def _optional_text(self) -> str | None:
        return self.stream.optional_string()

    def _flag(self) -> bool:
        return self.stream.boolean()

    def _place(self) -> None:
        stream, lines = self.stream, self.lines
        stream.expect(tags.LOCATION)
        line = int(stream.bare_integer()) - 1
        column = int(stream.bare_integer())
        height = int(stream.bare_integer())
        self.line = line + self.first_line
        self.start = lines[line] + column
        self.end = lines[line + height] + column + int(stream.bare_integer())

    def _finish(self) -> None:
        """The place and the end of a node."""
        self._place()
        self.stream.tag()

    def _expressions(self) -> list[Expression]:
        return [self.expression() for _ in range(self._length())]

    def _optional(self) -> Expression | None:
        return self.expression() if self._flag() else None

    def _block(self) -> list[Statement]:
        """The statements of a block; an empty one (after a syntax error) has its own place."""
        self.stream.tag()
        size = self._length()
        self._flag()
        found = [self.statement() for _ in range(size)]
        if found:
            self.block_end = found[-1].end
        else:
            self._place()
            self.block_end = self.end
        self.stream.tag()
        return found

    def _optional_block(self) -> list[Statement]:
        self.stream.tag()
        size = self._length()
        self._flag()
        found = [self.statement() for _ in range(size)]
        if found:
            self.block_end = found[-1].end
        self.stream.tag()
        return found

    # What the stream lacks

    def _name(self, name: str, start: int) -> str:
        """The name that starts at an offset, in the form in which Python compares names (NFKC)."""
        if not self.parsed.altered or PLACEHOLDER not in name:
            return name
        return unicodedata.normalize("NFKC", self.parsed.identifier(name, start))

    def _find_name(self, name: str, start: int) -> str:
        """The name of which only is known that it is the first such one behind an offset."""
        if not self.parsed.altered:
            return name
        for word in _WORD.finditer(self.source, start):
            if is_written(name, word.group()):
                self.found_end = word.end()
                return self._name(name, word.start())
        return name

    def _next_name(self, name: str) -> str:
        """The name that is the first such one behind the name that was found last."""
        return self._find_name(name, self.found_end)

    def _last_name(self, name: str, start: int, end: int) -> str:
        """The name of which only is known that it is the last such one between two offsets."""
        found = name
        if self.parsed.altered and PLACEHOLDER in name:
            for word in _WORD.finditer(self.source, start, end):
                if is_written(name, word.group()):
                    found = self._name(name, word.start())
        return found

    def _keyword(self, keyword: bytes, start: int) -> int:
        """Where the next line after an offset begins with a keyword; the offset itself if none does."""
        source = self.source
        at = source.find(keyword, start)
        while at >= 0:
            line = max(source.rfind(b"\n", start, at), source.rfind(b"\r", start, at), start - 1) + 1
            if not source[line:at].strip(b" \t\f;\\\r\n"):
                return at
            at = source.find(keyword, at + 1)
        return start

    def _fragment(
        self, start: int, end: int, before: bytes = b"(", after: bytes = b")", is_literal: bool = False
    ) -> Expression | None:
        """An expression parsed anew from its text; places in a literal are not those of the file."""
        text = before + self.source[start:end] + after
        first = bisect_right(self.lines, start) - 1
        last = bisect_right(self.lines, end) - 1
        if is_literal:
            parsed = parse_unaltered(text)
        else:
            again = parse(text)
            lines = [start - len(before), *self.lines[first + 1 : last + 2]]
            parsed = ParsedModule(self.source, again.prepared, again.stream, lines, again.problems)
            parsed.altered = again.altered
        reader = TreeReader(parsed, 0, first + self.first_line)
        found = reader.statement() if reader.integer() else None
        return found.value if isinstance(found, nodes.Expr) else None

    def _original(self, node: Expression) -> None:
        """Give a literal the text that it has in the source, if it may have been altered."""
        if self.parsed.altered and any(
            isinstance(part, nodes.Constant) and _is_altered(part.value) for part in walk(node)
        ):
            written = self._fragment(node.start, node.end, is_literal=True)
            if written is not None:
                _copy_texts(written, node)

    # Statements

    def statement(self) -> Statement:
        """The next statement."""
        tag = self.stream.tag()
        if tag == tags.EXPRESSION:
            value = self.expression()
            self.stream.tag()
            return nodes.Expr(value.line, value.start, value.end, value)
        return _STATEMENTS[tag](self)

    def _assignment(self) -> Statement:
        targets = self._expressions()
        tag = self.stream.tag()
        value = self._expression(tag) if tag != tags.NO_VALUE else None
        if value is None:
            self.stream.tag()
        annotation = self._annotation() if self._flag() else None
        # False for a comment `# type: ...`, which is no part of the program.
        is_annotated = self._flag()
        self._finish()
        line, start, end = self.line, self.start, self.end
        if annotation is not None and is_annotated:
            simple = isinstance(targets[0], nodes.Name) and targets[0].start == start
            return nodes.AnnAssign(line, start, end, targets[0], annotation, value, simple)
        return nodes.Assign(line, start, end, targets, cast(Expression, value))

    def _augmented(self) -> Statement:
        operator = cast(nodes.BinaryOperator, self._text())
        target = self.expression()
        value = self.expression()
        self._finish()
        return nodes.AugAssign(self.line, self.start, self.end, target, operator, value)

    def _if(self) -> Statement:
        test = self.expression()
        body = self._block()
        chain: list[tuple[int, Expression, list[Statement], int]] = []
        for _ in range(self.integer()):
            start = self.block_end
            condition = self.expression()
            then = self._block()
            chain.append((self._keyword(b"elif", start), condition, then, self.block_end))
        orelse = self._block() if self._flag() else []
        self._finish()
        line, start, end = self.line, self.start, self.end
        for at, condition, then, _ in reversed(chain):
            elif_line = bisect_right(self.lines, at) - 1 + self.first_line
            orelse = [nodes.If(elif_line, at, end, condition, then, orelse)]
        return nodes.If(line, start, end, test, body, orelse)

    def _return(self) -> Statement:
        value = self._optional()
        self._finish()
        return nodes.Return(self.line, self.start, self.end, value)

    def _raise(self) -> Statement:
        exc = self._optional()
        cause = self._optional()
        self._finish()
        return nodes.Raise(self.line, self.start, self.end, exc, cause)

    def _assert(self) -> Statement:
        test = self.expression()
        message = self._optional()
        self._finish()
        return nodes.Assert(self.line, self.start, self.end, test, message)

    def _delete(self) -> Statement:
        target = self.expression()
        self._finish()
        # `del a, b` is read as a tuple that starts with the statement; `del (a, b)` deletes one tuple.
        if isinstance(target, nodes.Tuple) and target.start == self.start:
            return nodes.Delete(self.line, self.start, self.end, target.elts)
        return nodes.Delete(self.line, self.start, self.end, [target])

    def _for(self) -> Statement:
        target = self.expression()
        iterable = self.expression()
        body = self._block()
        orelse = self._optional_block()
        is_async = self._flag()
        self._finish()
        return nodes.For(self.line, self.start, self.end, target, iterable, body, orelse, is_async)

    def _while(self) -> Statement:
        test = self.expression()
        body = self._block()
        orelse = self._optional_block()
        self._finish()
        return nodes.While(self.line, self.start, self.end, test, body, orelse)

    def _with(self) -> Statement:
        items: list[nodes.WithItem] = []
        for _ in range(self.integer()):
            manager = self.expression()
            target = self._optional()
            end = manager.end if target is None else target.end
            items.append(nodes.WithItem(manager.line, manager.start, end, manager, target))
        body = self._block()
        is_async = self._flag()
        self._finish()
        return nodes.With(self.line, self.start, self.end, items, body, is_async)

    def _try(self) -> Statement:
        body = self._block()
        before = self.block_end
        size = self.integer()
        types = [self._optional() for _ in range(size)]
        names = [self._placed_name() if self._flag() else None for _ in range(size)]
        handlers: list[nodes.ExceptHandler] = []
        for kind, name in zip(types, names, strict=True):
            start = self._keyword(b"except", before)
            then = self._block()
            before = self.block_end
            line = bisect_right(self.lines, start) - 1 + self.first_line
            handlers.append(nodes.ExceptHandler(line, start, before, kind, name, then))
        orelse = self._block() if self._flag() else []
        finalbody = self._block() if self._flag() else []
        is_star = self._flag()
        self._finish()
        return nodes.Try(self.line, self.start, self.end, body, handlers, orelse, finalbody, is_star)

    def _placed_name(self) -> str:
        name = self._text()
        self._place()
        return self._name(name, self.start)

    def _match(self) -> Statement:
        subject = self.expression()
        cases: list[nodes.MatchCase] = []
        for _ in range(self.integer()):
            pattern = self._pattern()
            guard = self._optional()
            body = self._block()
            cases.append(nodes.MatchCase(pattern.line, pattern.start, self.block_end, pattern, guard, body))
        self._finish()
        return nodes.Match(self.line, self.start, self.end, subject, cases)

    def _aliases(self) -> list[tuple[str, str | None]]:
        return [(self._text(), self._text() if self._flag() else None) for _ in range(self.integer())]

    def _placed_aliases(self, names: list[tuple[str, str | None]]) -> list[nodes.Alias]:
        """Names of an import, with the place of the statement."""
        found: list[nodes.Alias] = []
        for name, alias in names:
            name = self._dotted_name(name)
            renamed = self._next_name(alias) if alias is not None else None
            found.append(nodes.Alias(self.line, self.start, self.end, name, renamed))
        return found

    def _import(self) -> Statement:
        names = self._aliases()
        self._place()
        self._flags_end()
        self.found_end = self.start
        return nodes.Import(self.line, self.start, self.end, self._placed_aliases(names))

    def _import_from(self) -> Statement:
        level = self.integer()
        module = self._text()
        names = self._aliases()
        self._place()
        self._flags_end()
        self.found_end = self.start
        module = self._dotted_name(module)
        return self._from(module, level, self._placed_aliases(names))

    def _import_all(self) -> Statement:
        module = self._text()
        level = self.integer()
        self._place()
        self._flags_end()
        self.found_end = self.start
        module = self._dotted_name(module)
        return self._from(module, level, [nodes.Alias(self.line, self.start, self.end, "*", None)])

    def _from(self, module: str, level: int, names: list[nodes.Alias]) -> Statement:
        return nodes.ImportFrom(self.line, self.start, self.end, module or None, names, level)

    def _dotted_name(self, name: str) -> str:
        """The dotted name that comes next in a statement."""
        if not self.parsed.altered or not name:
            return name
        return ".".join([self._next_name(part) for part in name.split(".")])

    def _flags_end(self) -> None:
        self.integer()
        self.stream.tag()

    def _global(self) -> Statement:
        names = self._declared()
        return nodes.Global(self.line, self.start, self.end, names)

    def _nonlocal(self) -> Statement:
        names = self._declared()
        return nodes.Nonlocal(self.line, self.start, self.end, names)

    def _declared(self) -> list[str]:
        names = [self._text() for _ in range(self.integer())]
        self._finish()
        self.found_end = self.start
        return [self._next_name(name) for name in names]

    def _pass(self) -> Statement:
        self._finish()
        return nodes.Pass(self.line, self.start, self.end)

    def _break(self) -> Statement:
        self._finish()
        return nodes.Break(self.line, self.start, self.end)

    def _continue(self) -> Statement:
        self._finish()
        return nodes.Continue(self.line, self.start, self.end)

    def _type_alias(self) -> Statement:
        name = self.expression()
        parameters = self._type_parameters()
        value = self.expression()
        self._finish()
        return nodes.TypeAlias(self.line, self.start, self.end, name, parameters, value)

    # Functions and classes

    def _decorated(self) -> Statement:
        decorators = self._expressions()
        self.integer()
        self.integer()
        self.stream.tag()
        found = self._function()
        found.decorator_list = decorators
        self.stream.tag()
        return found

    def _function(self) -> nodes.FunctionDef:
        name = self._text()
        arguments = self._arguments()
        body = self._block()
        is_async = self._flag()
        parameters = self._type_parameters() if self._flag() else []
        returns = self._annotation() if self._flag() else None
        self._finish()
        name = self._find_name(name, self.start)
        return nodes.FunctionDef(
            self.line, self.start, self.end, name, arguments, body, [], returns, parameters, is_async
        )

    def _class(self) -> Statement:
        name = self._text()
        body = self._block()
        bases = self._expressions()
        decorators = self._expressions()
        parameters = self._type_parameters() if self._flag() else []
        keywords: list[nodes.Keyword] = []
        for _ in range(self._length()):
            key = self._text()
            value = self.expression()
            keywords.append(nodes.Keyword(value.line, value.start, value.end, key, value))
        self._finish()
        line, start, end = self.line, self.start, self.end
        header = body[0].start if body else end
        if self.source.find(b"**", start, header) >= 0:
            keywords = self._class_keywords(start, header, keywords)
        if self.parsed.altered:
            for keyword in keywords:
                if keyword.arg is not None:
                    keyword.arg = self._last_name(keyword.arg, start, keyword.value.start)
        name = self._find_name(name, start)
        return nodes.ClassDef(line, start, end, name, bases, keywords, body, decorators, parameters)

    def _class_keywords(self, start: int, end: int, found: list[nodes.Keyword]) -> list[nodes.Keyword]:
        """The keywords of a class with `**keywords`, which the stream leaves out."""
        depth = opening = 0
        for bracket in _BRACKETS.finditer(self.source, start, end):
            character = bracket.group()
            if character in (b"(", b"[", b"{"):
                if depth == 0 and character == b"(":
                    opening = bracket.start()
                depth += 1
            elif character in (b")", b"]", b"}"):
                depth -= 1
                if depth == 0 and character == b")":
                    call = self._fragment(opening, bracket.end(), b"f", b"")
                    return call.keywords if isinstance(call, nodes.Call) else found
        return found

    def _arguments(self) -> nodes.Arguments:
        """The parameters of a function, and after them the place of the last one."""
        found = nodes.Arguments(self.line, self.start, self.end, [], [], None, [], [], None, [])
        first_other = -1
        for position in range(self._length()):
            name = self._text()
            kind = self.integer()
            annotation = self._annotation() if self._flag() else None
            default = self._optional()
            is_positional_only = self._flag()
            self._place()
            start, source = self.start, self.source
            while source[start : start + 1] in (b"*", b" ", b"\t", b"\\", b"\r", b"\n", b"\f"):
                start += 1
            arg = nodes.Arg(self.line, start, self.end, self._name(name, start), annotation)
            if position == 0:
                found.line, found.start = self.line, self.start
            if first_other < 0 and not is_positional_only:
                first_other = position
                self._check_slash(found)
            found.end = self.end if default is None else default.end
            if kind == STAR:
                found.vararg = arg
            elif kind == STAR_STAR:
                found.kwarg = arg
            elif kind in (NAMED, NAMED_OPTIONAL):
                found.kwonlyargs.append(arg)
                found.kw_defaults.append(default)
            else:
                (found.posonlyargs if is_positional_only else found.args).append(arg)
                if default is not None:
                    found.defaults.append(default)
        if first_other < 0:
            self._check_slash(found)
        return found

    def _check_slash(self, found: nodes.Arguments) -> None:
        """Take parameters for positional-only only if a slash says so: the stream marks `__x` too."""
        if found.posonlyargs and _SLASH.match(self.source, found.end) is None:
            found.args[:0] = found.posonlyargs
            found.posonlyargs = []

    def _type_parameters(self) -> list[nodes.TypeParameter]:
        """Type parameters; the stream has no places for them."""
        line, start, end = self.line, self.start, self.end
        found: list[nodes.TypeParameter] = []
        for _ in range(int(self.stream.bare_integer())):
            kind = self.integer()
            name = self._text()
            bound = self._annotation() if self._flag() else None
            values: list[Expression] = [self._annotation() for _ in range(self._length())]
            if values:
                opening = self.source.rfind(b"(", 0, values[0].start)
                bound = nodes.Tuple(values[0].line, opening, values[-1].end, values)
            default = self._annotation() if self._flag() else None
            if kind == 0:
                found.append(nodes.TypeVar(line, start, end, name, bound, default))
            elif kind == 1:
                found.append(nodes.ParamSpec(line, start, end, name, default))
            else:
                found.append(nodes.TypeVarTuple(line, start, end, name, default))
        return found

    # Expressions

    def expression(self) -> Expression:
        """The next expression."""
        return self._expression(self.stream.tag())

    def _expression(self, tag: int) -> Expression:
        """An expression whose tag has been read. What an expression starts with is read in a loop, not by
        recursion: the parser bounds all other nesting, but not the length of `a + b + c` or `a.b().c()`.
        """
        stream = self.stream
        spine: list[int] = []
        while tag == tags.ATTRIBUTE or tag == tags.CALL or tag == tags.SUBSCRIPT or tag == tags.BINARY:
            spine.append(tag)
            if tag == tags.BINARY:
                spine.append(self.integer())
            tag = stream.tag()
        found = self._name_expression() if tag == tags.NAME else _EXPRESSIONS[tag](self)
        while spine:
            last = spine.pop()
            if spine and spine[-1] == tags.BINARY:
                spine.pop()
                right = self.expression()
                stream.tag()
                found = nodes.BinOp(found.line, found.start, right.end, found, BINARY[last], right)
            elif last == tags.ATTRIBUTE:
                attribute = self._text()
                self._finish()
                attribute = self._name(attribute, self.end - len(attribute))
                found = nodes.Attribute(self.line, self.start, self.end, found, attribute)
            elif last == tags.CALL:
                found = self._call(found)
            else:
                index = self.expression()
                self._finish()
                found = nodes.Subscript(self.line, self.start, self.end, found, index)
        return found

    def _name_expression(self) -> Expression:
        name = self._text()
        self._finish()
        if name in SINGLETONS:
            return nodes.Constant(self.line, self.start, self.end, SINGLETONS[name])
        return nodes.Name(self.line, self.start, self.end, self._name(name, self.start))

    def _call(self, function: Expression) -> Expression:
        given = self._expressions()
        kinds = [int(self.stream.bare_integer()) for _ in range(self._length())]
        names = [self._optional_text() for _ in range(self._length())]
        self._finish()
        args: list[Expression] = []
        keywords: list[nodes.Keyword] = []
        for value, kind, name in zip(given, kinds, names, strict=True):
            if kind == POSITIONAL:
                args.append(value)
            elif kind == STAR:
                args.append(self._starred_argument(value))
            else:
                known = self._last_name(name, function.end, value.start) if name is not None else None
                keywords.append(nodes.Keyword(value.line, value.start, value.end, known, value))
        return nodes.Call(self.line, self.start, self.end, function, args, keywords)

    def _starred_argument(self, value: Expression) -> Expression:
        """`*value` in a call, of which the stream has the value's place only."""
        start = max(self.source.rfind(b"*", 0, value.start), 0)
        line = bisect_right(self.lines, start) - 1 + self.first_line
        return nodes.Starred(line, start, value.end, value)

    def _string(self) -> Expression:
        value = self._text()
        self._flag()
        self._finish()
        return self._literal(value)

    def _literal(self, value: nodes.ConstantValue) -> Expression:
        """A literal at the place that was read last."""
        found = nodes.Constant(self.line, self.start, self.end, value)
        self._original(found)
        return found

    def _bytes(self) -> Expression:
        value = _unescaped(self._text())
        self._finish()
        return self._literal(value)

    def _integer(self) -> Expression:
        value = self.integer()
        self._finish()
        return nodes.Constant(self.line, self.start, self.end, value)

    def _big_integer(self) -> Expression:
        written = self._text()
        self._finish()
        return nodes.Constant(self.line, self.start, self.end, _integer_of(written))

    def _float(self) -> Expression:
        value = self.stream.float()
        self._finish()
        return nodes.Constant(self.line, self.start, self.end, value)

    def _complex(self) -> Expression:
        real = self.stream.float()
        imaginary = self.stream.float()
        self._finish()
        return nodes.Constant(self.line, self.start, self.end, complex(real, imaginary))

    def _ellipsis(self) -> Expression:
        self._finish()
        return nodes.Constant(self.line, self.start, self.end, ...)

    def _tuple(self) -> Expression:
        elements = self._expressions()
        self._finish()
        # `[a, b] = value` is read as a tuple too.
        is_bracket = self.source[self.start : self.start + 1] == b"["
        if is_bracket and (not elements or elements[0].start > self.start):
            return nodes.List(self.line, self.start, self.end, elements)
        return nodes.Tuple(self.line, self.start, self.end, elements)

    def _list(self) -> Expression:
        elements = self._expressions()
        self._finish()
        return nodes.List(self.line, self.start, self.end, elements)

    def _set(self) -> Expression:
        elements = self._expressions()
        self._finish()
        return nodes.Set(self.line, self.start, self.end, elements)

    def _dict(self) -> Expression:
        keys = [self._optional() for _ in range(self._length())]
        values = self._expressions()
        self._finish()
        return nodes.Dict(self.line, self.start, self.end, keys, values)

    def _comparison(self) -> Expression:
        left = self.expression()
        operators = [COMPARISON[int(self.stream.bare_integer())] for _ in range(self._length())]
        comparators = self._expressions()
        self._finish()
        return nodes.Compare(self.line, self.start, self.end, left, operators, comparators)

    def _boolean(self) -> Expression:
        operator = BOOLEAN[self.integer()]
        values = self._expressions()
        self._finish()
        return nodes.BoolOp(self.line, self.start, self.end, operator, values)

    def _unary(self) -> Expression:
        operator = UNARY[self.integer()]
        operand = self.expression()
        self._finish()
        return nodes.UnaryOp(self.line, self.start, self.end, operator, operand)

    def _conditional(self) -> Expression:
        body = self.expression()
        test = self.expression()
        orelse = self.expression()
        self._finish()
        return nodes.IfExp(self.line, self.start, self.end, test, body, orelse)

    def _slice(self) -> Expression:
        lower = self._optional()
        upper = self._optional()
        step = self._optional()
        self._finish()
        return nodes.Slice(self.line, self.start, self.end, lower, upper, step)

    def _generators(self) -> list[nodes.Comprehension]:
        """The `for` and `if` clauses of a comprehension."""
        size = self.integer()
        targets = [self.expression() for _ in range(size)]
        iterables = [self.expression() for _ in range(size)]
        conditions = [self._expressions() for _ in range(size)]
        found: list[nodes.Comprehension] = []
        for target, iterable, tests in zip(targets, iterables, conditions, strict=True):
            end = tests[-1].end if tests else iterable.end
            is_async = self._flag()
            found.append(
                nodes.Comprehension(target.line, target.start, end, target, iterable, tests, is_async)
            )
        return found

    def _list_comprehension(self) -> Expression:
        element = self.expression()
        generators = self._generators()
        self._finish()
        return nodes.ListComp(self.line, self.start, self.end, element, generators)

    def _set_comprehension(self) -> Expression:
        element = self.expression()
        generators = self._generators()
        self._finish()
        return nodes.SetComp(self.line, self.start, self.end, element, generators)

    def _generator(self) -> Expression:
        element = self.expression()
        generators = self._generators()
        self._finish()
        return nodes.GeneratorExp(self.line, self.start, self.end, element, generators)

    def _dict_comprehension(self) -> Expression:
        key = self._optional()
        value = self.expression()
        generators = self._generators()
        self._finish()
        return nodes.DictComp(self.line, self.start, self.end, key, value, generators)

    def _yield(self) -> Expression:
        value = self._optional()
        self._finish()
        return nodes.Yield(self.line, self.start, self.end, value)

    def _yield_from(self) -> Expression:
        value = self.expression()
        self._finish()
        return nodes.YieldFrom(self.line, self.start, self.end, value)

    def _await(self) -> Expression:
        value = self.expression()
        self._finish()
        return nodes.Await(self.line, self.start, self.end, value)

    def _starred(self) -> Expression:
        value = self.expression()
        self._finish()
        return nodes.Starred(self.line, self.start, self.end, value)

    def _named(self) -> Expression:
        target = self.expression()
        value = self.expression()
        self._finish()
        return nodes.NamedExpr(self.line, self.start, self.end, target, value)

    def _lambda(self) -> Expression:
        arguments = self._arguments()
        body = self._block()
        self._finish()
        value = body[0].value if body and isinstance(body[0], nodes.Return) else None
        if value is None:
            value = nodes.Constant(self.line, self.end, self.end, None)
        return nodes.Lambda(self.line, self.start, self.end, arguments, value)

    # Formatted strings

    def _formatted(self) -> Expression:
        values: list[Expression] = []
        for _ in range(self.integer()):
            if self._flag():
                values += self._formatted_items()
            else:
                values.append(self._formatted_text(self._text()))
        self._flag()
        self._finish()
        found = nodes.JoinedStr(self.line, self.start, self.end, _merged(values))
        self._original(found)
        return found

    def _formatted_text(self, value: str) -> Expression:
        self._place()
        return nodes.Constant(self.line, self.start, self.end, value)

    def _formatted_items(self) -> list[Expression]:
        found: list[Expression] = []
        for _ in range(self.integer()):
            if self.stream.tag() == tags.STRING:
                found.append(self._formatted_text(self.stream.bare_string()))
                continue
            value = self.expression()
            conversion, spec = self._conversion()
            self.stream.tag()
            found.append(nodes.FormattedValue(value.line, value.start, value.end, value, conversion, spec))
        return found

    def _conversion(self) -> tuple[str | None, Expression | None]:
        """What follows the value in `{value!r:spec}`."""
        conversion = self._text().lstrip("!") if self._flag() else None
        if not self._flag():
            return conversion, None
        items = self._formatted_items()
        self._place()
        return conversion, nodes.JoinedStr(self.line, self.start, self.end, _merged(items))

    def _template(self) -> Expression:
        values: list[Expression] = []
        for _ in range(self.integer()):
            if self._flag():
                value = self.expression()
                text = self._text()
                conversion, spec = self._conversion()
                values.append(
                    nodes.Interpolation(value.line, value.start, value.end, value, text, conversion, spec)
                )
            else:
                values.append(self._formatted_text(self._text()))
        self._flag()
        self._finish()
        found = nodes.TemplateStr(self.line, self.start, self.end, _merged(values))
        self._original(found)
        return found

    # Annotations: the stream holds them as types

    def _annotation(self) -> Expression:
        """An annotation as an expression; parsed anew where the stream does not hold all of it."""
        was_partial, self.is_partial = self.is_partial, False
        found = self._type(self.stream.tag())
        if self.is_partial:
            starred = isinstance(found, nodes.Starred)
            around = (b"[", b"]") if starred else (b"(", b")")
            written = self._fragment(self.start, self.end, *around)
            if isinstance(written, nodes.List) and starred:
                written = written.elts[0]
            found = written if written is not None else found
        self.is_partial = was_partial
        return found

    def _type(self, tag: int) -> Expression:
        """A type whose tag has been read; `a | b | c` by a loop, see `_expression`."""
        sizes: list[int] = []
        while tag == tags.UNION_TYPE:
            sizes.append(self._length())
            tag = self.stream.tag()
        found = _TYPES[tag](self)
        while sizes:
            for _ in range(sizes.pop() - 1):
                right = self._type(self.stream.tag())
                found = nodes.BinOp(found.line, found.start, right.end, found, "|", right)
            self._flag()
            text, is_partial = self._quoted(self.is_partial)
            self._flag()
            self._finish()
            if text is not None:
                found = self._literal(text)
                self.is_partial = is_partial
        return found

    def _types(self) -> list[Expression]:
        return [self._type(self.stream.tag()) for _ in range(self._length())]

    def _quoted(self, was_partial: bool) -> tuple[str | None, bool]:
        """The string that a type is written as, and whether it has to be parsed anew."""
        text = self._optional_text()
        fallback = self._optional_text()
        return text, was_partial if fallback == "builtins.str" else True

    def _type_name(self) -> Expression:
        """A name, perhaps with dots and arguments, or a string that holds a type."""
        was_partial = self.is_partial
        name = self._text()
        args = self._types()
        is_empty = self._flag()
        text, is_partial = self._quoted(was_partial)
        self._finish()
        line, start, end = self.line, self.start, self.end
        if text is not None:
            self.is_partial = is_partial
            return self._literal(text)
        value = self._dotted(name, line, start)
        if not args and not is_empty:
            return value
        if not args:
            empty = nodes.Tuple(line, value.end + 1, end - 1, args)
            return nodes.Subscript(line, start, end, value, empty)
        comma = self.source.find(b",", args[-1].end, end)
        if len(args) == 1 and comma < 0 and not isinstance(args[0], nodes.Starred):
            return nodes.Subscript(line, start, end, value, args[0])
        last = args[-1].end if comma < 0 else comma + 1
        several = nodes.Tuple(args[0].line, args[0].start, last, args)
        return nodes.Subscript(line, start, end, value, several)

    def _dotted(self, name: str, line: int, start: int) -> Expression:
        """`a.b.c`, if it is written without spaces, brackets or line breaks."""
        if name in SINGLETONS:
            return nodes.Constant(line, start, start + len(name), SINGLETONS[name])
        end = start + len(name)
        written = self.source[start:end]
        if not all(map(is_written, name.split("."), written.split(b"."))):
            self.is_partial = True
        elif self.parsed.altered:
            name = written.decode("utf-8", "replace")
        parts = name.split(".")
        at = start + len(parts[0].encode())
        found: Expression = nodes.Name(line, start, at, unicodedata.normalize("NFKC", parts[0]))
        for part in parts[1:]:
            at += 1 + len(part.encode())
            found = nodes.Attribute(line, start, at, found, unicodedata.normalize("NFKC", part))
        return found

    def _type_list(self) -> Expression:
        elements = self._types()
        self._finish()
        return nodes.List(self.line, self.start, self.end, elements)

    def _type_tuple(self) -> Expression:
        elements = self._types()
        self._flag()
        self._finish()
        return nodes.Tuple(self.line, self.start, self.end, elements)

    def _type_ellipsis(self) -> Expression:
        return self._ellipsis()

    def _type_unpacked(self) -> Expression:
        value = self._type(self.stream.tag())
        self._flag()
        self._finish()
        return nodes.Starred(self.line, self.start, self.end, value)

    def _type_dict(self) -> Expression:
        for _ in range(self._length()):
            self._optional_text()
        self._types()
        return self._unread()

    def _type_call(self) -> Expression:
        self._type(self.stream.tag())
        self._types()
        for _ in range(self._length()):
            self._optional_text()
            self._type(self.stream.tag())
        return self._unread()

    def _unread(self) -> Expression:
        """What has to be parsed anew, at its place."""
        self._finish()
        self.is_partial = True
        return nodes.Constant(self.line, self.start, self.end, None)

    def _type_literal(self) -> Expression:
        """A literal, or an expression that is no type, of which the stream holds nothing."""
        kind = self._text()
        value: nodes.ConstantValue
        if kind == "builtins.bool":
            value = self._flag()
        elif kind == "builtins.int":
            value = self.integer()
            # A sign is an operator of its own.
            self.is_partial = self.is_partial or value < 0
        elif kind == "builtins.str":
            value = self._text()
        elif kind == "builtins.bytes":
            value = _unescaped(self._text())
        else:
            self.stream.tag()
            self._optional_text()
            return self._unread()
        self._finish()
        return self._literal(value)

    # Patterns

    def _pattern(self) -> Pattern:
        return _PATTERNS[self.stream.tag()](self)

    def _patterns(self) -> list[Pattern]:
        return [self._pattern() for _ in range(self.integer())]

    def _match_as(self) -> Pattern:
        pattern = self._pattern() if self._flag() else None
        name = self._placed_name() if self._flag() else None
        self._finish()
        return nodes.MatchAs(self.line, self.start, self.end, pattern, name)

    def _match_or(self) -> Pattern:
        patterns = self._patterns()
        self._finish()
        return nodes.MatchOr(self.line, self.start, self.end, patterns)

    def _match_value(self) -> Pattern:
        value = self.expression()
        self._finish()
        return nodes.MatchValue(self.line, self.start, self.end, value)

    def _match_singleton(self) -> Pattern:
        tag = self.stream.tag()
        self._finish()
        value = None if tag == tags.NONE else tag == 1
        return nodes.MatchSingleton(self.line, self.start, self.end, value)

    def _match_sequence(self) -> Pattern:
        patterns = self._patterns()
        self._finish()
        return nodes.MatchSequence(self.line, self.start, self.end, patterns)

    def _match_star(self) -> Pattern:
        name = self._placed_name() if self._flag() else None
        self._finish()
        return nodes.MatchStar(self.line, self.start, self.end, name)

    def _match_mapping(self) -> Pattern:
        keys: list[Expression] = []
        patterns: list[Pattern] = []
        for _ in range(self.integer()):
            keys.append(self.expression())
            patterns.append(self._pattern())
        rest = self._placed_name() if self._flag() else None
        self._finish()
        return nodes.MatchMapping(self.line, self.start, self.end, keys, patterns, rest)

    def _match_class(self) -> Pattern:
        cls = self.expression()
        patterns = self._patterns()
        names: list[str] = []
        values: list[Pattern] = []
        for _ in range(self.integer()):
            name = self._text()
            pattern = self._pattern()
            names.append(self._last_name(name, cls.end, pattern.start))
            values.append(pattern)
        self._finish()
        return nodes.MatchClass(self.line, self.start, self.end, cls, patterns, names, values)


_STATEMENTS: Final[dict[int, Callable[[TreeReader], Statement]]] = {
    tags.DECORATED: TreeReader._decorated,
    tags.CLASS: TreeReader._class,
    tags.IMPORT: TreeReader._import,
    tags.IF: TreeReader._if,
    tags.ASSIGN: TreeReader._assignment,
    tags.RETURN: TreeReader._return,
    tags.WHILE: TreeReader._while,
    tags.FUNCTION: TreeReader._function,
    tags.PASS: TreeReader._pass,
    tags.RAISE: TreeReader._raise,
    tags.BREAK: TreeReader._break,
    tags.CONTINUE: TreeReader._continue,
    tags.IMPORT_FROM: TreeReader._import_from,
    tags.ASSERT: TreeReader._assert,
    tags.FOR: TreeReader._for,
    tags.WITH: TreeReader._with,
    tags.AUGMENTED_ASSIGN: TreeReader._augmented,
    tags.TRY: TreeReader._try,
    tags.DELETE: TreeReader._delete,
    tags.GLOBAL: TreeReader._global,
    tags.NONLOCAL: TreeReader._nonlocal,
    tags.IMPORT_STAR: TreeReader._import_all,
    tags.MATCH: TreeReader._match,
    tags.TYPE_ALIAS: TreeReader._type_alias,
}

_EXPRESSIONS: Final[dict[int, Callable[[TreeReader], Expression]]] = {
    tags.STRING_LITERAL: TreeReader._string,
    tags.INTEGER_LITERAL: TreeReader._integer,
    tags.TUPLE: TreeReader._tuple,
    tags.LIST_DISPLAY: TreeReader._list,
    tags.SET_DISPLAY: TreeReader._set,
    tags.COMPARE: TreeReader._comparison,
    tags.BOOLEAN: TreeReader._boolean,
    tags.FLOAT_LITERAL: TreeReader._float,
    tags.UNARY: TreeReader._unary,
    tags.DICT_DISPLAY: TreeReader._dict,
    tags.COMPLEX_LITERAL: TreeReader._complex,
    tags.SLICE: TreeReader._slice,
    tags.GENERATOR: TreeReader._generator,
    tags.YIELD: TreeReader._yield,
    tags.YIELD_FROM: TreeReader._yield_from,
    tags.LIST_COMPREHENSION: TreeReader._list_comprehension,
    tags.SET_COMPREHENSION: TreeReader._set_comprehension,
    tags.DICT_COMPREHENSION: TreeReader._dict_comprehension,
    tags.ELLIPSIS: TreeReader._ellipsis,
    tags.CONDITIONAL: TreeReader._conditional,
    tags.FORMATTED_STRING: TreeReader._formatted,
    tags.LAMBDA: TreeReader._lambda,
    tags.NAMED: TreeReader._named,
    tags.STARRED: TreeReader._starred,
    tags.BYTES_LITERAL: TreeReader._bytes,
    tags.AWAIT: TreeReader._await,
    tags.BIG_INTEGER_LITERAL: TreeReader._big_integer,
    tags.TEMPLATE_STRING: TreeReader._template,
}

_PATTERNS: Final[dict[int, Callable[[TreeReader], Pattern]]] = {
    tags.MATCH_AS: TreeReader._match_as,
    tags.MATCH_OR: TreeReader._match_or,
    tags.MATCH_VALUE: TreeReader._match_value,
    tags.MATCH_SINGLETON: TreeReader._match_singleton,
    tags.MATCH_SEQUENCE: TreeReader._match_sequence,
    tags.MATCH_STAR: TreeReader._match_star,
    tags.MATCH_MAPPING: TreeReader._match_mapping,
    tags.MATCH_CLASS: TreeReader._match_class,
}

_TYPES: Final[dict[int, Callable[[TreeReader], Expression]]] = {
    tags.UNBOUND_TYPE: TreeReader._type_name,
    tags.UNPACK_TYPE: TreeReader._type_unpacked,
    tags.TUPLE_TYPE: TreeReader._type_tuple,
    tags.TYPED_DICT_TYPE: TreeReader._type_dict,
    tags.LIST_TYPE: TreeReader._type_list,
    tags.ELLIPSIS_TYPE: TreeReader._type_ellipsis,
    tags.RAW_TYPE: TreeReader._type_literal,
    tags.CALL_TYPE: TreeReader._type_call,
}


def _is_altered(value: nodes.ConstantValue) -> bool:
    """Whether a literal may hold a placeholder."""
    if isinstance(value, bytes):
        return PLACEHOLDER.encode() in value
    return isinstance(value, str) and PLACEHOLDER in value


def _merged(values: list[Expression]) -> list[Expression]:
    """The parts of a formatted string, without empty texts and with adjacent texts as one."""
    found: list[Expression] = []
    for value in values:
        last = found[-1] if found else None
        if isinstance(value, nodes.Constant) and isinstance(value.value, str):
            if not value.value:
                continue
            if isinstance(last, nodes.Constant) and isinstance(last.value, str):
                last.value += value.value
                last.end = value.end
                continue
        found.append(value)
    return found


def _copy_texts(source: Expression, target: Expression) -> None:
    """Give the texts of a literal the values that they have in another tree of the same shape."""
    for written, node in zip(walk(source), walk(target), strict=False):
        if isinstance(written, nodes.Constant) and isinstance(node, nodes.Constant):
            node.value = written.value


def _unescaped(text: str) -> bytes:
    """The bytes that the stream holds as an escaped string."""
    if "\\" not in text:
        return text.encode("latin-1", "replace")
    return text.encode("latin-1", "replace").decode("unicode_escape").encode("latin-1", "replace")


def _integer_of(text: str) -> int | None:
    """The value of a large integer; None if Python refuses to read it (more than 4,300 decimal digits)."""
    try:
        return int(text, base=0)
    except ValueError:
        return None
