"""Abstract values: what an expression may be.

A `Value` is a set of possibilities, with those that are true apart from those that are false, so that a
condition narrows it. A possibility whose truth nobody knows is in both halves. Beside the possibilities that
are known, a half may be open: it may be something else too. `os.environ.get("X") or "shop.live"` is the
string or something else, and a rule wants to see the string.

`join` is the union. It stays finite: too many strings become a pattern (what all of them begin and end with),
too many other possibilities become anything, and what is nested too deeply is left open when it is made. So
every chain of joins ends, and the result does not depend on their order.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum
from typing import Final, final

MOST_STRINGS: Final = 1000
"""Strings and patterns of one value before they become one pattern. A registry in real code names some
hundred modules."""
MOST_ATOMS: Final = 64
"""Other possibilities of one value, before they become anything."""
MOST_NESTING: Final = 4
"""Sequences and mappings in one another."""


class Way(Enum):
    """How a string that is written in the source comes to an expression."""

    DIRECT = "direct"
    """It is the expression."""
    CONSTANT = "constant"
    """Through a name, an attribute or an entry of a table."""
    LOOP = "loop"
    """As an element of what is looped over."""
    DEFAULT = "default"
    """As the default of a parameter."""
    CONDITIONAL = "conditional"
    """As one of several."""


@final
class Origin:
    """The one literal that holds all of a string: its byte offsets, and the first step of the way from it."""

    __slots__ = ("end", "start", "way")

    def __init__(self, start: int, end: int, way: Way = Way.DIRECT) -> None:
        self.start = start
        self.end = end
        self.way = way

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Origin)
            and self.start == other.start
            and self.end == other.end
            and self.way is other.way
        )

    def __hash__(self) -> int:
        return hash((self.start, self.end))

    def __repr__(self) -> str:
        return f"{self.start}-{self.end} {self.way.value}"


class Atom:
    """One possibility.

    `truth` says whether it is true, None if that is not known. `nesting` counts the sequences and the like
    that are in one another. Two atoms are equal if they are of one class and have equal keys.
    """

    __slots__ = ("_hash", "key", "nesting", "truth")

    def __init__(self, key: tuple[object, ...], truth: bool | None, nesting: int = 0) -> None:
        self.key = key
        self.truth = truth
        self.nesting = nesting
        self._hash = hash(key)

    def __eq__(self, other: object) -> bool:
        return self is other or (
            type(self) is type(other)
            and isinstance(other, Atom)
            and self._hash == other._hash
            and self.key == other.key
        )

    def __hash__(self) -> int:
        return self._hash

    def __repr__(self) -> str:
        return f"{type(self).__name__}{self.key!r}"


@final
class Constant(Atom):
    """A constant that is no string: a number, a boolean, None, `...`, or bytes.

    `kind` keeps apart what Python takes for equal: `1`, `1.0` and `True`.
    """

    __slots__ = ("kind", "value")

    def __init__(self, kind: str, value: object) -> None:
        super().__init__((kind, value), bool(value))
        self.kind = kind
        self.value = value


@final
class String(Atom):
    """A string; without an origin it is put together, or written nowhere."""

    __slots__ = ("origin", "text")

    def __init__(self, text: str, origin: Origin | None = None) -> None:
        super().__init__((text, origin), bool(text))
        self.text = text
        self.origin = origin


@final
class Pattern(Atom):
    """A string that begins with `prefix` and ends with `suffix`; the two may overlap.

    A merged pattern stands for more strings than one value may hold.
    """

    __slots__ = ("merged", "prefix", "suffix")

    def __init__(self, prefix: str, suffix: str, merged: bool = False) -> None:
        super().__init__((prefix, suffix, merged), True if prefix or suffix else None)
        self.prefix = prefix
        self.suffix = suffix
        self.merged = merged


@final
class Module(Atom):
    """A module."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        super().__init__((name,), True)
        self.name = name


@final
class Symbol(Atom):
    """What a dotted path of a module stands for, if nothing more is known."""

    __slots__ = ("path",)

    def __init__(self, path: str) -> None:
        super().__init__((path,), None)
        self.path = path


@final
class Class(Atom):
    """A class, by its dotted path; exception types are classes. `start` is the offset of the name of a class
    that the file defines, or -1."""

    __slots__ = ("path", "start")

    def __init__(self, path: str, start: int = -1) -> None:
        super().__init__((path, start), True)
        self.path = path
        self.start = start


