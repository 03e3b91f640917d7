"""What functions of the standard library, and well-known loaders, give for values: one row for each.

`FUNCTIONS` maps the dotted path of a function to what it gives, a builtin one by its bare name. Methods of
strings, sequences and dictionaries are under `str`, `list` and `dict`, and get their object as the first
argument. To teach the evaluator another function, add a row.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from itertools import product
from typing import Final, TypeAlias, final

from hardcut.semantic import values
from hardcut.semantic.strings import ANY_STRING, LONGEST, MOST_COMBINATIONS, formatted, joined, pieces
from hardcut.semantic.values import (
    UNKNOWN,
    Atom,
    Constant,
    Dictionary,
    FilePath,
    Instance,
    Module,
    Pattern,
    String,
    Symbol,
    Value,
    constant,
    dictionary,
    join_all,
    partial,
    sequence,
    value_of,
)

MOST_ITEMS: Final = 20_000
"""Items of one sequence; a longer one is unknown."""
SMALL: Final = 1000
"""Widths and counts up to which a string is really filled up or repeated."""


@final
class Arguments:
    """The arguments of a call. `is_open` says that there may be more (`*args`, `**kwargs`)."""

    __slots__ = ("is_open", "keywords", "package", "positional")

    def __init__(
        self,
        positional: list[Value],
        keywords: dict[str, Value],
        is_open: bool = False,
        package: str | None = None,
    ) -> None:
        self.positional = positional
        self.keywords = keywords
        self.is_open = is_open
        self.package = package
        """The package of the calling module."""

    def get(self, place: int, *names: str) -> Value | None:
        """The argument at a place, or of one of some names."""
        if place < len(self.positional):
            return self.positional[place]
        for name in names:
            if name in self.keywords:
                return self.keywords[name]
        return None


Row: TypeAlias = Callable[[Arguments], Value]
"""What a function gives for arguments."""


# What values hold.


def items_of(value: Value) -> list[Value]:
    """The elements of what is iterated over, of all possibilities one behind the other."""
    found: list[Value] = []
    for atom in _ordered(value):
        if isinstance(atom, values.Sequence):
            found += atom.items
        elif isinstance(atom, Dictionary):
            found += [key for key, _ in atom.items]
        elif isinstance(atom, String) and len(atom.text) <= 64:
            found += [constant(letter) for letter in atom.text]
        else:
            found.append(UNKNOWN)
    if value.is_open:
        found.append(UNKNOWN)
    return found


def element_of(value: Value) -> Value:
    """What an element of what is iterated over may be."""
    return join_all(items_of(value))


def _ordered(value: Value) -> list[Atom]:
    """Atoms in an order that does not depend on hashes where it shows: most values have one."""
    atoms = value.atoms()
    return list(atoms) if len(atoms) < 2 else sorted(atoms, key=repr)


def subscript(owner: Value, key: Value) -> Value:
    """`owner[key]`."""
    found: list[Value] = []
    for atom in owner.atoms():
        if isinstance(atom, Dictionary):
            found.append(_looked_up(atom, key))
        elif isinstance(atom, values.Sequence):
            found.append(_indexed(atom, key))
        elif isinstance(atom, String):
            found.append(_pure(_letter, [value_of(atom), key]))
        else:
            found.append(UNKNOWN)
    return join_all([*found, UNKNOWN] if owner.is_open or not found else found)


def _looked_up(table: Dictionary, key: Value) -> Value:
    """The values of a dictionary under a key: all of them, if the key is not known."""
    wanted = _texts(key)
    found: list[Value] = []
    for known, value in table.items:
        names = _texts(known)
        if wanted is None or names is None or not wanted.isdisjoint(names):
            found.append(value)
    if wanted is not None and found:
        # A key that is given twice has its last value.
        certain = len(wanted) == 1 and all(len(_texts(known) or ()) == 1 for known, _ in table.items)
        found = found[-1:] if certain else found
    return join_all(found) if found else UNKNOWN


def _texts(value: Value) -> set[Atom] | None:
    """The constants that a value may be, without their origins; None if it may be something else."""
    found: set[Atom] = set()
    for atom in value.atoms():
        if isinstance(atom, String):
            found.add(String(atom.text))
        elif isinstance(atom, Constant):
            found.add(atom)
        else:
            return None
    return None if value.is_open else found


def _indexed(owner: values.Sequence, key: Value) -> Value:
    found: list[Value] = []
    for atom in key.atoms():
        place = atom.value if isinstance(atom, Constant) else None
        if owner.kind != "set" and isinstance(place, int) and -len(owner.items) <= place < len(owner.items):
            found.append(owner.items[place])
        elif not isinstance(place, int):
            found.append(UNKNOWN)
    return join_all([*found, *owner.items]) if key.is_open else join_all(found) if found else UNKNOWN


def _letter(text: str, place: int) -> str:
    return text[place]


def sliced(owner: Value, bounds: list[Value]) -> Value:
    """`owner[lower:upper:step]`."""
    places: list[int | None] = []
    for bound in bounds:
        place = _single(bound)
        if place is not None and not isinstance(place, int):
            return UNKNOWN
        places.append(place)
    cut = slice(places[0], places[1], places[2])
    found: list[Value] = []
    for atom in owner.atoms():
        try:
            if isinstance(atom, String):
                found.append(constant(atom.text[cut]))
            elif isinstance(atom, values.Sequence) and atom.kind != "set":
                found.append(sequence(atom.kind, atom.items[cut]))
            else:
                found.append(UNKNOWN)
        except (TypeError, ValueError):
            found.append(UNKNOWN)
    return join_all([*found, UNKNOWN] if owner.is_open or not found else found)


# Functions without effects, which are simply called.


def _pure(function: Callable[..., object], arguments: list[Value]) -> Value:
    """What a function of Python gives for each combination of constants."""
    choices: list[list[object]] = []
    count = 1
    is_open = False
    for argument in arguments:
        raw = [_raw(atom) for atom in argument.atoms()]
        known = [choice for choice in raw if choice is not _MISSING]
        is_open = is_open or argument.is_open or len(known) < len(raw)
        choices.append(known)
        count *= len(known)
    if count > MOST_COMBINATIONS:
        return UNKNOWN
    found: list[Value] = [UNKNOWN] if is_open else []
    for combination in product(*choices):
        try:
            found.append(_lifted(function(*combination)))
        except (TypeError, ValueError, LookupError, OverflowError, AttributeError):
            continue
    return join_all(found)


_MISSING: Final = object()


def _raw(atom: Atom) -> object:
    """The Python object of a constant, or of a tuple or list of single constants."""
    if isinstance(atom, String):
        return atom.text
    if isinstance(atom, Constant):
        # A large number is a width or a count that would make a large string.
        large = isinstance(atom.value, int) and abs(atom.value) > SMALL
        return _MISSING if large else atom.value
    if isinstance(atom, values.Sequence) and len(atom.items) <= SMALL:
        parts = [_single(item) for item in atom.items]
        if any(part is _MISSING for part in parts):
            return _MISSING
        return tuple(parts) if atom.kind == "tuple" else parts
    return _MISSING


def _single(value: Value) -> object:
    """The Python object that a value is; `_MISSING` if it may be several."""
    atoms = value.atoms()
    if value.is_open or len(atoms) != 1:
        return _MISSING
    (atom,) = atoms
    return _raw(atom)


def _lifted(result: object) -> Value:
    """The value of a Python object."""
    if isinstance(result, str):
        if len(result) > LONGEST:
            return value_of(Pattern(result[:LONGEST], result[-LONGEST:]))
        return constant(result)
    if isinstance(result, tuple | list):
        return sequence(type(result).__name__, [_lifted(part) for part in result])
    if result is None or isinstance(result, bool | int | float | bytes):
        return constant(result)
    return UNKNOWN


def _applied(function: Callable[..., object]) -> Row:
    """The row of a function that takes positional arguments only."""

    def row(given: Arguments) -> Value:
        if given.keywords or given.is_open:
            return UNKNOWN
        return _pure(function, given.positional)

    return row


# Strings.


def _join(given: Arguments) -> Value:
    if len(given.positional) != 2:
        return UNKNOWN
    separator, parts = given.positional
    found: list[Value] = []
    for text in pieces(separator):
        for atom in parts.atoms():
            if isinstance(atom, values.Sequence | Dictionary | String):
                found.append(joined(value_of(text), items_of(value_of(atom))))
    if parts.is_open or not found:
        found.append(ANY_STRING)
    return join_all(found)


def _format(given: Arguments) -> Value:
    if not given.positional:
        return UNKNOWN
    found: list[Value] = []
    for text in pieces(given.positional[0]):
        if isinstance(text, String):
            found.append(formatted(text.text, given.positional[1:], given.keywords))
        else:
            head = text.prefix.partition("{")[0]
            found.append(value_of(Pattern(head, text.suffix.rpartition("}")[2])))
    return join_all(found)


def _format_map(given: Arguments) -> Value:
    if len(given.positional) != 2:
        return UNKNOWN
    keywords: dict[str, Value] = {}
    for atom in given.positional[1].atoms():
        if isinstance(atom, Dictionary):
            for key, value in atom.items:
                for name in key.atoms():
                    if isinstance(name, String):
                        before = keywords.get(name.text)
                        keywords[name.text] = value if before is None else before.join(value)
    return _format(Arguments(given.positional[:1], keywords))


def _replace(text: str, old: str, new: str, *count: int) -> str:
    if len(text) * max(1, len(new)) > LONGEST * LONGEST:
        raise OverflowError
    return text.replace(old, new, *count)


def _to_string(given: Arguments) -> Value:
    value = given.get(0, "object")
    if value is None:
        return constant("")
    return value_of(*pieces(value))


# Containers.


def _copied(kind: str) -> Row:
    def row(given: Arguments) -> Value:
        if not given.positional:
            return sequence(kind, [])
        return _each(given.positional[0], kind)

    return row


def _each(value: Value, kind: str) -> Value:
    """The same elements in another container, for each possibility."""
    found: list[Value] = [UNKNOWN] if value.is_open else []
    for atom in value.atoms():
        if isinstance(atom, values.Sequence | Dictionary | String):
            found.append(sequence(kind, items_of(value_of(atom))))
        else:
            found.append(UNKNOWN)
    return join_all(found)


def _reversed(given: Arguments) -> Value:
    return sequence("list", reversed(items_of(given.positional[0]))) if given.positional else UNKNOWN


def _sorted(given: Arguments) -> Value:
    """The elements in order; as they are written, if the order is another or not known."""
    found = _copied("list")(given)
    if given.keywords or not given.positional:
        return found
    in_order = _pure(sorted, [found])
    return in_order if in_order.atoms() and not in_order.is_open else found


def _dict(given: Arguments) -> Value:
    items: list[tuple[Value, Value]] = []
    is_open = given.is_open
    if given.positional:
        for atom in given.positional[0].atoms():
            if isinstance(atom, Dictionary):
                items += atom.items
            elif isinstance(atom, values.Sequence):
                items += [(subscript(pair, constant(0)), subscript(pair, constant(1))) for pair in atom.items]
            else:
                is_open = True
        is_open = is_open or given.positional[0].is_open
    items += [(constant(name), value) for name, value in given.keywords.items()]
    found = dictionary(items)
    return found.join(UNKNOWN) if is_open else found


def _of_dict(pick: Callable[[Dictionary], list[Value]]) -> Row:
    """The row of a method of dictionaries that gives a sequence."""

    def row(given: Arguments) -> Value:
        owner = given.positional[0]
        found: list[Value] = [UNKNOWN] if owner.is_open else []
        for atom in owner.atoms():
            found.append(sequence("list", pick(atom)) if isinstance(atom, Dictionary) else UNKNOWN)
        return join_all(found)

    return row


def _keys(table: Dictionary) -> list[Value]:
    return [key for key, _ in table.items]


def _values(table: Dictionary) -> list[Value]:
    return [value for _, value in table.items]


def _items(table: Dictionary) -> list[Value]:
    return [sequence("tuple", item) for item in table.items]


def _get(given: Arguments) -> Value:
    """`table.get(key, default)`."""
    key = given.get(1, "key")
    if key is None:
        return UNKNOWN
    owner, default = given.positional[0], given.get(2, "default")
    found = subscript(owner, key)
    if default is None or (not owner.is_open and all(_has(atom, key) for atom in owner.atoms())):
        return found
    return default if found == UNKNOWN and not owner.is_open else found.join(default)


def _has(owner: Atom, key: Value) -> bool:
    """Whether an object is a dictionary that surely has a key."""
    wanted = _texts(key)
    if not isinstance(owner, Dictionary) or wanted is None or len(wanted) != 1:
        return False
    return any(_texts(known) == wanted for known, _ in owner.items)


def _default(given: Arguments) -> Value:
    """A setting from outside, or its default."""
    default = given.get(1, "default")
    return UNKNOWN if default is None else UNKNOWN.join(default)


def _enumerate(given: Arguments) -> Value:
    found = [sequence("tuple", [UNKNOWN, part]) for part in items_of(given.positional[0])]
    return sequence("list", found)


def _zip(given: Arguments) -> Value:
    columns = [items_of(argument) for argument in given.positional]
    return sequence("list", [sequence("tuple", row) for row in zip(*columns, strict=False)])


def _chain(given: Arguments) -> Value:
    found = [part for argument in given.positional for part in items_of(argument)]
    return sequence("list", found) if len(found) <= MOST_ITEMS else UNKNOWN


def _chain_all(given: Arguments) -> Value:
    return _chain(Arguments(items_of(given.positional[0]), {}))


def _fromkeys(given: Arguments) -> Value:
    value = given.get(1, "value") or constant(None)
    return dictionary((key, value) for key in items_of(given.positional[0]))


# Files.


def _path(given: Arguments) -> Value:
    parts: list[Value] = []
    for argument in given.positional:
        parts.append(value_of(*pieces(argument)))
    texts = _pure(posixpath.join, parts) if parts else constant(".")
    return as_paths(texts)


def as_paths(texts: Value) -> Value:
    """Paths of the file system from strings."""
    found: list[Atom] = [
        FilePath(posixpath.normpath(text.text)) for text in texts.atoms() if isinstance(text, String)
    ]
    return value_of(*found, is_open=texts.is_open or len(found) < len(texts.atoms()))


def _path_text(given: Arguments) -> Value:
    return value_of(*pieces(given.positional[0]))


def _with_suffix(path: str, suffix: str) -> str:
    return posixpath.splitext(path)[0] + suffix


def _with_name(path: str, name: str) -> str:
    return posixpath.join(posixpath.dirname(path), name)


def _on_path(function: Callable[..., str]) -> Row:
    """The row of a method that makes another path of one."""

    def row(given: Arguments) -> Value:
        return as_paths(_pure(function, [value_of(*pieces(argument)) for argument in given.positional]))

    return row


# Imports.


def modules_named(value: Value) -> Value:
    """The modules that strings name."""
    found: list[Atom] = []
    for atom in value.atoms():
        if isinstance(atom, String) and atom.text and not atom.text.startswith("."):
            found.append(Module(atom.text))
    return value_of(*found, is_open=value.is_open or len(found) < len(value.atoms()))


def absolute_names(value: Value, package: Value | None) -> Value:
    """The names that relative names (`.live`) are in packages; the others as they are."""
    found: list[Value] = [UNKNOWN] if value.is_open else []
    for atom in value.atoms():
        if not isinstance(atom, String) or not atom.text.startswith("."):
            found.append(value_of(atom))
        elif package is not None:
            found.append(_pure(_absolute, [value_of(atom), package]))
        else:
            found.append(UNKNOWN)
    return join_all(found)


def _absolute(name: str, package: str) -> str:
    rest = name.lstrip(".")
    parts = package.split(".")
    up = len(name) - len(rest) - 1
    if up >= len(parts):
        raise ValueError(name)
    base = ".".join(parts[: len(parts) - up])
    return f"{base}.{rest}" if rest else base


def _package(given: Arguments, place: int) -> Value | None:
    """The `package` of an import function; without one, the package of the module."""
    value = given.get(place, "package")
    if value is not None:
        return value
    return constant(given.package) if given.package is not None else None


def _import_module(given: Arguments) -> Value:
    name = given.get(0, "name")
    return UNKNOWN if name is None else modules_named(absolute_names(name, _package(given, 1)))


def _resolve_name(given: Arguments) -> Value:
    name = given.get(0, "name")
    return UNKNOWN if name is None else absolute_names(name, _package(given, 1))


def _dunder_import(given: Arguments) -> Value:
    """`__import__`: the top package without a `fromlist`, the module with one."""
    name = given.get(0, "name")
    if name is None:
        return UNKNOWN
    level = given.get(4, "level")
    dots = _single(level) if level is not None else 0
    if isinstance(dots, int) and 0 < dots < 30 and given.package is not None:
        full = _pure(_absolute, [_prefixed("." * dots, name), constant(given.package)])
    else:
        full = name
    listed = given.get(3, "fromlist")
    if listed is not None and listed.truth() is not False:
        return modules_named(full)
    return modules_named(_pure(_top, [full]))


def _prefixed(prefix: str, value: Value) -> Value:
    return _pure(prefix.__add__, [value])


def _top(name: str) -> str:
    return name.partition(".")[0]


def _run_module(given: Arguments) -> Value:
    """`runpy.run_module`: the namespace of a module."""
    name = given.get(0, "mod_name")
    return UNKNOWN if name is None else modules_named(name)


def _object(given: Arguments) -> Value:
    """A loader of objects by their dotted path, with `:` or a dot before the name."""
    name = given.get(0, "name", "dotted_path", "import_name", "path")
    if name is None:
        return UNKNOWN
    found: list[Atom] = [
        Symbol(atom.text.replace(":", ".").rstrip("."))
        for atom in name.atoms()
        if isinstance(atom, String) and atom.text and not atom.text.startswith(".")
    ]
    return value_of(*found, is_open=name.is_open or len(found) < len(name.atoms()))


def _found_or_none(given: Arguments) -> Value:
    """A function that looks for something: an object that is not followed, or None."""
    return constant(None).join(UNKNOWN)


# Others.


def _second(given: Arguments) -> Value:
    return given.get(1, "val") or UNKNOWN


def _first(given: Arguments) -> Value:
    return given.positional[0] if given.positional else UNKNOWN


def _partial(given: Arguments) -> Value:
    if not given.positional or given.is_open:
        return UNKNOWN
    return partial(given.positional[0], given.positional[1:], given.keywords)


def _getter(path: str) -> Row:
    """`attrgetter` and `itemgetter`: a function that waits for its object."""

    def row(given: Arguments) -> Value:
        return partial(value_of(Symbol(path)), given.positional, {})

    return row


def _itemgetter(given: Arguments) -> Value:
    *keys, owner = given.positional
    found = [subscript(owner, key) for key in keys]
    return found[0] if len(found) == 1 else sequence("tuple", found)


def _instance(path: str) -> Row:
    def row(given: Arguments) -> Value:
        return value_of(Instance(path))

    return row


def _number(given: Arguments) -> Value:
    if len(given.positional) != 1 or given.keywords:
        return UNKNOWN
    return _pure(int, given.positional)


_STRING_METHODS: Final[list[Callable[..., object]]] = [
    str.capitalize, str.casefold, str.lower, str.upper, str.swapcase, str.title,
    str.strip, str.lstrip, str.rstrip, str.removeprefix, str.removesuffix, str.zfill, str.ljust, str.rjust,
    str.center, str.partition, str.rpartition, str.split, str.rsplit, str.splitlines, str.startswith,
    str.endswith, str.find, str.rfind, str.index, str.rindex, str.count, str.isidentifier, str.isdigit,
    str.isalpha, str.isupper, str.islower,
]  # fmt: skip
FUNCTIONS: Final[dict[str, Row]] = {
    # Methods of strings (docs.python.org, "String Methods").
    "str.join": _join,
    "str.format": _format,
    "str.format_map": _format_map,
    "str.replace": _applied(_replace),
    "str.encode": _applied(str.encode),
    **{f"str.{method.__name__}": _applied(method) for method in _STRING_METHODS},
    "str": _to_string,
    "repr": _applied(repr),
    "ascii": _applied(ascii),
    "chr": _applied(chr),
    "len": _applied(len),
    "int": _number,
    "sys.intern": _first,
    # Containers.
    "list": _copied("list"),
    "tuple": _copied("tuple"),
    "set": _copied("set"),
    "frozenset": _copied("set"),
    "sorted": _sorted,
    "reversed": _reversed,
    "iter": _copied("list"),
    "collections.deque": _copied("list"),
    "list.copy": _copied("list"),
    "set.copy": _copied("set"),
    "dict": _dict,
    "collections.OrderedDict": _dict,
    "types.MappingProxyType": _dict,
    "types.SimpleNamespace": _instance("types.SimpleNamespace"),
    "dict.fromkeys": _fromkeys,
    "dict.get": _get,
    "dict.pop": _get,
    "dict.setdefault": _get,
    "dict.__getitem__": _get,
    "dict.keys": _of_dict(_keys),
    "dict.values": _of_dict(_values),
    "dict.items": _of_dict(_items),
    "dict.copy": _first,
    "enumerate": _enumerate,
    "zip": _zip,
    "next": lambda given: element_of(given.positional[0]) if given.positional else UNKNOWN,
    "itertools.chain": _chain,
    "itertools.chain.from_iterable": _chain_all,
    "operator.itemgetter": _getter("operator.itemgetter()"),
    "operator.itemgetter()": _itemgetter,
    # Settings from outside.
    "os.getenv": _default,
    "os.environ.get": _default,
    # Paths of files.
    "os.path.join": _applied(posixpath.join),
    "os.path.basename": _applied(posixpath.basename),
    "os.path.dirname": _applied(posixpath.dirname),
    "os.path.split": _applied(posixpath.split),
    "os.path.splitext": _applied(posixpath.splitext),
    "os.path.normpath": _applied(posixpath.normpath),
    "os.fspath": _path_text,
    "pathlib.Path": _path,
    "pathlib.PurePath": _path,
    "pathlib.PosixPath": _path,
    "pathlib.PurePosixPath": _path,
    "path.joinpath": _path,
    "path.as_posix": _path_text,
    "path.__str__": _path_text,
    "path.with_suffix": _on_path(_with_suffix),
    "path.with_name": _on_path(_with_name),
    # Modules by their name (docs.python.org: importlib, pkgutil, runpy, imp, pydoc).
    "importlib.import_module": _import_module,
    "importlib.__import__": _dunder_import,
    "__import__": _dunder_import,
    "importlib.util.resolve_name": _resolve_name,
    "importlib.util.find_spec": _found_or_none,
    "importlib.find_loader": _found_or_none,
    "pkgutil.find_loader": _found_or_none,
    "pkgutil.get_loader": _found_or_none,
    "importlib.reload": _first,
    "runpy.run_module": _run_module,
    "pkgutil.resolve_name": _object,
    "pydoc.locate": _object,
    "pytest.importorskip": lambda given: modules_named(given.get(0, "modname") or UNKNOWN),
    # Loaders of Django, Werkzeug, Scrapy, Kombu, traitlets and lazy_loader.
    "django.utils.module_loading.import_string": _object,
    "werkzeug.utils.import_string": _object,
    "scrapy.utils.misc.load_object": _object,
    "kombu.utils.imports.symbol_by_name": _object,
    "traitlets.utils.importstring.import_item": _object,
    "lazy_loader.load": _import_module,
    # Others.
    "typing.cast": _second,
    "typing_extensions.cast": _second,
    "typing.assert_type": _first,
    "copy.copy": _first,
    "copy.deepcopy": _first,
    "functools.partial": _partial,
    "functools.partialmethod": _partial,
}
"""What each function gives for arguments, by its dotted path."""

PATH_ATTRIBUTES: Final[dict[str, Callable[[str], str]]] = {
    "name": posixpath.basename,
    "parent": posixpath.dirname,
    "stem": lambda path: posixpath.splitext(posixpath.basename(path))[0],
    "suffix": lambda path: posixpath.splitext(path)[1],
}
"""Attributes of paths; the parent is a path itself, the others are strings."""
