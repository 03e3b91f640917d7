"""Which files a run checks: git's view where there is git, else a walk with the same ignores."""

from __future__ import annotations

import os
import posixpath
import stat
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from hardcut.source.globs import Globs, globs
from hardcut.source.textfiles import language_of

_NEVER = frozenset(
    ".bzr .conda .direnv .eggs .git .hardcut_cache .hg .hypothesis .import_linter_cache .ipynb_checkpoints .jj"
    " .mypy_cache .nox .pixi .pytest_cache .ruff_cache .svn .tox .venv __pycache__ node_modules".split()
)
"""Folders that hold no sources of the project; one that is named in `check` is read all the same."""
_GIT_SECONDS = 120
_GIT_KEPT = ("GIT_EXEC_PATH", "GIT_CEILING_DIRECTORIES", "GIT_DISCOVERY_ACROSS_FILESYSTEM")
_GIT_CONFIG = ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM", "GIT_CONFIG_COUNT")
_MOST_PATHSPECS = 100
_LARGEST_IGNORE = 256 * 1024


class Listing(msgspec.Struct, frozen=True):
    """The files to check (posix, relative to the root, sorted), and entries that match no such file."""

    files: list[str]
    unmatched: list[str] = []


class PathError(ValueError):
    """Paths on the command line that are not there, or lie outside the root."""

    def __init__(self, missing: Sequence[str], outside: Sequence[str], root: str) -> None:
        self.missing, self.outside = list(missing), list(outside)
        said = [f"no such file or folder: {path}" for path in missing]
        super().__init__("\n".join(said + [f"outside the root {root}: {path}" for path in outside]))


class _Want(msgspec.Struct, frozen=True):
    """One entry: all below the folder `base`; of that only `file`, or only what `glob` matches."""

    base: str
    file: str | None = None
    glob: Globs | None = None


def list_files(root: Path, check: Sequence[str], exclude: Sequence[str] = ()) -> list[str]:
    """The files that `check` names, less `exclude`; posix paths relative to the root, sorted, unique."""
    return listing(root, check, exclude).files


def listing(root: Path, check: Sequence[str], exclude: Sequence[str] = ()) -> Listing:
    """The same, with the entries of `check` that match no file that can be read.

    Entries are files, folders or globs, relative to the root. A file that is named counts though it
    is ignored by git; a folder, though it is one of those that are never entered otherwise.
    """
    real = os.path.realpath(root)
    wants = {entry: want for entry in check if (want := _want(real, entry, True)) is not None}
    files, matched = _collect(real, list(wants.values()), exclude)
    hit = {id(want) for want in matched}
    return Listing(files, [entry for entry in check if entry not in wants or id(wants[entry]) not in hit])


def expand(root: Path, paths: Sequence[str], exclude: Sequence[str] = ()) -> list[str]:
    """The files that paths on the command line name: files, and folders with all below them.

    Paths are absolute or relative to the working directory. `exclude` takes out of folders only; a
    file that is named is kept, for the caller to judge by `is_excluded`. Raises PathError.
    """
    real, near = os.path.realpath(root), os.path.abspath(root)
    wants: list[_Want] = []
    missing: list[str] = []
    outside: list[str] = []
    for path in paths:
        whole = os.path.abspath(path)
        inside = _relative(near, whole)
        if inside is None:
            inside = _relative(real, os.path.realpath(whole))
        if "\0" in path or not os.path.lexists(whole):
            missing.append(path)
        elif inside is None or (want := _want(real, inside, False)) is None:
            outside.append(path)
        else:
            wants.append(want)
    if missing or outside:
        raise PathError(missing, outside, near)
    named = [want for want in wants if want.file is not None]
    files, _ = _collect(real, [want for want in wants if want.file is None], exclude)
    return sorted({*files, *_collect(real, named, ())[0]}) if named else files


def is_excluded(path: str, exclude: Sequence[str]) -> bool:
    """Whether a path (posix, relative to the root) matches one of the gitignore-style globs."""
    return bool(exclude) and globs(tuple(exclude)).covers(path)


def _relative(real: str, whole: str) -> str | None:
    """A path below a folder, relative to it; None outside."""
    if whole == real:
        return ""
    start = os.path.join(real, "")
    return whole[len(start) :].replace(os.sep, "/") if whole.startswith(start) else None


def _want(real: str, entry: str, wild: bool) -> _Want | None:
    """What an entry asks for; None where it names nothing below the root."""
    if "\0" in entry:
        return None
    inside = _relative(real, os.path.normpath(os.path.join(real, entry))) if entry else ""
    if inside is None:
        return None
    whole = os.path.join(real, inside)
    if os.path.isdir(whole):
        base = _relative(real, os.path.realpath(whole))
        return None if base is None else _Want(base)
    if os.path.lexists(whole):
        base = _relative(real, os.path.realpath(os.path.dirname(whole)))
        return None if base is None else _Want(base, posixpath.join(base, posixpath.basename(inside)))
    if not wild or not any(sign in inside for sign in "*?["):
        return None
    parts = inside.split("/")
    fixed = next(at for at, part in enumerate(parts) if any(sign in part for sign in "*?[\\"))
    return _Want("/".join(parts[:fixed]), glob=globs(("/" + inside + "/" * entry.endswith("/"),)))


def _collect(real: str, wants: list[_Want], exclude: Sequence[str]) -> tuple[list[str], list[_Want]]:
    """The readable files of all wants, and the wants that have any (before `exclude`)."""
    if not wants:
        return [], []
    bases = sorted({want.base for want in wants if want.file is None})
    seen = set(_git(real, bases) or _walk(real, bases)) if bases else set[str]()
    environments = {path[:-11] for path in seen if path.endswith("/pyvenv.cfg")}
    out = globs(tuple(exclude)) if exclude else None
    single = {want.file: want for want in wants if want.file is not None}
    folders: dict[str, list[_Want]] = {}
    matched: dict[int, _Want] = {}
    chosen: set[str] = set()
    links: list[str] = []
    for path in seen.union(single):
        folder, _, name = path.rpartition("/")
        covering = folders.get(folder)
        if covering is None:
            covering = folders[folder] = _covering(real, folder, wants, environments)
        by = [want for want in covering if want.glob is None or want.glob.covers(path)]
        if path in single:
            by.append(single[path])
        if not by:
            continue
        mode = _readable(f"{real}/{path}", name)
        if mode:
            matched.update((id(want), want) for want in by)
            if out is None or not out.covers(path):
                links.append(path) if stat.S_ISLNK(mode) else chosen.add(path)
    for path in sorted(links):
        target = _relative(real, os.path.realpath(f"{real}/{path}"))
        # what is read under its own name is not read again under a link's
        if target is not None and target not in chosen:
            chosen.add(path)
    return sorted(chosen), list(matched.values())