@final
class Instance(Atom):
    """An object of a class, by the class's dotted path, and its offset as for `Class`."""

    __slots__ = ("path", "start")

    def __init__(self, path: str, start: int = -1) -> None:
        super().__init__((path, start), None)
        self.path = path
        self.start = start


@final
class Function(Atom):
    """A function of the file, by the offset of its name, or of another one by its path."""

    __slots__ = ("path", "start")

    def __init__(self, path: str, start: int = -1) -> None:
        super().__init__((path, start), True)
        self.path = path
        self.start = start


@final
class Partial(Atom):
    """A callable with some arguments given; a method of an object is one with the object given."""

    __slots__ = ("arguments", "function", "keywords")

    def __init__(
        self,
        function: Value,
        arguments: tuple[Value, ...] = (),
        keywords: tuple[tuple[str, Value], ...] = (),
    ) -> None:
        parts = [function, *arguments, *(value for _, value in keywords)]
        super().__init__((function, arguments, keywords), True, _nesting_around(parts))
        self.function = function
        self.arguments = arguments
        self.keywords = keywords


@final
class Sequence(Atom):
    """A tuple, list or set of known length."""

    __slots__ = ("items", "kind")

    def __init__(self, kind: str, items: tuple[Value, ...]) -> None:
        super().__init__((kind, items), bool(items), _nesting_around(items))
        self.kind = kind
        self.items = items


@final
class Dictionary(Atom):
    """A dict, as its items in order."""

    __slots__ = ("items",)

    def __init__(self, items: tuple[tuple[Value, Value], ...]) -> None:
        super().__init__((items,), bool(items), _nesting_around([part for item in items for part in item]))
        self.items = items


@final
class FilePath(Atom):
    """A path of the file system, with `/` between its parts."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        super().__init__((text,), True)
        self.text = text


@final
class Unbound(Atom):
    """A name that is not bound: reading it raises."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__((), None)


def _nesting_around(parts: Iterable[Value]) -> int:
    deepest = 0
    for part in parts:
        deepest = max(deepest, part.nesting)
    return deepest + 1


@final
class Half:
    """The possibilities that are true, or those that are false.

    `atoms` is None if there are too many to say anything: that holds everything. `is_open` says that there
    may be others than the atoms.
    """

    __slots__ = ("atoms", "is_open")

    def __init__(self, atoms: frozenset[Atom] | None, is_open: bool = False) -> None:
        self.atoms = atoms
        self.is_open = is_open or atoms is None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Half) and self.atoms == other.atoms and self.is_open == other.is_open

    def __hash__(self) -> int:
        return hash((self.atoms, self.is_open))

    @property
    def is_merged(self) -> bool:
        """Whether one of the possibilities is a merged pattern: it is the only string then."""
        atoms = self.atoms
        if atoms is None or len(atoms) > MOST_ATOMS + 1:
            return False
        return any(isinstance(atom, Pattern) and atom.merged for atom in atoms)

    def join(self, other: Half) -> Half:
        """The possibilities of both."""
        if self.atoms is None or other.atoms is None:
            return ANY
        is_open = self.is_open or other.is_open
        if other.atoms <= self.atoms:
            return self if is_open == self.is_open else Half(self.atoms, is_open)
        return half_of(self.atoms | other.atoms, is_open)


ANY: Final = Half(None)
NONE: Final = Half(frozenset())
OPEN: Final = Half(frozenset(), True)


def half_of(atoms: frozenset[Atom], is_open: bool = False) -> Half:
    """Possibilities, reduced to what a half may hold. The result depends on all of them, not on an order."""
    strings = 0
    merged = False
    for atom in atoms:
        if isinstance(atom, (String, Pattern)):
            strings += 1
            merged = merged or (isinstance(atom, Pattern) and atom.merged)
    if len(atoms) - strings > MOST_ATOMS:
        return ANY
    if strings > MOST_STRINGS or (merged and strings > 1):
        texts = [atom for atom in atoms if isinstance(atom, (String, Pattern))]
        rest = frozenset(atom for atom in atoms if not isinstance(atom, (String, Pattern)))
        return Half(rest | {merge(texts)}, is_open)
    return Half(atoms, is_open)


