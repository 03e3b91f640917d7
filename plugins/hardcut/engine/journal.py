"""Writing several files as one change: a journal keeps what they were until all are written.

The journal is in the user's own folder, outside of the project, so that no checkout can bring a forged one.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Mapping
from hashlib import blake2b
from typing import Final

import msgspec

from hardcut.engine.cachefolder import JOURNAL, CacheFolder

VERSION: Final = "journal 1"
"""Of the format: a journal is read by every version of hardcut that knows it."""
LIMIT: Final = 1 << 30
"""Bytes of a journal that is read."""

Write = Callable[[str, bytes], None]
"""Writes a file in one step, given its whole path."""


class JournalError(Exception):
    """A journal cannot be kept, or not be rolled back; the message says what to do."""


class Written(msgspec.Struct, frozen=True):
    """A file that a change writes: what it was, None for none, and the digest of what it becomes."""

    path: str
    before: bytes | None
    after: bytes | None


class Rollback(msgspec.Struct, frozen=True):
    """What an interrupted change had written: `restored` are as they were, `left` were changed since."""

    restored: list[str]
    left: list[str]


def write_all(root: str, files: Mapping[str, bytes | None], write: Write) -> None:
    """Write files, None for one to remove; if anything fails, all of them are as before.

    `files` are paths relative to the root. Removals come last.

    Raises:
        JournalError: there is no place for the journal; nothing has been written.
    """
    folder = CacheFolder(root, VERSION)
    journal = [
        Written(path, _content(os.path.join(root, path)), None if data is None else _digest(data))
        for path, data in files.items()
    ]
    if not folder.write(JOURNAL, msgspec.msgpack.encode(journal)):
        remedy = folder.note or "let HARDCUT_CACHE_DIR name a folder of your own"
        raise JournalError(f"no journal can be kept, without which nothing is written: {remedy}")
    try:
        for path, data in sorted(files.items(), key=lambda item: item[1] is None):
            whole = os.path.join(root, path)
            if data is None:
                _remove(root, path)
            else:
                os.makedirs(os.path.dirname(whole), exist_ok=True)
                write(whole, data)
    except BaseException:
        roll_back(root, write)
        raise
    _forget(folder)


def roll_back(root: str, write: Write) -> Rollback | None:
    """Restore what an interrupted change has written; None if there was none.

    A file that is neither as it was nor as the change writes it has been changed since, and is left alone.

    Raises:
        JournalError: the journal cannot be read.
    """
    folder = CacheFolder(root, VERSION)
    data = folder.read(JOURNAL, LIMIT)
    if data is None:
        return None
    try:
        journal = msgspec.msgpack.decode(data, type=list[Written])
    except msgspec.DecodeError as problem:
        raise JournalError(f"the journal of an interrupted change cannot be read: {problem}") from None
    restored: list[str] = []
    left: list[str] = []
    for entry in journal:
        whole = os.path.join(root, entry.path)
        now = _content(whole)
        if now == entry.before:
            continue
        if (None if now is None else _digest(now)) != entry.after:
            left.append(entry.path)
        elif entry.before is None:
            _remove(root, entry.path)
            restored.append(entry.path)
        else:
            os.makedirs(os.path.dirname(whole), exist_ok=True)
            write(whole, entry.before)
            restored.append(entry.path)
    _forget(folder)
    return Rollback(restored, left)


def _content(path: str) -> bytes | None:
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError:
        return None


def _digest(data: bytes) -> bytes:
    return blake2b(data, digest_size=16).digest()


def _remove(root: str, path: str) -> None:
    """Remove a file, and the folders that are empty then."""
    with contextlib.suppress(FileNotFoundError):
        os.unlink(os.path.join(root, path))
    folder = os.path.dirname(path)
    while folder:
        try:
            os.rmdir(os.path.join(root, folder))
        except OSError:
            return
        folder = os.path.dirname(folder)


def _forget(folder: CacheFolder) -> None:
    if folder.path is not None:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(folder.path / JOURNAL)
