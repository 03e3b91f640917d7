"""A tree as a revision of it was, read from git's objects; nothing is checked out."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Sequence
from pathlib import Path
from typing import Literal, Protocol

from hardcut.source.files import Listing
from hardcut.source.git import Objects, git
from hardcut.source.globs import globs
from hardcut.source.textfiles import language_of
from hardcut.source.tree import Kind, Tree
from hardcut.source.walk import is_tool

_LINK, _MODULE = "120000", "160000"


class Near(Protocol):
    """Another tree that knows some files to be the same there; None for all others."""

    def read(self, path: str) -> bytes | None:
        """A file's bytes."""
        ...

    def digest(self, path: str) -> bytes | None:
        """The digest of a file's content."""
        ...


class RevisionTree(Tree):
    """The files of one commit below a root, by their objects.

    `objects` may be shared between trees of one repository. What `near` knows is not read from git.
    `missing` are files whose content was asked for, and whose objects the repository does not hold.
    """

    def __init__(
        self,
        root: Path,
        revision: str,
        objects: Objects | None = None,
        near: Near | None = None,
    ) -> None:
        self.root = root
        self.revision = revision
        self._objects = objects or Objects(root)
        self._near = near
        self.missing: set[str] = set()
        self._names: dict[str, str] = {}
        self._entries: dict[str, dict[str, Kind]] = {"": {}}
        listed = git(root, "ls-tree", "-r", "-z", "--end-of-options", revision, seconds=120)
        self.there = listed is not None
        links: list[tuple[str, str]] = []
        for record in (listed or b"").split(b"\0"):
            head, _, raw = record.partition(b"\t")
            words = head.decode("ascii", "replace").split()
            if len(words) != 3 or words[0] == _MODULE:
                continue
            path = os.fsdecode(raw)
            if words[0] == _LINK:
                links.append((path, words[2]))
            else:
                self._names[path] = words[2]
                self._enter(path, "file")
        for path, name in links:
            self._link(path, name)

    def entries(self, folder: str) -> dict[str, Kind]:
        """What a folder holds, name by name."""
        return self._entries.get(folder.strip("/"), {})

    def read(self, path: str) -> bytes:
        """A file's bytes; empty where it is not there, or its object is missing."""
        name = self._names.get(path)
        if name is None:
            return b""
        near = self._near.read(path) if self._near is not None else None
        found = near if near is not None else self._objects.read(name)
        if found is None:
            self.missing.add(path)
        return found or b""

    def listing(self, check: Sequence[str], exclude: Sequence[str]) -> Listing:
        """The files that `check` names, less `exclude`: what the commit tracks."""
        every = any(posixpath.normpath(one) == "." for one in check)
        wanted = {one: globs((f"/{one.removeprefix('./').rstrip('/')}",)) for one in check}
        out = globs(tuple(exclude)) if exclude else None
        tools = any(is_tool(part) for one in check for part in one.split("/"))
        files: list[str] = []
        matched: set[str] = set()
        for path in self._names:
            by = [one for one, glob in wanted.items() if glob.covers(path)]
            if not (by or every) or not self._is_read(path):
                continue
            if not tools and any(is_tool(part) for part in path.split("/")[:-1]):
                continue
            matched.update(by)
            if out is None or not out.covers(path):
                files.append(path)
        left = [one for one in check if one not in matched and not (files and posixpath.normpath(one) == ".")]
        return Listing(sorted(files), left)

    def kind(self, path: str) -> Literal["file", "folder"] | None:
        """What a path is; None where nothing is."""
        clean = posixpath.normpath(path) if path else "."
        if clean == ".":
            return "folder"
        folder, _, name = clean.rpartition("/")
        found = self.entries(folder).get(name)
        return "folder" if found == "link" else found

    def digest_of(self, path: str) -> bytes | None:
        """The digest of a file that is the same in the tree nearby."""
        return self._near.digest(path) if self._near is not None and path in self._names else None

    def content_of(self, path: str) -> str | None:
        """The name of a file's object; "" for no file."""
        return self._names.get(path, "")

    def _enter(self, path: str, kind: Kind) -> None:
        folder, _, name = path.rpartition("/")
        held = self._entries.get(folder)
        if held is None:
            held = self._entries[folder] = {}
            self._enter(folder, "folder")
        held[name] = kind

    def _link(self, path: str, name: str) -> None:
        """Enter a link whose target lies in the tree, as what that is."""
        target = os.fsdecode(self._objects.read(name) or b"")
        whole = posixpath.normpath(posixpath.join(posixpath.dirname(path), target))
        if not target or target.startswith("/") or whole.startswith(".."):
            return
        if whole in self._names:
            self._names[path] = self._names[whole]
            self._enter(path, "file")
        elif whole in self._entries and not f"{path}/".startswith(f"{whole}/"):
            self._enter(path, "link")
            self._entries.setdefault(path, self._entries[whole])

    def _is_read(self, path: str) -> bool:
        if language_of(path) is not None:
            return True
        return "." not in posixpath.basename(path) and language_of(path, self.read(path)[:256]) is not None
