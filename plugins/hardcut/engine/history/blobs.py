"""A cache for runs over many revisions: answers are kept by content, and stay at hand as values."""

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
"""How many answers are held as values, beside their packed form."""
LARGEST = 512 * 1024 * 1024
"""Bytes of a file that is still read."""
ROOM = 384 * 1024 * 1024
"""Bytes of answers beyond which those that the run did not ask for are given up."""
_FILE = "history"


class _Kept(msgspec.Struct, array_like=True):
    answers: dict[bytes, bytes]
    blobs: dict[str, bytes]


class BlobCache(Cache):
    """Answers by content, for as many trees as there are; kept in a file of its own beside the cache."""

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
        """The digest of a git object's content, which never changes; empty for no object."""
        if not name:
            return b""
        found = self._by_name.get(name)
        if found is None:
            data = read(path)
            found = hashlib.blake2b(data, digest_size=16).digest()
            if data:  # An object that is not in this clone reads as nothing, and may be fetched later.
                self._by_name[name] = found
                self._changed = True
        return found

    def get(self, key: bytes, kind: type[T]) -> T | None:
        """A stored answer, None where there is none or it cannot be read."""
        self._touched.add(key)
        if key in self._values:
            return cast("T", self._values[key])
        answer = self._packed.get(key)
        value = self.unpack(answer, kind) if answer is not None else None
        if value is not None:
            self._hold(key, value)
        return value

    def put(self, key: bytes, value: object) -> None:
        """Store an answer, unless it names a path that is no text."""
        self._hold(key, value)
        answer = packed(value)
        if answer:
            self.put_packed(key, answer)

    def put_packed(self, key: bytes, answer: bytes) -> None:
        """Store an answer that is packed already."""
        self._packed[key] = answer
        self._touched.add(key)
        self._changed = True

    def learnt(self) -> bytes:
        """All that this process asked for, for another one to take over."""
        used = {key: self._packed[key] for key in self._touched if key in self._packed}
        return msgspec.msgpack.encode(_Kept(used, self._by_name))

    def take_over(self, learnt: bytes) -> None:
        """Take what another process has learnt."""
        other = msgspec.msgpack.decode(learnt, type=_Kept)
        self._packed.update(other.answers)
        self._touched.update(other.answers)
        self._by_name.update(other.blobs)
        self._changed = True

    def save(self, whole: bool = False) -> None:
        """Nothing yet: a run over one of many trees does not write."""

    def write(self) -> None:
        """Write all that was learnt, if it can be written."""
        if self._history is not None and self._changed:
            self._history.write(_FILE, self._kept())
            self._history.sweep()

    def _kept(self) -> bytes:
        """All answers; where they have grown too large, those that this run asked for."""
        if sum(map(len, self._packed.values())) > ROOM:
            return self.learnt()
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
