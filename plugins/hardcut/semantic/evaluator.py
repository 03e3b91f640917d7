"""What an expression of a file may be: one evaluator for strings, modules, symbols, tables and callables.

It does not follow control. A name may have the value of each binding that reaches it, in any order in which
they may run. What functions of the standard library give is a table, `hardcut.semantic.standard`.
"""

from __future__ import annotations

import builtins
from typing import Final, final

from hardcut.semantic import standard, strings, values
from hardcut.semantic.index import Access, ModuleIndex
from hardcut.semantic.scopes import Binding, BindingKind, Scope, ScopeKind
from hardcut.semantic.standard import FUNCTIONS, PATH_ATTRIBUTES, Arguments
from hardcut.semantic.targets import Source, Target, targets_of
from hardcut.semantic.values import (
    MOST_STRINGS,
    UNKNOWN,
    Atom,
    Class,
    Constant,
    Dictionary,
    FilePath,
    Function,
    Instance,
    Module,
    Origin,
    Partial,
    Pattern,
    String,
    Symbol,
    Value,
    Way,
    constant,
    dictionary,
    join_all,
    sequence,
    value_of,
)
from hardcut.syntax import nodes
from hardcut.syntax.nodes import Expression
from hardcut.syntax.stream import allow_nesting
from hardcut.syntax.tree import read_statement

MOST_DEPTH: Final = 100
"""Expressions in one another that are evaluated, also those behind names."""
MOST_NAMES: Final = 24
"""Names behind one another that are followed: constants of constants."""
MOST_STEPS: Final = 400_000
"""What the evaluation of one file's expressions may cost, in visits of an expression."""
MOST_REPEATS: Final = 100
"""How often `text * number` really repeats."""
_BUILTINS: Final = frozenset(dir(builtins))
_TRANSPARENT: Final = frozenset(
    {"staticmethod", "classmethod", "functools.cache", "functools.lru_cache", "functools.wraps"}
)
"""Decorators behind which a function gives what it gives without them."""


@final
class Limit:
    """A place at which the evaluation stopped at a bound, and what it did not follow."""

    __slots__ = ("end", "start", "what")

    def __init__(self, start: int, end: int, what: str) -> None:
        self.start = start
        self.end = end
        self.what = what


