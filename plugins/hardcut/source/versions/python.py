"""Versions in pyproject.toml and requirements files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from hardcut.source.versions.lines import Lines, Spot
from hardcut.source.versions.locks import plain_name
from hardcut.source.versions.ranges import EVERYTHING, pep440, point, release_of, spans
from hardcut.source.versions.stated import Stated

_POETRY = ("tool", "poetry")


def of_pyproject(tables: dict[str, Any], text: str, name: str) -> Iterator[Stated]:
    """What a pyproject.toml says of a distribution: its own version, requirements, sources."""
    lines = Lines(text)
    for table in ("project", "tool.poetry"):
        yield from _own(_at(tables, *table.split(".")), table, lines, name)
    for table, requirement in _requirements(tables):
        if isinstance(requirement, str) and _is_about(requirement, name):
            yield from of_requirement(requirement, lines.find(requirement, (table, "")), name)
    for table, found in _poetry(tables):
        for key, value in found.items():
            if plain_name(key) == plain_name(name):
                yield from _poetry_value(value, table, key, lines)
    for key, source in _dict(_at(tables, "tool", "uv", "sources")).items():
        if plain_name(key) == plain_name(name):
            for one in source if isinstance(source, list) else [source]:
                yield from _wheel(_dict(one), lines, key)


def of_requirements(text: str, name: str) -> Iterator[Stated]:
    """What a requirements or constraints file says of a distribution."""
    waiting: list[str] = []
    start = 1
    for number, line in enumerate([*text.splitlines(), ""], start=1):
        if not waiting:
            start, column = number, len(line) - len(line.lstrip()) + 1
        waiting.append(line.removesuffix("\\"))
        if line.endswith("\\"):
            continue
        whole, waiting = " ".join(part.strip() for part in waiting), []
        bare = re.split(r"(?:^|\s)#|\s--?[a-z]", whole, maxsplit=1)[0].strip()
        if bare and not bare.startswith("-"):
            yield from of_requirement(bare, (start, column, column + len(bare)), name)


def of_requirement(requirement: str, spot: Spot, name: str) -> Iterator[Stated]:
    """One requirement as PEP 508 writes it, if it is about the name."""
    if not _is_about(requirement, name):
        return
    from packaging.requirements import InvalidRequirement, Requirement

    try:
        found = Requirement(requirement)
    except (InvalidRequirement, RecursionError, ValueError):
        yield Stated(*spot, requirement, "python", [])
        return
    if found.url:
        yield from _file(found.url, spot, requirement)
        return
    comparators = [(one.operator, one.version) for one in found.specifier]
    admitted = pep440(comparators) if comparators else [EVERYTHING]
    pre = ""
    if len(comparators) == 1 and comparators[0][0] == "==":
        known = release_of(comparators[0][1])
        pre = known[1] if known else ""
    yield Stated(*spot, requirement, "python", admitted, pre)


def _is_about(requirement: str, name: str) -> bool:
    begun = re.match(r"\s*([A-Za-z0-9._-]+)", requirement)
    return begun is not None and plain_name(begun[1]) == plain_name(name)


def _own(table: Any, where: str, lines: Lines, name: str) -> Iterator[Stated]:
    own, version = _dict(table).get("name"), _dict(table).get("version")
    known = release_of(version) if isinstance(version, str) else None
    if isinstance(own, str) and known is not None and plain_name(own) == plain_name(name):
        spot = lines.find(str(version), (where, "version"))
        yield Stated(*spot, str(version), "python", [point(known[0])], known[1])


def _requirements(tables: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Every requirement, with the table that it most likely stands in."""
    places = [
        ("project", _at(tables, "project", "dependencies")),
        ("build-system", _at(tables, "build-system", "requires")),
    ]
    for table in ("project.optional-dependencies", "dependency-groups", "tool.pdm.dev-dependencies"):
        places += [(table, group) for group in _dict(_at(tables, *table.split("."))).values()]
    for key in ("dev-dependencies", "constraint-dependencies", "override-dependencies"):
        places.append(("tool.uv", _at(tables, "tool", "uv", key)))
    for table, found in places:
        yield from ((table, one) for one in (found if isinstance(found, list) else ()))


def _poetry(tables: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for key in ("dependencies", "dev-dependencies"):
        yield f"tool.poetry.{key}", _dict(_at(tables, *_POETRY, key))
    for group, table in _dict(_at(tables, *_POETRY, "group")).items():
        yield f"tool.poetry.group.{group}.dependencies", _dict(_dict(table).get("dependencies"))


def _poetry_value(value: Any, table: str, key: str, lines: Lines) -> Iterator[Stated]:
    for one in value if isinstance(value, list) else [value]:
        version = one.get("version") if isinstance(one, dict) else one
        if isinstance(version, str):
            spot = lines.find(version, (table, key), (f"{table}.{key}", "version"))
            found = release_of(version.lstrip("= "))
            yield Stated(*spot, version, "python", spans(version, "poetry"), found[1] if found else "")


def _wheel(source: dict[str, Any], lines: Lines, key: str) -> Iterator[Stated]:
    for kind in ("path", "url"):
        link = source.get(kind)
        if isinstance(link, str):
            yield from _file(link, lines.find(link, ("tool.uv.sources", key)), link)


def _file(link: str, spot: Spot, shown: str) -> Iterator[Stated]:
    """The version in the name of a wheel or an archive; nothing for any other link."""
    name = re.sub(r"[?#].*", "", link).replace("%2B", "+").rpartition("/")[2]
    found = re.fullmatch(r"[A-Za-z0-9_.]+?-(v?\d[^-]*)-.*\.whl", name) or re.fullmatch(
        r"[A-Za-z0-9_.-]+-(v?\d[^-]*)\.(?:tar\.gz|zip)", name
    )
    known = release_of(found[1]) if found else None
    if known is not None:
        yield Stated(*spot, shown, "python", [point(known[0])], known[1])


def _at(tables: Any, *keys: str) -> Any:
    for key in keys:
        tables = _dict(tables).get(key)
    return tables


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
