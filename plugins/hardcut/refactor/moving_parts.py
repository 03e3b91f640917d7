"""The statements of a module as parts that can move: each with its decorators and the comments above it.

All offsets are byte offsets in UTF-8 source with `\\n` line ends.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from enum import Enum, IntEnum
from typing import TYPE_CHECKING, Final, final

from hardcut.semantic.index import Access
from hardcut.semantic.scopes import BindingKind
from hardcut.syntax import nodes
from hardcut.syntax.tree import read_module, walk

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hardcut.semantic.index import ModuleIndex
    from hardcut.semantic.scopes import Binding, Scope
    from hardcut.syntax.nodes import Expression, Node, Statement


class PartKind(Enum):
    """What a statement of a module is to a move."""

    DOCSTRING = "docstring"
    IMPORT = "import"
    DEFINITION = "definition"
    """A function, class, type alias or assignment to names."""
    BLOCK = "conditional definition"
    """An `if` or `try` statement."""
    EXPORTS = "__all__"
    EFFECT = "statement"
    """Everything else: it runs for what it does."""


class Moment(IntEnum):
    """When a name is read, the latest need first."""

    SIGNATURE = 0
    """Never by the interpreter: an annotation that stays text."""
    FIELD = 1
    """The same of a class or module attribute, which libraries such as dataclasses evaluate."""
    CALL = 2
    """When a function runs."""
    IMPORT = 3
    """When the module is imported."""


@final
class Use:
    """One place of a part that reads a name of the module."""

    __slots__ = ("access", "function", "moment", "name")

    def __init__(self, name: str, access: Access, moment: Moment, function: nodes.FunctionDef | None) -> None:
        self.name = name
        self.access = access
        self.moment = moment
        self.function = function
        """The outermost function whose body, below its head, holds the place."""

    def __repr__(self) -> str:
        return f"<use {self.name} {self.moment.name}>"


@final
class Part:
    """A statement of the module's top level.

    `start` and `end` are the range of its whole lines, with the comments directly above; `head` is where
    its first decorator or keyword is.
    """

    __slots__ = ("binds", "end", "head", "kind", "node", "number", "shares_line", "start", "subject", "uses")

    def __init__(self, number: int, node: Statement, head: int) -> None:
        self.number = number
        self.node = node
        self.head = head
        self.start = 0
        self.end = 0
        self.kind = PartKind.EFFECT
        self.shares_line = False
        self.binds: dict[str, None] = {}
        self.subject: str | None = None
        """The name whose value the statement changes: `X` of `X.update(...)` and `@X.register`."""
        self.uses: list[Use] = []

    def __repr__(self) -> str:
        return f"<part {self.number} {self.kind.value} {' '.join(self.binds)}>"


@final
class Parts:
    """A module's parts, and which of them bind and read each name."""

    def __init__(self, index: ModuleIndex) -> None:
        self.index = index
        self.source = index.module.source
        root = read_module(index.module)
        self.all = [Part(number, node, head_of(node, self.source)) for number, node in enumerate(root.body)]
        self._heads = [part.head for part in self.all]
        self._lay_out()
        self.future = any(_is_future(part.node) for part in self.all)
        """Whether annotations stay text: `from __future__ import annotations`."""
        self.rebinders: dict[str, list[Part]] = {}
        """The parts whose functions bind a name of the module, by `global`."""
        self.deleted: set[str] = set()
        self._by_subject: dict[str, list[Part]] = {}
        self.by_name: dict[str, list[Part]] = {}
        self.unknown: dict[int, dict[str, int]] = {}
        """By part: names that nothing in the module binds, each with the offset of the first access."""
        self._bind()
        self._classify()
        self._read()

    def at(self, offset: int) -> Part | None:
        """The part that an offset is in."""
        number = bisect_right(self._heads, offset) - 1
        return self.all[number] if number >= 0 else None

    def defining(self, name: str) -> list[Part]:
        """The parts that define a name, without imports."""
        return [part for part in self.by_name.get(name, ()) if part.kind in _DEFINING]

    def group(self, name: str) -> list[Part]:
        """The parts that belong to a name: those that define it, and statements that change its value."""
        found = {part.number: part for part in (*self.defining(name), *self._by_subject.get(name, ()))}
        return [found[number] for number in sorted(found)]

    def line(self, part: Part) -> int:
        """The line of a part's statement, from 1."""
        return self.index.module.place(part.head)[0]

    def _lay_out(self) -> None:
        """Give every part its lines: those that no other claims, and the comments directly above."""
        source = self.source
        for part, following in zip(self.all, [*self.all[1:], None], strict=False):
            limit = len(source) if following is None else _line_start(source, following.head)
            end = _line_end(source, part.node.end)
            if following is not None and end > limit:
                part.shares_line = following.shares_line = True
                part.end = max(part.node.end, part.head)
                following.start = following.head
                continue
            end, above = _gap(source, end, limit)
            part.end = end
            if following is not None and not following.shares_line:
                following.start = above
        if self.all and not self.all[0].shares_line:
            self.all[0].start = _line_start(source, self.all[0].head)

    def _bind(self) -> None:
        top = self.index.top
        for binding in top.bindings:
            part = self.at(binding.start)
            if part is None:
                continue
            if binding.kind is BindingKind.DELETION:
                self.deleted.add(binding.name)
            elif _runs_at_import(binding, top):
                part.binds[binding.name] = None
                parts = self.by_name.setdefault(binding.name, [])
                if part not in parts:
                    parts.append(part)
            else:
                self.rebinders.setdefault(binding.name, []).append(part)

    def _classify(self) -> None:
        for part in self.all:
            part.kind = _kind(part)
            part.subject = _subject(part.node)
            if part.subject is not None and part.subject not in self.index.top:
                part.subject = None
            if part.subject is not None:
                self._by_subject.setdefault(part.subject, []).append(part)

    def _read(self) -> None:
        index = self.index
        signatures, functions = _Annotations(self), _Functions(self)
        for name in index.accessed_names:
            for access in index.accesses(name):
                part = self.at(access.start)
                if part is None:
                    continue
                owner = index.lookup(name, access.scope)
                if owner is None:
                    self.unknown.setdefault(part.number, {}).setdefault(name, access.start)
                elif owner is index.top:
                    function = functions.around(access.start)
                    part.uses.append(Use(name, access, signatures.moment(access, function), function))
        for name, start in typed_strings([part.node for part in self.all]):
            part = self.at(start)
            if part is not None and name in index.top:
                access = Access(name, start, start, start, index.top)
                part.uses.append(Use(name, access, Moment.SIGNATURE, functions.around(start)))
        for part in self.all:
            part.uses.sort(key=lambda use: use.access.start)
        self._run_at_import()

    def _run_at_import(self) -> None:
        """Note that functions run when the module is imported if a statement of it calls them then."""
        called = {name for part in self.all for name in _called_at_import(part.node)}
        waiting = [name for name in called if name in self.by_name]
        seen = set(waiting)
        while waiting:
            for part in self.by_name.get(waiting.pop(), ()):
                for use in part.uses:
                    if use.moment is Moment.CALL:
                        use.moment = Moment.IMPORT
                    if use.moment is Moment.IMPORT and use.name not in seen:
                        seen.add(use.name)
                        waiting.append(use.name)