@final
class Evaluator:
    """Evaluates expressions of one file.

    `module` is the dotted name of the file, None outside of the import roots; `package` is what relative
    names start from. `limits` are the bounds that were reached.
    """

    def __init__(self, index: ModuleIndex, module: str | None = None, package: str | None = None) -> None:
        self.index = index
        self.module = module
        self.package = package
        self.limits: list[Limit] = []
        self._steps = 0
        self._depth = 0
        self._cut = 0
        self._active: set[int] = set()
        self._merged: set[int] = set()
        self._bound: dict[int, Value] = {}
        self._provisional: dict[int, Value] = {}
        self._targets: dict[int, dict[int, Target]] = {}
        self._statements: dict[int, nodes.Statement] = {}
        self._answers: dict[int, Value] = {}
        allow_nesting()

    # Expressions.

    def evaluate(self, node: Expression, scope: Scope | None = None) -> Value:
        """What an expression may be; `scope` is that of names of which the file has no access there."""
        self._steps += 1
        if self._steps >= MOST_STEPS or self._depth >= MOST_DEPTH:
            self._give_up(node.start, node.end, MOST_DEPTH)
            return UNKNOWN
        self._depth += 1
        try:
            found = self._evaluate(node, scope)
            if found.is_merged:
                self._note_merged(node)
            return found
        finally:
            self._depth -= 1
            if not self._depth and self._provisional:
                self._provisional.clear()

    def _note_merged(self, node: Expression) -> None:
        """Say once of an expression that not each of its strings is known."""
        if node.start not in self._merged:
            self._merged.add(node.start)
            what = f"an expression may be one of more than {MOST_STRINGS:,} strings"
            self.limits.append(Limit(node.start, node.end, what))

    def _give_up(self, start: int, end: int, bound: int) -> None:
        self._cut += 1
        if self._steps < MOST_STEPS:
            self.limits.append(Limit(start, end, f"a constant was followed {bound} steps only"))
        elif self._steps == MOST_STEPS:
            self.limits.append(Limit(start, end, "the constants of one file may cost no more"))

    def _evaluate(self, node: Expression, scope: Scope | None) -> Value:
        if isinstance(node, nodes.Constant):
            return constant(node.value, Origin(node.start, node.end))
        if isinstance(node, nodes.Name):
            return self._name(node, scope)
        if isinstance(node, nodes.Attribute):
            return self.attribute(self.evaluate(node.value, scope), node.attr)
        if isinstance(node, nodes.Call):
            return self._call(node, scope)
        if isinstance(node, nodes.BinOp):
            return self._operation(node, scope)
        if isinstance(node, nodes.JoinedStr):
            return self._formatted(node, scope)
        if isinstance(node, nodes.Subscript):
            return self._subscript(node, scope)
        if isinstance(node, nodes.Tuple | nodes.List | nodes.Set):
            return self._display(node, scope)
        if isinstance(node, nodes.Dict):
            return self._dict(node, scope)
        return self._other(node, scope)

    def _other(self, node: Expression, scope: Scope | None) -> Value:
        """The rarer kinds of expressions."""
        if isinstance(node, nodes.IfExp):
            test = self.evaluate(node.test, scope).truth()
            if test is not None:
                return self.evaluate(node.body if test else node.orelse, scope)
            return _by(join_all(self._each([node.body, node.orelse], scope)), Way.CONDITIONAL)
        if isinstance(node, nodes.BoolOp):
            return self._either(node, scope)
        if isinstance(node, nodes.NamedExpr | nodes.Starred | nodes.Await):
            return self.evaluate(node.value, scope)
        if isinstance(node, nodes.UnaryOp):
            return self._unary(node, scope)
        if isinstance(node, nodes.ListComp | nodes.SetComp | nodes.GeneratorExp):
            return self._comprehension(node)
        if isinstance(node, nodes.DictComp) and node.key is not None:
            table = dictionary([(self.evaluate(node.key), self.evaluate(node.value))])
            return table.join(UNKNOWN)
        return UNKNOWN

    def _each(self, found: list[Expression], scope: Scope | None) -> list[Value]:
        return [self.evaluate(node, scope) for node in found]

    def _either(self, node: nodes.BoolOp, scope: Scope | None) -> Value:
        """`a or b`: of each operand but the last, what ends the evaluation."""
        found: list[Value] = []
        for place, operand in enumerate(node.values):
            value = self.evaluate(operand, scope)
            found.append(value if place == len(node.values) - 1 else value.when(node.op == "or"))
            if value.truth() is (node.op == "or"):
                break
        return _by(join_all(found), Way.CONDITIONAL)

    def _unary(self, node: nodes.UnaryOp, scope: Scope | None) -> Value:
        value = self.evaluate(node.operand, scope)
        if node.op == "not":
            truth = value.truth()
            return constant(True).join(constant(False)) if truth is None else constant(not truth)
        found: list[Value] = []
        for atom in value.atoms():
            number = atom.value if isinstance(atom, Constant) else None
            found.append(constant(-number) if node.op == "-" and isinstance(number, int) else UNKNOWN)
        return join_all([*found, UNKNOWN] if value.is_open else found)

    def _display(self, node: nodes.Tuple | nodes.List | nodes.Set, scope: Scope | None) -> Value:
        found: list[Value] = []
        is_open = False
        for element in node.elts:
            value = self.evaluate(element, scope)
            if isinstance(element, nodes.Starred):
                is_open = is_open or value.is_open
                found += [item for item in standard.items_of(value) if item != UNKNOWN]
            else:
                found.append(value)
        if len(found) > standard.MOST_ITEMS:
            return UNKNOWN
        kind = "tuple" if isinstance(node, nodes.Tuple) else "list" if isinstance(node, nodes.List) else "set"
        whole = sequence(kind, found)
        return whole.join(UNKNOWN) if is_open else whole

    def _dict(self, node: nodes.Dict, scope: Scope | None) -> Value:
        items: list[tuple[Value, Value]] = []
        is_open = False
        for key, value in zip(node.keys, node.values, strict=True):
            found = self.evaluate(value, scope)
            if key is not None:
                items.append((self.evaluate(key, scope), found))
                continue
            is_open = is_open or found.is_open
            for atom in found.atoms():
                if isinstance(atom, Dictionary):
                    items += atom.items
        if len(items) > standard.MOST_ITEMS:
            return UNKNOWN
        whole = dictionary(items)
        return whole.join(UNKNOWN) if is_open else whole

    def _comprehension(self, node: nodes.ListComp | nodes.SetComp | nodes.GeneratorExp) -> Value:
        """A sequence that has each element once, for all of those that the loops make."""
        value = self.evaluate(node.elt)
        found = [value_of(atom) for atom in sorted(value.atoms(), key=repr)]
        if value.is_open:
            found.append(UNKNOWN)
        return sequence("list", found).join(UNKNOWN)

    def _formatted(self, node: nodes.JoinedStr, scope: Scope | None) -> Value:
        """An f-string."""
        if len(node.values) == 1 and isinstance(node.values[0], nodes.Constant):
            return constant(node.values[0].value, Origin(node.start, node.end))
        parts: list[Value] = []
        for part in node.values:
            if isinstance(part, nodes.FormattedValue):
                parts.append(self._interpolated(part, scope))
            else:
                parts.append(self.evaluate(part, scope))
        return strings.concatenate([constant(""), *parts])

    def _interpolated(self, node: nodes.FormattedValue, scope: Scope | None) -> Value:
        spec: str | None = ""
        if node.format_spec is not None:
            texts = [
                atom.text if isinstance(atom, String) else None
                for atom in self.evaluate(node.format_spec, scope).atoms()
            ]
            spec = texts[0] if len(texts) == 1 else None
        return strings.converted(self.evaluate(node.value, scope), node.conversion, spec)

    def _subscript(self, node: nodes.Subscript, scope: Scope | None) -> Value:
        owner = self.evaluate(node.value, scope)
        if isinstance(node.slice, nodes.Slice):
            bounds = [node.slice.lower, node.slice.upper, node.slice.step]
            return standard.sliced(
                owner, [constant(None) if bound is None else self.evaluate(bound, scope) for bound in bounds]
            )
        key = self.evaluate(node.slice, scope)
        found: list[Value] = []
        others: list[Atom] = []
        for atom in owner.atoms():
            if isinstance(atom, Symbol) and atom.path == "sys.modules":
                found.append(standard.modules_named(key))
            elif isinstance(atom, Symbol) and atom.path.endswith(".__dict__"):
                found.append(self._members(Symbol(atom.path.removesuffix(".__dict__")), key))
            else:
                others.append(atom)
        if others or not found:
            found.append(standard.subscript(value_of(*others, is_open=owner.is_open), key))
        return _by(join_all(found), Way.CONSTANT)

    def _members(self, owner: Atom, key: Value) -> Value:
        """The attributes of an object that strings name."""
        found = [
            self.attribute(value_of(owner), atom.text) for atom in key.atoms() if isinstance(atom, String)
        ]
        return join_all([*found, UNKNOWN] if key.is_open or not found else found)

    # Operators.

    def _operation(self, node: nodes.BinOp, scope: Scope | None) -> Value:
        if node.op != "+":
            return self._binary(node.op, self.evaluate(node.left, scope), self.evaluate(node.right, scope))
        operands: list[Expression] = [node.right]
        left = node.left
        while isinstance(left, nodes.BinOp) and left.op == "+":
            operands.append(left.right)
            left = left.left
        operands.append(left)
        return self._sum([self.evaluate(operand, scope) for operand in reversed(operands)])

    def _sum(self, parts: list[Value]) -> Value:
        """Strings or sequences, one behind the other."""
        lists = any(isinstance(atom, values.Sequence) for part in parts for atom in part.atoms())
        if not lists:
            if any(isinstance(atom, String | Pattern) for part in parts for atom in part.atoms()):
                return strings.concatenate(parts)
            return UNKNOWN
        items: list[Value] = []
        is_open = False
        for part in parts:
            is_open = is_open or part.is_open
            for atom in part.atoms():
                if isinstance(atom, values.Sequence):
                    items += atom.items
                else:
                    is_open = True
        if len(items) > standard.MOST_ITEMS:
            return UNKNOWN
        kind = next(atom.kind for part in parts for atom in part.atoms() if isinstance(atom, values.Sequence))
        whole = sequence(kind, items)
        return whole.join(UNKNOWN) if is_open else whole

    def _binary(self, operator: str, left: Value, right: Value) -> Value:
        if operator == "+":
            return self._sum([left, right])
        if operator == "%":
            found = [
                strings.percent(atom.text, right) if isinstance(atom, String) else strings.ANY_STRING
                for atom in left.atoms()
                if isinstance(atom, String | Pattern)
            ]
            return join_all([*found, UNKNOWN] if left.is_open or not found else found)
        if operator == "*":
            return _repeated(left, right)
        if operator == "/" and any(isinstance(atom, FilePath) for atom in left.atoms()):
            return FUNCTIONS["path.joinpath"](Arguments([left, right], {}))
        if operator == "|":
            tables = [atom for side in (left, right) for atom in side.atoms() if isinstance(atom, Dictionary)]
            if tables:
                merged = dictionary([item for table in tables for item in table.items])
                return merged.join(UNKNOWN) if left.is_open or right.is_open else merged
        return UNKNOWN

    # Names.

    def _name(self, node: nodes.Name, scope: Scope | None) -> Value:
        return self._read(node.id, node.start, node.end, scope)

    def _read(self, name: str, start: int, end: int, scope: Scope | None) -> Value:
        """What a name is where it is read."""
        reader = self.index.reading_scope(start) or scope or self.index.scope_at(start)
        bindings = self.index.referents(Access(name, start, end, end, reader))
        self._steps += len(bindings) // 8
        if not bindings:
            return self._unbound(name, reader)
        if len(self._active) >= MOST_NAMES:
            self._give_up(start, end, MOST_NAMES)
            return UNKNOWN
        return join_all([self.bound(binding) for binding in bindings])

    def _unbound(self, name: str, scope: Scope) -> Value:
        """What a name is that no binding reaches: a builtin, a name of the module system, or unknown."""
        if self.index.lookup(name, scope) is not None:
            return UNKNOWN
        if name == "__name__" and self.module is not None:
            return constant(self.module)
        if name == "__package__" and self.package is not None:
            return constant(self.package)
        if name == "__spec__":
            return value_of(Symbol("__spec__"))
        return value_of(Symbol(f"builtins.{name}")) if name in _BUILTINS else UNKNOWN

    def bound(self, binding: Binding) -> Value:
        """What a name has from one of its bindings."""
        known = self._bound.get(id(binding)) or self._provisional.get(id(binding))
        if known is not None:
            return known
        if id(binding) in self._active:
            self._cut += 1
            return UNKNOWN
        cut = self._cut
        self._active.add(id(binding))
        try:
            found = self._bind(binding)
        finally:
            self._active.discard(id(binding))
        # What was cut short, or in a circle, is known for this question only.
        known_for = self._bound if cut == self._cut or not self._active else self._provisional
        known_for[id(binding)] = found
        return found

    def _bind(self, binding: Binding) -> Value:
        if binding.imported is not None:
            return self._imported(binding)
        if binding.kind is BindingKind.FUNCTION:
            return value_of(Function(self.path_of(binding), binding.start))
        if binding.kind is BindingKind.CLASS:
            return value_of(Class(self.path_of(binding), binding.start))
        target = self._target(binding)
        if target is None:
            return self._first_parameter(binding) if binding.kind is BindingKind.PARAMETER else UNKNOWN
        return self._assigned(binding, target)

    def path_of(self, binding: Binding) -> str:
        """The dotted path of a name of the file."""
        names = [self.module or "", binding.scope.qualified_name, binding.name]
        return ".".join(name for name in names if name)

    def _imported(self, binding: Binding) -> Value:
        imported = binding.imported
        if imported is None or imported.star:
            return UNKNOWN
        path = imported.path
        if imported.level:
            resolved = (
                standard.absolute_names(constant(path), constant(self.package)) if self.package else UNKNOWN
            )
            texts = [atom.text for atom in resolved.atoms() if isinstance(atom, String)]
            if not texts:
                return UNKNOWN
            path = texts[0]
        if imported.name is None:
            return value_of(Module(path if imported.alias is not None else path.partition(".")[0]))
        return value_of(Symbol(path))

    def _target(self, binding: Binding) -> Target | None:
        """The expression behind a binding."""
        found = self._targets.get(binding.position)
        if found is None:
            found = {}
            if binding.position >= 0:
                found = targets_of(self.statement(binding.position))
            self._targets[binding.position] = found
        return found.get(binding.start)

    def _assigned(self, binding: Binding, target: Target) -> Value:
        if target.source is Source.AUGMENTED and target.statement is not None:
            statement = target.statement
            if binding.within is not binding.scope:
                return UNKNOWN
            before = self._read(binding.name, binding.start, binding.end, binding.within)
            after = self._binary(statement.op, before, self.evaluate(statement.value, binding.within))
            return after
        if target.source is Source.DEFAULT:
            return self._parameter(binding, target)
        if target.value is None or target.source is Source.ENTERED:
            return UNKNOWN
        value = self.evaluate(target.value, binding.within)
        way = Way.CONSTANT
        if target.source is Source.ELEMENT:
            value, way = standard.element_of(value), Way.LOOP
        if target.steps and target.source is Source.VALUE and len(value.atoms()) > 1:
            # The parts of a row belong together: of `module, name = _LAZY[key]`, each name would be taken for
            # one of each module.
            return UNKNOWN
        for step in target.steps:
            value = standard.subscript(value, constant(step))
        return UNKNOWN if target.is_starred else _by(value, way)

    def _parameter(self, binding: Binding, target: Target) -> Value:
        """A parameter: its default, or what a caller gives."""
        if target.value is None:
            return self._first_parameter(binding)
        return _by(self.evaluate(target.value, binding.scope.parent), Way.DEFAULT).join(UNKNOWN)

    def _first_parameter(self, binding: Binding) -> Value:
        """The object or the class, for the first parameter of a method."""
        around = binding.scope.parent
        if around is not None and around.kind is ScopeKind.TYPE_PARAMETERS:
            around = around.parent
        if around is None or around.kind is not ScopeKind.CLASS or around.definition is None:
            return UNKNOWN
        function = self._function(binding.scope)
        if function is None or not function.args.posonlyargs + function.args.args:
            return UNKNOWN
        first = (function.args.posonlyargs + function.args.args)[0]
        names = {node.id for node in function.decorator_list if isinstance(node, nodes.Name)}
        if first.start != binding.start or "staticmethod" in names:
            return UNKNOWN
        path, start = self.path_of(around.definition), around.definition.start
        is_class = "classmethod" in names or function.name in ("__new__", "__init_subclass__")
        return value_of(Class(path, start) if is_class else Instance(path, start))

    def _function(self, scope: Scope) -> nodes.FunctionDef | None:
        """The definition of a function's scope."""
        if scope.kind is not ScopeKind.FUNCTION:
            return None
        statement = self.statement(scope.position)
        return statement if isinstance(statement, nodes.FunctionDef) else None

    def statement(self, position: int) -> nodes.Statement:
        """The statement at a position, read once."""
        found = self._statements.get(position)
        if found is None:
            found = self._statements[position] = read_statement(self.index.module, position)
            self._steps += (found.end - found.start) // 64
        return found

    # Attributes.

    def attribute(self, owner: Value, name: str) -> Value:
        """`owner.name`."""
        found: list[Value] = []
        for atom in owner.atoms():
            found.append(self._attribute(atom, name))
        return join_all([*found, UNKNOWN] if owner.is_open or not found else found)

    def _attribute(self, owner: Atom, name: str) -> Value:
        if isinstance(owner, Module):
            return value_of(Symbol(f"{owner.name}.{name}"))
        if isinstance(owner, Symbol):
            if owner.path == "__spec__":
                return constant(self.module) if name == "name" and self.module else UNKNOWN
            return value_of(Symbol(f"{owner.path}.{name}"))
        if isinstance(owner, Class | Instance):
            return self._member(owner, name)
        if isinstance(owner, FilePath) and name in PATH_ATTRIBUTES:
            text = PATH_ATTRIBUTES[name](owner.text)
            return standard.as_paths(constant(text)) if name == "parent" else constant(text)
        kind = _METHODS.get(type(owner))
        if isinstance(owner, values.Sequence):
            kind = owner.kind
        row = f"{kind}.{name}"
        return value_of(Partial(value_of(Symbol(row)), (value_of(owner),))) if row in FUNCTIONS else UNKNOWN

    def _member(self, owner: Class | Instance, name: str) -> Value:
        """A member of a class of the file, its own or that of a base class."""
        for scope in self._lineage(owner.start):
            if name in scope:
                found = join_all([self.bound(binding) for binding in scope[name]])
                return _by(found, Way.CONSTANT)
        if isinstance(owner, Class):
            return value_of(Symbol(f"{owner.path}.{name}"))
        return UNKNOWN

    def _lineage(self, start: int) -> list[Scope]:
        """The scopes of a class of the file and of its base classes in the file, the class first."""
        found: list[Scope] = []
        waiting = [start]
        while waiting and len(found) < MOST_DEPTH:
            place = waiting.pop(0)
            scope = self.index.class_scopes.get(place)
            if scope is None or scope in found:
                continue
            found.append(scope)
            for base in self._bases(scope):
                waiting += [atom.start for atom in base.atoms() if isinstance(atom, Class)]
        return found

    def _bases(self, scope: Scope) -> list[Value]:
        statement = self.statement(scope.position)
        if not isinstance(statement, nodes.ClassDef):
            return []
        return [self.evaluate(base, scope.parent) for base in statement.bases]

    # Calls.

    def _call(self, node: nodes.Call, scope: Scope | None) -> Value:
        function = self.evaluate(node.func, scope)
        positional: list[Value] = []
        is_open = False
        for argument in node.args:
            if isinstance(argument, nodes.Starred):
                items = self.evaluate(argument.value, scope)
                is_open = is_open or items.is_open
                positional += [] if items.is_open else standard.items_of(items)
            elif not is_open:
                positional.append(self.evaluate(argument, scope))
        keywords: dict[str, Value] = {}
        for keyword in node.keywords:
            if keyword.arg is None:
                is_open = True
            else:
                keywords[keyword.arg] = self.evaluate(keyword.value, scope)
        given = Arguments(positional, keywords, is_open, self.package)
        return self.call(function, given)

    def call(self, function: Value, given: Arguments) -> Value:
        """What a callable gives for arguments."""
        found = [self._called(atom, given) for atom in function.atoms()]
        return join_all([*found, UNKNOWN] if function.is_open or not found else found)

    def _called(self, function: Atom, given: Arguments) -> Value:
        if isinstance(function, Partial):
            keywords = dict(function.keywords)
            keywords.update(given.keywords)
            whole = Arguments(
                [*function.arguments, *given.positional], keywords, given.is_open, given.package
            )
            return self.call(function.function, whole)
        if isinstance(function, Class):
            return value_of(Instance(function.path, function.start))
        if isinstance(function, Function):
            return self._returned(function)
        if isinstance(function, Symbol):
            return self._symbol_called(function.path, given)
        return UNKNOWN

    def _symbol_called(self, path: str, given: Arguments) -> Value:
        if path == "builtins.getattr" and len(given.positional) > 1:
            owner, names = given.positional[:2]
            found = [self._members(atom, names) for atom in owner.atoms()]
            found += given.positional[2:3]
            return join_all([*found, UNKNOWN] if owner.is_open or not found else found)
        if path == "builtins.vars" and given.positional:
            return self.attribute(given.positional[0], "__dict__")
        if path == "operator.attrgetter":
            return value_of(Partial(value_of(Symbol("operator.attrgetter()")), tuple(given.positional)))
        if path == "operator.attrgetter()" and given.positional:
            return self._attributes_got(given)
        if path == "operator.methodcaller":
            return UNKNOWN
        if path == "builtins.map" and len(given.positional) == 2:
            function, items = given.positional
            made = [
                self.call(function, Arguments([item], {}, False, given.package))
                for item in standard.items_of(items)
            ]
            return sequence("list", made)
        row = FUNCTIONS.get(path.removeprefix("builtins."))
        return UNKNOWN if row is None else row(given)

    def _attributes_got(self, given: Arguments) -> Value:
        """`attrgetter("a.b")(owner)`."""
        *names, owner = given.positional
        found: list[Value] = []
        for name in names:
            for atom in name.atoms():
                if isinstance(atom, String):
                    value = owner
                    for step in atom.text.split("."):
                        value = self.attribute(value, step)
                    found.append(value)
        return join_all(found) if len(names) == 1 and found else UNKNOWN

    def _returned(self, function: Function) -> Value:
        """What a function of the file returns, for any arguments."""
        known = self._answers.get(function.start) or self._provisional.get(-function.start)
        if known is not None:
            return known
        scope = self.index.function_scopes.get(function.start)
        if scope is None or -function.start in self._active:
            self._cut += scope is not None
            return UNKNOWN
        cut = self._cut
        self._active.add(-function.start)
        try:
            found = self._answer(scope)
        finally:
            self._active.discard(-function.start)
        if cut == self._cut or not self._active:
            self._answers[function.start] = found
        else:
            self._provisional[-function.start] = found
        return found

    def _answer(self, scope: Scope) -> Value:
        definition = self._function(scope)
        if definition is None or definition.is_async or not self._is_plain(definition, scope):
            return UNKNOWN
        found: list[Value] = []
        waiting: list[nodes.Node] = list(definition.body)
        while waiting:
            node = waiting.pop()
            self._steps += 1
            if isinstance(node, nodes.Yield | nodes.YieldFrom):
                return UNKNOWN
            if isinstance(node, nodes.Return) and node.value is not None:
                found.append(self.evaluate(node.value, scope))
            if not isinstance(node, nodes.FunctionDef | nodes.ClassDef | nodes.Lambda):
                waiting += node.children()
        # A function may also end without an answer; what it returns then names nothing.
        return _by(join_all(found), Way.CONSTANT) if found else constant(None)

    def _is_plain(self, definition: nodes.FunctionDef, scope: Scope) -> bool:
        """Whether no decorator changes what a function gives."""
        for decorator in definition.decorator_list:
            node = decorator.func if isinstance(decorator, nodes.Call) else decorator
            paths = [
                atom.path.removeprefix("builtins.")
                for atom in self.evaluate(node, scope.parent).atoms()
                if isinstance(atom, Symbol)
            ]
            if not paths or not _TRANSPARENT.issuperset(paths):
                return False
        return True


