"""What the binder finds: scopes, the bindings in them, imports, and the conditions that bindings stand under.

Offsets are byte offsets in the source. A `position` is a place in the parser's stream from which a
statement or definition can be read again.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, final

if TYPE_CHECKING:
    from collections.abc import Iterator


class ScopeKind(Enum):
    """What opens a scope."""

    MODULE = "module"
    CLASS = "class"
    FUNCTION = "function"
    LAMBDA = "lambda"
    LIST_COMPREHENSION = "list comprehension"
    SET_COMPREHENSION = "set comprehension"
    DICT_COMPREHENSION = "dict comprehension"
    GENERATOR = "generator expression"
    TYPE_PARAMETERS = "type parameters"


class BindingKind(Enum):
    """What binds a name."""

    ASSIGNMENT = "assignment"
    ANNOTATION = "annotation without a value"
    AUGMENTED_ASSIGNMENT = "augmented assignment"
    FOR = "for target"
    WITH = "with target"
    EXCEPT = "except target"
    WALRUS = "assignment expression"
    MATCH = "match capture"
    IMPORT = "import"
    FUNCTION = "function"
    CLASS = "class"
    TYPE_ALIAS = "type alias"
    TYPE_PARAMETER = "type parameter"
    PARAMETER = "parameter"
    COMPREHENSION = "comprehension target"
    DELETION = "del"


class ConditionKind(Enum):
    """A block that may not run, or not to its end."""

    IF = "if"
    """The test of an `if` or `elif` is true."""
    ELSE = "else"
    """The test of an `if` or `elif` is false."""
    TRY = "try"
    """The block of a `try` that has handlers."""
    EXCEPT = "except"
    """A handler of the exception types at the position; -1 catches everything."""
    TRY_ELSE = "try else"
    LOOP = "loop"
    """The block of a `for` or `while`; the position is that of what is iterated over, or of the test."""
    LOOP_ELSE = "loop else"
    WITH = "with"
    """The block of a `with`, in which a context manager may swallow an exception: the position is the
    first's."""
    CASE = "case"
    """A case of a `match`; the position is that of its pattern."""


@final
class Condition:
    """A block that may not run, what decides about it, and the condition around it.

    `position` is the place in the stream from which the expression that decides can be read, or -1. `elif`
    is an `IF` in an `ELSE`. `handlers` are the conditions of the handlers of a `TRY`.
    """

    __slots__ = ("handlers", "kind", "parent", "position")

    def __init__(self, kind: ConditionKind, position: int, parent: Condition | None) -> None:
        self.kind = kind
        self.position = position
        self.parent = parent
        self.handlers: list[Condition] = []

    def __repr__(self) -> str:
        return f"<{self.kind.value}>"


@final
class Import:
    """One name that an import statement imports.

    `module` is as written, without the dots of a relative import, which are counted in `level`. `name` is
    None for `import a.b`, and `*` for a star import, which has no binding.
    """

    __slots__ = ("alias", "condition", "end", "lazy", "level", "module", "name", "number", "scope", "start")

    def __init__(
        self, module: str, level: int, name: str | None, alias: str | None, number: int, scope: Scope
    ) -> None:
        self.module = module
        self.level = level
        self.name = name
        self.alias = alias
        self.number = number
        """The place of the name in its statement, from 0."""
        self.scope = scope
        self.lazy = False
        self.condition: Condition | None = None
        self.start = 0
        """Of the statement, as `end`."""
        self.end = 0

    @property
    def star(self) -> bool:
        """Whether it is a star import."""
        return self.name == "*"

    @property
    def path(self) -> str:
        """What is imported, with the dots of a relative import in front: `.a.b` for `from .a import b`."""
        dots = "." * self.level
        if self.name is None or self.name == "*":
            return dots + self.module
        return f"{dots}{self.module}.{self.name}" if self.module else dots + self.name

    @property
    def bound(self) -> str:
        """The name that the import binds; empty for a star import."""
        if self.alias is not None:
            return self.alias
        if self.name is None:
            return self.module.partition(".")[0]
        return "" if self.name == "*" else self.name

    def __repr__(self) -> str:
        return f"<import {self.path}{f' as {self.alias}' if self.alias else ''}>"


