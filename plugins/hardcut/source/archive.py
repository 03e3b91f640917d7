"""A wheel or a source distribution as a tree, read in memory.

An archive comes from anywhere: nothing is extracted or run, every name is checked, and sizes have bounds.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import posixpath
import tarfile
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Literal, cast

from hardcut.source.decode import LIMIT
from hardcut.source.files import Listing, is_excluded, is_named
from hardcut.source.textfiles import language_of
from hardcut.source.tree import Kind, Tree

BUILD_FILES = frozenset({"meson.build", ".gitignore"})
"""Files that say what a build makes, and whose names do not say that they are text."""
MOST_MEMBERS = 200_000
MOST_BYTES = 512 * 1024 * 1024
"""Bytes of all text files of an archive, unpacked."""
MOST_UNPACKED = 1024 * 1024 * 1024
"""Bytes of a compressed tar archive, unpacked: what is passed over is unpacked too."""
_NATIVE = (".so", ".pyd")
"""Endings of compiled modules: that they are there is all that is asked of them."""
_DAMAGED = (
    zipfile.BadZipFile,
    tarfile.TarError,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    OSError,
    ValueError,
    NotImplementedError,
    RuntimeError,
    OverflowError,
    KeyError,
    IndexError,
)
"""What the standard library raises for damaged, encrypted and unknown archives."""


class ArchiveError(ValueError):
    """An archive that cannot be read; the message says why."""


class ArchiveTree(Tree):
    """The text files of a wheel, zip or tar archive, and the names of its compiled modules.

    A single folder that holds all the rest, as in a source distribution, is the root. Links, devices, and
    members whose names lead out of the archive are not there; `skipped` are their names, and those of text
    files that are too large.
    """

    def __init__(self, path: Path) -> None:
        self.root = path.parent
        self.skipped: list[str] = []
        self._files: dict[str, bytes] = {}
        self._size = 0
        try:
            with open(path, "rb") as stream:
                if zipfile.is_zipfile(stream):
                    stream.seek(0)
                    self._take_zip(stream)
                else:
                    stream.seek(0)
                    self._take_tar(stream)
        except ArchiveError:
            raise
        except _DAMAGED as problem:
            said = str(problem) or type(problem).__name__
            raise ArchiveError(f"{path}: cannot be read as a wheel, zip or tar archive: {said}") from None
        except (MemoryError, RecursionError):
            raise ArchiveError(f"{path}: cannot be read as an archive: it is too large") from None
        self._strip()
        self._entries: dict[str, dict[str, Kind]] = {"": {}}
        for name in self._files:
            self._enter(name, "file")

    def entries(self, folder: str) -> dict[str, Kind]:
        """What a folder holds, name by name."""
        return self._entries.get(folder.strip("/"), {})

    def read(self, path: str) -> bytes:
        """A file's bytes; empty where it is not there."""
        return self._files.get(path, b"")

    def listing(self, check: Sequence[str], exclude: Sequence[str]) -> Listing:
        """The files that `check` names, less `exclude`."""
        found = [
            path
            for path, data in self._files.items()
            if is_named(path, check) and not is_excluded(path, exclude) and language_of(path, data[:256])
        ]
        return Listing(sorted(found))

    def kind(self, path: str) -> Literal["file", "folder"] | None:
        """What a path is; None where nothing is."""
        clean = posixpath.normpath(path) if path else "."
        if clean == "." or clean in self._entries:
            return "folder"
        return "file" if clean in self._files else None

    def _take_zip(self, stream: IO[bytes]) -> None:
        with zipfile.ZipFile(stream) as archive:
            members = archive.infolist()
            self._count(len(members))
            for member in members:
                if member.is_dir():
                    continue
                is_link = (member.external_attr >> 16) & 0o170000 == 0o120000
                name = None if is_link else _clean(member.filename)
                if name is None or (member.file_size > LIMIT and not name.endswith(_NATIVE)):
                    self._skip(member.filename, name)
                elif name.endswith(_NATIVE):
                    self._files[name] = b""
                elif _is_wanted(name):
                    with archive.open(member) as content:
                        self._take(name, content)

    def _take_tar(self, stream: IO[bytes]) -> None:
        with _unpacked(stream) as unpacked, tarfile.open(fileobj=_Bounded(unpacked), mode="r:") as archive:
            for count, member in enumerate(archive, 1):
                self._count(count)
                if member.isdir():
                    continue
                name = _clean(member.name) if member.isreg() else None
                if name is None or member.size > LIMIT:
                    self._skip(member.name, name)
                elif _is_wanted(name):
                    content = archive.extractfile(member)
                    if content is not None:
                        self._take(name, content)

    def _count(self, members: int) -> None:
        if members > MOST_MEMBERS:
            raise ArchiveError(f"an archive of more than {MOST_MEMBERS:,} files is not read")

    def _skip(self, written: str, name: str | None) -> None:
        if name is None or _is_wanted(name):
            self.skipped.append(written)

    def _take(self, name: str, content: IO[bytes]) -> None:
        """Keep a member's content; its header may state another size than it has."""
        data = content.read(LIMIT + 1)
        if len(data) > LIMIT:
            self.skipped.append(name)
            return
        self._size += len(data)
        if self._size > MOST_BYTES:
            raise ArchiveError(f"an archive with more than {MOST_BYTES >> 20} MiB of text files is not read")
        self._files[name] = data

    def _strip(self) -> None:
        """Take the top folder of a source distribution away."""
        tops = {name.partition("/")[0] for name in self._files}
        if len(tops) != 1 or not all("/" in name for name in self._files):
            return
        (top,) = tops
        if (
            f"{top}/PKG-INFO" in self._files
            or f"{top}/pyproject.toml" in self._files
            or not top.isidentifier()
        ):
            self._files = {name[len(top) + 1 :]: data for name, data in self._files.items()}

    def _enter(self, path: str, kind: Kind) -> None:
        while True:
            folder, _, name = path.rpartition("/")
            known = folder in self._entries
            self._entries.setdefault(folder, {})[name] = kind
            if known:
                return
            path, kind = folder, "folder"


