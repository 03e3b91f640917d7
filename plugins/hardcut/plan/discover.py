"""Which manifests hold for a folder, and what their root is."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NamedTuple

from hardcut.plan.errors import ManifestError, quoted
from hardcut.plan.gates import Problem
from hardcut.plan.manifest_source import Places
from hardcut.plan.read import Document, absolute, is_array, is_table, parse, read_mentioning
from hardcut.plan.source_map import Locations
from hardcut.plan.value_validation import path_complaint

MANIFEST = "cutover.toml"
PROJECT = "pyproject.toml"
PREFIX = ("tool", "hardcut")


class Found(NamedTuple):
    """The manifests that hold for a folder: absolute paths, in the order in which they are loaded."""

    root: Path
    files: list[Path]


def find_manifests(start: Path) -> Found:
    """Search upward from a folder (or a file's folder) for `cutover.toml` and `[tool.hardcut]`.

    The first folder that has either is the root. Where it has both, `cutover.toml` comes first and
    the plans of the pyproject.toml follow. Where no folder has one, there are no files.

    Raises:
        ManifestError: a pyproject.toml on the way cannot be read, or what its `[tool.hardcut]`
            lists is not there.
    """
    start = absolute(start)
    for folder in (start, *start.parents):
        files: list[Path] = []
        if os.path.lexists(folder / MANIFEST):
            files.append(folder / MANIFEST)
        if os.path.isfile(folder / PROJECT) and (document := _project(folder / PROJECT)):
            files += project_files(document)
        if files:
            return Found(folder, unique(files))
    return Found(start, [])


def project_files(document: Document) -> list[Path]:
    """The manifests that a pyproject.toml stands for: itself where it holds a plan, and its `plans`.

    Raises:
        ManifestError: `plans` is no list of globs, or a glob matches nothing.
    """
    settings, plans = split(document)
    files = [document.path] if settings or plans is None else []
    if plans is None:
        return files
    root = document.path.parent
    places = Places(document.shown, Locations(document.text), PREFIX)
    if not is_array(plans) or not plans:
        raise ManifestError(
            [places.problem(("plans",), 'expected an array of globs, such as ["plans/*.toml"]')]
        )
    problems: list[Problem] = []
    for index, glob in enumerate(plans):
        matches = _matches(root, glob)
        if isinstance(matches, str):
            problems.append(places.problem(("plans", index), matches))
        else:
            files += matches
    if problems:
        raise ManifestError(problems)
    return files


def listed(read: Callable[[str], bytes], matching: Callable[[str], list[str]]) -> list[str]:
    """The paths of the manifests of a root that may be no folder on disk.

    `read` gives a file's bytes, empty where there is none, `matching` the paths that a glob names.

    Raises:
        ManifestError: its pyproject.toml cannot be read, or has no usable `[tool.hardcut]`.
    """
    files = [*matching(MANIFEST)]
    data = read(PROJECT)
    document = parse(Path(PROJECT), PROJECT, data) if b"hardcut" in data else None
    if document is not None and "hardcut" in document.tables.get("tool", {}):
        settings, plans = split(document)
        files += [PROJECT] if settings or plans is None else []
        files += [path for glob in plans or () for path in matching(str(glob))]
    return list(dict.fromkeys(files))


def real_path(path: Path) -> str:
    """The path without symbolic links; as it is where no file can have it."""
    try:
        return os.path.realpath(path)
    except (OSError, ValueError):
        return str(path)


def split(document: Document) -> tuple[dict[str, Any], Any]:
    """The plan in a pyproject.toml (empty where there is none), and its `plans` (or None).

    Raises:
        ManifestError: `tool.hardcut` is no table, or empty.
    """
    tool = document.tables.get("tool")
    settings: Any = tool.get("hardcut") if is_table(tool) else None
    if settings and is_table(settings):
        return {key: value for key, value in settings.items() if key != "plans"}, settings.get("plans")
    if settings is None:
        message = "no [tool.hardcut] in this file"
    elif is_table(settings):
        message = 'empty: list manifests in "plans", or write the plan here, from [tool.hardcut.plan] on'
    else:
        message = "expected a table"
    places = Places(document.shown, Locations(document.text))
    raise ManifestError([places.problem(PREFIX if settings is not None else (), message)])


def _matches(root: Path, glob: Any) -> list[Path] | str:
    """The files that a glob matches, or what is wrong with it."""
    if not isinstance(glob, str) or not glob.strip():
        return "expected a glob"
    if complaint := path_complaint(glob):
        return complaint
    if glob.count("**") > 1:
        return f"{quoted(glob)} has more than one **"
    try:
        matches = sorted(path for path in root.glob(glob) if os.path.isfile(path))
    except (ValueError, OSError, NotImplementedError, IndexError, RecursionError):
        return f"{quoted(glob)} is no glob"
    return matches or f"no file matches {quoted(glob)}"


def _project(path: Path) -> Document | None:
    """A pyproject.toml with `[tool.hardcut]`, or None: most others are not even parsed."""
    document = read_mentioning(b"hardcut", path, path.name)
    tool = document.tables.get("tool") if document else None
    return document if is_table(tool) and "hardcut" in tool else None


def unique(files: Iterable[Path]) -> list[Path]:
    """The files in their order, each once, however it is named."""
    real: dict[str, Path] = {}
    for file in files:
        real.setdefault(real_path(file), file)
    return list(real.values())
