"""A tree as it would be with some files written or taken away; nothing on disk changes."""

from __future__ import annotations

import hashlib
import posixpath
from collections.abc import Mapping, Sequence
from typing import Literal

from hardcut.source.files import Listing, is_excluded, is_named
from hardcut.source.textfiles import language_of
from hardcut.source.tree import Kind, Tree, walk


class Overlay(Tree):
    """Another tree, with `files` as they are given here: content by path, None for a file that is gone.

    A file that git would ignore is listed all the same. A folder that loses its last file is gone.
    """

    def __init__(self, under: Tree, files: Mapping[str, bytes | None]) -> None:
        self.root = under.root
        self._under = under
        self._files = {posixpath.normpath(path): data for path, data in files.items()}
        self._added: dict[str, dict[str, Kind]] = {}
        self._touched: set[str] = set()
        for path, data in self._files.items():
            kind: Kind = "file"
            while path:
                folder, _, name = path.rpartition("/")
                if data is not None:
                    self._added.setdefault(folder, {})[name] = kind
                self._touched.add(folder)
                path, kind = folder, "folder"

    def entries(self, folder: str) -> dict[str, Kind]:
        """What a folder holds, name by name."""
        folder = folder.strip("/")
        found = self._under.entries(folder)
        if folder not in self._touched:
            return found
        start = f"{folder}/" if folder else ""
        kept = {
            name: kind
            for name, kind in found.items()
            if self._files.get(f"{start}{name}", b"") is not None
            and not (kind == "folder" and self._is_emptied(f"{start}{name}"))
        }
        return {**kept, **self._added.get(folder, {})}

    def read(self, path: str) -> bytes:
        """A file's bytes; empty where it is not there."""
        return (self._files[path] or b"") if path in self._files else self._under.read(path)

    def listing(self, check: Sequence[str], exclude: Sequence[str]) -> Listing:
        """The files that `check` names, less `exclude`."""
        found = self._under.listing(check, exclude)
        here = {path for path in found.files if path not in self._files}
        for path, data in self._files.items():
            wanted = data is not None and is_named(path, check) and not is_excluded(path, exclude)
            if wanted and language_of(path, (data or b"")[:256]) is not None:
                here.add(path)
        return Listing(sorted(here), found.unmatched)

    def kind(self, path: str) -> Literal["file", "folder"] | None:
        """What a path is; None where nothing is."""
        clean = posixpath.normpath(path) if path else "."
        if clean in self._files:
            return None if self._files[clean] is None else "file"
        if clean in self._added:
            return "folder"
        return None if self._is_emptied(clean) else self._under.kind(clean)

    def holds(self, path: str) -> bool:
        """Whether a file's content is given here."""
        return self._files.get(posixpath.normpath(path)) is not None

    def content_of(self, path: str) -> str | None:
        """A name for the content of a file that is given here; else what the other tree says."""
        if path not in self._files:
            return self._under.content_of(path)
        data = self._files[path]
        return "" if data is None else f"given {hashlib.blake2b(data, digest_size=16).hexdigest()}"

    def _is_emptied(self, folder: str) -> bool:
        """Whether a folder has lost files, and holds none any more."""
        return folder in self._touched and folder not in self._added and not any(walk(self, folder))