def merge(texts: list[String | Pattern]) -> Pattern:
    """The pattern that stands for several strings and patterns."""
    prefix = _common_start([text.text if isinstance(text, String) else text.prefix for text in texts])
    endings = [text.text if isinstance(text, String) else text.suffix for text in texts]
    return Pattern(prefix, _common_start([ending[::-1] for ending in endings])[::-1], True)


def _common_start(texts: list[str]) -> str:
    """What all of some strings begin with: what the first and the last in their order begin with."""
    first, last = min(texts), max(texts)
    size = next((at for at, letter in enumerate(first) if letter != last[at]), len(first))
    return first[:size]


@final
class Value:
    """What an expression may be."""

    __slots__ = ("_hash", "falsy", "nesting", "truthy")

    @property
    def is_merged(self) -> bool:
        """Whether a pattern stands for more strings than one value may hold."""
        return self.truthy.is_merged or self.falsy.is_merged

    def __init__(self, truthy: Half, falsy: Half) -> None:
        self.truthy = truthy
        self.falsy = falsy
        self._hash = hash((truthy, falsy))
        nesting = 0
        for atom in self.atoms():
            nesting = max(nesting, atom.nesting)
        self.nesting = nesting
        """How many sequences and the like are in one another, at most."""

    def __eq__(self, other: object) -> bool:
        return self is other or (
            isinstance(other, Value)
            and self._hash == other._hash
            and self.truthy == other.truthy
            and self.falsy == other.falsy
        )

    def __hash__(self) -> int:
        return self._hash

    def __repr__(self) -> str:
        halves: list[str] = []
        for half in (self.truthy, self.falsy):
            if half.atoms is None:
                halves.append("anything")
            else:
                halves.append(f"{sorted(map(repr, half.atoms))}{' or else' if half.is_open else ''}")
        return f"Value({halves[0]}, {halves[1]})"

    def join(self, other: Value) -> Value:
        """The possibilities of both."""
        if self is other:
            return self
        return Value(self.truthy.join(other.truthy), self.falsy.join(other.falsy))

    @property
    def is_open(self) -> bool:
        """Whether it may be something else than its atoms."""
        return self.truthy.is_open or self.falsy.is_open

    def atoms(self) -> frozenset[Atom]:
        """The possibilities that are known."""
        truthy, falsy = self.truthy.atoms, self.falsy.atoms
        if not falsy:
            return truthy or frozenset()
        return falsy if not truthy else truthy | falsy

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
UNKNOWN: Final = Value(OPEN, OPEN)
"""Something of which nothing is known. Joined to a value, it leaves the value open."""
ANYTHING: Final = Value(ANY, ANY)
"""The top of the lattice: more than a value can hold."""
TRUTHY: Final = Value(OPEN, NONE)
FALSY: Final = Value(NONE, OPEN)


def value_of(*atoms: Atom, is_open: bool = False) -> Value:
    """A value that is one of some possibilities, or, if it is open, something else."""
    truthy = frozenset(atom for atom in atoms if atom.truth is not False)
    falsy = frozenset(atom for atom in atoms if atom.truth is not True)
    return Value(half_of(truthy, is_open), half_of(falsy, is_open))


def join_all(values: Iterable[Value]) -> Value:
    """The possibilities of all values."""
    truthy: set[Atom] = set()
    falsy: set[Atom] = set()
    open_true = open_false = False
    for value in values:
        if value.truthy.atoms is None or value.falsy.atoms is None:
            # The half that holds everything absorbs what the others hold.
            found = value
            for other in values:
                found = found.join(other)
            return found
        truthy |= value.truthy.atoms
        falsy |= value.falsy.atoms
        open_true = open_true or value.truthy.is_open
        open_false = open_false or value.falsy.is_open
    return Value(half_of(frozenset(truthy), open_true), half_of(frozenset(falsy), open_false))


def constant(value: object, origin: Origin | None = None) -> Value:
    """A constant of the source: a string, a number, bytes, a boolean, None or `...`."""
    if isinstance(value, str):
        return value_of(String(value, origin))
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
    """A value in which nothing is nested deeper than `depth`: what is deeper leaves the value open."""
    if value.nesting <= depth:
        return value
    return Value(_flat_half(value.truthy, depth), _flat_half(value.falsy, depth))


def _flat_half(half: Half, depth: int) -> Half:
    if half.atoms is None:
        return half
    kept = frozenset(atom for atom in half.atoms if atom.nesting <= depth)
    return Half(kept, half.is_open or len(kept) < len(half.atoms))
