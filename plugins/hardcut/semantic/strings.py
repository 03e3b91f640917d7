"""Strings that are put together from parts, of which some may be unknown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from string import Formatter
from typing import Final

from hardcut.semantic import values
from hardcut.semantic.values import (
    NOTHING,
    Atom,
    Constant,
    Dictionary,
    FilePath,
    Pattern,
    String,
    Value,
    merge,
    value_of,
)

LONGEST: Final = 2000
"""No dotted name is longer. Of a string that is put together and longer, the two ends are known."""
MOST_COMBINATIONS: Final = 1000
"""Strings that one expression may make of alternatives."""
ANY_STRING: Final = value_of(Pattern("", ""))

_HOLE: Final = re.compile(
    r"%(?:\((?P<key>[^()]*)\))?(?P<flags>[#0\- +]*)(?P<width>\*|\d+)?(?:\.(?P<precision>\*|\d*))?[hlL]?"
    r"(?P<kind>.)",
    re.DOTALL,
)
_NUMBER: Final = re.compile(r"\d{4,}")
"""A width that makes a long string of a short format."""
_FIELD: Final = re.compile(r"(?P<name>\w*)(?P<rest>(?:\[[^\]]*\])*)")


def pieces(value: Value) -> list[String | Pattern]:
    """What a value is as a part of a string: `str(value)` for each possibility."""
    found: dict[Atom, None] = {}
    is_open = value.is_open
    for atom in value.atoms():
        if isinstance(atom, String | Pattern):
            found[atom] = None
        elif isinstance(atom, Constant) and not isinstance(atom.value, bytes):
            found[String(str(atom.value))] = None
        elif isinstance(atom, FilePath):
            found[String(atom.text)] = None
        else:
            is_open = True
    if is_open:
        found[Pattern("", "")] = None
    return [atom for atom in sorted(found, key=_order) if isinstance(atom, String | Pattern)]


def _order(atom: Atom) -> tuple[str, str, int]:
    """An order that does not depend on hashes."""
    if isinstance(atom, String):
        return atom.text, "", atom.origin.start if atom.origin is not None else -1
    if isinstance(atom, Pattern):
        return atom.prefix, atom.suffix, -2
    return "", "", -3


def concatenate(parts: Sequence[Value]) -> Value:
    """The strings that parts make, one behind the other."""
    if len(parts) == 1:
        return value_of(*pieces(parts[0])) if parts[0] != NOTHING else NOTHING
    heads: list[String | Pattern] = [String("")]
    for part in parts:
        tails = pieces(part)
        if not tails:
            return NOTHING
        heads = _combined(heads, tails)
    return value_of(*heads)


def _combined(heads: list[String | Pattern], tails: list[String | Pattern]) -> list[String | Pattern]:
    if len(heads) * len(tails) > MOST_COMBINATIONS:
        heads = [merge(heads)] if len(heads) > 1 else heads
        tails = [merge(tails)] if len(tails) > MOST_COMBINATIONS else tails
    found: dict[String | Pattern, None] = {}
    for head in heads:
        for tail in tails:
            found[_behind(head, tail)] = None
    return list(found)


def _behind(head: String | Pattern, tail: String | Pattern) -> String | Pattern:
    """One string behind another."""
    if isinstance(head, String) and isinstance(tail, String):
        text = head.text + tail.text
        return String(text) if len(text) <= LONGEST else Pattern(text[:LONGEST], text[-LONGEST:])
    prefix = head.text if isinstance(head, String) else head.prefix
    suffix = tail.text if isinstance(tail, String) else tail.suffix
    if isinstance(head, String):
        prefix += tail.text if isinstance(tail, String) else tail.prefix
    if isinstance(tail, String):
        suffix = (head.text if isinstance(head, String) else head.suffix) + suffix
    merged = (isinstance(head, Pattern) and head.merged) or (isinstance(tail, Pattern) and tail.merged)
    return Pattern(prefix[:LONGEST], suffix[-LONGEST:], merged)


def converted(value: Value, conversion: str | None, spec: str | None) -> Value:
    """`{value!conversion:spec}`; the spec is None if it is not known."""
    if conversion in (None, "", "s") and spec == "":
        return value_of(*pieces(value)) if value != NOTHING else NOTHING
    if spec is None or _NUMBER.search(spec):
        return ANY_STRING
    found: list[Atom] = []
    for atom in value.atoms():
        text = _formatted(atom, conversion, spec)
        if text is not None:
            found.append(text)
    if value.is_open:
        found.append(Pattern("", ""))
    return value_of(*found)


def _formatted(atom: Atom, conversion: str | None, spec: str) -> Atom | None:
    """A possibility in a format; None if that raises."""
    if not isinstance(atom, String | Constant):
        return Pattern("", "")
    raw: object = atom.text if isinstance(atom, String) else atom.value
    try:
        if conversion == "r":
            raw = repr(raw)
        elif conversion == "a":
            raw = ascii(raw)
        elif conversion == "s":
            raw = str(raw)
        return String(format(raw, spec))
    except (TypeError, ValueError, OverflowError):
        return None


def percent(template: str, given: Value) -> Value:
    """`template % given`."""
    parts: list[Value] = []
    found: list[Value] = []
    for arguments in _argument_lists(given):
        parts = []
        place = 0
        position = 0
        for hole in _HOLE.finditer(template):
            parts.append(value_of(String(template[position : hole.start()])))
            position = hole.end()
            if hole["kind"] == "%":
                parts.append(value_of(String("%")))
            elif hole["key"] is not None:
                parts.append(_filled(hole, item(given, hole["key"])))
            else:
                parts.append(_filled(hole, arguments[place]) if place < len(arguments) else ANY_STRING)
                place += 1 + (hole["width"] == "*") + (hole["precision"] == "*")
        parts.append(value_of(String(template[position:])))
        found.append(concatenate(parts))
    return values.join_all(found) if found else ANY_STRING


def _argument_lists(given: Value) -> list[Sequence[Value]]:
    """The arguments of a `%`: those of each tuple, or the one that is no tuple."""
    found: list[Sequence[Value]] = []
    others: list[Atom] = []
    for atom in given.atoms():
        if isinstance(atom, values.Sequence) and atom.kind == "tuple":
            found.append(atom.items)
        else:
            others.append(atom)
    if others or given.is_open:
        found.append([value_of(*others, is_open=given.is_open)])
    return found


def _filled(hole: re.Match[str], value: Value) -> Value:
    """What stands in the place of one hole of a `%` format."""
    kind, width, precision = hole["kind"], hole["width"] or "", hole["precision"] or ""
    if "*" in width + precision or len(width) > 3 or len(precision) > 3:
        return ANY_STRING
    plain = not (hole["flags"] or width or precision or hole["precision"] is not None)
    if kind == "s" and plain:
        return value_of(*pieces(value)) if value != NOTHING else NOTHING
    found: list[Atom] = []
    dots = "" if hole["precision"] is None else f".{precision}"
    for atom in value.atoms():
        if isinstance(atom, String | Constant):
            raw: object = atom.text if isinstance(atom, String) else atom.value
            try:
                found.append(String(f"%{hole['flags']}{width}{dots}{kind}" % (raw,)))
            except (TypeError, ValueError, OverflowError):
                continue
        else:
            found.append(Pattern("", ""))
    if value.is_open:
        found.append(Pattern("", ""))
    return value_of(*found)


def item(owner: Value, key: str) -> Value:
    """`owner[key]` for the dictionaries of a value."""
    found: list[Value] = []
    for atom in owner.atoms():
        if isinstance(atom, Dictionary):
            for known, value in atom.items:
                if any(isinstance(name, String) and name.text == key for name in known.atoms()):
                    found.append(value)
    if owner.is_open or not found:
        return values.UNKNOWN if not found else values.join_all([*found, values.UNKNOWN])
    return values.join_all(found)


def formatted(template: str, arguments: Sequence[Value], keywords: dict[str, Value]) -> Value:
    """`template.format(*arguments, **keywords)`."""
    parts: list[Value] = []
    place = 0
    try:
        fields = list(Formatter().parse(template))
    except ValueError:
        return NOTHING
    for text, name, spec, conversion in fields:
        if text:
            parts.append(value_of(String(text)))
        if name is None:
            continue
        field = _FIELD.fullmatch(name)
        if field is None or (spec and "{" in spec):
            parts.append(ANY_STRING)
            place += name == ""
            continue
        number = field["name"] or str(place)
        place += field["name"] == ""
        value = keywords.get(number)
        if number.isdecimal():
            value = arguments[int(number)] if len(number) < 6 and int(number) < len(arguments) else None
        if value is None:
            parts.append(ANY_STRING)
            continue
        for key in re.findall(r"\[([^\]]*)\]", field["rest"]):
            value = item(value, key)
        parts.append(converted(value, conversion, spec or ""))
    return concatenate(parts) if parts else value_of(String(""))


def joined(separator: Value, items: Iterable[Value]) -> Value:
    """`separator.join(items)`."""
    parts: list[Value] = []
    for part in items:
        if parts:
            parts.append(separator)
        parts.append(part)
    return concatenate(parts) if parts else value_of(String(""))
