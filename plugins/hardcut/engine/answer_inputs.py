"""What the answer of a whole run depends on: the files and folders that `stored_answer.py` compares by stamp.

An answer that cannot be tied to stamps is not stored. Examples are a base that a reflog names, a file system
whose clock is not known, a repository that git cannot read, and a change while the run went on.
"""

from __future__ import annotations

import os
import posixpath
import re
import stat
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import hardcut
from hardcut.engine.gather import Sources
from hardcut.engine.options import Options
from hardcut.engine.stored_answer import (
    SKEW,
    Answer,
    Printed,
    Request,
    Stamps,
    content_of,
    digest_of,
    is_settled,
)
from hardcut.plan.discover import MANIFEST, PROJECT
from hardcut.source.git import git, top
from hardcut.source.processes import program
from hardcut.source.tree import DiskTree
from hardcut.source.walk import walked

MOST_PATHS = 200_000
"""Files and folders that an answer may depend on."""
MOST_REFS = 5_000
_LOCAL = frozenset(
    (
        *("bcachefs", "btrfs", "ext2", "ext3", "ext4", "f2fs", "jfs", "overlay", "ramfs", "reiserfs"),
        *("tmpfs", "xfs", "zfs"),
    )
)
"""File systems of Linux that no other machine writes to: the times in them are the system clock's."""
_REVISION = re.compile(r"[\w./^~-]+")
_BARE = ("HEAD", "commondir", "objects", "refs")
"""Names by which git takes a folder for a bare repository."""


class Untied(Exception):
    """The answer depends on something that no stamp tells about."""


def store_answer(request: Request, options: Options, sources: Sources, printed: Printed) -> bool:
    """Store what a run printed with what it depends on; whether that was possible."""
    try:
        inputs = _Inputs(request, options, sources)
        contents = inputs.contents()
        paths = inputs.paths()
        stamps = _settled_stamps(paths, request)
    except (Untied, OSError, UnicodeError, ValueError):
        return False
    dated = options.today is None and any(plan.manifest.waiver for plan in options.plans)
    day = tuple(time.localtime()[:3]) if dated else None
    request.store(Answer(printed, day, "\0".join(paths), digest_of(stamps), contents))
    return True


class _Inputs:
    """The paths that a run depends on, most of them relative to the working directory."""

    def __init__(self, request: Request, options: Options, sources: Sources) -> None:
        if not sources.lasting or not isinstance(sources.tree, DiskTree):
            raise Untied
        self._request = request
        self._options = options
        self._sources = sources
        self._tree = sources.tree
        self._root = os.path.realpath(options.root)
        self._top = top(self._root)
        self._git: tuple[str, str] | None = self._git_folders() if self._top is not None else None

    def paths(self) -> list[str]:
        """Files and folders by stamp, each once, without those that are compared by content."""
        found = dict.fromkeys(self._every())
        if len(found) > MOST_PATHS:
            raise Untied
        return list(found)

    def contents(self) -> list[tuple[str, bytes]]:
        """Git's files that are written again without a change, by content."""
        if self._git is None:
            return []
        own, common = self._git
        paths = [f"{own}/HEAD", f"{own}/index", f"{common}/packed-refs"]
        return [(path, content_of(path)) for path in paths]

    def _every(self) -> Iterator[str]:
        inside = self._inside()
        start = "" if self._root == self._request.folder else self._root
        for path in inside:
            if "\0" not in path:
                yield os.path.join(start, path) or "."
        yield from self._plans()
        yield from self._ignores()
        if self._git is not None:
            yield from self._repository(*self._git)
        yield from self._program()

    def _inside(self) -> set[str]:
        """What the run looked at below the root, and every folder and text that it may list."""
        checked = [entry for plan in self._options.plans for entry in plan.manifest.plan.check]
        bases = [self._options.base, *(plan.manifest.plan.base for plan in self._options.plans)]
        if not all(map(_is_plain, bases)):
            raise Untied
        files, folders = walked(self._root, ["", *(entry.rstrip("/") for entry in checked)])
        found = {*files, *folders, *self._sources.cache.digests()}
        found |= self._tree.looked_at | self._tree.opened | set(self._sources.roots.seen())
        for pattern in self._tree.patterns:
            found |= self._matched(pattern)
        return found

    def _matched(self, pattern: str) -> set[str]:
        """The folders whose entries decide what a pattern matches, ignored ones too."""
        if not any(sign in pattern for sign in "*?["):
            return {pattern}
        parts = posixpath.normpath(pattern).split("/")
        fixed = next(at for at, part in enumerate(parts) if any(sign in part for sign in "*?["))
        if fixed == 0 and "**" in parts:
            raise Untied  # All of a project, with what is ignored.
        found: set[str] = set()
        base = "/".join(parts[:fixed])
        deepest = len(parts) if "**" not in parts else sys.maxsize
        waiting = [(base, fixed)]
        while waiting:
            folder, depth = waiting.pop()
            found.add(folder)
            if len(found) > MOST_PATHS:
                raise Untied
            if depth < deepest:
                waiting += [(path, depth + 1) for path in _folders_in(self._root, folder)]
        return found

    def _plans(self) -> Iterator[str]:
        """The manifests, and where others would be found before them."""
        given = [os.path.join(self._root, plan.path) for plan in self._options.plans]
        yield from given
        starts = {self._request.folder, self._root, os.path.abspath(self._options.root)}
        for folder in {*starts, *map(os.path.dirname, given)}:
            yield folder
            for above in _upwards(folder):
                yield os.path.join(above, MANIFEST)
                yield os.path.join(above, PROJECT)

    def _ignores(self) -> Iterator[str]:
        """Ignore files above the root, and repositories that would be found before the one that there is."""
        for folder in _upwards(self._root):
            yield os.path.join(folder, ".gitignore")
            if folder == self._top:
                if os.path.isfile(os.path.join(folder, ".git")):  # A linked work tree or submodule.
                    yield os.path.join(folder, ".git")
                return
            yield os.path.join(folder, ".git")
            yield from (os.path.join(folder, name) for name in _BARE)

    def _git_folders(self) -> tuple[str, str]:
        said = git(self._root, "rev-parse", "--absolute-git-dir", "--git-common-dir")
        lines = os.fsdecode(said or b"").split("\n")
        if len(lines) != 3:
            raise Untied
        return lines[0], os.path.realpath(os.path.join(self._root, lines[1]))

    def _repository(self, own: str, common: str) -> Iterator[str]:
        for folder in dict.fromkeys((own, common)):
            names = (
                "commondir",
                "config",
                "config.worktree",
                "info/attributes",
                "info/exclude",
                "info/grafts",
            )
            yield from (f"{folder}/{name}" for name in (*names, "info/sparse-checkout", "shallow"))
            yield from _below(f"{folder}/refs")
            yield from _below(f"{folder}/reftable")
        yield from self._settings()
        yield program("git")

    def _settings(self) -> Iterator[str]:
        """Git's settings, by the files that they may come from, and the ignore files that they name."""
        home = os.path.expanduser("~")
        shared = os.path.join(os.environ.get("XDG_CONFIG_HOME") or f"{home}/.config", "git")
        yield from ("/etc/gitconfig", f"{home}/.gitconfig")
        yield from (f"{shared}/{name}" for name in ("attributes", "config", "ignore"))
        listed = git(self._root, "config", "--list", "--show-origin", "-z")
        if listed is None:
            raise Untied
        fields = os.fsdecode(listed).split("\0")
        for origin, setting in zip(fields[::2], fields[1::2], strict=False):
            kind, _, place = origin.partition(":")
            key, _, value = setting.partition("\n")
            file = os.path.join(self._root, place) if kind == "file" else ""
            if file:
                yield file
            named = key in ("core.attributesfile", "core.excludesfile")
            if named or (key.startswith(("include.", "includeif.")) and key.endswith(".path")):
                yield os.path.join(os.path.dirname(file), os.path.expanduser(value))

    @staticmethod
    def _program() -> Iterator[str]:
        """hardcut's own files, and the folders of the libraries: an installation changes what they list."""
        for folder, _, names in os.walk(os.path.dirname(hardcut.__file__)):
            if os.path.basename(folder) != "__pycache__":
                yield folder
                yield from (f"{folder}/{name}" for name in names)
        yield from (path or "." for path in sys.path)


