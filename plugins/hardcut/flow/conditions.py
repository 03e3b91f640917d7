"""What a condition tells about names: possibilities of values as bits, and conditions that narrow them.

A value is a set of possibilities, one bit each; `join` is the union, so the lattice is of finite height. Only
what a condition can ask for is kept apart: None, the booleans, whether something is true, and which type an
exception has. `hardcut.flow.lattice` has values in full; these are those of the failure analysis, which asks
for nothing else and visits every block many times.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, TypeAlias, final

from hardcut.flow.effects import Effects
from hardcut.flow.exceptions import ANY
from hardcut.syntax import nodes
from hardcut.syntax.nodes import Expression

NONE: Final = 1
TRUE: Final = 2
FALSE: Final = 4
SOME: Final = 8
"""An object that is true."""
EMPTY: Final = 16
"""An object that is false, neither None nor False: an empty container, zero."""
SET: Final = 32
"""An object that is not None, true or false."""
FALSY: Final = 64
"""Something that is false: None, False or empty."""
ANYTHING: Final = 128
GOES_ON: Final = 256
"""The answer of a function that ends by its last line."""
ELSE: Final = 512
"""An answer that is neither None nor a boolean."""
FIRST_TYPE: Final = 16
"""The number of the bit of the first exception type."""
PLAIN: Final = (1 << FIRST_TYPE) - 1

Environment: TypeAlias = "dict[str, int]"
"""The possibilities of each name, a dotted chain being a name too. A name that is absent may be anything."""
Assessed: TypeAlias = "tuple[int, Environment | None, Environment | None]"
"""What an expression may be, and what is known where it is true, and where not; None for what cannot be."""

DEPTH: Final = 100
"""How deep an expression is looked into."""
MAKERS: Final = frozenset({"str", "repr", "format", "type", "int", "float", "bytes"})
"""Calls that never give None."""
CONSUMERS: Final = frozenset({"all", "any", "list", "tuple", "set", "sorted", "next", "len", "sum"})
"""Functions that make something of all the items of a comprehension."""
COPIES: Final = frozenset({"list", "tuple", "set", "sorted", "len"})
"""Those of them whose answer is empty if there are no items."""
NAMESPACES: Final = frozenset({"locals", "globals", "vars", "dir"})
"""Functions that tell which names are bound where they are called."""
COUNTS: Final = {(">", 0): True, ("!=", 0): True, (">=", 1): True, ("==", 0): False, ("<", 1): False}
"""Comparisons of a number of things, and whether they hold if there is one."""
COMPREHENSIONS: Final = (nodes.ListComp, nodes.SetComp, nodes.DictComp, nodes.GeneratorExp)


def when(value: int, holds: bool) -> int:
    """What is left of a value if it is true, or false."""
    if holds:
        kept = value & ~(NONE | FALSE | EMPTY | FALSY | SET | ANYTHING)
        return kept | SOME | TRUE if value & (SET | ANYTHING) else kept
    kept = value & (NONE | FALSE | EMPTY | FALSY)
    return kept | FALSY if value & (SET | ANYTHING) else kept


def when_none(value: int, holds: bool) -> int:
    """What is left of a value if it is None, or not."""
    if holds:
        return NONE if value & (NONE | FALSY | ANYTHING) else 0
    kept = value & ~(NONE | ANYTHING)
    return kept | SET if value & ANYTHING else kept


def join_values(first: int, second: int) -> int:
    """The possibilities of both; 0 if that is anything at all."""
    joined = first | second
    return 0 if joined & ANYTHING or (joined & SOME and joined & FALSY) else joined


def answer(value: int) -> int:
    """A returned value, as the answer of a function."""
    known = value & (NONE | TRUE | FALSE)
    return known | ELSE if value & ~known else known


def bind(environment: Environment, name: str, value: int, below: Iterable[str] = ()) -> Environment:
    """The environment after a binding; 0 and `ANYTHING` forget the name.

    `below` are the chains of the code that begin with the name: what is known of them is of another object.
    """
    forgotten = value == 0 or value == ANYTHING
    stale = [chain for chain in below if chain in environment]
    if not stale and environment.get(name, 0) == (0 if forgotten else value):
        return environment
    found = dict(environment)
    for chain in stale:
        del found[chain]
    if forgotten:
        found.pop(name, None)
    else:
        found[name] = value
    return found


def join_environments(first: Environment, second: Environment) -> Environment:
    """What names may be after one of two ways; the first environment itself, if that holds the second."""
    if first is second or not first:
        return first
    found: Environment = {}
    same = True
    for name, value in first.items():
        other = second.get(name, 0)
        joined = value if other == value else join_values(value, other) if other else 0
        same = same and joined == value
        if joined:
            found[name] = joined
    return first if same else found


def dotted(node: Expression) -> str:
    """The name that an expression is: `a` or `a.b.c`; empty for any other expression."""
    parts: list[str] = []
    while isinstance(node, nodes.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, nodes.Name):
        return ""
    parts.append(node.id)
    parts.reverse()
    return ".".join(parts)


def last_name(node: Expression) -> str:
    """The last part of a called name."""
    if isinstance(node, nodes.Attribute):
        return node.attr
    return node.id if isinstance(node, nodes.Name) else ""


@final
class Conditions:
    """Evaluates expressions in an environment.

    `probes` are expressions whose value has been noted in the environment, under `probe_name`; `objects` are
    expressions that give an object that is true. `is_cut` is set if something was nested too deeply.
    """

    def __init__(self, effects: Effects) -> None:
        self.effects = effects
        self.probes: dict[nodes.Node, int] = {}
        self.objects: set[nodes.Node] = set()
        self.is_cut = False
        self.type_names: list[str] = []
        self._type_numbers: dict[str, int] = {}
        self._types: dict[nodes.Node, list[str]] = {}

    def type_number(self, name: str) -> int:
        """The number of an exception type."""
        found = self._type_numbers.get(name)
        if found is None:
            found = self._type_numbers[name] = len(self.type_names)
            self.type_names.append(name)
        return found

    def exception(self, name: str) -> int:
        """The value of an exception of a type."""
        return 1 << (FIRST_TYPE + self.type_number(name))

    def exception_types(self, value: int) -> list[str]:
        """The types of the exceptions that a value may be."""
        rest = value >> FIRST_TYPE
        return [name for number, name in enumerate(self.type_names) if rest >> number & 1]

    def types(self, expression: Expression) -> list[str]:
        """The exception types that an expression stands for."""
        found = self._types.get(expression)
        if found is None:
            found = self._types[expression] = self.effects.types(expression)
        return found

    # Values

    def value(self, node: Expression, env: Environment, depth: int = 0) -> int:
        """What an expression may be, after its parts have been evaluated."""
        return self.assess(node, env, depth)[0]

    def narrow(self, node: Expression, env: Environment, holds: bool) -> Environment | None:
        """What is known where a condition holds, or does not; None if that cannot be."""
        _, yes, no = self.assess(node, env)
        return yes if holds else no

    def assess(self, node: Expression, env: Environment, depth: int = 0) -> Assessed:
        """Evaluate an expression as a value and as a condition at once: each of its parts is visited once."""
        number = self.probes.get(node)
        known = env.get(probe_name(number)) if number is not None else None
        if known is not None:
            return known, env if when(known, True) else None, env if when(known, False) else None
        if depth > DEPTH:
            self.is_cut = True
            return ANYTHING, env, env
        asks = _CONDITIONS.get(type(node))
        if asks is not None:
            return asks(self, node, env, depth + 1)
        if isinstance(node, (nodes.Name, nodes.Attribute)):
            value = self._name(node, env)
        elif isinstance(node, nodes.Constant):
            value = _constant(node.value)
        else:
            reader = _VALUES.get(type(node))
            value = reader(self, node, env, depth + 1) if reader is not None else ANYTHING
        if value == ANYTHING and node in self.objects:
            value = SOME
        return self._split(node, env, value, when(value, True), when(value, False))

    def _split(self, node: Expression, env: Environment, value: int, yes: int, no: int) -> Assessed:
        """The environments in which an expression has one of two parts of its value."""
        if isinstance(node, nodes.NamedExpr):
            node = node.target
        name = dotted(node)
        left: list[Environment | None] = []
        for part in (yes, no):
            if not part:
                left.append(None)
            elif not name or part == value:
                left.append(env)
            else:
                left.append({**env, name: part})
        return value, left[0], left[1]

    def _name(self, node: Expression, env: Environment) -> int:
        if last_name(node) == "TYPE_CHECKING":
            return FALSE
        return env.get(dotted(node), ANYTHING)

    def _display(self, node: Expression, env: Environment, depth: int) -> int:
        assert isinstance(node, (nodes.List, nodes.Tuple, nodes.Set))
        return SOME if node.elts else EMPTY

    def _dict(self, node: Expression, env: Environment, depth: int) -> int:
        assert isinstance(node, nodes.Dict)
        return SOME if node.values else EMPTY

    def _text(self, node: Expression, env: Environment, depth: int) -> int:
        return SET

    def _lambda(self, node: Expression, env: Environment, depth: int) -> int:
        return SOME

    def _inner(self, node: Expression, env: Environment, depth: int) -> int:
        assert isinstance(node, (nodes.NamedExpr, nodes.Await))
        return self.value(node.value, env, depth)

    def _comprehension(self, node: Expression, env: Environment, depth: int) -> int:
        """What a comprehension gives whose condition asks; of one item alone, what is left is known."""
        assert isinstance(node, COMPREHENSIONS)
        tests = [test for generator in node.generators for test in generator.ifs]
        if not tests:
            return ANYTHING
        only = node.generators[0].iter
        single = (
            len(node.generators) == 1
            and isinstance(only, (nodes.Tuple, nodes.List, nodes.Set))
            and len(only.elts) == 1
        )
        may_keep, must_keep = True, True
        for test in tests:
            _, yes, no = self.assess(test, env, depth)
            may_keep, must_keep = may_keep and yes is not None, must_keep and no is None
        left_out = EMPTY if single else ANYTHING
        return (SOME if may_keep else 0) | (0 if must_keep else left_out)

    def _call(self, node: Expression, env: Environment, depth: int) -> int:
        assert isinstance(node, nodes.Call)
        name = dotted(node.func)
        if not name:
            return self._from_namespace(node, env)
        first = node.args[0] if node.args else None
        if first is None:
            if name in ("list", "dict", "set", "tuple") and not node.keywords:
                return EMPTY
        elif name in CONSUMERS and isinstance(first, COMPREHENSIONS):
            return self._consumed(name, first, env, depth)
        elif len(node.args) == 1 and name in ("callable", "len"):
            return self._asked(name, self.value(first, env, depth))
        elif name.rpartition(".")[2] == "cast" and len(node.args) == 2:
            return self.value(node.args[1], env, depth)
        is_class = name.rpartition(".")[2][:1].isupper()
        return SET if name in MAKERS or is_class else ANYTHING

    def _from_namespace(self, node: nodes.Call, env: Environment) -> int:
        """`locals().get("name")`"""
        function = node.func
        if isinstance(function, nodes.Attribute) and function.attr == "get" and len(node.args) == 1:
            text = _text_of(node.args[0])
            if _is_namespace(function.value) and text is not None:
                return env.get(text, ANYTHING)
        return ANYTHING

    def _asked(self, name: str, value: int) -> int:
        """`callable(x)` and `len(x)`."""
        if name == "len":
            # None and the booleans have no length.
            rest = value & ~(SOME | EMPTY | NONE | TRUE | FALSE)
            return value & (SOME | EMPTY) | (ANYTHING if rest else 0)
        return (FALSE if value & (NONE | FALSY | ANYTHING) else 0) | (ANYTHING if value & ~NONE else 0)

    def _consumed(self, name: str, node: Expression, env: Environment, depth: int) -> int:
        """What a function makes of a comprehension."""
        assert isinstance(node, COMPREHENSIONS)
        if any(generator.ifs for generator in node.generators):
            return self._comprehension(node, env, depth) if name in COPIES else ANYTHING
        if name in ("all", "any") and not isinstance(node, nodes.DictComp):
            value = self.value(node.elt, env, depth)
            if when(value, True) and when(value, False):
                return ANYTHING
            return TRUE if when(value, True) else FALSE
        return ANYTHING

    # Conditions

    def _not(self, node: Expression, env: Environment, depth: int) -> Assessed:
        assert isinstance(node, nodes.UnaryOp)
        if node.op != "not":
            return ANYTHING, env, env
        _, yes, no = self.assess(node.operand, env, depth)
        return _truth(no, yes), no, yes

    def _conditional(self, node: Expression, env: Environment, depth: int) -> Assessed:
        assert isinstance(node, nodes.IfExp)
        _, yes, no = self.assess(node.test, env, depth)
        found = self.value(node.body, yes, depth) if yes is not None else 0
        found |= self.value(node.orelse, no, depth) if no is not None else 0
        return self._split(node, env, found, when(found, True), when(found, False))

    def _boolean(self, node: Expression, env: Environment, depth: int) -> Assessed:
        """`and` holds where all operands do, and otherwise it is the first that is false; so is `or`."""
        assert isinstance(node, nodes.BoolOp)
        is_and = node.op == "and"
        found = 0
        ended: Environment | None = None
        current: Environment | None = env
        for operand in node.values:
            if current is None:
                break
            value, yes, no = self.assess(operand, current, depth)
            ends, current = (no, yes) if is_and else (yes, no)
            if ends is not None:
                found |= when(value, not is_and)
                ended = env
            if operand is node.values[-1] and current is not None:
                found |= when(value, is_and)
        return (found, current, ended) if is_and else (found, ended, current)

    def _comparison(self, node: Expression, env: Environment, depth: int) -> Assessed:
        assert isinstance(node, nodes.Compare)
        if len(node.ops) != 1:
            return ANYTHING, env, env
        yes, no = self._compared(node.left, node.ops[0], node.comparators[0], env, depth)
        return _truth(yes, no), yes, no

    def _compared(
        self, left: Expression, sign: str, right: Expression, env: Environment, depth: int
    ) -> tuple[Environment | None, Environment | None]:
        """What is known where a comparison holds, and where it does not."""
        if sign in ("in", "not in"):
            if _is_namespace(right) and env.get(_text_of(left) or "", ANYTHING) & ANYTHING == 0:
                return (env, None) if sign == "in" else (None, env)
        elif isinstance(right, nodes.Constant):
            if right.value is None or isinstance(right.value, bool):
                if sign in ("is", "is not", "==", "!="):
                    value = self.value(left, env, depth)
                    parts = _same(value, right.value, True), _same(value, right.value, False)
                    _, same, other = self._split(left, env, value, *parts)
                    return (same, other) if sign in ("is", "==") else (other, same)
            elif isinstance(right.value, int) and (sign, right.value) in COUNTS:
                value = self.value(left, env, depth)
                present = env if value & ~(EMPTY | FALSE) else None
                absent = env if value & ~(SOME | TRUE) else None
                return (present, absent) if COUNTS[sign, right.value] else (absent, present)
        return env, env

    def _called(self, node: Expression, env: Environment, depth: int) -> Assessed:
        """A call: `isinstance(x, Type)` and `bool(x)` tell something about `x`."""
        assert isinstance(node, nodes.Call)
        name = last_name(node.func)
        if name == "isinstance" and len(node.args) == 2:
            value, types = self.value(node.args[0], env, depth), self.types(node.args[1])
            parts = self.instances(value, types, True), self.instances(value, types, False)
            _, yes, no = self._split(node.args[0], env, value, *parts)
            return _truth(yes, no), yes, no
        if name == "bool" and len(node.args) == 1:
            _, yes, no = self.assess(node.args[0], env, depth)
            return _truth(yes, no), yes, no
        value = self._call(node, env, depth)
        if value == ANYTHING and node in self.objects:
            value = SOME
        return value, env if when(value, True) else None, env if when(value, False) else None

    def instances(self, value: int, types: list[str], holds: bool) -> int:
        """What is left of a value if it is an exception of some types, or not."""
        left = value & PLAIN
        if holds:
            left &= ~NONE
        for name in self.exception_types(value):
            if name == ANY or self.effects.hierarchy.catches(types, name) is holds:
                left |= self.exception(name)
        return left

    # Patterns

    def matching(self, pattern: nodes.Pattern, value: int, holds: bool) -> int:
        """What is left of a value if a pattern of `match` matches it, or does not."""
        while isinstance(pattern, nodes.MatchAs) and pattern.pattern is not None:
            pattern = pattern.pattern
        if isinstance(pattern, nodes.MatchAs):
            return value if holds else 0
        if isinstance(pattern, nodes.MatchSingleton):
            return _same(value, pattern.value, holds)
        if isinstance(pattern, nodes.MatchOr):
            found, rest = 0, value
            for part in pattern.patterns:
                found |= self.matching(part, rest, True)
                rest = self.matching(part, rest, False)
            return found if holds else rest
        if isinstance(pattern, nodes.MatchClass):
            left = self.instances(value, self.types(pattern.cls), holds)
            if not holds and (pattern.patterns or pattern.kwd_patterns):
                return value
            return left
        return value & ~NONE if holds and not isinstance(pattern, nodes.MatchValue) else value


def probe_name(number: int) -> str:
    """The name under which an environment has the value of a probe: no identifier, so none of the code's."""
    return f"?{number}"


