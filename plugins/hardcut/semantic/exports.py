"""What a module says of its own namespace: `__all__`, names that code puts into it, and what takes its
place."""

from __future__ import annotations

import re
from bisect import bisect_right
from enum import Enum
from typing import TYPE_CHECKING, Final, final

from hardcut.semantic.scopes import BindingKind
from hardcut.syntax import nodes, tags
from hardcut.syntax.tree import read_statement, walk

if TYPE_CHECKING:
    from hardcut.semantic.scopes import Import, Scope
    from hardcut.syntax.nodes import Expression, Node, Statement
    from hardcut.syntax.parser import ParsedModule

_WORDS: Final = re.compile(
    rb"\b(?:__all__|__path__|declare_namespace|exec|globals|locals|setattr|vars|__dict__|modules|meta_path"
    rb"|import_module|global_enum|_convert_?)\b"
)
"""Without one of these words a module only binds names by its statements."""
_MOST_STEPS: Final = 1000
"""How many expressions are followed to find what `__all__` lists."""


class AllKind(Enum):
    """What an operation does to `__all__`."""

    SET = "set"
    ADD = "add"
    REMOVE = "remove"


@final
class ListedName:
    """A string in `__all__`, and where it is written."""

    __slots__ = ("end", "name", "start")

    def __init__(self, name: str, start: int, end: int) -> None:
        self.name = name
        self.start = start
        self.end = end

    def __repr__(self) -> str:
        return f"<{self.name!r} {self.start}-{self.end}>"


@final
class OtherAll:
    """The `__all__` of another module, in this one's: by a dotted name of this module, or imported."""

    __slots__ = ("imported", "module")

    def __init__(self, module: str, imported: Import | None) -> None:
        self.module = module
        self.imported = imported

    def __repr__(self) -> str:
        return f"<{self.module}.__all__>"


@final
class AllOperation:
    """A statement that sets or changes `__all__`; not `complete` if it may list more than was found."""

    __slots__ = ("certain", "complete", "end", "kind", "names", "others", "start")

    def __init__(self, kind: AllKind, start: int, end: int, certain: bool) -> None:
        self.kind = kind
        self.start = start
        self.end = end
        self.certain = certain
        """Whether it is a statement of the module that no condition stands around."""
        self.names: list[ListedName] = []
        self.others: list[OtherAll] = []
        self.complete = True


@final
class NamespaceWrite:
    """Code that puts names into the module's namespace; `names` is None for names that are not written
    out."""

    __slots__ = ("end", "names", "start")

    def __init__(self, names: list[str] | None, start: int, end: int) -> None:
        self.names = names
        self.start = start
        self.end = end

    def __repr__(self) -> str:
        return f"<write {self.names} {self.start}-{self.end}>"


@final
class Exports:
    """All of it. `replaced` are the places that put something into `sys.modules` under the module's own
    name, `registered` the other names under which something is put there: a name that begins with a dot is
    below this module, and None is a name that is not written out."""

    __slots__ = ("changes_path", "executes", "operations", "registered", "replaced", "writes")

    def __init__(self) -> None:
        self.operations: list[AllOperation] = []
        self.writes: list[NamespaceWrite] = []
        self.replaced: list[tuple[int, int]] = []
        self.registered: list[str | None] = []
        self.executes: list[tuple[int, int]] = []
        """Calls of `exec`, which may bind any name; what they run is not read."""
        self.changes_path = False
        """Whether submodules may lie elsewhere than in the package's folder."""

    @property
    def has_all(self) -> bool:
        """Whether the module sets or changes `__all__`."""
        return bool(self.operations)

    @property
    def listed(self) -> list[ListedName]:
        """What `__all__` lists in the end, as far as it is written out; a conditional removal removes
        nothing."""
        found: list[ListedName] = []
        for operation in self.operations:
            if operation.kind is AllKind.REMOVE:
                gone = {listed.name for listed in operation.names} if operation.certain else set()
                found = [listed for listed in found if listed.name not in gone]
            elif operation.kind is AllKind.SET and operation.certain:
                found = list(operation.names)
            else:
                found += operation.names
        return found

    @property
    def others(self) -> list[OtherAll]:
        """The modules whose `__all__` the module's own takes up."""
        return [other for operation in self.operations for other in operation.others]

    @property
    def is_complete(self) -> bool:
        """Whether `__all__` lists no more than `listed` and what `others` list."""
        return all(operation.complete for operation in self.operations)

    @property
    def writes_unknown_names(self) -> bool:
        """Whether code may bind names that are written nowhere."""
        return bool(self.executes) or any(write.names is None for write in self.writes)


