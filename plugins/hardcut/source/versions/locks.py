"""Lock files: uv.lock, poetry.lock, pdm.lock, pylock.toml, Cargo.lock, and npm's."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from hardcut.source.versions.lines import Lines
from hardcut.source.versions.ranges import point, release_of
from hardcut.source.versions.stated import Stated, System

_KEY = re.compile(r"\s*(name|version)\s*=\s*([\"'])([^\"']*)\2")


def plain_name(name: str) -> str:
    """A name as registries compare them: case, `-`, `_` and `.` make no difference."""
    return re.sub(r"[-_.]+", "-", name).lower()


def of_toml_lock(text: str, name: str, system: System) -> Iterator[Stated]:
    """The versions of all `[[package]]` tables of a name."""
    wanted = plain_name(name)
    inside = named = False
    waiting: tuple[int, re.Match[str]] | None = None
    for number, line in enumerate(text.splitlines(), start=1):
        if line.lstrip().startswith("["):
            inside = line.strip() in ("[[package]]", "[[packages]]")
            named, waiting = False, None
            continue
        found = _KEY.match(line) if inside else None
        if found is None:
            continue
        if found[1] == "name":
            named = plain_name(found[3]) == wanted
        else:
            waiting = (number, found)
        if named and waiting is not None:
            yield from locked(waiting[1][3], waiting[0], waiting[1].start(3) + 1, system)
            named, waiting = False, None


def of_npm_lock(text: str, name: str) -> Iterator[Stated]:
    """The versions that npm installs of a package, at any depth."""
    tables = json.loads(text)
    packages = tables.get("packages") if isinstance(tables, dict) else None
    lines = Lines(text)
    for path, one in packages.items() if isinstance(packages, dict) else ():
        version = one.get("version") if isinstance(one, dict) else None
        if path.endswith(f"node_modules/{name}") and isinstance(version, str):
            line, column, _ = lines.find(version, ("", "version"))
            yield from locked(version, line, column, "npm")


def locked(version: str, line: int, column: int, system: System) -> Iterator[Stated]:
    """One version that is installed."""
    known = release_of(version)
    if known is not None:
        yield Stated(
            line, column, column + len(version), version, system, [point(known[0])], known[1], lock=True
        )
