"""Versions in Cargo.toml and package.json."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from hardcut.source.versions.lines import NOWHERE, Lines
from hardcut.source.versions.locks import plain_name
from hardcut.source.versions.ranges import point, release_of, spans
from hardcut.source.versions.stated import Stated

_CARGO = ("dependencies", "dev-dependencies", "build-dependencies")
_NPM = ("dependencies", "devDependencies", "peerDependencies", "optionalDependencies", "overrides")


def of_cargo(tables: dict[str, Any], text: str, name: str) -> Iterator[Stated]:
    """What a Cargo.toml says of a crate: its own version, dependencies, the workspace's."""
    lines = Lines(text)
    wanted = plain_name(name)
    package = _dict(tables.get("package"))
    if plain_name(str(package.get("name", ""))) == wanted:
        yield from _own(package.get("version"), tables, lines)
    for table, found in _tables(tables):
        for key, value in found.items():
            renamed = value.get("package") if isinstance(value, dict) else None
            if plain_name(str(renamed or key)) == wanted:
                yield from _dependency(key, value, table, lines)


def of_package_json(text: str, name: str) -> Iterator[Stated]:
    """What a package.json says of a package: its own version and dependencies."""
    tables = _dict(json.loads(text))
    lines = Lines(text)
    version = tables.get("version")
    known = release_of(version) if isinstance(version, str) else None
    if tables.get("name") == name and known is not None:
        yield Stated(
            *lines.find(str(version), ("", "version")), str(version), "npm", [point(known[0])], known[1]
        )
    for table in _NPM:
        value = _dict(tables.get(table)).get(name)
        if isinstance(value, str):
            bare = value.removeprefix("workspace:")
            bare = bare.rpartition("@")[2] if bare.startswith("npm:") else bare
            yield Stated(*lines.find(value, ("", name)), value, "npm", spans(bare, "npm"))


def _own(version: Any, tables: dict[str, Any], lines: Lines) -> Iterator[Stated]:
    where = "package"
    if isinstance(version, dict) and version.get("workspace") is True:
        version = _dict(_dict(tables.get("workspace")).get("package")).get("version")
        where = "workspace.package"
        if version is None:
            yield Stated(*NOWHERE, "version.workspace", "cargo", [], inherits=True)
            return
    known = release_of(version) if isinstance(version, str) else None
    if known is not None:
        spot = lines.find(str(version), (where, "version"))
        yield Stated(*spot, str(version), "cargo", [point(known[0])], known[1])


def _tables(tables: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    places = [("", tables), ("workspace.", _dict(tables.get("workspace")))]
    for target, inner in _dict(tables.get("target")).items():
        places.append((f"target.{target}.", _dict(inner)))
    for start, holder in places:
        for key in _CARGO:
            yield f"{start}{key}", _dict(holder.get(key))


def _dependency(key: str, value: Any, table: str, lines: Lines) -> Iterator[Stated]:
    version = value.get("version") if isinstance(value, dict) else value
    if isinstance(version, str):
        spot = lines.find(version, (table, key), (f"{table}.{key}", "version"))
        yield Stated(*spot, version, "cargo", spans(version, "cargo"))
    elif isinstance(value, dict) and value.get("workspace") is True:
        yield Stated(*NOWHERE, "workspace = true", "cargo", [], inherits=True)


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
