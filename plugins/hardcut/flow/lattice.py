"""Abstract values: what an expression may be, and what a name is bound to.

A `Value` is a set of possibilities, with those that are true apart from those that are false, so that a
condition narrows it. A possibility whose truth nobody knows is in both halves. `join` is the union. It
stays finite: too many strings become a pattern (what all of them begin and end with), too many other
possibilities become anything, and what is nested too deeply becomes anything when it is made. So every
chain of joins ends, and the result does not depend on their order.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, TypeAlias, final

import msgspec

MOST_STRINGS: Final = 24
"""Constant strings of one value before they become a pattern. Tables of names in real code have about ten."""
MOST_ATOMS: Final = 24
"""Other possibilities of one value, before they become anything."""
MOST_NESTING: Final = 3
"""Sequences and mappings in one another."""


class Constant(msgspec.Struct, frozen=True, tag=True):
    """A constant that is no string: a number, a boolean, None, `...`, or bytes.

    `kind` keeps apart what Python takes for equal: `1`, `1.0` and `True`.
    """

    kind: str
    value: object

    @property
    def truth(self) -> bool | None:
        """Whether it is true."""
        return bool(self.value)


class String(msgspec.Struct, frozen=True, tag=True):
    """A constant string."""

    text: str

    @property
    def truth(self) -> bool | None:
        """Whether it is true."""
        return bool(self.text)


class Pattern(msgspec.Struct, frozen=True, tag=True):
    """A string that begins with `prefix` and ends with `suffix`; the two may overlap."""

    prefix: str
    suffix: str

    @property
    def truth(self) -> bool | None:
        """Whether it is true."""
        return True if self.prefix or self.suffix else None


class Module(msgspec.Struct, frozen=True, tag=True):
    """A module."""

    name: str

    @property
    def truth(self) -> bool | None:
        """Whether it is true."""
        return True


class Symbol(msgspec.Struct, frozen=True, tag=True):
    """What a dotted path of a module stands for, if nothing more is known."""

    path: str

    @property
    def truth(self) -> bool | None:
        """Whether it is true."""
        return None


class Class(msgspec.Struct, frozen=True, tag=True):
    """A class, by its dotted path; exception types are classes."""

    path: str

    @property
    def truth(self) -> bool | None:
        """Whether it is true."""
        return True


class Instance(msgspec.Struct, frozen=True, tag=True):
    """An object of a class, by the class's dotted path."""

    path: str

    @property
    def truth(self) -> bool | None:
        """Whether it is true."""
        return None


class Function(msgspec.Struct, frozen=True, tag=True):
    """A function of the file, by the offset of its definition, or of another one by its path."""

    path: str
    start: int = -1

    @property
    def truth(self) -> bool | None:
        """Whether it is true."""
        return True


class Partial(msgspec.Struct, frozen=True, tag=True):
    """A callable with some arguments given."""

    function: Value
    arguments: tuple[Value, ...] = ()
    keywords: tuple[tuple[str, Value], ...] = ()

    @property
    def truth(self) -> bool | None:
        """Whether it is true."""
        return True


class Sequence(msgspec.Struct, frozen=True, tag=True):
    """A tuple, list or set of known length."""

    kind: str
    items: tuple[Value, ...]

    @property
    def truth(self) -> bool | None:
        """Whether it is true."""
        return bool(self.items)


class Dictionary(msgspec.Struct, frozen=True, tag=True):
    """A dict, as its items in order."""

    items: tuple[tuple[Value, Value], ...]

    @property
    def truth(self) -> bool | None:
        """Whether it is true."""
        return bool(self.items)


class Unbound(msgspec.Struct, frozen=True, tag=True):
    """A name that is not bound: reading it raises."""

    @property
    def truth(self) -> bool | None:
        """Whether it is true."""
        return None


Atom: TypeAlias = (
    "Constant | String | Pattern | Module | Symbol | Class | Instance | Function | Partial | Sequence"
    " | Dictionary | Unbound"
)


@final
class Half:
    """The possibilities that are true, or those that are false; `atoms` is None if it may be anything."""

    __slots__ = ("atoms",)

    def __init__(self, atoms: frozenset[Atom] | None) -> None:
        self.atoms = atoms

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Half) and self.atoms == other.atoms

    def __hash__(self) -> int:
        return hash(self.atoms)

    def join(self, other: Half) -> Half:
        """The possibilities of both."""
        if self.atoms is None or other.atoms is None:
            return ANY
        if other.atoms <= self.atoms:
            return self
        return _half(self.atoms | other.atoms)


ANY: Final = Half(None)
NONE: Final = Half(frozenset())


def _half(atoms: frozenset[Atom]) -> Half:
    """Possibilities, reduced to what a half may hold. The result depends on all of them, not on an order."""
    texts = [atom.text for atom in atoms if isinstance(atom, String)]
    patterns = [atom for atom in atoms if isinstance(atom, Pattern)]
    if len(texts) > MOST_STRINGS or (patterns and len(texts) + len(patterns) > 1):
        prefix = _common_start([*texts, *(pattern.prefix for pattern in patterns)])
        endings = [*texts, *(pattern.suffix for pattern in patterns)]
        suffix = _common_start([text[::-1] for text in endings])[::-1]
        rest = frozenset(atom for atom in atoms if not isinstance(atom, (String, Pattern)))
        atoms = rest | {Pattern(prefix, suffix)}
        texts = []
    if len(atoms) - len(texts) > MOST_ATOMS:
        return ANY
    return Half(atoms)