@final
class _Annotations:
    """Which places of a module are annotations that stay text."""

    def __init__(self, parts: Parts) -> None:
        self._future = parts.future
        self._signatures: list[tuple[int, int]] = []
        self._fields: list[tuple[int, int]] = []
        inside: set[int] = set()
        for part in parts.all:
            for node in walk(part.node):
                if isinstance(node, nodes.FunctionDef):
                    self._signatures += _signature(node)
                    inside.update(id(child) for child in walk(node) if isinstance(child, nodes.AnnAssign))
        for part in parts.all:
            for node in walk(part.node):
                if isinstance(node, nodes.AnnAssign):
                    place = (node.annotation.start, node.annotation.end)
                    (self._signatures if id(node) in inside else self._fields).append(place)
        self._quoted = sorted((found.start, found.end) for found in parts.index.quoted_annotations)
        self._signatures.sort()
        self._fields.sort()

    def moment(self, access: Access, function: nodes.FunctionDef | None) -> Moment:
        """When an access reads its name."""
        text = self._future or _covers(self._quoted, access.start)
        if text and _covers(self._signatures, access.start):
            return Moment.SIGNATURE
        if text and _covers(self._fields, access.start):
            return Moment.FIELD
        return Moment.CALL if function is not None else Moment.IMPORT


def _called_at_import(node: Statement) -> Iterator[str]:
    """The names that a statement calls when it runs, as functions, classes or decorators."""
    waiting: list[Node] = [node]
    while waiting:
        current = waiting.pop()
        if isinstance(current, nodes.Lambda):
            continue
        if isinstance(current, nodes.FunctionDef):
            waiting += [*current.decorator_list, *current.args.defaults]
            yield from filter(None, map(_root, current.decorator_list))
            continue
        if isinstance(current, nodes.ClassDef):
            yield from filter(None, map(_root, current.decorator_list))
        if isinstance(current, nodes.Call) and (name := _root(current.func)) is not None:
            yield name
        waiting += current.children()