def _constant(value: nodes.ConstantValue) -> int:
    if value is None:
        return NONE
    if isinstance(value, bool):
        return TRUE if value else FALSE
    return SOME if value else EMPTY


def _same(value: int, constant: bool | None, holds: bool) -> int:
    """What is left of a value if it is None, True or False, or is not."""
    if constant is None:
        return when_none(value, holds)
    wanted = TRUE if constant else FALSE
    if holds:
        open_ = SET | ANYTHING | (0 if constant else FALSY)
        return wanted if value & (wanted | open_) else 0
    return value & ~wanted


def _is_namespace(node: Expression) -> bool:
    return (
        isinstance(node, nodes.Call)
        and isinstance(node.func, nodes.Name)
        and node.func.id in NAMESPACES
        and not node.args
    )


def _text_of(node: Expression) -> str | None:
    return node.value if isinstance(node, nodes.Constant) and isinstance(node.value, str) else None


def _truth(yes: Environment | None, no: Environment | None) -> int:
    """The value of a condition."""
    return (TRUE if yes is not None else 0) | (FALSE if no is not None else 0)


_CONDITIONS: Final = {
    nodes.BoolOp: Conditions._boolean,
    nodes.Call: Conditions._called,
    nodes.Compare: Conditions._comparison,
    nodes.IfExp: Conditions._conditional,
    nodes.UnaryOp: Conditions._not,
}

_VALUES: Final = {
    nodes.Await: Conditions._inner,
    nodes.Dict: Conditions._dict,
    nodes.DictComp: Conditions._comprehension,
    nodes.GeneratorExp: Conditions._comprehension,
    nodes.JoinedStr: Conditions._text,
    nodes.Lambda: Conditions._lambda,
    nodes.List: Conditions._display,
    nodes.ListComp: Conditions._comprehension,
    nodes.NamedExpr: Conditions._inner,
    nodes.Set: Conditions._display,
    nodes.SetComp: Conditions._comprehension,
    nodes.Tuple: Conditions._display,
}
