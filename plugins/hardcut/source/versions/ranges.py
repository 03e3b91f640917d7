"""Requirements to the versions they admit: PEP 440, and the forms of Cargo, npm and Poetry."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal

from hardcut.source.versions.stated import Release, Span

Dialect = Literal["cargo", "npm", "poetry"]
LONGEST = 400
"""A requirement of more characters admits nothing that can be told."""

_ONE = re.compile(
    r"\s*(?P<sign>===|==|~=|!=|>=|<=|=|>|<|\^|~>|~)?\s*"
    r"v?(?P<numbers>(?:\d{1,9}|[xX*])(?:\.(?:\d{1,9}|[xX*]))*)(?P<rest>[-+A-Za-z][0-9A-Za-z.+-]*)?\s*,?"
)
_HYPHEN = re.compile(r"\s*v?(\d{1,9}(?:\.\d{1,9})*)\s+-\s+v?(\d{1,9}(?:\.\d{1,9})*)\s*")
EVERYTHING: Span = ((0, 0, 0), None)


def padded(numbers: Iterable[int]) -> Release:
    """The numbers of a version, three at least."""
    found = tuple(numbers)
    return found + (0,) * (3 - len(found))


def point(release: Release) -> Span:
    """The span of one version."""
    return release, (*release, 1)


def spans(text: str, dialect: Dialect) -> list[Span]:
    """What a requirement of Cargo, npm or Poetry admits; empty where it is none.

    The forms are those of the Cargo book ("Specifying dependencies"), of node-semver's README and of
    Poetry's "Dependency specification".
    """
    if len(text) > LONGEST:
        return []
    if dialect == "cargo":
        return _alternative(text, dialect)
    found = [_alternative(one, dialect) for one in re.split(r"\|\|?", text)]
    return [span for one in found for span in one] if all(found) else []


def pep440(comparators: Iterable[tuple[str, str]]) -> list[Span]:
    """What the comparators (sign and version) of a Python requirement admit together."""
    span = EVERYTHING
    for sign, version in comparators:
        found = re.match(r"v?(?:\d+!)?(\d{1,9}(?:\.\d{1,9})*)", version)
        if found is None:
            return []
        numbers = [int(part) for part in found[1].split(".")]
        if version.endswith(".*"):
            sign = "prefix" if sign == "==" else sign
        one = _bounds("exact" if sign in ("==", "===") else sign, numbers)
        if one is not None:
            span = _both(span, one)
    return _real([span])


def release_of(version: str) -> tuple[Release, str] | None:
    """A plain version's numbers, and its pre-release mark without punctuation."""
    found = re.match(r"v?(?:\d+!)?(\d{1,9}(?:\.\d{1,9})*)([^+]*)", version.strip())
    if found is None:
        return None
    return padded(int(part) for part in found[1].split(".")), re.sub(r"[^0-9a-z]", "", found[2].lower())


def _alternative(text: str, dialect: Dialect) -> list[Span]:
    hyphen = _HYPHEN.fullmatch(text) if dialect == "npm" else None
    if hyphen is not None:
        low, high = ([int(part) for part in one.split(".")] for one in hyphen.groups())
        upper = _bounds("<=" if len(high) > 2 else "prefix", high)
        return _real([(padded(low), upper[1] if upper else None)])
    span, at = EVERYTHING, 0
    while at < len(text):
        found = _ONE.match(text, at)
        if found is None or found.end() == at:
            return []
        at = found.end()
        numbers, wild = _numbers(found["numbers"])
        one = _bounds(_meaning(found["sign"], numbers, wild, dialect), numbers)
        if one is not None:
            span = _both(span, one)
    return _real([span]) if text.strip() else []


def _numbers(text: str) -> tuple[list[int], bool]:
    parts = text.split(".")
    fixed = next((at for at, part in enumerate(parts) if not part.isdigit()), len(parts))
    return [int(part) for part in parts[:fixed]], fixed < len(parts)


def _meaning(sign: str | None, numbers: list[int], wild: bool, dialect: Dialect) -> str:
    if wild and sign in (None, "=", "=="):
        return "prefix"
    if sign is None:
        short = "prefix" if dialect == "npm" and len(numbers) < 3 else "exact"
        return "^" if dialect == "cargo" else short
    if sign in ("=", "==", "==="):
        return "prefix" if len(numbers) < 3 and dialect != "poetry" else "exact"
    return "~" if sign == "~>" else sign


def _bounds(sign: str, numbers: list[int]) -> Span | None:
    """What one comparator admits; None where it takes nothing away that matters here (`!=`)."""
    low = padded(numbers)
    zero: Release = (0, 0, 0)
    match sign:
        case "exact":
            return point(low)
        case "prefix":
            return (low, _next(numbers, len(numbers) - 1)) if numbers else EVERYTHING
        case "^":
            first = next((at for at, number in enumerate(numbers) if number), len(numbers) - 1)
            return (low, _next(numbers, first)) if numbers else EVERYTHING
        case "~":
            return (low, _next(numbers, min(1, len(numbers) - 1))) if numbers else EVERYTHING
        case "~=":
            return low, _next(numbers, max(0, len(numbers) - 2))
        case ">=":
            return low, None
        case ">":
            return (*low, 1), None
        case "<":
            return zero, low
        case "<=":
            return zero, (*low, 1)
        case _:
            return None


def _next(numbers: list[int], at: int) -> Release:
    """The first version after all that share the numbers up to `at`."""
    return padded([*numbers[:at], numbers[at] + 1])


def _both(one: Span, other: Span) -> Span:
    highs = [high for high in (one[1], other[1]) if high is not None]
    return max(one[0], other[0]), min(highs) if highs else None


def _real(spans: list[Span]) -> list[Span]:
    return [(low, high) for low, high in spans if high is None or low < high]
