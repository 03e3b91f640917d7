"""Trees that are laid in an archive: no git, no process."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path

from hardcut.source.archive import ArchiveTree


def pack(path: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write files into a zip archive."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return path


def tree_of(folder: Path, name: str, files: Mapping[str, str | bytes]) -> ArchiveTree:
    """A tree of files in memory."""
    return ArchiveTree(pack(folder / f"{name}.zip", files))