def _common_start(texts: list[str]) -> str:
    """What all of some strings begin with: what the first and the last in their order begin with."""
    first, last = min(texts), max(texts)
    size = next((at for at, letter in enumerate(first) if letter != last[at]), len(first))
    return first[:size]


@final
class Value:
    """What an expression may be."""

    __slots__ = ("falsy", "truthy")

    def __init__(self, truthy: Half, falsy: Half) -> None:
        self.truthy = truthy
        self.falsy = falsy

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Value) and self.truthy == other.truthy and self.falsy == other.falsy

    def __hash__(self) -> int:
        return hash((self.truthy, self.falsy))

    def __repr__(self) -> str:
        halves = [half.atoms for half in (self.truthy, self.falsy)]
        shown = ["anything" if atoms is None else sorted(map(repr, atoms)) for atoms in halves]
        return f"Value({shown[0]}, {shown[1]})"

    def join(self, other: Value) -> Value:
        """The possibilities of both."""
        if self is other:
            return self
        return Value(self.truthy.join(other.truthy), self.falsy.join(other.falsy))

    def is_known(self) -> bool:
        """Whether every possibility is known."""
        return self.truthy.atoms is not None and self.falsy.atoms is not None

    def atoms(self) -> frozenset[Atom]:
        """The possibilities that are known."""
        return (self.truthy.atoms or frozenset()) | (self.falsy.atoms or frozenset())

    def when(self, holds: bool) -> Value:
        """What is left of the value where a condition on it holds, or does not."""
        return Value(self.truthy, NONE) if holds else Value(NONE, self.falsy)

    def truth(self) -> bool | None:
        """Whether it is true; None if it may be both, or nothing at all."""
        if (self.truthy == NONE) == (self.falsy == NONE):
            return None
        return self.falsy == NONE


NOTHING: Final = Value(NONE, NONE)
"""No possibility: what is never evaluated."""
UNKNOWN: Final = Value(ANY, ANY)
TRUTHY: Final = Value(ANY, NONE)
FALSY: Final = Value(NONE, ANY)


def value_of(*atoms: Atom) -> Value:
    """A value that is one of some possibilities."""
    truthy = _half(frozenset(atom for atom in atoms if atom.truth is not False))
    falsy = _half(frozenset(atom for atom in atoms if atom.truth is not True))
    return Value(truthy, falsy)


def constant(value: object) -> Value:
    """A constant of the source: a string, a number, bytes, a boolean, None or `...`."""
    if isinstance(value, str):
        return value_of(String(value))
    if value != value:
        # Two NaN are not equal, and a set would hold many.
        return TRUTHY
    return value_of(Constant(type(value).__name__, value))


def sequence(kind: str, items: Iterable[Value]) -> Value:
    """A tuple, list or set of values."""
    return value_of(Sequence(kind, tuple(flat(item, MOST_NESTING - 1) for item in items)))


def dictionary(items: Iterable[tuple[Value, Value]]) -> Value:
    """A dict of values."""
    depth = MOST_NESTING - 1
    return value_of(Dictionary(tuple((flat(key, depth), flat(value, depth)) for key, value in items)))


def partial(function: Value, arguments: Iterable[Value], keywords: Mapping[str, Value]) -> Value:
    """A callable with some arguments given."""
    depth = MOST_NESTING - 1
    given = tuple(flat(argument, depth) for argument in arguments)
    named = tuple((name, flat(value, depth)) for name, value in sorted(keywords.items()))
    return value_of(Partial(flat(function, depth), given, named))


def flat(value: Value, depth: int) -> Value:
    """A value in which nothing is nested deeper than `depth`: what is deeper may be anything."""
    atoms = value.atoms()
    if all(_nesting(atom) <= depth for atom in atoms):
        return value
    kept = value_of(*(atom for atom in atoms if _nesting(atom) <= depth))
    deep = [atom for atom in atoms if _nesting(atom) > depth]
    truthy = ANY if any(atom.truth is not False for atom in deep) else kept.truthy
    return Value(ANY if value.truthy == ANY else truthy, value.falsy)


def _nesting(atom: Atom) -> int:
    """How many sequences and the like are in one another, at most."""
    if isinstance(atom, Sequence):
        parts = list(atom.items)
    elif isinstance(atom, Dictionary):
        parts = [part for item in atom.items for part in item]
    elif isinstance(atom, Partial):
        parts = [atom.function, *atom.arguments, *(value for _, value in atom.keywords)]
    else:
        return 0
    return 1 + max((_nesting(inner) for part in parts for inner in part.atoms()), default=0)


@final
class Environment:
    """What names are bound to. A name that is absent is unbound."""

    __slots__ = ("values",)

    def __init__(self, values: Mapping[str, Value]) -> None:
        self.values = values

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Environment) and self.values == other.values

    __hash__ = None  # type: ignore[assignment]

    def get(self, name: str) -> Value:
        """What a name is bound to."""
        return self.values.get(name, UNBOUND)

    def bind(self, name: str, value: Value) -> Environment:
        """The environment after a binding."""
        return Environment({**self.values, name: value})

    def join(self, other: Environment) -> Environment:
        """What the names are bound to after one of two ways."""
        if self is other:
            return self
        joined = dict(self.values)
        for name, value in other.values.items():
            joined[name] = self.get(name).join(value)
        for name in self.values.keys() - other.values.keys():
            joined[name] = joined[name].join(UNBOUND)
        return Environment(joined)

    def widen(self, after: Environment) -> Environment:
        """The environment after another round of a loop: what changes again may be anything."""
        return Environment(
            {name: value if self.get(name) == value else UNKNOWN for name, value in after.values.items()}
        )


UNBOUND: Final = value_of(Unbound())
