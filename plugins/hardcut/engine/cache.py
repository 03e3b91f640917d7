"""The cache: answers by content, kept in two files in the user's cache folder, each replaced as a whole."""

from __future__ import annotations

import hashlib
import os
import re
import sys
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import msgspec

import hardcut
from hardcut.engine.cachefolder import CacheFolder

T = TypeVar("T")
SETTLED = 2_000_000_000
"""Nanoseconds after which a file's time stamp can be trusted to change with the next edit."""
LARGEST = 256 * 1024 * 1024
"""Bytes of a file that is still read; of more answers, only the latest run's are written."""
GENERATIONS = 8
"""Whole runs after which an answer that none of them used is dropped."""
OUTCOMES = 8
"""Outcomes of whole runs that are kept."""
_PREFIX = 8
"""Bytes at a key's beginning that are those of the content's digest."""
Stamp = tuple[int, int, int, int]
_LIBRARY = re.compile(
    r"(ahocorasick_rs|ast_serialize|msgspec|packaging|pyyaml|tree_sitter(_python|_toml)?)-.*\.dist-info", re.I
)


@cache
def own_version() -> str:
    """hardcut's version, with a stamp of its own files, of Python and of the libraries that read files.

    An edited checkout does not trust old answers, and neither does another environment: installers link
    the same files, with the same stamps, into several.
    """
    stamp = hashlib.blake2b(digest_size=8)
    stamp.update(f"{sys.version_info};{_libraries()};".encode("utf-8", "surrogateescape"))
    for folder, _, names in sorted(os.walk(os.path.dirname(hardcut.__file__))):
        for name in sorted(names):
            if name.endswith(".py"):
                state = os.stat(os.path.join(folder, name))
                stamp.update(f"{name}:{state.st_mtime_ns}:{state.st_size};".encode())
    return f"{hardcut.__version__}:{stamp.hexdigest()}"


def _libraries() -> list[str]:
    """The installed versions of the libraries, by the folders of their metadata.

    importlib.metadata knows them too, but takes 20 ms to load.
    """
    found: set[str] = set()
    for folder in sys.path:
        try:
            found.update(filter(_LIBRARY.match, os.listdir(folder)))
        except OSError:
            continue
    return sorted(found)


class _Stamps(msgspec.Struct, array_like=True):
    """Digests of files by path, with the stamp and the time they were taken; outcomes by key; git's blobs."""

    stamps: dict[str, tuple[Stamp, int, bytes]] = {}
    outcomes: dict[bytes, bytes] = {}
    blobs: dict[str, bytes] = {}


class _Answers(msgspec.Struct, array_like=True):
    """Packed answers about single files by key; the first table's were used by the latest whole run."""

    generations: list[dict[bytes, bytes]] = []


