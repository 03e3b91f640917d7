"""A cache for runs over many revisions: results are stored by content, and the latest stay decoded."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar, cast

import msgspec

from hardcut.engine.cache import Cache, own_version, packed
from hardcut.engine.cachefolder import CacheFolder

T = TypeVar("T")
AT_HAND = 40_000
"""How many results are kept decoded, beside their packed form."""
LARGEST = 512 * 1024 * 1024
"""The largest cache file that is read, in bytes."""
ROOM = 384 * 1024 * 1024
"""If all results are larger, in bytes, those that the run did not use are dropped."""
_FILE = "history"


class _Kept(msgspec.Struct, array_like=True):
    answers: dict[bytes, bytes]
    blobs: dict[str, bytes]


class BlobCache(Cache):
    """Results by content, shared by all trees, in a file of its own beside the cache."""

    def __init__(self, root: Path, use: bool = True) -> None:
        super().__init__(root, False)
        self._history = CacheFolder(root, own_version()) if use else None
        self._values: dict[bytes, object] = {}
        self._touched: set[bytes] = set()
        self._by_name: dict[str, bytes] = {}
        self._changed = False
        stored = self._read()
        self._packed: dict[bytes, bytes] = stored.answers if stored is not None else {}
        if stored is not None:
            self._by_name = stored.blobs

    def digest_of_blob(self, name: str, path: str, read: Callable[[str], bytes]) -> bytes:
        """The digest of the content of a git object; empty for no object."""
        if not name:
            return b""
        found = self._by_name.get(name)
        if found is None:
            data = read(path)
            found = hashlib.blake2b(data, digest_size=16).digest()
            if data:  # An object that this clone lacks has no content yet, and may be fetched later.
                self._by_name[name] = found
                self._changed = True
        return found

    def get(self, key: bytes, kind: type[T]) -> T | None:
        """A stored result; None if there is none or it cannot be decoded."""
        self._touched.add(key)
        if key in self._values:
            return cast("T", self._values[key])
        answer = self._packed.get(key)
        value = self.unpack(answer, kind) if answer is not None else None
        if value is not None:
            self._hold(key, value)
        return value

    def put(self, key: bytes, value: object) -> None:
        """Store a result, unless it contains a path that is not valid text."""
        self._hold(key, value)
        answer = packed(value)
        if answer:
            self.put_packed(key, answer)

    def put_packed(self, key: bytes, answer: bytes) -> None:
        """Store a packed result."""
        self._packed[key] = answer
        self._touched.add(key)
        self._changed = True

    def used(self) -> bytes:
        """The results that this process used, packed for another process."""
        used = {key: self._packed[key] for key in self._touched if key in self._packed}
        return msgspec.msgpack.encode(_Kept(used, self._by_name))

    def add(self, results: bytes) -> None:
        """Add the results of another process."""
        other = msgspec.msgpack.decode(results, type=_Kept)
        self._packed.update(other.answers)
        self._touched.update(other.answers)
        self._by_name.update(other.blobs)
        self._changed = True

    def save(self, whole: bool = False) -> None:
        """Do nothing: the results of all trees are written at once, by `write`."""

    def write(self) -> None:
        """Write the results if any is new and the folder can be written to."""
        if self._history is not None and self._changed:
            self._history.write(_FILE, self._kept())
            self._history.sweep()

    def _kept(self) -> bytes:
        """All results, or those that this run used if all are too large."""
        if sum(map(len, self._packed.values())) > ROOM:
            return self.used()
        return msgspec.msgpack.encode(_Kept(self._packed, self._by_name))

    def _hold(self, key: bytes, value: object) -> None:
        if len(self._values) >= AT_HAND:
            self._values.clear()
        self._values[key] = value

    def _read(self) -> _Kept | None:
        stored = self._history.read(_FILE, LARGEST) if self._history is not None else None
        try:
            return msgspec.msgpack.decode(stored, type=_Kept) if stored is not None else None
        except (msgspec.DecodeError, msgspec.ValidationError):
            return None