class _Bounded(io.RawIOBase):
    """An unpacked tar archive, of which so much is read: a header may be of any length, and is read whole."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream

    def read(self, size: int = -1) -> bytes:
        """At most `size` bytes.

        Raises:
            ArchiveError: they are too many, or too far behind the beginning.
        """
        if size < 0 or size > 8 * LIMIT or self._stream.tell() + size > MOST_UNPACKED:
            raise ArchiveError(f"an archive of more than {MOST_UNPACKED >> 20} MiB is not read")
        return self._stream.read(size)

    def seek(self, offset: int, whence: int = 0) -> int:
        """Go to an offset.

        Raises:
            ArchiveError: it is too far behind the beginning.
        """
        if offset > MOST_UNPACKED:
            raise ArchiveError(f"an archive of more than {MOST_UNPACKED >> 20} MiB is not read")
        return self._stream.seek(offset, whence)

    def tell(self) -> int:
        """The offset."""
        return self._stream.tell()


def _unpacked(stream: IO[bytes]) -> IO[bytes]:
    """The unpacked content of a tar archive, by its first bytes."""
    magic = stream.read(6)
    stream.seek(0)
    if magic.startswith(b"\x1f\x8b"):
        return cast("IO[bytes]", gzip.open(stream))
    if magic.startswith(b"BZh"):
        return cast("IO[bytes]", bz2.open(stream))
    if magic == b"\xfd7zXZ\0":
        return cast("IO[bytes]", lzma.open(stream))
    return stream


def _clean(name: str) -> str | None:
    """A member's name as a path of a tree; None for one that leads out, or cannot be a path."""
    if not name or "\0" in name or "\\" in name or name.startswith("/") or os.path.isabs(name) or ":" in name:
        return None
    parts = [part for part in name.split("/") if part not in ("", ".")]
    if not parts or ".." in parts or len(name) > 1000:
        return None
    return "/".join(parts)


def _is_wanted(name: str) -> bool:
    """Whether a file is a text file by its name, or has none of an ending, as PKG-INFO."""
    base = posixpath.basename(name)
    return language_of(name) is not None or "." not in base or base in BUILD_FILES
