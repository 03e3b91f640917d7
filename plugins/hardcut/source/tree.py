"""A project's files as one tree: the working tree on disk here, a revision of it in `revision.py`.

All that reads a project asks a tree, so a run over a revision is the same run over another tree. Paths
are relative to the tree's root, with `/`, and never leave it.
"""

from __future__ import annotations

import os
import posixpath
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Literal

from hardcut.source.files import Listing, listing

Kind = Literal["file", "folder", "link"]


class Tree(ABC):
    """What can be asked of a tree. `root` is the folder on disk that it is, or was, the content of."""

    root: Path

    @abstractmethod
    def entries(self, folder: str) -> dict[str, Kind]:
        """What a folder holds, name by name (`link`: a link to a folder); empty where there is none."""

    @abstractmethod
    def read(self, path: str) -> bytes:
        """A file's bytes; empty where it is not there or cannot be read."""

    @abstractmethod
    def listing(self, check: Sequence[str], exclude: Sequence[str]) -> Listing:
        """The files that `check` names, less `exclude`, and the entries of `check` that match none."""

    @abstractmethod
    def kind(self, path: str) -> Literal["file", "folder"] | None:
        """What a path is, links followed; None where nothing is."""

    def matching(self, pattern: str) -> list[str]:
        """The files and folders that a path or glob (`*`, `?`, `[`, `**`) names, sorted."""
        clean = posixpath.normpath(pattern.rstrip("/") or ".")
        if not any(sign in clean for sign in "*?["):
            return [pattern.rstrip("/")] if self.kind(clean) else []
        parts = clean.split("/")
        found: set[str] = set()
        seen: set[tuple[str, int]] = set()
        waiting = [("", 0)]
        while waiting:
            step = waiting.pop()
            if step in seen:
                continue
            seen.add(step)
            folder, at = step
            if parts[at] == "**":
                if at + 1 < len(parts):
                    waiting.append((folder, at + 1))
                elif folder:
                    found.add(folder)
            for name, kind in self.entries(folder).items():
                path = f"{folder}/{name}" if folder else name
                if parts[at] == "**":
                    if kind == "folder":
                        waiting.append((path, at))
                elif fnmatchcase(name, parts[at]):
                    if at + 1 == len(parts):
                        found.add(path)
                    elif kind != "file":
                        waiting.append((path, at + 1))
        return sorted(found)

    def unreadable(self, paths: Sequence[str]) -> list[str]:
        """Those of some files that are there, and that nobody lets us read."""
        return []

    def holds(self, path: str) -> bool:
        """Whether the tree itself has a file's content, apart from the disk."""
        return False

    def digest_of(self, path: str) -> bytes | None:
        """The digest of a file's content where another tree, in which it is the same, knows it."""
        return None

    def content_of(self, path: str) -> str | None:
        """A name for a file's content that is known without reading it: "" for no file, None for unknown."""
        return None


class DiskTree(Tree):
    """The working tree: the file system, asked anew each time.

    All that was asked is recorded: `looked_at` are paths, `opened` folders, and `patterns` globs.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.looked_at: set[str] = set()
        self.opened: set[str] = set()
        self.patterns: set[str] = set()
        self._real = os.path.realpath(root)

    def entries(self, folder: str) -> dict[str, Kind]:
        """What a folder really holds, so that case counts everywhere.

        Links that leave the root, and all that is neither file nor folder, are not there.
        """
        found: dict[str, Kind] = {}
        self.opened.add(folder)
        try:
            with os.scandir(os.path.join(self._real, folder)) as entries:
                for entry in entries:
                    kind = self._kind(entry)
                    if kind:
                        found[entry.name] = kind
        except (OSError, ValueError):
            return {}
        return found

    def read(self, path: str) -> bytes:
        """A file's bytes; empty where it is not there or cannot be read."""
        self.looked_at.add(path)
        try:
            return (self.root / path).read_bytes()
        except (OSError, ValueError):
            return b""

    def listing(self, check: Sequence[str], exclude: Sequence[str]) -> Listing:
        """The files that `check` names: git's view where there is git, else a walk."""
        return listing(self.root, check, exclude)

    def matching(self, pattern: str) -> list[str]:
        """The files and folders that a path or glob names, sorted."""
        clean = pattern.rstrip("/")
        self.patterns.add(clean)
        try:
            if not any(sign in clean for sign in "*?["):
                return [clean] if (self.root / clean).exists() else []
            return sorted(one.relative_to(self.root).as_posix() for one in self.root.glob(clean))
        except (OSError, ValueError, NotImplementedError):
            return []

    def kind(self, path: str) -> Literal["file", "folder"] | None:
        """What a path is, links followed; None where nothing is."""
        self.looked_at.add(path)
        try:
            place = self.root / path
            return "folder" if place.is_dir() else "file" if place.is_file() else None
        except (OSError, ValueError):
            return None

    def unreadable(self, paths: Sequence[str]) -> list[str]:
        """Those of some files that are there, and that nobody lets us read."""
        places = ((path, os.path.join(self._real, path)) for path in paths)
        return [path for path, place in places if not os.access(place, os.R_OK) and os.path.exists(place)]

    def _kind(self, entry: os.DirEntry[str]) -> Kind | None:
        if entry.is_symlink():
            target = os.path.realpath(entry.path)
            if target != self._real and not target.startswith(os.path.join(self._real, "")):
                return None
            return "link" if os.path.isdir(target) else "file" if os.path.isfile(target) else None
        return "folder" if entry.is_dir() else "file" if entry.is_file() else None


def walk(tree: Tree, folder: str) -> Iterator[str]:
    """The paths of all files below a folder; links to folders are not followed."""
    waiting = [folder]
    while waiting:
        inside = waiting.pop()
        for name, kind in tree.entries(inside).items():
            path = f"{inside}/{name}" if inside else name
            if kind == "file":
                yield path
            elif kind == "folder":
                waiting.append(path)
