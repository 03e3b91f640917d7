"""What one module binds, imports, exports and uses: one object that every question goes to.

An index belongs to a content. What depends on where the content lies, such as the module that a relative
import means, is not answered here.
"""

from __future__ import annotations

import threading
from bisect import bisect_right
from collections import OrderedDict
from functools import cached_property
from typing import TYPE_CHECKING, final

from hardcut.semantic.binder import Binder
from hardcut.semantic.exports import Exports, read_exports
from hardcut.semantic.scopes import Binding, BindingKind, ConditionKind, Import, Scope, ScopeKind
from hardcut.syntax import tags
from hardcut.syntax.headers import ImportedName, import_names
from hardcut.syntax.parser import ParsedModule, parse

if TYPE_CHECKING:
    from hardcut.semantic.scopes import Condition


@final
class Access:
    """A place that reads a name: the range of the name, and where the attributes that directly follow it
    end."""

    __slots__ = ("chain_end", "end", "name", "scope", "start")

    def __init__(self, name: str, start: int, end: int, chain_end: int, scope: Scope) -> None:
        self.name = name
        self.start = start
        self.end = end
        self.chain_end = chain_end
        self.scope = scope

    def __repr__(self) -> str:
        return f"<access {self.name} {self.start}-{self.end}>"


class ModuleIndex:
    """The scopes, bindings, imports, accesses and exports of one content."""

    def __init__(self, module: ParsedModule) -> None:
        binder = Binder(module)
        binder.bind()
        self.module = module
        self.scopes = binder.scopes
        """All scopes; the module's is the first."""
        self.top = binder.top
        self.imports = binder.imports
        """All imports, in the order of the source."""
        self.statements = binder.statements
        """Where the module's statements are in the stream."""
        self.quoted_annotations = binder.quoted
        """Annotations that are string literals."""
        self._binder = binder
        self._imported_names: dict[int, list[ImportedName]] = {}

    # What the module binds.

    @property
    def names(self) -> dict[str, list[Binding]]:
        """The bindings of each name of the module, also by code of its functions with `global`."""
        return self.top.symbols

    def binds(self, name: str) -> bool:
        """Whether some statement or expression binds a name of the module; a deletion alone does not."""
        return any(binding.kind is not BindingKind.DELETION for binding in self.top[name])

    @property
    def has_module_getattr(self) -> bool:
        """Whether the module has a `__getattr__`, which gives names that nothing binds (PEP 562)."""
        return self.binds("__getattr__")

    def range(self, binding: Binding) -> tuple[int, int]:
        """The range of the name that a binding binds, also in an import statement."""
        imported = binding.imported
        name = None if imported is None else self.imported_name(imported)
        if name is None:
            return binding.start, binding.end
        if name.alias_start >= 0:
            return name.alias_start, name.alias_end
        return name.start, name.end

    def imported_name(self, imported: Import) -> ImportedName | None:
        """The ranges of what an import imports; None if a syntax error hides it."""
        names = self._imported_names.get(imported.start)
        if names is None:
            names = import_names(self.module.source, imported.start, imported.end)
            self._imported_names[imported.start] = names
        return names[imported.number] if imported.number < len(names) else None

    # Lookup.

    def scope_at(self, offset: int) -> Scope:
        """The innermost scope whose range holds an offset.

        Decorators, defaults and annotations are in the range of their function, but not in its scope.
        """
        best = self.top
        for scope in self.scopes:
            if scope.start <= offset < scope.end and scope.end - scope.start <= best.end - best.start:
                best = scope
        return best

    def lookup(self, name: str, scope: Scope) -> Scope | None:
        """The scope whose name code of a scope means by a name; None for a builtin or unknown name."""
        current: Scope | None = scope
        skipping = False
        while current is not None:
            if not (skipping and current.kind is ScopeKind.CLASS):
                if current.globals is not None and name in current.globals:
                    return self.top if name in self.top else None
                if name in current:
                    return current
            # Type parameters see the names of the class around them, functions do not.
            skipping = skipping or (current.is_function and current.kind is not ScopeKind.TYPE_PARAMETERS)
            current = current.parent
        return None

    # Accesses.

    @cached_property
    def _accesses(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for number, name in enumerate(self._binder.names):
            found.setdefault(name, []).append(number)
        return found

    @property
    def accessed_names(self) -> list[str]:
        """Every name that some code reads."""
        return list(self._accesses)

    def accesses(self, name: str) -> list[Access]:
        """The places that read a name, in any scope, in the order of the source."""
        binder = self._binder
        size = len(name.encode())
        found = [
            Access(
                name,
                binder.starts[number],
                min(binder.starts[number] + size, binder.ends[number]),
                binder.ends[number],
                binder.readers[number],
            )
            for number in self._accesses.get(name, ())
        ]
        found.sort(key=lambda access: access.start)
        return found

    @cached_property
    def _numbers(self) -> dict[int, int]:
        return {start: number for number, start in enumerate(self._binder.starts)}

    def reading_scope(self, start: int) -> Scope | None:
        """The scope whose code reads the name at an offset; None if no name is read there."""
        number = self._numbers.get(start)
        return None if number is None else self._binder.readers[number]

    def statement_around(self, start: int) -> int:
        """The position of a statement that holds the access at an offset: the innermost function, else the
        module's statement. It is -1 if no name is read there."""
        number = self._numbers.get(start)
        if number is None:
            return -1
        scope: Scope | None = self._binder.readers[number]
        while scope is not None:
            if scope.kind is ScopeKind.FUNCTION:
                return scope.position
            scope = scope.parent
        return self.statements[bisect_right(self._binder.counts, number) - 1]

    @cached_property
    def class_scopes(self) -> dict[int, Scope]:
        """The scope of each class, by the offset of its name."""
        return self._definition_scopes(ScopeKind.CLASS)

    @cached_property
    def function_scopes(self) -> dict[int, Scope]:
        """The scope of each function, by the offset of its name."""
        return self._definition_scopes(ScopeKind.FUNCTION)

    def _definition_scopes(self, kind: ScopeKind) -> dict[int, Scope]:
        return {
            scope.definition.start: scope
            for scope in self.scopes
            if scope.kind is kind and scope.definition is not None
        }

    def path(self, access: Access) -> str:
        """The dotted name that begins with an access: `a.b.c` for `a.b.c()`."""
        rest = self.module.dotted_name(access.end, access.chain_end)
        return f"{access.name}.{rest}" if rest else access.name

    def referents(self, access: Access) -> list[Binding]:
        """The bindings that an access may read, in the order of the source; none for a builtin or unknown
        name.

        In the scope that binds the name, code runs from top to bottom: a binding behind the access counts
        only in a loop, and one before it only if none that always runs is between them. From any other
        scope, all count.
        """
        owner = self.lookup(access.name, access.scope)
        if owner is None:
            return []
        bindings = sorted(owner[access.name], key=lambda binding: binding.start)
        # A comprehension's target is written behind what it is used in.
        if access.scope is not owner or owner.is_comprehension:
            return [binding for binding in bindings if binding.kind is not BindingKind.DELETION]
        reaching: list[Binding] = []
        certain = False
        for binding in bindings:
            if binding.within is not owner:
                reaching.append(binding)
            elif binding.start < access.start and not _holds(binding, access):
                if not any(True for _ in binding.conditions()):
                    reaching = [kept for kept in reaching if kept.within is not owner or _is_looped(kept)]
                    certain = binding.kind is not BindingKind.DELETION
                if binding.kind is not BindingKind.DELETION:
                    reaching.append(binding)
            elif _is_looped(binding) and binding.kind is not BindingKind.DELETION:
                reaching.append(binding)
        if owner.kind is ScopeKind.CLASS and not certain and owner.parent is not None:
            outer = self.lookup(access.name, owner.parent)
            reaching += [] if outer is None else outer[access.name]
        return reaching

    # Conditions.

    def is_type_checking(self, binding: Binding) -> bool:
        """Whether a binding runs for type checkers only: under `if TYPE_CHECKING`, or `if False`."""
        return self.are_type_checking(binding.condition)

    def are_type_checking(self, condition: Condition | None) -> bool:
        """The same of a condition and those around it."""
        while condition is not None:
            if condition.kind is ConditionKind.IF and self._is_checking_test(condition.position):
                return True
            if condition.kind is ConditionKind.ELSE:
                position = condition.position
                negated = self.module.stream[position] == tags.UNARY
                if negated and self._is_checking_test(position + 3, negated=True):
                    return True
            condition = condition.parent
        return False

    def _is_checking_test(self, position: int, negated: bool = False) -> bool:
        """Whether the expression at a position is `TYPE_CHECKING`, an attribute of that name, or false."""
        stream = self.module.stream
        if negated and stream[position - 1] != _NOT:
            return False
        reader = self.module.reader(position)
        tag = reader.tag()
        if tag == tags.INTEGER_LITERAL:
            return not negated and reader.integer() == 0
        attribute = tag == tags.ATTRIBUTE
        if attribute:
            if reader.tag() != tags.NAME:
                return False
            reader.skip_string()
            reader.skip_location()
            reader.expect(tags.END)
        elif tag != tags.NAME:
            return False
        name = reader.string()
        reader.location()
        if self.module.altered:
            name = self.module.dotted_name(reader.start, reader.end).rpartition(".")[2]
        if name == "False":
            return not negated and not attribute
        return name == "TYPE_CHECKING" or (not attribute and self._stands_for_type_checking(name))

    def _stands_for_type_checking(self, name: str) -> bool:
        """Whether a name is imported for `TYPE_CHECKING`."""
        return any(
            binding.imported is not None and binding.imported.name == "TYPE_CHECKING"
            for binding in self.top[name]
        )

    def catches_import_error(self, condition: Condition | None) -> bool:
        """Whether a condition, or one around it, is a `try` block with a handler that catches ImportError."""
        while condition is not None:
            if condition.kind is ConditionKind.TRY and any(map(self._catches, condition.handlers)):
                return True
            condition = condition.parent
        return False

    def _catches(self, handler: Condition) -> bool:
        if handler.position < 0:
            return True
        reader = self.module.reader(handler.position)
        count = 1
        if reader.peek() == tags.TUPLE:
            reader.tag()
            count = reader.length()
        for _ in range(count):
            tag = reader.tag()
            if tag != tags.NAME:
                return False
            if reader.string() in _IMPORT_ERRORS:
                return True
            reader.skip_location()
            reader.tag()
        return False

    # Exports.

    @cached_property
    def exports(self) -> Exports:
        """What the module says of its own namespace: `__all__`, and what code puts into it or takes its
        place."""
        return read_exports(self.module, self.scopes, self.statements)

    @property
    def star_imports(self) -> list[Import]:
        """The star imports of the module's own code."""
        return [found for found in self.imports if found.star and found.scope is self.top]


class _Kept(threading.local):
    """The indexes that were asked for last, by content: questions about one file come close together."""

    def __init__(self) -> None:
        self.indexes: OrderedDict[bytes, ModuleIndex] = OrderedDict()
        self.size = 0


_KEPT = _Kept()
MOST_KEPT = 1024 * 1024
"""Bytes of source whose indexes are kept; an index takes about twenty times as many."""


def index(source: bytes) -> ModuleIndex:
    """The index of UTF-8 source with `\\n` line ends, the same object for the same content while it is
    kept."""
    indexes = _KEPT.indexes
    found = indexes.get(source)
    if found is not None:
        indexes.move_to_end(source)
        return found
    found = indexes[source] = ModuleIndex(parse(source))
    _KEPT.size += len(source)
    while _KEPT.size > MOST_KEPT and len(indexes) > 1:
        dropped, _ = indexes.popitem(last=False)
        _KEPT.size -= len(dropped)
    return found


def _holds(binding: Binding, access: Access) -> bool:
    """Whether an access is in the statement that binds: `x = x + 1` reads what was there before."""
    return binding.statement_start <= access.start < binding.statement_end


def _is_looped(binding: Binding) -> bool:
    return any(condition.kind is ConditionKind.LOOP for condition in binding.conditions())


_NOT = 0x16
"""The operator `not` of a unary expression, as a bare integer of the stream."""
_IMPORT_ERRORS = frozenset({"ImportError", "ModuleNotFoundError", "Exception", "BaseException"})