def read_exports(module: ParsedModule, scopes: list[Scope], statements: list[int]) -> Exports:
    """What a module says of its own namespace; `scopes` are all scopes of the module, and `statements` the
    positions of its statements in the stream."""
    found = Exports()
    if _WORDS.search(module.source) is not None:
        _Reader(module, scopes, found).read(statements)
    written = any("__path__" in write.names for write in found.writes if write.names is not None)
    found.changes_path = found.changes_path or written or "__path__" in scopes[0]
    return found


@final
class _Reader:
    """Walks a module that holds one of the words."""

    def __init__(self, module: ParsedModule, scopes: list[Scope], exports: Exports) -> None:
        self.module = module
        self.top = scopes[0]
        self.exports = exports
        self.namespaces: set[str] = set()
        """Names that stand for the module's namespace: `g = globals()`."""
        self.itself: set[str] = set()
        """Names that stand for the module: `m = sys.modules[__name__]`."""
        self.registries: set[str] = set()
        """Names that stand for `sys.modules`."""
        self.certain: set[int] = set()
        self.steps = 0
        self.inner = [
            (scope.start, scope.end)
            for scope in scopes
            if scope.parent is self.top and not scope.is_comprehension
        ]
        """The ranges of the module's functions and classes, in the order of the source."""
        self.inner.sort()
        self.definitions = {
            scope.position: (scope.start, scope.end)
            for scope in scopes
            if scope.parent is self.top and not scope.is_comprehension
        }
        """The same by the positions of their statements."""
        self.used: set[int] = set()
        """The ids of the nodes that stand for the module or its namespace, and only read or write
        names."""

    def read(self, statements: list[int]) -> None:
        """Collect aliases first, then what is done with them."""
        every = self._relevant(statements)
        for node in every:
            if isinstance(node, nodes.Assign):
                for target in node.targets:
                    self._assigned(target, node.value, node)
            elif isinstance(node, nodes.AnnAssign) and node.value is not None:
                self._assigned(node.target, node.value, node)
            elif isinstance(node, nodes.AugAssign):
                self._augmented(node)
            elif isinstance(node, nodes.Call):
                self._called(node)
            elif isinstance(node, nodes.ClassDef):
                self._decorated(node)
            self._use(node)
        for node in every:
            if id(node) not in self.used and isinstance(node, _STAND_INS):
                self._escaped(node)
        self.exports.operations.sort(key=lambda operation: operation.start)

    def _relevant(self, statements: list[int]) -> list[Node]:
        """All nodes of the statements that may be about the namespace.

        Imports are none, nor is a function or class without one of the words or aliases. An alias that is
        found in a function may be a global name of others, so that what was left out is looked at again.
        """
        stream = self.module.stream
        waiting = [position for position in statements if stream[position] not in _IMPORTS]
        every: list[Node] = []
        known, rounds = -1, 0
        while known < (known := len(self.namespaces) + len(self.itself) + len(self.registries)):
            rounds += 1
            # So many aliases are no code that people write: everything is read then.
            words = self._words() if rounds < _MOST_ROUNDS and known < _MOST_ALIASES else _ANYTHING
            left: list[int] = []
            for position in waiting:
                start, end = self.definitions.get(position, (0, 0))
                if end and words.search(self.module.source, start, end) is None:
                    left.append(position)
                    continue
                statement = read_statement(self.module, position)
                self.certain.add(statement.start)
                nodes_of = list(walk(statement))
                every += nodes_of
                for node in nodes_of:
                    if isinstance(node, nodes.Assign):
                        self._alias(node)
            waiting = left
        return every

    def _words(self) -> re.Pattern[bytes]:
        """What a definition holds that may be about the namespace."""
        names = self.namespaces | self.itself | self.registries
        if not names:
            return _WORDS
        listed = b"|".join(re.escape(name.encode()) for name in sorted(names))
        return re.compile(_WORDS.pattern + rb"|(?<![\w\x80-\xff])(?:" + listed + rb")(?![\w\x80-\xff])")

    def _alias(self, node: nodes.Assign) -> None:
        names = [target.id for target in node.targets if isinstance(target, nodes.Name)]
        # The target is no use of what it stands for.
        self.used.update(id(target) for target in node.targets if isinstance(target, nodes.Name))
        if self._is_namespace(node.value):
            self.namespaces.update(names)
        elif self._is_module(node.value):
            self.itself.update(names)
        elif self._is_registry(node.value):
            self.registries.update(names)
        else:
            return
        if len(names) == len(node.targets):
            self.used.add(id(node.value))

    def _is_namespace(self, node: Expression) -> bool:
        """Whether an expression is the module's namespace."""
        if isinstance(node, nodes.Name):
            return node.id in self.namespaces
        if isinstance(node, nodes.Attribute):
            return node.attr == "__dict__" and self._is_module(node.value)
        if not isinstance(node, nodes.Call) or not isinstance(node.func, nodes.Name):
            return False
        if node.func.id == "vars" and node.args:
            return self._is_module(node.args[0])
        if node.args:
            return False
        return node.func.id == "globals" or (node.func.id in ("vars", "locals") and self._is_outside(node))

    def _is_outside(self, node: Node) -> bool:
        """Whether code is in no function or class: `locals()` is the module's namespace there."""
        at = bisect_right(self.inner, (node.start, len(self.module.source))) - 1
        return at < 0 or self.inner[at][1] <= node.start

    def _is_module(self, node: Expression) -> bool:
        """Whether an expression is the module itself."""
        if isinstance(node, nodes.Name):
            return node.id in self.itself
        if isinstance(node, nodes.Subscript):
            return self._is_own_entry(node)
        if not isinstance(node, nodes.Call) or len(node.args) != 1:
            return False
        # `import_module(__name__)` and `sys.modules.get(__name__)`.
        found = node.args[0]
        if not isinstance(found, nodes.Name) or found.id != "__name__":
            return False
        func = node.func
        if isinstance(func, nodes.Attribute):
            return func.attr == "import_module" or (func.attr == "get" and self._is_registry(func.value))
        return isinstance(func, nodes.Name) and func.id == "import_module"

    def _is_own_entry(self, node: nodes.Subscript) -> bool:
        """`sys.modules[__name__]`."""
        named = isinstance(node.slice, nodes.Name) and node.slice.id == "__name__"
        return named and self._is_registry(node.value)

    def _is_registry(self, node: Expression) -> bool:
        """Whether an expression is `sys.modules`."""
        if isinstance(node, nodes.Name):
            return node.id in self.registries or self._is_imported(node.id, "sys", "modules")
        return isinstance(node, nodes.Attribute) and node.attr == "modules" and self._is_sys(node.value)

    def _is_sys(self, node: Expression) -> bool:
        if not isinstance(node, nodes.Name):
            return False
        return node.id in ("sys", "_sys") or self._is_imported(node.id, "sys", None)

    def _is_imported(self, name: str, module: str, member: str | None) -> bool:
        """Whether a name of the module is imported for a module, or a member of it."""
        return any(
            binding.imported is not None
            and binding.imported.module == module
            and binding.imported.name == member
            for binding in self.top[name]
        )

    def _decorated(self, node: nodes.ClassDef) -> None:
        """`@global_enum` makes the members of an enumeration names of the module, which are read here."""
        names = [
            decorator.attr if isinstance(decorator, nodes.Attribute) else decorator.id
            for decorator in node.decorator_list
            if isinstance(decorator, nodes.Attribute | nodes.Name)
        ]
        if "global_enum" in names:
            members = [
                target.id
                for statement in node.body
                if isinstance(statement, nodes.Assign)
                for target in statement.targets
                if isinstance(target, nodes.Name)
            ]
            self.exports.writes.append(NamespaceWrite(members, node.start, node.end))

    # What becomes of the namespace elsewhere.

    def _use(self, node: Node) -> None:
        """Note the children of a node that it only reads or writes by names."""
        used = self.used
        if isinstance(node, nodes.Attribute):
            if not self._is_namespace(node.value) or node.attr in _DICT_METHODS:
                used.add(id(node.value))
        elif isinstance(node, nodes.Subscript | nodes.Starred | nodes.FormattedValue | nodes.Expr):
            used.add(id(node.value))
        elif isinstance(node, nodes.For | nodes.Comprehension):
            used.add(id(node.iter))
        elif isinstance(node, nodes.Compare):
            used.add(id(node.left))
            used.update(map(id, node.comparators))
        elif isinstance(node, nodes.BinOp):
            used.update((id(node.left), id(node.right)))
        elif isinstance(node, nodes.AugAssign):
            used.add(id(node.target))
        elif isinstance(node, nodes.Dict):
            used.update(id(value) for key, value in zip(node.keys, node.values, strict=False) if key is None)
        elif isinstance(node, nodes.Call):
            self._use_arguments(node)

    def _use_arguments(self, node: nodes.Call) -> None:
        func = node.func
        name = func.id if isinstance(func, nodes.Name) else ""
        name = func.attr if isinstance(func, nodes.Attribute) else name
        if name in _READERS or (name == "update" and not self._is_namespace(func)):
            self.used.update(map(id, node.args))
        for keyword in node.keywords:
            if keyword.arg is None or keyword.arg in _NAMESPACE_PARAMETERS or name in _READERS:
                self.used.add(id(keyword.value))

    def _escaped(self, node: Expression) -> None:
        """A place that hands the module or its namespace to code that may put names into it."""
        if self._is_namespace(node) or self._is_module(node):
            self.exports.writes.append(NamespaceWrite(None, node.start, node.end))

    def _assigned(self, target: Expression, value: Expression, statement: Statement) -> None:
        if isinstance(target, nodes.Name):
            if target.id == "__all__" and self._is_of_module(target):
                self._operation(AllKind.SET, value, statement)
        elif isinstance(target, nodes.Subscript):
            if self._is_namespace(target.value):
                self._write([target.slice], target)
            elif self._is_own_entry(target):
                self.exports.replaced.append((target.start, target.end))
            elif self._is_registry(target.value):
                self.exports.registered.append(_own_name(target.slice))
            elif isinstance(target.value, nodes.Name):
                self._changed(target.value.id, target)
        elif isinstance(target, nodes.Attribute) and self._is_module(target.value):
            self.exports.writes.append(NamespaceWrite([target.attr], target.start, target.end))

    def _changed(self, name: str, target: nodes.Subscript) -> None:
        """`__path__[:0] = ...` or `__all__[:0] = ...`."""
        if name == "__path__":
            self.exports.changes_path = True
        elif name == "__all__":
            operation = AllOperation(AllKind.ADD, target.start, target.end, False)
            operation.complete = False
            self.exports.operations.append(operation)

    def _is_of_module(self, target: nodes.Name) -> bool:
        """Whether a target is a name of the module, and not one of a class or function."""
        return any(binding.start == target.start for binding in self.top[target.id])

    def _augmented(self, node: nodes.AugAssign) -> None:
        if isinstance(node.target, nodes.Name) and node.target.id == "__all__":
            if self._is_of_module(node.target):
                self._operation(AllKind.ADD, node.value, node)
        elif self._is_namespace(node.target):
            self._updated([node.value], node)

    def _called(self, node: nodes.Call) -> None:
        if isinstance(node.func, nodes.Name):
            self._called_function(node.func.id, node)
        elif isinstance(node.func, nodes.Attribute):
            self._called_method(node.func.attr, node.func.value, node)

    def _called_function(self, name: str, node: nodes.Call) -> None:
        if name == "exec":
            # A second argument is the namespace in which the code runs.
            if len(node.args) < 2 or self._is_namespace(node.args[1]):
                self.exports.executes.append((node.start, node.end))
        elif name == "setattr" and len(node.args) > 1 and self._is_module(node.args[0]):
            self._write([node.args[1]], node)
        elif name == "declare_namespace":
            self.exports.changes_path = True

    def _called_method(self, method: str, owner: Expression, node: nodes.Call) -> None:
        if method == "declare_namespace":
            self.exports.changes_path = True
        elif method in ("_convert_", "_convert"):
            # `IntEnum._convert_("Name", __name__, test)` makes members of an enumeration names of a module.
            self.exports.writes.append(NamespaceWrite(None, node.start, node.end))
        elif self._is_namespace(owner):
            self._method_of_namespace(method, node)
        elif method in _PUTS and self._is_registry(owner):
            self.exports.registered.append(_own_name(node.args[0]) if node.args else None)
        elif method in _LIST_CHANGES:
            self._method_of_list(method, owner, node)

    def _method_of_list(self, method: str, owner: Expression, node: nodes.Call) -> None:
        if isinstance(owner, nodes.Attribute):
            if owner.attr == "meta_path":
                self.exports.registered.append(None)
            elif owner.attr == "__path__":
                self.exports.changes_path = self.exports.changes_path or self._is_module(owner.value)
        elif isinstance(owner, nodes.Name) and owner.id == "__all__":
            self._method_of_all(method, node)
        elif isinstance(owner, nodes.Name) and owner.id == "__path__":
            self.exports.changes_path = True

    def _method_of_all(self, method: str, node: nodes.Call) -> None:
        if method in ("extend", "append", "insert", "remove") and node.args:
            kind = AllKind.REMOVE if method == "remove" else AllKind.ADD
            value = node.args[-1]
            if method != "extend":
                value = nodes.List(value.line, value.start, value.end, [value])
            self._operation(kind, value, node)
        elif method in _LIST_CHANGES:
            operation = AllOperation(AllKind.ADD, node.start, node.end, False)
            operation.complete = False
            self.exports.operations.append(operation)

    def _method_of_namespace(self, method: str, node: nodes.Call) -> None:
        if method == "update":
            self._updated(node.args, node, node.keywords)
        elif method in ("setdefault", "__setitem__") and node.args:
            self._write([node.args[0]], node)

    def _updated(
        self, values: list[Expression], node: Node, keywords: list[nodes.Keyword] | None = None
    ) -> None:
        keys: list[Expression | None] = []
        names = [keyword.arg for keyword in keywords or ()]
        for value in values:
            keys += value.keys if isinstance(value, nodes.Dict) else [None]
        known = [name for name in names if name is not None]
        if len(known) < len(names):
            keys.append(None)
        self._write(keys, node, known)

    def _write(self, keys: list[Expression | None], node: Node, known: list[str] | None = None) -> None:
        """Note names that are given by expressions; None is an expression of any number of names."""
        names = list(known or ())
        for key in keys:
            if isinstance(key, nodes.Constant) and isinstance(key.value, str):
                names.append(key.value)
            else:
                self.exports.writes.append(NamespaceWrite(None, node.start, node.end))
                break
        if names:
            self.exports.writes.append(NamespaceWrite(names, node.start, node.end))

    # `__all__`.

    def _operation(self, kind: AllKind, value: Expression, node: Node) -> None:
        operation = AllOperation(kind, node.start, node.end, node.start in self.certain)
        self._list(value, operation)
        self.exports.operations.append(operation)

    def _list(self, value: Expression, operation: AllOperation) -> None:
        """Add to an operation what an expression lists."""
        waiting: list[Expression] = [value]
        while waiting:
            node = waiting.pop(0)
            self.steps += 1
            if self.steps > _MOST_STEPS + len(self.module.source):
                operation.complete = False
                return
            if isinstance(node, nodes.Constant) and isinstance(node.value, str):
                operation.names.append(ListedName(node.value, node.start, node.end))
            elif isinstance(node, nodes.List | nodes.Tuple | nodes.Set):
                waiting[:0] = node.elts
            elif isinstance(node, nodes.Starred):
                waiting.insert(0, node.value)
            elif isinstance(node, nodes.BinOp) and node.op in ("+", "|"):
                waiting[:0] = [node.left, node.right]
            else:
                waiting[:0] = self._followed(node, operation)

    def _followed(self, node: Expression, operation: AllOperation) -> list[Expression]:
        """What stands behind another expression of `__all__`; notes what is not followed."""
        if isinstance(node, nodes.Call):
            words = _split(node)
            if words is not None:
                operation.names += words
                return []
            if isinstance(node.func, nodes.Name) and node.func.id in _COPIES and len(node.args) == 1:
                return [node.args[0]]
        elif isinstance(node, nodes.Attribute) and node.attr == "__name__":
            if isinstance(node.value, nodes.Name):
                # `Cart.__name__` of a class or function that the module defines by this name.
                operation.names.append(ListedName(node.value.id, node.start, node.end))
                return []
        elif isinstance(node, nodes.Attribute) and node.attr == "__all__":
            name = _dotted(node.value)
            if name is not None:
                operation.others.append(OtherAll(name, None))
                return []
        elif isinstance(node, nodes.Name):
            return self._named(node, operation)
        operation.complete = False
        return []

    def _named(self, node: nodes.Name, operation: AllOperation) -> list[Expression]:
        bindings = self.top[node.id]
        if node.id == "__all__":
            return []
        if len(bindings) == 1 and self.steps < _MOST_STEPS:
            (binding,) = bindings
            if binding.imported is not None and binding.imported.name == "__all__":
                operation.others.append(OtherAll(binding.name, binding.imported))
                return []
            if binding.kind is BindingKind.ASSIGNMENT and binding.within is self.top:
                statement = read_statement(self.module, binding.position)
                if isinstance(statement, nodes.Assign | nodes.AnnAssign) and statement.value is not None:
                    self.steps += 1
                    return [statement.value]
        operation.complete = False
        return []