@final
class _Functions:
    """The outermost functions of a module, by the ranges of their bodies.

    A body on the line of its head is left out: no statement can be put in front of it.
    """

    def __init__(self, parts: Parts) -> None:
        self._bodies: list[tuple[int, int]] = []
        self._nodes: list[nodes.FunctionDef] = []
        for part in parts.all:
            waiting: list[Node] = [part.node]
            while waiting:
                node = waiting.pop(0)
                if not isinstance(node, nodes.FunctionDef):
                    waiting += node.children()
                elif node.body:
                    first = node.body[0].start
                    if not _has_room(node, parts.source):
                        continue
                    if not parts.source[_line_start(parts.source, first) : first].strip():
                        self._bodies.append((first, node.end))
                        self._nodes.append(node)
        order = sorted(range(len(self._bodies)), key=self._bodies.__getitem__)
        self._bodies = [self._bodies[number] for number in order]
        self._nodes = [self._nodes[number] for number in order]

    def around(self, offset: int) -> nodes.FunctionDef | None:
        """The function whose body holds an offset."""
        at = bisect_right(self._bodies, (offset, 1 << 62)) - 1
        if at < 0 or not self._bodies[at][0] <= offset < self._bodies[at][1]:
            return None
        return self._nodes[at]


_NAMES: Final = re.compile(r"(?<![\w.])[^\W\d]\w*")
_GENERIC: Final = frozenset({"dict", "frozenset", "list", "set", "tuple", "type"})
_DEFINING: Final = frozenset({PartKind.DEFINITION, PartKind.BLOCK, PartKind.EFFECT})


def _covers(ranges: list[tuple[int, int]], offset: int) -> bool:
    at = bisect_right(ranges, (offset, 1 << 62)) - 1
    return at >= 0 and ranges[at][0] <= offset < ranges[at][1]


def _signature(node: nodes.FunctionDef) -> list[tuple[int, int]]:
    given = node.args
    arguments = [*given.posonlyargs, *given.args, *given.kwonlyargs]
    arguments += [found for found in (given.vararg, given.kwarg) if found is not None]
    annotations = [argument.annotation for argument in arguments] + [node.returns]
    return [(found.start, found.end) for found in annotations if found is not None]


def typed_strings(roots: Iterable[Node]) -> Iterator[tuple[str, int]]:
    """The names in strings that are types without being annotations, with the offsets of the strings.

    They are the first argument of `cast`, bounds of `TypeVar`, and what is in the brackets of a class.
    """
    waiting = list(roots)
    while waiting:
        node = waiting.pop()
        for string in _types_of(node):
            if isinstance(string, nodes.Constant) and isinstance(string.value, str):
                for match in _NAMES.finditer(string.value):
                    yield match[0], string.start
        waiting += node.children()


def _types_of(node: Node) -> list[Expression]:
    """The expressions directly in a node that are types."""
    if isinstance(node, nodes.Call):
        called = _last_name(node.func)
        if called == "cast":
            return node.args[:1]
        if called in ("TypeVar", "NewType"):
            return [*node.args[1:], *(keyword.value for keyword in node.keywords if keyword.arg == "bound")]
    elif isinstance(node, nodes.Subscript):
        name = _last_name(node.value)
        is_class = (name[:1].isupper() and not name.isupper()) or name in _GENERIC
        if is_class and name not in ("Literal", "Annotated"):
            return node.slice.elts if isinstance(node.slice, nodes.Tuple) else [node.slice]
    return []


def _last_name(node: Expression) -> str:
    if isinstance(node, nodes.Attribute):
        return node.attr
    return node.id if isinstance(node, nodes.Name) else ""


def has_annotations(part: Part) -> bool:
    """Whether annotations of a part are values, or would be if they were not text."""
    return any(
        isinstance(node, nodes.AnnAssign) or (isinstance(node, nodes.FunctionDef) and bool(_signature(node)))
        for node in walk(part.node)
    )


def _has_room(node: nodes.FunctionDef, source: bytes) -> bool:
    """Whether a statement can follow the docstring: nothing else is on its line."""
    first = node.body[0]
    if len(node.body) < 2 or not (isinstance(first, nodes.Expr) and isinstance(first.value, nodes.Constant)):
        return True
    return b"\n" in source[first.end : node.body[1].start]


