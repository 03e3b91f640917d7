"""The way in: manifests on disk to plans with located gates, or all that is wrong with them."""

from __future__ import annotations

import copy
import datetime
import hashlib
from collections.abc import Sequence
from os.path import isdir
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from hardcut.finding import Declared
from hardcut.plan import discover
from hardcut.plan.conflicts import contradictions
from hardcut.plan.errors import ManifestError, quoted
from hardcut.plan.gates import Gate, LoadedPlan, Problem
from hardcut.plan.manifest_source import Places, entries
from hardcut.plan.model import Manifest
from hardcut.plan.read import Document, absolute, is_array, is_table, parse, read, shown_path
from hardcut.plan.source_map import Locations
from hardcut.plan.source_map import Path as Way
from hardcut.plan.value_validation import check


class Located(NamedTuple):
    """A plan, and where its keys stand."""

    plan: LoadedPlan
    places: Places


def load_text(path: Path, root: Path, data: bytes) -> LoadedPlan:
    """Load a manifest whose content an editor holds: `data` stands for that of the file `path`.

    Raises:
        ManifestError: with all that is wrong with it.
    """
    return _located(parse(path, shown_path(path, root), data), root).plan


def load_plans(start: Path, root: Path | None = None, files: Sequence[Path] = ()) -> list[LoadedPlan]:
    """Load several manifests, or where none are given those that hold for the folder `start`, if any.

    A pyproject.toml among `files` stands for all its plans. All plans share one root: `root`, or
    else the folder where the search upward ends, or for given files the root of each, if it is one.

    Raises:
        ManifestError: with all that is wrong with all files.
    """
    if files:
        given = [absolute(file) for file in files]
        base = _folder(root) if root is not None else _common_root(given)
        paths = [path for file in given for path in _expanded(file, base)]
    else:
        found = discover.find_manifests(start)
        base = _folder(root) if root is not None else found.root
        paths = found.files
    loaded: list[Located] = []
    problems: list[Problem] = []
    for path in discover.unique(paths):
        try:
            loaded.append(_load(path, base))
        except ManifestError as error:
            problems += error.problems
    problems += _same_names(loaded)
    if problems:
        raise ManifestError(problems)
    return [one.plan for one in loaded]


def root_of(path: Path) -> Path:
    """The root of a manifest that is named by itself.

    It is the folder of the pyproject.toml that lists this file, if one above does, else the file's own.

    Raises:
        ManifestError: a pyproject.toml that might list it cannot be used.
    """
    found = discover.find_manifests(path.parent)
    real = discover.real_path(path)
    listed = any(discover.real_path(file) == real for file in found.files)
    return found.root if listed else path.parent


def _folder(root: Path) -> Path:
    root = absolute(root)
    if not isdir(root):
        raise ManifestError([Problem(root.as_posix(), 1, 1, "", "the root is not a folder")])
    return root


def _common_root(files: Sequence[Path]) -> Path:
    roots = [root_of(file) for file in files]
    for file, root in zip(files, roots, strict=True):
        if root != roots[0]:
            other = f"that of {files[0].as_posix()} is {roots[0].as_posix()}"
            text = f"the root of this manifest is {root.as_posix()}, but {other}; give one root for both"
            raise ManifestError([Problem(file.as_posix(), 1, 1, "", text)])
    return roots[0]


def _expanded(file: Path, base: Path) -> list[Path]:
    if file.name != discover.PROJECT:
        return [file]
    return discover.project_files(read(file, shown_path(file, base)))


def places_of(plan: LoadedPlan) -> Places:
    """The places of the keys of a plan's manifest, as it is on disk.

    Raises:
        ManifestError: it cannot be read any more.
    """
    document = read(Path(plan.root) / plan.path, plan.path)
    prefix = discover.PREFIX if document.path.name == discover.PROJECT else ()
    return Places(document.shown, Locations(document.text), prefix)


def digest_of(data: bytes) -> str:
    """What tells one content of a manifest from another."""
    return hashlib.blake2b(data, digest_size=16).hexdigest()


def load_document(document: Document, root: Path) -> LoadedPlan:
    """The plan in a manifest that was read already.

    Raises:
        ManifestError: with all that is wrong with it.
    """
    return _located(document._replace(tables=copy.deepcopy(document.tables)), root).plan


def _load(path: Path, base: Path) -> Located:
    return _located(read(path, shown_path(path, base)), base)


def _located(document: Document, base: Path) -> Located:
    prefix: Way = ()
    tables = document.tables
    if document.path.name == discover.PROJECT:
        tables, plans = discover.split(document)
        prefix = discover.PREFIX
        if plans is not None and not tables:
            text = "this file has no plan of its own; it only lists others"
            raise ManifestError([Problem(document.shown, 1, 1, "", text)])
    places = Places(document.shown, Locations(document.text), prefix)
    manifest = _manifest(tables, places)
    return Located(_resolved(document, base, manifest, places), places)


def _manifest(tables: dict[str, Any], places: Places) -> Manifest:
    _dates_as_text(tables)
    try:
        manifest = msgspec.convert(tables, Manifest)
    except msgspec.MsgspecError as error:
        from hardcut.plan.type_validation import all_problems

        raise ManifestError(all_problems(tables, places, str(error))) from None
    if problems := check(manifest, places):
        raise ManifestError(problems)
    return manifest


def _dates_as_text(tables: dict[str, Any]) -> None:
    """`until = 2030-12-31` means the same without quotes."""
    waivers = tables.get("waiver")
    for waiver in waivers if is_array(waivers) else ():
        until: Any = waiver.get("until") if is_table(waiver) else None
        if type(until) is datetime.date:
            waiver["until"] = until.isoformat()


def _resolved(document: Document, base: Path, manifest: Manifest, places: Places) -> LoadedPlan:
    def declared(path: Way) -> Declared:
        return Declared(places.shown, places.line(path))

    found = sorted(entries(manifest), key=lambda one: places.spot(one.path))
    return LoadedPlan(
        path=places.shown,
        root=str(base),
        manifest=manifest,
        gates=[
            Gate(one.entry, manifest.plan.name, one.wave.id, one.wave.state, declared(one.path))
            for one in found
        ],
        contradictions=contradictions(manifest, places),
        digest=digest_of(document.data),
        declared=declared(("plan",)),
        waves=[declared(("wave", index)) for index in range(len(manifest.wave))],
        waivers=[declared(("waiver", index)) for index in range(len(manifest.waiver))],
        revives=[declared(("revive", index)) for index in range(len(manifest.revive))],
        weakened=[declared(("weakened", index)) for index in range(len(manifest.weakened))],
        ignores=[declared(("plan", "ignore", index)) for index in range(len(manifest.plan.ignore))],
    )


def _same_names(loaded: Sequence[Located]) -> list[Problem]:
    first: dict[str, Located] = {}
    problems: list[Problem] = []
    for one in loaded:
        other = first.setdefault(one.plan.name, one)
        if other is not one:
            there = f"{other.plan.path}, line {other.places.line(('plan', 'name'))}"
            text = f"there is a plan {quoted(one.plan.name)} already, in {there}"
            problems.append(one.places.problem(("plan", "name"), text))
    return problems