_MOST_ROUNDS: Final = 10
_MOST_ALIASES: Final = 100
_ANYTHING: Final = re.compile(rb"")
_IMPORTS: Final = frozenset({tags.IMPORT, tags.IMPORT_FROM, tags.IMPORT_STAR})
_STAND_INS: Final = (nodes.Name, nodes.Attribute, nodes.Call, nodes.Subscript)
"""The forms of expressions that stand for the module or its namespace."""
_DICT_METHODS: Final = frozenset(
    {"copy", "get", "items", "keys", "values", "pop", "clear", "update", "setdefault", "__setitem__"}
    | {"__getitem__", "__contains__", "__len__", "__iter__", "__delitem__"}
)
"""Methods of a namespace that bind no names, or whose names are read apart."""
_PUTS: Final = frozenset({"setdefault", "update", "__setitem__"})
_READERS: Final = frozenset(
    {"getattr", "hasattr", "delattr", "setattr", "vars", "dir", "id", "isinstance", "issubclass", "type"}
    | {"dict", "list", "tuple", "set", "frozenset", "sorted", "len", "iter", "repr", "str", "print", "any"}
    | {
        "all",
        "filter",
        "map",
        "eval",
        "exec",
        "getmembers",
        "getdoc",
        "getsource",
        "getsourcefile",
        "getfile",
    }
    | {
        "getsourcefile",
        "getsourcelines",
        "get_type_hints",
        "testmod",
        "run_docstring_examples",
        "DocTestSuite",
        "debug",
    }
    | {"is_typeddict", "ismodule", "deepcopy", "format", "get_annotations", "loadTestsFromModule", "pprint"}
    | {"reload", "patch", "object", "multiple", "ChainMap", "timeit", "repeat", "Timer", "runctx", "compile"}
)
"""Functions of the standard library that get a module or namespace and bind no names in it (`setattr` and
`exec` are read apart, and what `patch` of unittest.mock binds is gone behind a test)."""
_NAMESPACE_PARAMETERS: Final = frozenset({"globals", "globalns", "localns", "locals", "globs", "extraglobs"})
"""Parameters under which functions get the namespace in which they evaluate expressions."""
_COPIES: Final = frozenset({"list", "tuple", "sorted", "set", "frozenset"})
_LIST_CHANGES: Final = frozenset(
    {"append", "extend", "insert", "remove", "pop", "clear", "sort", "reverse", "__setitem__", "__iadd__"}
)