_METHODS: Final[dict[type[Atom], str]] = {
    String: "str",
    Pattern: "str",
    Dictionary: "dict",
    FilePath: "path",
}
"""The prefix under which the table has the methods of values."""


def _repeated(left: Value, right: Value) -> Value:
    """`text * number`."""
    found: list[Value] = []
    for text in left.atoms():
        for number in right.atoms():
            count = number.value if isinstance(number, Constant) else None
            if isinstance(text, String) and isinstance(count, int) and count <= MOST_REPEATS:
                found.append(strings.concatenate([constant(text.text * count)]))
            else:
                found.append(UNKNOWN)
    return join_all([*found, UNKNOWN] if left.is_open or right.is_open or not found else found)


def _by(value: Value, way: Way) -> Value:
    """The value with the first indirection on the way of each string noted."""
    changed: list[Atom] = []
    is_changed = False
    for atom in value.atoms():
        if isinstance(atom, String) and atom.origin is not None and atom.origin.way is Way.DIRECT:
            changed.append(String(atom.text, Origin(atom.origin.start, atom.origin.end, way)))
            is_changed = True
        else:
            changed.append(atom)
    if not is_changed:
        return value
    return Value(
        values.half_of(frozenset(atom for atom in changed if atom.truth is not False), value.truthy.is_open),
        values.half_of(frozenset(atom for atom in changed if atom.truth is not True), value.falsy.is_open),
    )