def head_of(node: Statement, source: bytes) -> int:
    """Where a statement begins, with its decorators."""
    if isinstance(node, nodes.FunctionDef | nodes.ClassDef) and node.decorator_list:
        first = min(decorator.start for decorator in node.decorator_list)
        found = source.rfind(b"@", 0, first)
        return found if found >= 0 else node.start
    if isinstance(node, nodes.Expr | nodes.Assign):
        # Brackets around an expression are not in its range.
        line = _line_start(source, node.start)
        before = source[line : node.start]
        inside = before.lstrip(b" \t")
        return node.start - len(inside) if not inside.strip(b"( \t") else node.start
    return node.start


def _gap(source: bytes, start: int, limit: int) -> tuple[int, int]:
    """Where a statement's lines end, and where the comments directly above the next one begin."""
    end, above = start, limit
    comments = -1
    position = start
    while position < limit:
        stop = min(_line_end(source, position), limit)
        text = source[position:stop]
        bare = text.strip()
        if not bare:
            # Directly below a statement and apart from the next, a comment is about the first.
            end = position if comments == end else end
            comments = -1
        elif bare.startswith(b"#") and text[:1] == b"#":
            comments = position if comments < 0 else comments
        else:
            # The rest of the statement, or a comment indented like its block.
            end, comments = stop, -1
        position = stop
    if comments >= 0 and limit == len(source) and comments == end:
        end = limit
    elif comments >= 0:
        above = comments
    return end, above


def _line_start(source: bytes, offset: int) -> int:
    return source.rfind(b"\n", 0, offset) + 1


def _line_end(source: bytes, offset: int) -> int:
    """Behind the end of the line that an offset is in."""
    found = source.find(b"\n", max(offset, 0))
    return len(source) if found < 0 else found + 1


def _is_future(node: Statement) -> bool:
    return (
        isinstance(node, nodes.ImportFrom)
        and node.module == "__future__"
        and any(alias.name == "annotations" for alias in node.names)
    )


def _runs_at_import(binding: Binding, top: Scope) -> bool:
    scope: Scope | None = binding.within
    while scope is not None and scope is not top:
        if not scope.is_comprehension:
            return False
        scope = scope.parent
    return True


def _kind(part: Part) -> PartKind:
    node = part.node
    if part.number == 0 and isinstance(node, nodes.Expr) and isinstance(node.value, nodes.Constant):
        return PartKind.DOCSTRING if isinstance(node.value.value, str) else PartKind.EFFECT
    if isinstance(node, nodes.Import | nodes.ImportFrom):
        return PartKind.IMPORT
    if "__all__" in part.binds or _subject(node) == "__all__":
        return PartKind.EXPORTS
    if isinstance(node, nodes.FunctionDef | nodes.ClassDef | nodes.TypeAlias):
        return PartKind.DEFINITION
    if isinstance(node, nodes.Assign) and all(_binds_only(target) for target in node.targets):
        return PartKind.DEFINITION
    if isinstance(node, nodes.AnnAssign) and isinstance(node.target, nodes.Name):
        return PartKind.DEFINITION
    if isinstance(node, nodes.If | nodes.Try):
        return PartKind.BLOCK
    return PartKind.EFFECT


def _binds_only(target: Expression) -> bool:
    if isinstance(target, nodes.Tuple | nodes.List):
        return all(_binds_only(element) for element in target.elts)
    if isinstance(target, nodes.Starred):
        return _binds_only(target.value)
    return isinstance(target, nodes.Name)


def _subject(node: Statement) -> str | None:
    """The name whose value a statement changes; None if it changes none, or several."""
    targets: list[Expression] = []
    if isinstance(node, nodes.Assign):
        targets = [target for target in node.targets if not isinstance(target, nodes.Name)]
    elif isinstance(node, nodes.AugAssign) or (
        isinstance(node, nodes.AnnAssign) and not isinstance(node.target, nodes.Name)
    ):
        targets = [node.target]
    elif isinstance(node, nodes.Expr) and isinstance(node.value, nodes.Call):
        called = node.value.func
        targets = [called.value] if isinstance(called, nodes.Attribute) else []
    elif isinstance(node, nodes.FunctionDef) and node.name.strip("_") == "":
        targets = [
            decorator.func if isinstance(decorator, nodes.Call) else decorator
            for decorator in node.decorator_list
        ]
        targets = [target.value for target in targets if isinstance(target, nodes.Attribute)]
    roots = {_root(target) for target in targets}
    return roots.pop() if len(roots) == 1 else None


def _root(node: Node) -> str | None:
    while isinstance(node, nodes.Attribute | nodes.Subscript):
        node = node.value
    return node.id if isinstance(node, nodes.Name) else None
