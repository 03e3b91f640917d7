"""The plan that an installed library ships for its users: found by its files, without importing it."""

from __future__ import annotations

import csv
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec

from hardcut.api.errors import plain, unusable
from hardcut.plan.discover import MANIFEST
from hardcut.plan.errors import ManifestError, listing, quoted
from hardcut.plan.gates import LoadedPlan
from hardcut.plan.load import load_text
from hardcut.plan.model import Delete, Manifest, Move, Plan, Remove, Wave
from hardcut.rules.registry import RULES
from hardcut.source.layout import import_roots
from hardcut.source.tree import DiskTree

SCHEME: Final = "dist:"
_USES: Final = frozenset({"CUT101", "CUT102", "CUT103", "CUT202", "CUT204"})
OMITTED: Final = frozenset(rule.code for rule in RULES if rule.code not in _USES)
"""The rules that look for more than uses: what a library defines is its own concern."""
_LARGEST: Final = 16 * 1024 * 1024
"""Bytes of a `RECORD` or manifest; a larger one is refused."""


def library_plan(name: str, root: Path, python: str | None = None) -> LoadedPlan:
    """The deletions, removals and moves of the plan that a distribution ships, for the project at `root`.

    `python` is the interpreter, or the folder, of the environment that the distribution is installed in;
    without it, the environment that hardcut runs in.

    Raises:
        Unusable: the environment, the distribution or its manifest is not there, or cannot be used.
    """
    file = _manifest(name, _site_folders(python))
    try:
        plan = load_text(file, root, _read(file))
    except ManifestError as problem:
        raise unusable(problem) from None
    return _for_users(plan, f"{SCHEME}{name}", root)


def _for_users(plan: LoadedPlan, path: str, root: Path) -> LoadedPlan:
    """A library's plan without what only its own project can meet."""
    given = plan.manifest
    settings = Plan(name=given.plan.name, source=import_roots(DiskTree(root)), check=["."])
    waves = [
        Wave(
            id=wave.id,
            title=wave.title,
            state=wave.state,
            requires=wave.requires,
            delete=wave.delete,
            remove=wave.remove,
            move=wave.move,
        )
        for wave in given.wave
    ]
    gates = [gate for gate in plan.gates if isinstance(gate.entry, Delete | Remove | Move)]
    if not gates:
        raise plain(f"the plan of {path} has no delete, remove or move entry")
    manifest = Manifest(plan=settings, wave=waves)
    return msgspec.structs.replace(
        plan,
        path=path,
        manifest=manifest,
        gates=gates,
        contradictions=[],
        waivers=[],
        revives=[],
        weakened=[],
        ignores=[],
    )


def _manifest(name: str, folders: list[Path]) -> Path:
    """The manifest that a distribution's record lists."""
    info = _info(name, folders)
    if info is None:
        raise plain(f"no distribution {quoted(name)} in {listing([str(folder) for folder in folders], 'or')}")
    try:
        rows = list(csv.reader(_read(info / "RECORD").decode("utf-8", "replace").splitlines()))
    except (csv.Error, OSError) as problem:
        raise plain(f"{info / 'RECORD'} cannot be read: {problem}") from None
    found = [row[0] for row in rows if row and row[0].rpartition("/")[2] == MANIFEST]
    inside = [path for path in found if not path.startswith("/") and ".." not in path.split("/")]
    if not inside:
        raise plain(f"{name} ships no {MANIFEST}: {info / 'RECORD'} lists none")
    if len(inside) > 1:
        raise plain(f"{name} ships several manifests: {listing(sorted(inside), 'and')}")
    return info.parent / inside[0]


def _info(name: str, folders: list[Path]) -> Path | None:
    """The `.dist-info` folder of a distribution, by its normalised name."""
    for folder in folders:
        for info in sorted(folder.glob("*.dist-info")):
            if _normal(info.name.removesuffix(".dist-info").rpartition("-")[0]) == _normal(name):
                return info
    return None


def _site_folders(python: str | None) -> list[Path]:
    """The folders of an environment that hold installed distributions; nothing of it is run."""
    prefix = Path(sys.prefix if python is None else python)
    if python is not None and not prefix.is_dir():
        if not prefix.is_file():
            raise plain(f"no such interpreter or folder: {python}")
        # The interpreter of a virtual environment is a link that leads out of it.
        prefix = prefix.absolute().parent.parent
    found = sorted(folder for pattern in _patterns() for folder in prefix.glob(pattern) if folder.is_dir())
    if not found:
        raise plain(f"no site-packages in {prefix}")
    return found


def _patterns() -> Iterator[str]:
    for lib in ("lib", "lib64", "local/lib"):
        yield from (f"{lib}/python3*/site-packages", f"{lib}/python3*/dist-packages")
    yield "Lib/site-packages"


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > _LARGEST:
            raise plain(f"{path} is larger than {_LARGEST:,} bytes")
        return path.read_bytes()
    except OSError as problem:
        raise plain(f"{path} cannot be read: {problem.strerror}") from None


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
