"""Which files a run checks: git's view where there is git, else a walk with the same ignores."""

from __future__ import annotations

import os
import posixpath
import stat
from collections.abc import Sequence
from pathlib import Path

import msgspec

from hardcut.source.gitview import git_files
from hardcut.source.globs import Globs, globs
from hardcut.source.textfiles import language_of
from hardcut.source.walk import below, is_tool, walk_files


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


def listing(root: Path, check: Sequence[str], exclude: Sequence[str] = ()) -> Listing:
    """The files that `check` names, less `exclude`, and its entries that match no file that can be read.

    Files are posix paths relative to the root, sorted, unique. Entries are files, folders or globs,
    relative to the root. A file that is named counts though it is ignored by git; a folder, though it is
    one of those that are never entered otherwise.
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
        if "\0" in path or not os.path.lexists(whole):
            missing.append(path)
            continue
        inside = below(near, whole)
        if inside is None:
            inside = below(real, os.path.realpath(whole))
        if inside is None or (want := _want(real, inside, False)) is None:
            outside.append(path)
        else:
            wants.append(want)
    if missing or outside:
        raise PathError(missing, outside, near)
    named = [want for want in wants if want.file is not None]
    files, _ = _collect(real, [want for want in wants if want.file is None], exclude)
    return sorted({*files, *_collect(real, named, ())[0]}) if named else files


def any_file(root: Path, entry: str, exclude: Sequence[str] = (), python: bool = False) -> bool:
    """Whether an entry of a manifest names any readable file that `exclude` leaves, Python or of any kind.

    Looked for up to the first one, so that it costs little. Files that git ignores count: the answer False is
    certain.
    """
    real = os.path.realpath(root)
    want = _want(real, entry, True)
    if want is None:
        return False
    out = globs(tuple(exclude)) if exclude else None

    def fits(path: str) -> bool:
        if (want.glob is not None and not want.glob.covers(path)) or (out is not None and out.covers(path)):
            return False
        return _target(real, path) is not None and (not python or language_of(path) == "python")

    if want.file is not None:
        return fits(want.file)
    waiting = [want.base]
    while waiting:
        folder = waiting.pop()
        try:
            with os.scandir(f"{real}/{folder}") as entries:
                for found in entries:
                    path = f"{folder}/{found.name}" if folder else found.name
                    if not found.is_dir(follow_symlinks=False):
                        if fits(path):
                            return True
                    elif not is_tool(found.name) and (out is None or out.decide(path, True) is not True):
                        waiting.append(path)
        except (OSError, ValueError):
            continue
    return False


def is_excluded(path: str, exclude: Sequence[str]) -> bool:
    """Whether a path (posix, relative to the root) matches one of the gitignore-style globs."""
    return bool(exclude) and globs(tuple(exclude)).covers(path)


def is_named(path: str, check: Sequence[str]) -> bool:
    """Whether an entry of `check` names a path (posix, relative to the root), or a folder above it."""
    if any(one in (".", "./") for one in check):
        return True
    return globs(tuple(f"/{one.removeprefix('./').rstrip('/')}" for one in check)).covers(path)


def _want(real: str, entry: str, wild: bool) -> _Want | None:
    """What an entry asks for; None where it names nothing below the root."""
    if "\0" in entry:
        return None
    inside = below(real, os.path.normpath(os.path.join(real, entry))) if entry else ""
    if inside is None:
        return None
    whole = os.path.join(real, inside)
    if os.path.isdir(whole):
        base = below(real, os.path.realpath(whole))
        return None if base is None else _Want(base)
    if os.path.lexists(whole):
        base = below(real, os.path.realpath(os.path.dirname(whole)))
        return None if base is None else _Want(base, posixpath.join(base, posixpath.basename(inside)))
    if not wild or not any(sign in inside for sign in "*?["):
        return None
    parts = inside.split("/")
    fixed = next(at for at, part in enumerate(parts) if any(sign in part for sign in "*?[\\"))
    return _Want("/".join(parts[:fixed]), glob=globs(("/" + inside + "/" * entry.endswith("/"),)))


def _collect(real: str, wants: list[_Want], exclude: Sequence[str]) -> tuple[list[str], list[_Want]]:
    """The readable files of all wants, and the wants that have any (before `exclude`)."""
    bases = sorted({want.base for want in wants if want.file is None})
    seen = set(git_files(real, bases) or walk_files(real, bases)) if bases else set[str]()
    known = _Folders(real, wants, seen)
    single: dict[str, list[_Want]] = {}
    for want in wants:
        if want.file is not None:
            single.setdefault(want.file, []).append(want)
    out = globs(tuple(exclude)) if exclude else None
    matched: dict[int, _Want] = {}
    chosen: set[str] = set()
    links: list[tuple[str, str]] = []
    for path in seen.union(single):
        by = [want for want in known.wants(path) if want.glob is None or want.glob.covers(path)]
        by += single.get(path, ())
        target = _target(real, path) if by else None
        if target is None:
            continue
        for want in by:
            matched[id(want)] = want
        if out is not None and out.covers(path):
            continue
        if target == path:
            chosen.add(path)
        else:
            links.append((path, target))
    taken = set(chosen)
    for path, target in sorted(links):
        # what is read under its own name, or another link's, is not read again
        if target not in taken:
            taken.add(target)
            chosen.add(path)
    return sorted(chosen), list(matched.values())


class _Folders:
    """Which wants reach into a folder, remembered by folder."""

    def __init__(self, real: str, wants: list[_Want], seen: set[str]) -> None:
        self._real = real
        self._wide = [want for want in wants if want.file is None]
        self._environments = {path[:-11] for path in seen if path.endswith("/pyvenv.cfg")}
        self._plain = {"": True}
        self._known: dict[str, list[_Want]] = {}

    def wants(self, path: str) -> list[_Want]:
        """The wants whose folder holds a path; none in a folder that is never entered, or is a link."""
        folder = path.rpartition("/")[0]
        found = self._known.get(folder)
        if found is None:
            found = [want for want in self._wide if self._reaches(want.base, folder)]
            found = found if found and self._is_plain(folder) else []
            self._known[folder] = found
        return found

    def _reaches(self, base: str, folder: str) -> bool:
        if base and folder != base and not folder.startswith(base + "/"):
            return False
        inside = base
        for part in folder[len(base) :].split("/"):
            if part:
                inside = f"{inside}/{part}" if inside else part
                if is_tool(part) or inside in self._environments:
                    return False
        return True

    def _is_plain(self, folder: str) -> bool:
        """No link and no `..` on the way from the root."""
        for end in (*(at for at, sign in enumerate(folder) if sign == "/"), len(folder)):
            part = folder[:end]
            plain = self._plain.get(part)
            if plain is None:
                try:
                    mode = os.lstat(f"{self._real}/{part}").st_mode
                    plain = stat.S_ISDIR(mode) and part.rpartition("/")[2] not in ("", ".", "..")
                except (OSError, ValueError):
                    plain = False
                self._plain[part] = plain
            if not plain:
                return False
        return True


def _target(real: str, path: str) -> str | None:
    """The path itself for a file that can be read, what it stands for if it is a link, else None."""
    bare = "." not in path[path.rfind("/") + 1 :]
    if language_of(path) is None and not bare:
        return None
    whole = f"{real}/{path}"
    target: str | None = path
    try:
        mode = os.lstat(whole).st_mode
        if stat.S_ISLNK(mode):
            whole = os.path.realpath(whole)
            target = below(real, whole)
            mode = os.lstat(whole).st_mode
        if target is None or not stat.S_ISREG(mode):
            return None
        if bare and language_of(path) is None:
            with open(whole, "rb") as file:
                return target if language_of(path, file.read(256)) else None
    except (OSError, ValueError):
        return None
    return target
