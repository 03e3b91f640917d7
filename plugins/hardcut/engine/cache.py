"""The cache: answers by content, kept in two files, each replaced as a whole."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import msgspec

import hardcut

T = TypeVar("T")
FOLDER = ".hardcut_cache"
SETTLED = 2_000_000_000
"""Nanoseconds after which a file's time stamp can be trusted to change with the next edit."""
LARGEST = 256 * 1024 * 1024
Stamp = tuple[int, int, int, int]


@cache
def own_version() -> str:
    """hardcut's version, with a stamp of its own files: an edited checkout does not trust old answers."""
    stamp = hashlib.blake2b(digest_size=8)
    for folder, _, names in sorted(os.walk(os.path.dirname(hardcut.__file__))):
        for name in sorted(names):
            if name.endswith(".py"):
                state = os.stat(os.path.join(folder, name))
                stamp.update(f"{name}:{state.st_mtime_ns}:{state.st_size};".encode())
    return f"{hardcut.__version__}:{stamp.hexdigest()}"


class _Stamps(msgspec.Struct, array_like=True):
    """Digests of files by path, with the stamp and the time they were taken; outcomes by key; git's blobs."""

    version: str
    stamps: dict[str, tuple[Stamp, int, bytes]]
    outcomes: dict[bytes, bytes]
    blobs: dict[str, bytes]


class _Answers(msgspec.Struct, array_like=True):
    """Packed answers about single files by key."""

    version: str
    answers: dict[bytes, bytes]


