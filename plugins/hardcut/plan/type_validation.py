"""Every wrong key and type of a manifest at once, and what is left of it without them.

msgspec stops at the first error, so its own type information is walked here, after it has failed.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from functools import cache
from typing import Any

import msgspec
from msgspec import inspect

from hardcut.plan.errors import listing, nearest, quoted, suggestion
from hardcut.plan.gates import Problem
from hardcut.plan.manifest_source import Places
from hardcut.plan.model import DOTTED, KINDS, PERCENT, Manifest, Plan, Wave
from hardcut.plan.read import is_array
from hardcut.plan.source_map import Path
from hardcut.plan.value_validation import check

MOST = 1000
"""Problems listed for one file."""

LOST = object()
"""Stands for a value that cannot be used."""

NAMED: dict[type, str] = {
    str: "a string",
    bool: "a boolean",
    int: "an integer",
    float: "a float",
    dict: "a table",
    list: "an array",
    datetime.datetime: "a date-time",
    datetime.date: "a date",
    datetime.time: "a time",
}
EXPECTED: dict[type[inspect.Type], str] = {
    inspect.StrType: "a string",
    inspect.BoolType: "true or false",
    inspect.IntType: "an integer",
}
MANY = {"a string": "strings", "a table": "tables"}
PATTERNS = {DOTTED: 'a dotted Python name such as "package.module"', PERCENT: 'a percentage such as "5%"'}

STAND_INS: dict[tuple[type, str], Any] = {
    (Manifest, "plan"): {"name": "?"},
    (Plan, "name"): "?",
    (Wave, "id"): "?",
}
"""What takes the place of a key that is lost, so that all the rest can be judged still."""


class Full(Exception):
    """There are more problems than anyone reads."""


def all_problems(tables: dict[str, Any], places: Places, first: str) -> list[Problem]:
    """Everything wrong with tables that are no manifest; `first` is what msgspec said of them."""
    shape = Shape(places, ["plans"] if places.nested else [])
    left = shape.walk(tables)
    problems = shape.problems or [places.problem((), first)]
    try:
        manifest = msgspec.convert(left, Manifest)
    except msgspec.MsgspecError:
        return problems
    return problems + check(manifest, places.repaired(shape.origins), not shape.unnamed, shape.hurt)


class Shape:
    """One walk over one manifest's tables.

    `problems` are what is wrong. Of what is left, `origins` tells where the elements of each list
    were written, `hurt` are the tables that lost a key, and `unnamed` tells that a wave's id was
    lost, so that names of waves cannot be judged.
    """

    def __init__(self, places: Places, further: Sequence[str] = ()) -> None:
        self.problems: list[Problem] = []
        self.origins: dict[Path, list[Path]] = {}
        self.hurt: set[Path] = set()
        self.unnamed = False
        self._places = places
        self._further = further
        self._sources: list[str] = []

    def walk(self, tables: dict[str, Any]) -> Any:
        """The tables without what is broken, fit for `msgspec.convert`; `LOST` where none is left."""
        self._sources = _sources(tables)
        try:
            return self._table(tables, _structure(), (), ())
        except Full:
            last = self.problems[-1]
            text = f"more than {MOST} problems; the rest are not listed"
            self.problems.append(Problem(last.path, last.line, last.column, last.key, text))
            return LOST

    def _add(self, path: Path, message: str, key: bool = False) -> None:
        self.problems.append(self._places.problem(path, message, "key" if key else "value"))
        if len(self.problems) >= MOST:
            raise Full

    def _table(self, value: dict[str, Any], kind: inspect.StructType, at: Path, clean: Path) -> Any:
        fields = {field.encode_name: field for field in kind.fields}
        known = [*fields, *(self._further if kind.cls is Manifest else ())]
        meant: set[str | None] = set()
        kept: dict[str, Any] = {}
        for key, item in value.items():
            if field := fields.get(key):
                result = self._value(item, field.type, (*at, key), (*clean, key))
                if result is not LOST:
                    kept[key] = result
            else:
                meant.add(nearest(key, known))
                self._add((*at, key), f"unknown key {quoted(key)}{_hint(key, kind.cls, known)}", key=True)
        if len(kept) < len(value):
            self.hurt.add(clean)
        missing = [key for key, field in fields.items() if field.required and key not in kept]
        for key in missing:
            if key not in value and key not in meant and not (at == () and self._further and not kept):
                self._add(at, f"missing key {quoted(key)}")
        for key in missing:
            if (kind.cls, key) not in STAND_INS:
                return LOST
            kept[key] = STAND_INS[kind.cls, key]
        if kind.cls is Wave and "id" in missing:
            kept["id"] = f"? {at}"
            self.unnamed = True
        return kept

    def _value(self, value: Any, kind: inspect.Type, at: Path, clean: Path) -> Any:
        if isinstance(kind, inspect.Metadata):
            return self._value(value, kind.type, at, clean)
        if isinstance(kind, inspect.UnionType):
            arms = [arm for arm in map(_bare, kind.types) if not isinstance(arm, inspect.NoneType)]
            fit = next((arm for arm in arms if _fits(value, arm)), arms[0])
            if len(arms) == 1 or _fits(value, fit):
                return self._value(value, fit, at, clean)
            return self._wrong(at, " or ".join(map(_expected, arms)), value)
        if isinstance(kind, inspect.ListType):
            return self._list(value, kind, at, clean)
        if not _fits(value, kind):
            return self._wrong(at, _expected(kind), value)
        if isinstance(kind, inspect.StructType):
            return self._table(value, kind, at, clean)
        if isinstance(kind, inspect.DictType):
            results = {
                key: self._value(item, kind.value_type, (*at, key), (*clean, key))
                for key, item in value.items()
            }
            return {key: result for key, result in results.items() if result is not LOST}
        complaint = _complaint(value, kind, self._sources)
        if complaint:
            self._add(at, complaint)
            return LOST
        return value

    def _list(self, value: Any, kind: inspect.ListType, at: Path, clean: Path) -> Any:
        item = _bare(kind.item_type)
        if is_array(value):
            elements = [((*at, index), element) for index, element in enumerate(value)]
            if len(elements) < (kind.min_length or 0):
                least = "one entry" if kind.min_length == 1 else f"{kind.min_length} entries"
                self._add(at, f"expected at least {least}")
                return LOST
        elif _fits(value, item):
            name = ".".join(part for part in at if isinstance(part, str))
            tables = isinstance(item, inspect.StructType)
            hint = f"write [[{name}]] for each" if tables else "put it in brackets"
            self._add(at, f"expected {_expected(kind)}, got {_named(value)}; {hint}")
            elements = [(at, value)]
        else:
            return self._wrong(at, _expected(kind), value)
        kept: list[Any] = []
        for path, element in elements:
            result = self._value(element, item, path, (*clean, len(kept)))
            if result is not LOST:
                kept.append(result)
                self.origins.setdefault(clean, []).append(path)
        return kept if len(kept) >= (kind.min_length or 0) else LOST

    def _wrong(self, at: Path, expected: str, value: Any) -> Any:
        self._add(at, f"expected {expected}, got {_named(value)}")
        return LOST


@cache
def _structure() -> inspect.StructType:
    kind = inspect.type_info(Manifest)
    if not isinstance(kind, inspect.StructType):
        raise TypeError("the manifest is a struct")
    return kind


def _bare(kind: inspect.Type) -> inspect.Type:
    return _bare(kind.type) if isinstance(kind, inspect.Metadata) else kind


def _fits(value: Any, kind: inspect.Type) -> bool:
    """Whether a value is of the TOML type that a key wants, whatever it says."""
    if isinstance(kind, inspect.StrType | inspect.LiteralType):
        return isinstance(value, str)
    if isinstance(kind, inspect.BoolType):
        return isinstance(value, bool)
    if isinstance(kind, inspect.IntType):
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, list if isinstance(kind, inspect.ListType) else dict)


def _named(value: object) -> str:
    return NAMED.get(type(value), "another value")


def _expected(kind: inspect.Type) -> str:
    if isinstance(kind, inspect.ListType):
        return f"an array of {MANY[_expected(_bare(kind.item_type))]}"
    if isinstance(kind, inspect.LiteralType):
        return listing(map(str, kind.values), "or")
    for of, name in EXPECTED.items():
        if isinstance(kind, of):
            return name
    return "a table"


def _complaint(value: Any, kind: inspect.Type, sources: Sequence[str]) -> str | None:
    """What is wrong with a value of the right type, if anything."""
    if isinstance(kind, inspect.LiteralType):
        values = [str(known) for known in kind.values]
        if value not in values:
            return f"expected {listing(values, 'or')}, got {quoted(value)}{suggestion(value, values)}"
    elif isinstance(kind, inspect.IntType):
        if kind.ge is not None and value < kind.ge:
            return f"expected a number of at least {kind.ge}"
        if kind.le is not None and value > kind.le:
            return "a number that is too large"
    elif isinstance(kind, inspect.StrType):
        if not value.strip():
            return "is blank"
        if kind.max_length is not None and len(value) > kind.max_length:
            return f"longer than {kind.max_length} characters"
        if kind.pattern is not None and not re.search(kind.pattern, value):
            wanted = PATTERNS.get(kind.pattern, "another text")
            return f"expected {wanted}, got {quoted(value)}{_dotted(value, sources)}"
    return None


def _dotted(value: str, sources: Sequence[str]) -> str:
    """The dotted name that a path of a file or an entry point most likely stands for."""
    plain = value.strip().replace("\\", "/").removeprefix("./")
    roots = [f"{source.rstrip('/')}/" for source in (*sources, "src")]
    plain = plain.removeprefix(next((root for root in roots if plain.startswith(root)), ""))
    plain = plain.removesuffix("/").removesuffix(".pyi").removesuffix(".py").removesuffix("/__init__")
    plain = plain.replace("/", ".").replace(":", ".").removesuffix("()").strip(".")
    good = len(plain) < 80 and re.search(DOTTED, plain)
    return f"; did you mean {quoted(plain)}?" if good else ""


def _sources(tables: dict[str, Any]) -> list[str]:
    """The import roots of tables that may be broken anywhere."""
    plan: Any = tables.get("plan")
    sources: Any = plan.get("source") if isinstance(plan, dict) else None
    found = [source for source in sources if isinstance(source, str)] if is_array(sources) else []
    return [source.removeprefix("./") for source in found if source.strip("./")]


def _hint(key: str, table: type, known: Sequence[str]) -> str:
    if table is Manifest and key in KINDS:
        return f"; a gate belongs to a wave: write [[wave.{key}]]"
    if table is Wave and key in ("waiver", "revive", "weakened"):
        return f"; it belongs to no wave: write [[{key}]]"
    return suggestion(key, known)