class Cache:
    """Answers keyed by a digest of everything they depend on.

    A file's content is digested anew unless its stamp (modification and change time, size, inode) is
    the one recorded, and was recorded well after the file's last change: an edit within the same
    second is seen. Parallel runs each replace the files atomically; the last one wins, none is wrong.
    """

    def __init__(self, root: Path, use: bool = True) -> None:
        self.root = root
        self._folder = CacheFolder(root, own_version()) if use else None
        self._known = self._load("stamps", _Stamps) or _Stamps()
        self._answers: list[dict[bytes, bytes]] | None = None
        self._used: dict[bytes, bytes] = {}
        self._stamps: dict[str, tuple[Stamp, int, bytes]] = {}
        self._outcomes: dict[bytes, bytes] = {}
        self._digests: dict[str, bytes] = {}
        self._blobs: dict[str, bytes] = {}
        self._new_answers = self._new_stamps = False
        self._labels: dict[int, tuple[object, str]] = {}
        self._decoders: dict[Any, msgspec.msgpack.Decoder[Any]] = {}
        self._given: dict[str, bytes] = {}
        self._passing: dict[bytes, bytes] = {}
        self._unkept: set[bytes] = set()
        self.made: dict[bytes, bytes] = {}

    @property
    def note(self) -> str:
        """Why no cache is used, if the user should know; else empty."""
        return self._folder.note if self._folder is not None else ""

    def _load(self, name: str, kind: type[T]) -> T | None:
        stored = self._folder.read(name, LARGEST) if self._folder is not None else None
        try:
            return msgspec.msgpack.decode(stored, type=kind) if stored is not None else None
        except (msgspec.DecodeError, msgspec.ValidationError):
            return None

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
            found = content_digest(read(path))
            self._stamps[path] = (stamp, seen, found)
            self._new_stamps = True
        self._digests[path] = found
        return found

    def _digest_of(self, path: str, given: bytes) -> bytes:
        """The digest of content that is no file's: answers about it last until there is other content."""
        found = content_digest(given)
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
            found = content_digest(data)
            if not data:  # An object that is not in this clone reads as nothing, and may be fetched later.
                return found
            self._new_stamps = True
        self._blobs[name] = found
        return found

    def digests(self) -> dict[str, bytes]:
        """All digests that this run asked for, by path."""
        return dict(self._digests)

    def key(self, kind: str, content: bytes, path: str, words: frozenset[str] | str, place: str) -> bytes:
        """A key over everything that an answer depends on; it begins as the content's digest does."""
        label = words if isinstance(words, str) else self.label(words)
        text = "\x00".join((kind, path, label, place)).encode("utf-8", "surrogateescape")
        rest = hashlib.blake2b(content + text, digest_size=12).digest()
        key = content[:_PREFIX].ljust(_PREFIX, b"\0") + rest
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
        answer = self._used.get(key) or self._passing.get(key) or self._stored(key)
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

    def _stored(self, key: bytes) -> bytes | None:
        return next((answers[key] for answers in self._generations() if key in answers), None)

    def _generations(self) -> list[dict[bytes, bytes]]:
        if self._answers is None:
            stored = self._load("answers", _Answers)
            self._answers = stored.generations if stored is not None else []
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
        self._new_answers = True

    def outcome(self, key: bytes) -> bytes | None:
        """A whole run's packed outcome."""
        return self._known.outcomes.get(key)

    def put_outcome(self, key: bytes, answer: bytes) -> None:
        """Store a whole run's packed outcome; the latest few are kept."""
        if answer:
            self._outcomes = {key: answer}
            self._new_stamps = True

    def save(self, whole: bool = False) -> None:
        """Write what is new, if it can be written.

        A run over some files keeps all that it did not use. One over the `whole` project drops what is
        about contents that no file has any more, and what several such runs have not used.
        """
        if self._folder is None or not (self._new_answers or self._new_stamps):
            return
        self._merge_others()
        stamps = {**self._known.stamps, **self._stamps}
        blobs = {**self._known.blobs, **self._blobs}
        if whole:
            gone = {path for path in stamps if path not in self._digests and not self._is_file(path)}
            stamps = {path: stamp for path, stamp in stamps.items() if path not in gone}
            blobs = self._blobs or blobs
        stamps = {path: stamp for path, stamp in stamps.items() if path.isprintable()}
        if self._new_answers:
            contents = {stamp[2] for stamp in stamps.values()} | set(blobs.values())
            kept = self._aged(contents) if whole else self._with_used()
            data = msgspec.msgpack.encode(_Answers(kept))
            if len(data) > LARGEST:
                data = msgspec.msgpack.encode(_Answers([self._used]))
            self._folder.write("answers", data)
        older = [item for item in self._known.outcomes.items() if item[0] not in self._outcomes]
        outcomes = {**dict(older[-OUTCOMES + 1 :]), **self._outcomes}
        self._folder.write("stamps", msgspec.msgpack.encode(_Stamps(stamps, outcomes, blobs)))
        self._folder.sweep()
        self._new_answers = self._new_stamps = False

    def _merge_others(self) -> None:
        """Take what other runs have written meanwhile: a language server runs for days."""
        assert self._folder is not None
        if self._folder.is_replaced("answers"):
            self._answers = None
        if self._folder.is_replaced("stamps"):
            self._known = self._load("stamps", _Stamps) or self._known

    def _with_used(self) -> list[dict[bytes, bytes]]:
        """All stored answers, those that were used among the latest."""
        latest, *older = self._generations() or [{}]
        used = self._used.keys()
        older = [{key: answers[key] for key in answers.keys() - used} for answers in older]
        return [{**latest, **self._used}, *older]

    def _aged(self, contents: set[bytes]) -> list[dict[bytes, bytes]]:
        """The used answers, then those about present contents that the latest runs have not used."""
        alive = {content[:_PREFIX] for content in contents}
        older = [
            {
                key: answer
                for key, answer in answers.items()
                if key not in self._used and key[:_PREFIX] in alive
            }
            for answers in self._generations()[: GENERATIONS - 1]
        ]
        return [self._used, *older]

    def _is_file(self, path: str) -> bool:
        try:
            return os.path.isfile(self.root / path)
        except ValueError:
            return False


def content_digest(data: bytes) -> bytes:
    """The digest of a file's content, as `Cache.digest` gives it."""
    return hashlib.blake2b(data, digest_size=16).digest()


def packed(value: object) -> bytes:
    """A value as MessagePack; empty where it holds text that is no Unicode (a hostile file name)."""
    try:
        return msgspec.msgpack.encode(value)
    except UnicodeEncodeError:
        return b""