class Cache:
    """Answers keyed by a digest of everything they depend on.

    A file's content is digested anew unless its stamp (modification and change time, size, inode) is
    the one recorded, and was recorded well after the file's last change: an edit within the same
    second is seen. Parallel runs each replace the files atomically; the last one wins, none is wrong.
    """

    def __init__(self, root: Path, use: bool = True) -> None:
        self.root = root
        self.use = use
        self._folder = root / FOLDER
        self._known = self._load("stamps", _Stamps) or _Stamps(own_version(), {}, {}, {})
        self._answers: dict[bytes, bytes] | None = None
        self._used: dict[bytes, bytes] = {}
        self._stamps: dict[str, tuple[Stamp, int, bytes]] = {}
        self._outcomes: dict[bytes, bytes] = {}
        self._digests: dict[str, bytes] = {}
        self._blobs: dict[str, bytes] = {}
        self._fresh = False
        self._labels: dict[int, tuple[object, str]] = {}
        self._decoders: dict[Any, msgspec.msgpack.Decoder[Any]] = {}
        self._given: dict[str, bytes] = {}
        self._passing: dict[bytes, bytes] = {}
        self._unkept: set[bytes] = set()
        self.made: dict[bytes, bytes] = {}

    def _load(self, name: str, kind: type[T]) -> T | None:
        path = self._folder / name
        try:
            if not self.use or path.is_symlink() or path.stat().st_size > LARGEST:
                return None
            stored: Any = msgspec.msgpack.decode(path.read_bytes(), type=kind)
        except (OSError, msgspec.DecodeError, msgspec.ValidationError):
            return None
        return stored if stored.version == own_version() else None

    def digest(self, path: str, given: bytes | None, read: Callable[[str], bytes]) -> bytes:
        """The digest of a file's content, from its stamp where that can be trusted; empty without a file."""
        if given is not None:
            return self._digest_of(path, given)
        found = self._digests.get(path)
        if found is not None:
            return found
        try:
            state = os.stat(self.root / path)
        except (OSError, ValueError):
            self._digests[path] = b""
            return b""
        stamp: Stamp = (state.st_mtime_ns, state.st_ctime_ns, state.st_size, state.st_ino)
        known = self._known.stamps.get(path)
        if known is not None and known[0] == stamp and known[1] - max(stamp[0], stamp[1]) > SETTLED:
            found = known[2]
            self._stamps[path] = known
        else:
            seen = time.time_ns()
            found = hashlib.blake2b(read(path), digest_size=16).digest()
            self._stamps[path] = (stamp, seen, found)
            self._fresh = True
        self._digests[path] = found
        return found

    def _digest_of(self, path: str, given: bytes) -> bytes:
        """The digest of content that is no file's: answers about it last until there is other content."""
        found = hashlib.blake2b(given, digest_size=16).digest()
        if self._given.get(path) != found:
            self._given[path] = found
            self._passing.clear()
            self._unkept.clear()
        return found

    def again(self) -> None:
        """Look at every file's stamp anew: files may have changed."""
        self._known.stamps.update(self._stamps)
        self._digests.clear()

    def digest_of_blob(self, name: str, path: str, read: Callable[[str], bytes]) -> bytes:
        """The digest of a git object's content, which never changes; empty for no object."""
        if not name:
            return b""
        found = self._blobs.get(name) or self._known.blobs.get(name)
        if found is None:
            data = read(path)
            found = hashlib.blake2b(data, digest_size=16).digest()
            if not data:  # An object that is not in this clone reads as nothing, and may be fetched later.
                return found
            self._fresh = True
        self._blobs[name] = found
        return found

    def digests(self) -> dict[str, bytes]:
        """All digests that this run asked for, by path."""
        return dict(self._digests)

    def key(self, kind: str, content: bytes, path: str, words: frozenset[str] | str, place: str) -> bytes:
        """A key over everything that an answer depends on."""
        label = words if isinstance(words, str) else self.label(words)
        text = "\x00".join((kind, path, label, place)).encode("utf-8", "surrogateescape")
        key = hashlib.blake2b(content + text, digest_size=16).digest()
        if self._given and content in self._given.values():
            self._unkept.add(key)
        return key

    def label(self, words: frozenset[str]) -> str:
        """A short name for a set of words."""
        known = self._labels.get(id(words))
        if known is not None and known[0] is words:
            return known[1]
        joined = "\x00".join(sorted(words)).encode("utf-8", "surrogateescape")
        name = hashlib.blake2b(joined, digest_size=12).hexdigest()
        self._labels[id(words)] = (words, name)
        return name

    def get(self, key: bytes, kind: type[T]) -> T | None:
        """A stored answer, None where there is none or it cannot be read."""
        answer = self._used.get(key) or self._passing.get(key) or self._stored().get(key)
        if answer is None:
            return None
        value = self.unpack(answer, kind)
        if value is not None and key not in self._unkept:
            self._used[key] = answer
        return value

    def unpack(self, answer: bytes, kind: type[T]) -> T | None:
        """A packed answer as a value, None where it cannot be read."""
        decoder = self._decoders.get(kind)
        if decoder is None:
            decoder = self._decoders[kind] = msgspec.msgpack.Decoder(kind)
        try:
            value: T = decoder.decode(answer)
        except (msgspec.DecodeError, msgspec.ValidationError):
            return None
        return value

    def _stored(self) -> dict[bytes, bytes]:
        if self._answers is None:
            stored = self._load("answers", _Answers)
            self._answers = stored.answers if stored is not None else {}
        return self._answers

    def put(self, key: bytes, value: object) -> None:
        """Store an answer, unless it names a path that is no text."""
        answer = packed(value)
        if answer:
            self.put_packed(key, answer)

    def put_packed(self, key: bytes, answer: bytes) -> None:
        """Store an answer that is packed already."""
        if key in self._unkept:
            self._passing[key] = answer
            return
        self._used[key] = self.made[key] = answer
        self._fresh = True

    def outcome(self, key: bytes) -> bytes | None:
        """A whole run's packed outcome."""
        return self._known.outcomes.get(key)

    def put_outcome(self, key: bytes, answer: bytes) -> None:
        """Store a whole run's packed outcome; the latest few are kept."""
        if answer:
            self._outcomes = {key: answer}
            self._fresh = True

    def save(self) -> None:
        """Write the cache, unless nothing changed; a folder that cannot be written is left alone."""
        if not self.use or not self._fresh:
            return
        stamps = {**self._known.stamps, **self._stamps}
        stamps = {path: stamp for path, stamp in stamps.items() if path.isprintable()}
        older = [one for one in self._known.outcomes.items() if one[0] not in self._outcomes]
        answers = self._used if len(self._stamps) > 50 else {**self._stored(), **self._used}
        try:
            if self._folder.is_symlink():
                return
            self._folder.mkdir(exist_ok=True)
            ignore = self._folder / ".gitignore"
            if not ignore.exists():
                ignore.write_text("*\n", encoding="utf-8")
            self._replace("answers", _Answers(own_version(), answers))
            outcomes = {**dict(older[-7:]), **self._outcomes}
            self._replace(
                "stamps", _Stamps(own_version(), stamps, outcomes, self._blobs or self._known.blobs)
            )
        except OSError:
            return

    def _replace(self, name: str, value: object) -> None:
        import tempfile

        with tempfile.NamedTemporaryFile(dir=self._folder, delete=False) as stream:
            stream.write(msgspec.msgpack.encode(value))
        os.replace(stream.name, self._folder / name)


def packed(value: object) -> bytes:
    """A value as MessagePack; empty where it holds text that is no Unicode (a hostile file name)."""
    try:
        return msgspec.msgpack.encode(value)
    except UnicodeEncodeError:
        return b""