@final
class Binding:
    """A place that binds a name, or unbinds it (`DELETION`).

    `start` and `end` are the range of the name. For an import they are that of its statement;
    `ModuleIndex.range` finds the name in it. `within` is the scope whose code binds the name, and `scope`
    the one that owns the name, which is another below `global` and `nonlocal` and for assignment
    expressions in comprehensions.
    """

    __slots__ = (
        "condition",
        "end",
        "imported",
        "kind",
        "name",
        "position",
        "scope",
        "start",
        "statement_end",
        "statement_start",
        "within",
    )

    def __init__(
        self, name: str, kind: BindingKind, start: int, end: int, scope: Scope, condition: Condition | None
    ) -> None:
        self.name = name
        self.kind = kind
        self.start = start
        self.end = end
        self.scope = scope
        self.within = scope
        self.condition = condition
        self.imported: Import | None = None
        self.position = -1
        """Of the statement in the stream, of the innermost one that holds an assignment expression."""
        self.statement_start = start
        self.statement_end = end

    def conditions(self) -> Iterator[Condition]:
        """The conditions that the binding stands under in its own scope, the innermost first."""
        condition = self.condition
        while condition is not None:
            # A `try` with a `finally` only runs to its end, or nothing behind it does.
            if condition.kind is not ConditionKind.TRY or condition.handlers:
                yield condition
            condition = condition.parent

    def __repr__(self) -> str:
        return f"<{self.kind.value} {self.name} {self.start}-{self.end}>"


@final
class Scope:
    """A region of code with names of its own.

    `globals` and `nonlocals` are the names that it declares so. `bindings` are those of the names that it
    owns, in the order of the stream, which for one name is the order of the source, except that parameter
    defaults and decorators come with their function.
    """

    __slots__ = (
        "_symbols",
        "bindings",
        "definition",
        "end",
        "globals",
        "kind",
        "name",
        "nonlocals",
        "number",
        "parent",
        "position",
        "start",
    )

    def __init__(self, kind: ScopeKind, name: str, parent: Scope | None, number: int, position: int) -> None:
        self.kind = kind
        self.name = name
        self.parent = parent
        self.number = number
        """Its place in `ModuleIndex.scopes`."""
        self.position = position
        """Of the definition, lambda or comprehension in the stream; a decorated function's is that of its
        decorators."""
        self.start = 0
        self.end = 0
        self.bindings: list[Binding] = []
        self.globals: list[str] | None = None
        self.nonlocals: list[str] | None = None
        self.definition: Binding | None = None
        """The binding of the function or class."""
        self._symbols: dict[str, list[Binding]] | None = None

    @property
    def symbols(self) -> dict[str, list[Binding]]:
        """The bindings of each name that the scope owns."""
        if self._symbols is None:
            symbols: dict[str, list[Binding]] = {}
            for binding in self.bindings:
                symbols.setdefault(binding.name, []).append(binding)
            self._symbols = symbols
        return self._symbols

    def give(self, binding: Binding, owner: Scope) -> None:
        """Move a binding to the scope that owns its name."""
        self.bindings.remove(binding)
        owner.bindings.append(binding)
        binding.scope = owner
        self._symbols = owner._symbols = None

    def rename_declared(self, prefix: str, old: str, new: str) -> None:
        """Replace `old` by `new` in the names with a prefix that are declared global or nonlocal."""
        for names in (self.globals, self.nonlocals):
            if names is not None:
                names[:] = [new + name[len(old) :] if name.startswith(prefix) else name for name in names]

    def __getitem__(self, name: str) -> list[Binding]:
        """The bindings of a name that the scope owns; none if it does not own the name."""
        return self.symbols.get(name, [])

    def __contains__(self, name: str) -> bool:
        return name in self.symbols

    @property
    def is_function(self) -> bool:
        """Whether class scopes are passed over from here: functions, lambdas and comprehensions."""
        return self.kind is not ScopeKind.MODULE and self.kind is not ScopeKind.CLASS

    @property
    def is_comprehension(self) -> bool:
        """Whether it is a comprehension's or a generator expression's."""
        return self.kind in _COMPREHENSIONS

    @property
    def qualified_name(self) -> str:
        """The names of the definitions around it and its own, joined with dots; empty for the module."""
        names: list[str] = []
        scope: Scope | None = self
        while scope is not None and scope.kind is not ScopeKind.MODULE:
            if scope.kind is not ScopeKind.TYPE_PARAMETERS:
                names.append(scope.name)
            scope = scope.parent
        return ".".join(reversed(names))

    def __repr__(self) -> str:
        return f"<{self.kind.value} scope {self.qualified_name}>"


_COMPREHENSIONS = frozenset(
    {
        ScopeKind.LIST_COMPREHENSION,
        ScopeKind.SET_COMPREHENSION,
        ScopeKind.DICT_COMPREHENSION,
        ScopeKind.GENERATOR,
    }
)