def _is_plain(revision: str | None) -> bool:
    """Whether only refs decide what a revision stands for; reflogs and the like have no stamps here."""
    if revision is None:
        return True
    return bool(_REVISION.fullmatch(revision)) and not revision.endswith("_HEAD")


def _settled_stamps(paths: list[str], request: Request) -> Stamps:
    """The stamps of paths, none of which has changed since the run began, or just before.

    Raises:
        Untied: something has, the system's clock was set, or a file system has another clock.
    """
    if abs((time.time_ns() - request.begun) - (time.monotonic_ns() - request.steady)) > SKEW:
        raise Untied
    stamps: Stamps = []
    devices: set[int] = set()
    for path in paths:
        try:
            state = os.stat(path)
        except OSError:
            stamps.append(None)
            continue
        if not is_settled(max(state.st_mtime_ns, state.st_ctime_ns), request.begun):
            raise Untied
        stamps += (state.st_mtime_ns, state.st_ctime_ns, state.st_size, state.st_ino)
        if stat.S_ISDIR(state.st_mode):
            devices.add(state.st_dev)
    if not devices <= _local_devices() and not devices <= (_local_devices() | _device_of_cache(request)):
        raise Untied
    return stamps


def _local_devices() -> set[int]:
    """The file systems of Linux that take times from the system's clock."""
    found: set[int] = set()
    try:
        with open("/proc/self/mountinfo", encoding="utf-8", errors="replace") as stream:
            for line in stream:
                fields = line.split()
                major, _, minor = fields[2].partition(":")
                if fields[fields.index("-") + 1] in _LOCAL:
                    found.add(os.makedev(int(major), int(minor)))
    except OSError:  # Another system than Linux.
        return set()
    return found


def _device_of_cache(request: Request) -> set[int]:
    """The cache folder's file system, if its clock goes as the system's does."""
    folder = request.cache_folder()
    before = time.time_ns()
    clock = folder.clock() if folder is not None else None
    if clock is None or not before - SKEW <= clock[0] <= time.time_ns() + SKEW:
        return set()
    return {clock[1]}


def _upwards(folder: str) -> Iterable[str]:
    return map(str, (Path(folder), *Path(folder).parents))


def _folders_in(root: str, folder: str) -> list[str]:
    try:
        with os.scandir(os.path.join(root, folder)) as entries:
            names = [entry.name for entry in entries if entry.is_dir() and entry.name != ".git"]
    except OSError:
        return []
    return [f"{folder}/{name}" if folder else name for name in names]


def _below(folder: str) -> Iterator[str]:
    """A folder and all in it; a ref that is changed is a file that takes another's place."""
    count = 0
    yield folder
    for inside, folders, files in os.walk(folder):
        count += len(folders) + len(files)
        if count > MOST_REFS:
            raise Untied
        yield from (f"{inside}/{name}" for name in (*folders, *files))