def _split(node: nodes.Call) -> list[ListedName] | None:
    """The names of `"a b c".split()`."""
    func = node.func
    if (
        not isinstance(func, nodes.Attribute)
        or func.attr != "split"
        or not isinstance(func.value, nodes.Constant)
        or not isinstance(func.value.value, str)
    ):
        return None
    text = func.value.value
    separator: str | None = None
    if node.args:
        given = node.args[0]
        if not isinstance(given, nodes.Constant) or not isinstance(given.value, str) or not given.value:
            return None
        separator = given.value
    return [ListedName(name.strip(), func.value.start, func.value.end) for name in text.split(separator)]


def _dotted(node: Expression) -> str | None:
    """An expression as a dotted name; None if it is none."""
    parts: list[str] = []
    while isinstance(node, nodes.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, nodes.Name):
        return None
    return ".".join([node.id, *reversed(parts)])


def _own_name(node: Expression) -> str | None:
    """A key of `sys.modules`: a string, or this module's name with a constant behind it, for which the
    answer begins with a dot; None for any other."""
    if isinstance(node, nodes.Constant):
        return node.value if isinstance(node.value, str) else None
    if isinstance(node, nodes.BinOp):
        first, second = node.left, node.right
        if node.op == "%" and isinstance(first, nodes.Constant) and isinstance(first.value, str):
            named = isinstance(second, nodes.Name) and second.id == "__name__"
            tail = first.value.removeprefix("%s")
            return tail if named and tail.startswith(".") and "%" not in tail else None
        if node.op != "+":
            return None
    elif isinstance(node, nodes.JoinedStr) and len(node.values) == 2:
        first, second = node.values[0], node.values[1]
        if isinstance(first, nodes.FormattedValue):
            first = first.value
    else:
        return None
    if not isinstance(first, nodes.Name) or first.id != "__name__":
        return None
    tail = second.value if isinstance(second, nodes.Constant) and isinstance(second.value, str) else ""
    return tail if tail.startswith(".") else None
