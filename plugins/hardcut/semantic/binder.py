"""One pass over a parsed module that finds its scopes, bindings, imports and accesses.

The binder reads the parser's stream itself and builds no tree. Released wheels hold it compiled by mypyc,
so it keeps to final classes with declared attributes; the chains of comparisons are in the order of
frequency in real code.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, final

from hardcut.semantic.scopes import Binding, BindingKind, Condition, ConditionKind, Import, Scope, ScopeKind
from hardcut.syntax import tags
from hardcut.syntax.headers import class_arguments, import_names, type_parameter_names
from hardcut.syntax.parser import PLACEHOLDER, normal
from hardcut.syntax.stream import StreamError, StreamReader, allow_nesting

if TYPE_CHECKING:
    from mypy_extensions import i64

    from hardcut.syntax.parser import ParsedModule

_DEF: Final = re.compile(rb"(?:async(?:[ \t\f]|\\\n)+)?def(?:[ \t\f]|\\\n)+")
_CLASS: Final = re.compile(rb"[ \t\f]*class(?:[ \t\f]|\\\n)+")
_SPACE: Final = re.compile(rb"[ \t\f]*")
_WORD: Final = re.compile(rb"[\w\x80-\xff]+")

_LAZY_IMPORT: Final = 8
"""The flag of a `lazy` import (PEP 810)."""


@final
class Fragment:
    """Source that the stream leaves out: what is no type in an annotation, and `**arguments` of a class."""

    __slots__ = ("end", "private", "scope", "start", "statement")

    def __init__(self, start: int, end: int, scope: Scope, statement: int, private: str) -> None:
        self.start = start
        self.end = end
        self.scope = scope
        self.statement = statement
        self.private = private


@final
class _Span:
    """The accesses and scopes of a definition's annotations or bases, which type parameters enclose.

    The stream has type parameters behind them: `move` puts them there once it is known that there are any.
    """

    __slots__ = ("accesses", "fragments", "scopes")

    def __init__(self, binder: Binder) -> None:
        self.accesses: list[int] = []
        self.scopes: list[int] = []
        self.fragments = len(binder.fragments)

    def begin(self, binder: Binder) -> None:
        """Behind here are accesses and scopes of the kind."""
        self.accesses.append(len(binder.names))
        self.scopes.append(len(binder.scopes))

    def finish(self, binder: Binder) -> None:
        """And before here."""
        self.begin(binder)

    def move(self, binder: Binder, scope: Scope, inner: Scope) -> None:
        """Make `inner` the scope of all that was noted in `scope`."""
        for first in range(0, len(self.accesses), 2):
            for number in range(self.accesses[first], self.accesses[first + 1]):
                if binder.readers[number] is scope:
                    binder.readers[number] = inner
            for opened in binder.scopes[self.scopes[first] : self.scopes[first + 1]]:
                if opened.parent is scope:
                    opened.parent = inner
        for fragment in binder.fragments[self.fragments :]:
            if fragment.scope is scope:
                fragment.scope = inner


@final
class Binder(StreamReader):
    """The pass. After `bind`, its lists are the answer.

    `names`, `starts`, `ends` and `readers` describe one access at each index: a name that is read, where it
    begins, where the attributes that directly follow end, and the scope whose code reads it.
    """

    __slots__ = (
        "condition",
        "counts",
        "ends",
        "fragments",
        "imports",
        "module",
        "names",
        "private",
        "quoted",
        "readers",
        "scopes",
        "source",
        "starts",
        "statement",
        "statements",
        "top",
        "unresolved",
    )

    def __init__(self, module: ParsedModule) -> None:
        super().__init__(module.stream, module.lines)
        self.module = module
        self.source = module.source
        self.top = Scope(ScopeKind.MODULE, "", None, 0, 0)
        self.top.end = len(module.source)
        self.scopes: list[Scope] = [self.top]
        self.imports: list[Import] = []
        self.statements: list[int] = []
        """The positions of the module's statements."""
        self.counts: list[int] = []
        """How many accesses are noted before each of them."""
        self.names: list[str] = []
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.readers: list[Scope] = []
        self.fragments: list[Fragment] = []
        self.quoted: list[Fragment] = []
        """Annotations that are string literals."""
        self.unresolved: list[Binding] = []
        self.private = ""
        """What Python puts before private names, in a class."""
        self.condition: Condition | None = None
        self.statement = 0

    def bind(self) -> None:
        """Read the whole stream; StreamError if it is not as this version of hardcut reads it."""
        allow_nesting()
        for _ in range(self.integer()):
            self.statements.append(self.position)
            self.counts.append(len(self.names))
            self.read_statement(self.top)
        if self.position != len(self.data):
            raise StreamError(f"the syntax tree goes on behind its end at {self.position}")
        self._read_fragments()
        for binding in self.unresolved:
            self._resolve_nonlocal(binding)

    def _read_fragments(self) -> None:
        """What the stream leaves out: all of it in one parse, or apart where that has a syntax error."""
        fragments = self.fragments
        self.condition = None
        self.private = ""
        if fragments and not self._read_together(fragments):
            for fragment in fragments:
                self._read_together([fragment])

    def _read_together(self, fragments: list[Fragment]) -> bool:
        reader = self.module.parse_expressions([(fragment.start, fragment.end) for fragment in fragments])
        if reader is None:
            return False
        self.data = reader.data
        self.lines = reader.lines
        self.position = reader.position
        for fragment in fragments:
            self.statement = fragment.statement
            self.private = fragment.private
            self.expect(tags.EXPRESSION)
            self.expression(fragment.scope)
            self.expect(tags.END)
        return True

    # Names.

    def _open(self, kind: ScopeKind, name: str, parent: Scope, position: i64) -> Scope:
        scope = Scope(kind, name, parent, len(self.scopes), position)
        self.scopes.append(scope)
        return scope

    def _mangled(self, name: str) -> str:
        """The name under which Python keeps a name of the code."""
        if self.private and name.startswith("__") and not name.endswith("__"):
            return self.private + name
        return name

    def _identifier(self, start: i64) -> str:
        """A tagged identifier that begins at an offset in the source."""
        name = self.module.identifier(self.string(), start)
        return self._mangled(name) if self.private else name

    def _add(self, name: str, kind: BindingKind, start: i64, end: i64, scope: Scope) -> Binding:
        """A binding of a name, in the scope that owns it."""
        owner = scope
        if scope.globals is not None and name in scope.globals:
            owner = self.top
        binding = Binding(name, kind, start, end, owner, self.condition)
        binding.position = self.statement
        if owner is not scope:
            binding.within = scope
        # The parser's recovery gives a missing target an empty name, which no scope has.
        if not name:
            return binding
        if owner is scope and scope.nonlocals is not None and name in scope.nonlocals:
            self.unresolved.append(binding)
        owner.bindings.append(binding)
        return binding

    def _withdraw(self, binding: Binding) -> None:
        """Take a binding back that turned out to bind nothing."""
        if binding in self.unresolved:
            self.unresolved.remove(binding)
        if binding.name:
            binding.scope.bindings.remove(binding)

    def _resolve_nonlocal(self, binding: Binding) -> None:
        """Give a binding of a nonlocal name to the function that owns the name."""
        scope = binding.scope.parent
        name = binding.name
        while scope is not None and scope.kind is not ScopeKind.MODULE:
            declared = scope.nonlocals is not None and name in scope.nonlocals
            if scope.is_function and not declared and name in scope:
                binding.scope.give(binding, scope)
                return
            scope = scope.parent

    def _read(self, name: str, start: i64, end: i64, scope: Scope) -> None:
        self.names.append(name)
        self.starts.append(start)
        self.ends.append(end)
        self.readers.append(scope)

    # Statements.

    def read_statement(self, scope: Scope) -> None:
        """One statement, and all in it."""
        self.statement = self.position
        tag = self.tag()
        if tag == tags.EXPRESSION:
            self.expression(scope)
        elif tag == tags.ASSIGN:
            self._assign(scope)
        elif tag == tags.RETURN:
            self._optional(scope)
            self.skip_location()
        elif tag == tags.IF:
            self._if(scope)
        elif tag == tags.FUNCTION:
            self._function(scope, self.statement, -1)
        elif tag == tags.ASSERT or tag == tags.RAISE:
            if tag == tags.ASSERT:
                self.expression(scope)
            else:
                self._optional(scope)
            self._optional(scope)
            self.skip_location()
        elif tag == tags.IMPORT_FROM:
            self._import_from(scope)
        elif tag == tags.FOR:
            self._for(scope)
        elif tag == tags.PASS or tag == tags.BREAK or tag == tags.CONTINUE:
            self.skip_location()
        else:
            self._other_statement(scope, tag)
        self.expect(tags.END)

    def _other_statement(self, scope: Scope, tag: i64) -> None:
        if tag == tags.DECORATED:
            self._decorated(scope)
        elif tag == tags.CLASS:
            self._class(scope)
        elif tag == tags.IMPORT:
            self._import(scope)
        elif tag == tags.WITH:
            self._with(scope)
        elif tag == tags.TRY:
            self._try(scope)
        elif tag == tags.AUGMENTED_ASSIGN:
            self._augmented(scope)
        elif tag == tags.WHILE:
            position = self.position
            self.expression(scope)
            self._loop(scope, position)
            self.skip_location()
        elif tag == tags.DELETE:
            self._delete(scope)
        elif tag == tags.GLOBAL or tag == tags.NONLOCAL:
            self._declaration(scope, tag)
        elif tag == tags.IMPORT_STAR:
            self._import_star(scope)
        else:
            self._rare_statement(scope, tag)

    def _rare_statement(self, scope: Scope, tag: i64) -> None:
        if tag == tags.MATCH:
            self._match(scope)
        elif tag == tags.TYPE_ALIAS:
            self._type_alias(scope)
        else:
            raise StreamError(f"tag {tag} at {self.position - 1} of the syntax tree is no statement")

    def _block(self, scope: Scope) -> i64:
        """A block that has to have a statement; how many there are: none only behind a syntax error."""
        self.expect(tags.BLOCK)
        count = self.length()
        self.position += 1
        if count == 0:
            self.skip_location()
        for _ in range(count):
            self.read_statement(scope)
        self.expect(tags.END)
        return count

    def _optional_block(self, scope: Scope) -> None:
        """The `else` of a loop."""
        self.expect(tags.BLOCK)
        count = self.length()
        self.position += 1
        for _ in range(count):
            self.read_statement(scope)
        self.expect(tags.END)

    def _optional(self, scope: Scope) -> None:
        """An expression that may be absent."""
        if self.boolean():
            self.expression(scope)

    def _under(self, scope: Scope, kind: ConditionKind, position: i64, parent: Condition | None) -> Condition:
        """A block under a condition; the condition around it is the current one again behind it."""
        around = self.condition
        condition = Condition(kind, position, parent)
        self.condition = condition
        self._block(scope)
        self.condition = around
        return condition

    def _assign(self, scope: Scope) -> None:
        here = self.statement
        added: list[Binding] = []
        for _ in range(self.length()):
            self._target(scope, BindingKind.ASSIGNMENT, added)
        if self.data[self.position] == tags.NO_VALUE:
            self._declared(scope, added)
        else:
            self.expression(scope)
            if self.boolean():
                self._annotation(scope)
        self.position += 1
        self._end_of_statement(added, here)

    def _declared(self, scope: Scope, added: list[Binding]) -> None:
        """`x: int`, which binds nothing but makes the name one of the scope; `(x): int` does not even
        that."""
        self.position += 2
        if self.boolean():
            self._annotation(scope)
        for binding in added:
            binding.kind = BindingKind.ANNOTATION
            before = binding.start - 1
            while before >= 0 and self.source[before] in b" \t":
                before -= 1
            if before >= 0 and self.source[before] == _OPENING_BRACKET:
                self._withdraw(binding)

    def _augmented(self, scope: Scope) -> None:
        here = self.statement
        self.skip_string()
        added: list[Binding] = []
        plain = self.data[self.position] == tags.NAME
        self._target(scope, BindingKind.AUGMENTED_ASSIGNMENT, added)
        if plain:
            for binding in added:
                self._read(binding.name, binding.start, binding.end, scope)
        self.expression(scope)
        self._end_of_statement(added, here)

    def _delete(self, scope: Scope) -> None:
        here = self.statement
        added: list[Binding] = []
        self._target(scope, BindingKind.DELETION, added)
        self._end_of_statement(added, here)

    def _end_of_statement(self, added: list[Binding], here: i64) -> None:
        """The location of a statement that bound names."""
        self.location()
        for binding in added:
            binding.statement_start = self.start
            binding.statement_end = self.end
            binding.position = here

    def _target(self, scope: Scope, kind: BindingKind, added: list[Binding]) -> None:
        """What a statement binds, or an attribute or item that it sets."""
        tag = self.data[self.position]
        if tag == tags.NAME:
            self.position += 1
            name = self.string()
            self.location()
            self.position += 1
            name = self._mangled(self.module.identifier(name, self.start))
            added.append(self._add(name, kind, self.start, self.end, scope))
        elif tag == tags.TUPLE or tag == tags.LIST_DISPLAY:
            self.position += 1
            for _ in range(self.length()):
                self._target(scope, kind, added)
            self.skip_location()
            self.position += 1
        elif tag == tags.STARRED:
            self.position += 1
            self._target(scope, kind, added)
            self.skip_location()
            self.position += 1
        else:
            self.expression(scope)

    def _if(self, scope: Scope) -> None:
        around = self.condition
        here = self.statement
        position = self.position
        self.expression(scope)
        self._under(scope, ConditionKind.IF, position, around)
        parent = around
        for _ in range(self.integer()):
            parent = Condition(ConditionKind.ELSE, position, parent)
            position = self.position
            self.condition = parent
            self.statement = here
            self.expression(scope)
            self._under(scope, ConditionKind.IF, position, parent)
        if self.boolean():
            self._under(scope, ConditionKind.ELSE, position, parent)
        self.condition = around
        self.skip_location()

    def _for(self, scope: Scope) -> None:
        self._target(scope, BindingKind.FOR, [])
        position = self.position
        self.expression(scope)
        self._loop(scope, position)
        self.position += 1
        self.skip_location()

    def _loop(self, scope: Scope, position: i64) -> None:
        around = self.condition
        self._under(scope, ConditionKind.LOOP, position, around)
        self.condition = Condition(ConditionKind.LOOP_ELSE, position, around)
        self._optional_block(scope)
        self.condition = around

    def _with(self, scope: Scope) -> None:
        position: i64 = -1
        for _ in range(self.integer()):
            if position < 0:
                position = self.position
            self.expression(scope)
            if self.boolean():
                self._target(scope, BindingKind.WITH, [])
        self._under(scope, ConditionKind.WITH, position, self.condition)
        self.position += 1
        self.skip_location()

    def _try(self, scope: Scope) -> None:
        around = self.condition
        here = self.statement
        body = Condition(ConditionKind.TRY, -1, around)
        self.condition = body
        self._block(scope)
        self.condition = around
        count = self.integer()
        for _ in range(count):
            has_types = self.boolean()
            body.handlers.append(Condition(ConditionKind.EXCEPT, self.position if has_types else -1, around))
            if has_types:
                self.expression(scope)
        for handler in body.handlers:
            if self.boolean():
                self.condition = handler
                name = self.string()
                self.location()
                name = self._mangled(self.module.identifier(name, self.start))
                self.statement = here
                self._add(name, BindingKind.EXCEPT, self.start, self.end, scope)
        for handler in body.handlers:
            self.condition = handler
            self._block(scope)
        self.condition = around
        if self.boolean():
            self._under(scope, ConditionKind.TRY_ELSE, -1, around)
        if self.boolean():
            self._block(scope)
        self.position += 1
        self.skip_location()

    def _match(self, scope: Scope) -> None:
        around = self.condition
        here = self.statement
        self.expression(scope)
        for _ in range(self.integer()):
            condition = Condition(ConditionKind.CASE, self.position, around)
            self.condition = condition
            self.statement = here
            self._pattern(scope)
            self._optional(scope)
            self._block(scope)
        self.condition = around
        self.skip_location()

    def _declaration(self, scope: Scope, tag: i64) -> None:
        names = [self.string() for _ in range(self.integer())]
        self.location()
        if self.module.altered:
            found = _WORD.findall(self.source, self.start, self.end)
            names = [normal(word) for word in found[1:]]
        if self.private:
            names = [self._mangled(name) for name in names]
        if tag == tags.GLOBAL:
            scope.globals = names if scope.globals is None else scope.globals + names
        else:
            scope.nonlocals = names if scope.nonlocals is None else scope.nonlocals + names

    # Imports.

    def _import(self, scope: Scope) -> None:
        self._imported(scope, "", 0, False)

    def _import_from(self, scope: Scope) -> None:
        level = self.integer()
        module = self.string()
        self._imported(scope, module, level, True)

    def _imported(self, scope: Scope, module: str, level: i64, is_from: bool) -> None:
        """The names of an import statement, its location and flags."""
        first = len(self.imports)
        for number in range(self.integer()):
            name = self.string()
            alias = self.string() if self.boolean() else None
            if is_from:
                self.imports.append(Import(module, level, name, alias, number, scope))
            else:
                self.imports.append(Import(name, 0, None, alias, number, scope))
        self._end_of_imports(scope, first)

    def _import_star(self, scope: Scope) -> None:
        module = self.string()
        level = self.integer()
        self.imports.append(Import(module, level, "*", None, 0, scope))
        self._end_of_imports(scope, len(self.imports) - 1)

    def _end_of_imports(self, scope: Scope, first: i64) -> None:
        self.location()
        start = self.start
        end = self.end
        lazy = self.integer() & _LAZY_IMPORT != 0
        if self.module.altered:
            self._rename_imports(first)
        for imported in self.imports[first:]:
            imported.start = start
            imported.end = end
            imported.lazy = lazy
            imported.condition = self.condition
            if imported.name != "*":
                binding = self._add(self._mangled(imported.bound), BindingKind.IMPORT, start, end, scope)
                binding.imported = imported

    def _rename_imports(self, first: i64) -> None:
        """Take the names of an import statement from the source."""
        added = self.imports[first:]
        for imported, names in zip(added, import_names(self.source, self.start, self.end), strict=False):
            if imported.name is None:
                imported.module = self.module.dotted_name(names.start, names.end)
            else:
                if imported.name != "*":
                    imported.name = self.module.dotted_name(names.start, names.end)
                imported.module = self.module.dotted_name(names.module_start, names.module_end)
            if imported.alias is not None:
                imported.alias = self.module.dotted_name(names.alias_start, names.alias_end)

    # Definitions.

    def _decorated(self, scope: Scope) -> None:
        here = self.statement
        self._expressions(scope)
        line = self.integer()
        column = self.integer()
        start = self.lines[line - 1] + column - 1
        self.expect(tags.FUNCTION)
        self._function(scope, here, start)
        self.expect(tags.END)

    def _function(self, scope: Scope, here: i64, decorators: i64) -> None:
        """A function, from its name to its location; `decorators` is where they begin, or -1."""
        raw = self.string()
        inner = self._open(ScopeKind.FUNCTION, raw, scope, here)
        self.statement = here
        binding = self._add(self._mangled(raw), BindingKind.FUNCTION, 0, 0, scope)
        inner.definition = binding
        annotations = _Span(self)
        self._parameters(inner, scope, annotations)
        around = self.condition
        self.condition = None
        self._block(inner)
        self.condition = around
        self.statement = here
        is_async = self.boolean()
        parameters = self._type_parameters(scope, here) if self.boolean() else None
        if self.boolean():
            annotations.begin(self)
            self._annotation(scope)
            annotations.finish(self)
        self.location()
        if decorators < 0:
            found = _DEF.match(self.source, self.start)
            name = self.start if found is None else found.end()
            self._name_definition(binding, inner, raw, self.start, name)
        else:
            name = self.start + (10 if is_async else 4)
            self._name_definition(binding, inner, raw, decorators, name)
        if parameters is not None:
            annotations.move(self, scope, parameters)
            self._put_between(parameters, inner)

    def _parameters(self, inner: Scope, scope: Scope, annotations: _Span | None) -> None:
        for _ in range(self.length()):
            raw = self.string()
            self.position += 2
            if self.boolean() and annotations is not None:
                annotations.begin(self)
                self._annotation(scope)
                annotations.finish(self)
            self._optional(scope)
            self.position += 1
            self.location()
            name = self._mangled(self.module.identifier(raw, self.start))
            self._add(name, BindingKind.PARAMETER, self.start, self.start + len(raw), inner)

    def _class(self, scope: Scope) -> None:
        here = self.statement
        raw = self.string()
        inner = self._open(ScopeKind.CLASS, raw, scope, here)
        binding = self._add(self._mangled(raw), BindingKind.CLASS, 0, 0, scope)
        inner.definition = binding
        around = self.condition
        outside = self.private
        private = _private_prefix(raw)
        provisional = self.module.altered and PLACEHOLDER in raw
        if provisional:
            # The place of the name, and so the name in the source, is known behind the class.
            private = f"_\0{inner.number}"
        self.private = private
        names = len(self.names)
        self.condition = None
        self._block(inner)
        self.private = outside
        self.condition = around
        self.statement = here
        header = _Span(self)
        header.begin(self)
        self._expressions(scope)
        header.finish(self)
        decorators = len(self.names)
        decorated = self.length()
        for _ in range(decorated):
            self.expression(scope)
        first = self.starts[decorators] if decorators < len(self.names) else -1
        # As Python has it, type parameters belong to the class here and the bases do not.
        self.private = private
        parameters = self._type_parameters(scope, here) if self.boolean() else None
        self.private = outside
        header.begin(self)
        for _ in range(self.length()):
            self.skip_string()
            self.expression(scope)
        header.finish(self)
        self.location()
        self._place_class(binding, inner, raw, decorated > 0, first)
        if provisional:
            real = _private_prefix(inner.name)
            self._rename_private(private, real, names, inner.number)
            private = real
        self._read_class_arguments(scope, here, inner)
        if parameters is not None:
            header.move(self, scope, parameters)
            self.private = private
            self._put_between(parameters, inner)
            self.private = outside

    def _place_class(self, binding: Binding, inner: Scope, raw: str, decorated: bool, first: i64) -> None:
        """Find the name of a class; the location of a decorated one has only the line of the name."""
        start = self.lines[self.line - 1] if decorated else self.start
        found = _CLASS.match(self.source, start)
        if found is not None:
            name = found.end()
        else:
            # `class` is on a line before, with a backslash behind it.
            name = start
            space = _SPACE.match(self.source, start)
            if space is not None:
                name = space.end()
        if decorated:
            start = self.source.rfind(b"@", 0, first) if first >= 0 else name
        self._name_definition(binding, inner, raw, start, name)

    def _name_definition(self, binding: Binding, inner: Scope, raw: str, start: i64, name: i64) -> None:
        """Give a definition its range, at whose end the reader is, and the name that the source has."""
        binding.start = name
        binding.end = name + len(raw)
        binding.statement_start = start
        binding.statement_end = self.end
        inner.start = start
        inner.end = self.end
        if self.module.altered:
            real = self.module.identifier(raw, name)
            if real != raw:
                inner.name = real
                binding.name = self._mangled(real)

    def _rename_private(self, old: str, new: str, names: i64, scopes: i64) -> None:
        """Use the real name of a class in the private names of its body."""
        prefix = old + "__"
        for number in range(names, len(self.names)):
            if self.names[number].startswith(prefix):
                self.names[number] = new + self.names[number][len(old) :]
        for scope in [self.top, *self.scopes[scopes:]]:
            for binding in scope.bindings:
                if binding.name.startswith(prefix):
                    binding.name = new + binding.name[len(old) :]
            scope.rename_declared(prefix, old, new)
        for fragment in self.fragments:
            if fragment.private == old:
                fragment.private = new

    def _read_class_arguments(self, scope: Scope, here: i64, inner: Scope) -> None:
        """Note `**arguments` in the head of a class, which the stream leaves out."""
        definition = inner.definition
        if definition is not None and self.source[definition.end : definition.end + 1] in (b"(", b"[", b" "):
            for start, end in class_arguments(self.source, definition.end):
                self.fragments.append(Fragment(start, end, scope, here, self.private))

    def _type_parameters(self, scope: Scope, here: i64) -> Scope:
        """Type parameters, in a scope of their own around the definition; the count is a bare integer."""
        inner = self._open(ScopeKind.TYPE_PARAMETERS, "", scope, here)
        for _ in range(self.bare_integer()):
            self.position += 2
            name = self.string()
            self._add(name, BindingKind.TYPE_PARAMETER, -1, -1, inner)
            if self.boolean():
                self._annotation(inner)
            for _ in range(self.length()):
                self._annotation(inner)
            if self.boolean():
                self._annotation(inner)
        return inner

    def _put_between(self, parameters: Scope, inner: Scope) -> None:
        """Put the scope of type parameters around a definition, and find the parameters in the source."""
        definition = inner.definition
        parameters.name = inner.name
        parameters.start = inner.start
        parameters.end = inner.end
        inner.parent = parameters
        if definition is not None:
            self._place_type_parameters(parameters, definition.end)

    def _place_type_parameters(self, parameters: Scope, start: i64) -> None:
        names = type_parameter_names(self.source, start)
        for binding, (first, last) in zip(parameters.bindings, names, strict=False):
            binding.start = binding.statement_start = first
            binding.end = binding.statement_end = last
            binding.name = self._mangled(self.module.identifier(binding.name, first))

    def _type_alias(self, scope: Scope) -> None:
        here = self.statement
        added: list[Binding] = []
        self._target(scope, BindingKind.TYPE_ALIAS, added)
        inner = scope
        if self.data[self.position] != _ZERO:
            inner = self._type_parameters(scope, here)
            for binding in added:
                inner.name = binding.name
                self._place_type_parameters(inner, binding.end)
        else:
            self.position += 1
        self.expression(inner)
        self._end_of_statement(added, here)
        if inner is not scope:
            inner.start = self.start
            inner.end = self.end

    # Annotations.

    def _annotation(self, scope: Scope) -> None:
        """An annotation, in the stream's own form for types."""
        tag = self.tag()
        names = len(self.names)
        fragments = len(self.fragments)
        quoted = False
        name = ""
        if tag == tags.UNBOUND_TYPE:
            name = self.string()
            self._annotations(scope)
            self.position += 1
            quoted = self._is_quoted()
        elif tag == tags.UNION_TYPE:
            self._annotations(scope)
            self.position += 1
            quoted = self._is_quoted()
            self.position += 1
        elif tag == tags.RAW_TYPE:
            name = self.string()
            self.raw_type_value(name)
            quoted = name == "builtins.str"
        elif tag == tags.ELLIPSIS_TYPE:
            pass
        else:
            self._other_annotation(scope, tag)
        self.location()
        self.expect(tags.END)
        if quoted:
            del self.names[names:], self.starts[names:], self.ends[names:], self.readers[names:]
            del self.fragments[fragments:]
            self.quoted.append(Fragment(self.start, self.end, scope, self.statement, self.private))
        elif tag == tags.UNBOUND_TYPE and name:
            self._read_type_name(name, scope)
        elif tag == tags.RAW_TYPE and name == "typing.Any":
            self.fragments.append(Fragment(self.start, self.end, scope, self.statement, self.private))

    def _annotations(self, scope: Scope) -> None:
        for _ in range(self.length()):
            self._annotation(scope)

    def _other_annotation(self, scope: Scope, tag: i64) -> None:
        if tag == tags.LIST_TYPE:
            self._annotations(scope)
        elif tag == tags.TUPLE_TYPE:
            self._annotations(scope)
            self.position += 1
        elif tag == tags.UNPACK_TYPE:
            self._annotation(scope)
            self.position += 1
        elif tag == tags.CALL_TYPE:
            self._annotation(scope)
            self._annotations(scope)
            for _ in range(self.length()):
                self.optional_string()
                self._annotation(scope)
        elif tag == tags.TYPED_DICT_TYPE:
            for _ in range(self.length()):
                self.optional_string()
            self._annotations(scope)
        else:
            raise StreamError(f"tag {tag} at {self.position - 1} of the syntax tree is no annotation")

    def _is_quoted(self) -> bool:
        """Whether an annotation was a string literal: its text and the type of the literal follow then."""
        quoted = self.optional_string() is not None
        self.optional_string()
        return quoted

    def _read_type_name(self, name: str, scope: Scope) -> None:
        """The access in a dotted name of an annotation that begins at `start`."""
        start = self.start
        if self.source[start] == _OPENING_BRACKET:
            word = _WORD.search(self.source, start)
            start = start if word is None else word.start()
        end = start + len(name)
        root = name.partition(".")[0]
        self._read(self._mangled(self.module.identifier(root, start)), start, end, scope)

    # Patterns.

    def _pattern(self, scope: Scope) -> None:
        tag = self.tag()
        if tag == tags.MATCH_VALUE:
            self.expression(scope)
        elif tag == tags.MATCH_CLASS:
            self.expression(scope)
            self._patterns(scope)
            for _ in range(self.integer()):
                self.skip_string()
                self._pattern(scope)
        elif tag == tags.MATCH_AS:
            if self.boolean():
                self._pattern(scope)
            self._capture(scope)
        elif tag == tags.MATCH_OR or tag == tags.MATCH_SEQUENCE:
            self._patterns(scope)
        elif tag == tags.MATCH_MAPPING:
            for _ in range(self.integer()):
                self.expression(scope)
                self._pattern(scope)
            self._capture(scope)
        elif tag == tags.MATCH_STAR:
            self._capture(scope)
        elif tag == tags.MATCH_SINGLETON:
            self.position += 1
        else:
            raise StreamError(f"tag {tag} at {self.position - 1} of the syntax tree is no pattern")
        self.skip_location()
        self.expect(tags.END)

    def _patterns(self, scope: Scope) -> None:
        for _ in range(self.integer()):
            self._pattern(scope)

    def _capture(self, scope: Scope) -> None:
        """The name that a pattern binds, if it has one."""
        if self.boolean():
            name = self.string()
            self.location()
            name = self._mangled(self.module.identifier(name, self.start))
            self._add(name, BindingKind.MATCH, self.start, self.end, scope)

    # Expressions. Their `END` is not compared: that of each statement is, and it shows any disagreement.

    def expression(self, scope: Scope) -> None:
        """One expression, and all in it."""
        tag = self.tag()
        if tag == tags.NAME:
            name = self.string()
            self.location()
            if self.private or self.module.altered:
                name = self._mangled(self.module.identifier(name, self.start))
            self._read(name, self.start, self.end, scope)
        elif tag == tags.ATTRIBUTE or tag == tags.CALL or tag == tags.SUBSCRIPT or tag == tags.BINARY:
            self._chain(scope, tag)
            return
        elif tag == tags.STRING_LITERAL:
            self.skip_string()
            self.position += 1
            self.skip_location()
        elif tag == tags.INTEGER_LITERAL:
            self.integer()
            self.skip_location()
        elif tag == tags.TUPLE or tag == tags.LIST_DISPLAY or tag == tags.SET_DISPLAY:
            self._expressions(scope)
            self.skip_location()
        else:
            self._other_expression(scope, tag)
        self.position += 1

    def _expressions(self, scope: Scope) -> None:
        for _ in range(self.length()):
            self.expression(scope)

    def _chain(self, scope: Scope, tag: i64) -> None:
        """Attributes, calls, subscripts and operators of any number, each the left part of the next.

        A loop and no recursion: code that a program wrote may have thousands of them.
        """
        pending: list[int] = []
        while tag == tags.ATTRIBUTE or tag == tags.CALL or tag == tags.SUBSCRIPT or tag == tags.BINARY:
            if tag == tags.BINARY:
                self.position += 2
            pending.append(tag)
            tag = self.data[self.position]
            self.position += 1
        self.position -= 1
        named = tag == tags.NAME
        self.expression(scope)
        while pending:
            part = pending.pop()
            if part == tags.ATTRIBUTE:
                self.skip_string()
                if named:
                    self.location()
                    self.ends[-1] = self.end
                else:
                    self.skip_location()
            else:
                named = False
                self._rest_of_chain(scope, part)
            self.position += 1

    def _rest_of_chain(self, scope: Scope, tag: i64) -> None:
        """What follows the left part of a call, subscript or operator."""
        if tag == tags.CALL:
            self._expressions(scope)
            count = self.length()
            # The kinds are small: one byte each.
            self.position += count
            for _ in range(self.length()):
                if self.data[self.position] == tags.NONE:
                    self.position += 1
                else:
                    self.skip_string()
            self.skip_location()
        else:
            self.expression(scope)
            if tag == tags.SUBSCRIPT:
                self.skip_location()

    def _other_expression(self, scope: Scope, tag: i64) -> None:
        if tag == tags.FORMATTED_STRING:
            self._formatted_string(scope)
        elif tag == tags.COMPARE:
            self.expression(scope)
            operators = self.length()
            self.position += operators
            self._expressions(scope)
            self.skip_location()
        elif tag == tags.DICT_DISPLAY:
            for _ in range(self.length()):
                self._optional(scope)
            self._expressions(scope)
            self.skip_location()
        elif tag == tags.BOOLEAN:
            self.position += 2
            self._expressions(scope)
            self.skip_location()
        elif tag == tags.UNARY:
            self.position += 2
            self.expression(scope)
            self.skip_location()
        elif tag == tags.CONDITIONAL:
            self.expression(scope)
            self.expression(scope)
            self.expression(scope)
            self.skip_location()
        elif tag == tags.LAMBDA:
            self._lambda(scope)
        else:
            self._rarer_expression(scope, tag)

    def _rarer_expression(self, scope: Scope, tag: i64) -> None:
        if (tag >= tags.LIST_COMPREHENSION and tag <= tags.DICT_COMPREHENSION) or tag == tags.GENERATOR:
            self._comprehension(scope, tag)
        elif tag == tags.STARRED or tag == tags.AWAIT or tag == tags.YIELD_FROM:
            self.expression(scope)
            self.skip_location()
        elif tag == tags.SLICE:
            self._optional(scope)
            self._optional(scope)
            self._optional(scope)
            self.skip_location()
        elif tag == tags.YIELD:
            self._optional(scope)
            self.skip_location()
        elif tag == tags.NAMED:
            owner = scope
            while owner.is_comprehension and owner.parent is not None:
                owner = owner.parent
            self._target(owner, BindingKind.WALRUS, [])
            self.expression(scope)
            self.skip_location()
        else:
            self._rare_literal(scope, tag)

    def _rare_literal(self, scope: Scope, tag: i64) -> None:
        if tag == tags.ELLIPSIS:
            self.skip_location()
        elif tag == tags.BYTES_LITERAL or tag == tags.BIG_INTEGER_LITERAL:
            self.skip_string()
            self.skip_location()
        elif tag == tags.FLOAT_LITERAL:
            self.position += 9
            self.skip_location()
        elif tag == tags.COMPLEX_LITERAL:
            self.position += 18
            self.skip_location()
        elif tag == tags.TEMPLATE_STRING:
            self._template_string(scope)
        elif tag != tags.NO_VALUE:
            raise StreamError(f"tag {tag} at {self.position - 1} of the syntax tree is no expression")

    def _lambda(self, scope: Scope) -> None:
        inner = self._open(ScopeKind.LAMBDA, "lambda", scope, self.position - 1)
        self._parameters(inner, scope, None)
        self.expect(tags.BLOCK)
        self.length()
        self.position += 1
        self.expect(tags.RETURN)
        self.position += 1
        self.expression(inner)
        self.skip_location()
        self.position += 2
        self.location()
        inner.start = self.start
        inner.end = self.end

    def _comprehension(self, scope: Scope, tag: i64) -> None:
        inner = self._open(_KINDS[tag], _COMPREHENSION_NAMES[tag], scope, self.position - 1)
        if tag == tags.DICT_COMPREHENSION:
            self._optional(inner)
        self.expression(inner)
        count = self.integer()
        for _ in range(count):
            self._target(inner, BindingKind.COMPREHENSION, [])
        for number in range(count):
            # The first iterable is evaluated outside.
            self.expression(scope if number == 0 else inner)
        for _ in range(count):
            self._expressions(inner)
        self.position += count
        self.location()
        inner.start = self.start
        inner.end = self.end

    def _formatted_string(self, scope: Scope) -> None:
        for _ in range(self.integer()):
            if self.boolean():
                self._formatted_parts(scope)
            else:
                self.skip_string()
                self.skip_location()
        self.position += 1
        self.skip_location()

    def _formatted_parts(self, scope: Scope) -> None:
        for _ in range(self.integer()):
            tag = self.tag()
            if tag == tags.STRING:
                self.position -= 1
                self.skip_string()
                self.skip_location()
            elif tag == tags.INTERPOLATION:
                self.expression(scope)
                self._format(scope)
                self.expect(tags.END)
            else:
                raise StreamError(
                    f"tag {tag} at {self.position - 1} of the syntax tree is no part of a string"
                )

    def _format(self, scope: Scope) -> None:
        """The conversion and the format of a replacement field."""
        if self.boolean():
            self.skip_string()
        if self.boolean():
            self._formatted_parts(scope)
            self.skip_location()

    def _template_string(self, scope: Scope) -> None:
        for _ in range(self.integer()):
            if self.boolean():
                self.expression(scope)
                self.skip_string()
                self._format(scope)
            else:
                self.skip_string()
                self.skip_location()
        self.position += 1
        self.skip_location()


def _private_prefix(name: str) -> str:
    """What Python puts before the private names in a class."""
    plain = name.lstrip("_")
    return "_" + plain if plain else ""


_OPENING_BRACKET: Final = 0x28
_ZERO: Final = 20
"""A bare zero in the stream."""

_KINDS: Final = {
    tags.LIST_COMPREHENSION: ScopeKind.LIST_COMPREHENSION,
    tags.SET_COMPREHENSION: ScopeKind.SET_COMPREHENSION,
    tags.DICT_COMPREHENSION: ScopeKind.DICT_COMPREHENSION,
    tags.GENERATOR: ScopeKind.GENERATOR,
}
_COMPREHENSION_NAMES: Final = {
    tags.LIST_COMPREHENSION: "listcomp",
    tags.SET_COMPREHENSION: "setcomp",
    tags.DICT_COMPREHENSION: "dictcomp",
    tags.GENERATOR: "genexpr",
}
"""The names that Python's own `symtable` has for them."""
