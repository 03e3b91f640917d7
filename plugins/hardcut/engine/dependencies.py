"""What the outcome of a run depends on, file by file: queries, and digests of their answers.

A file whose content changed is asked again. If every answer is the same, nothing else can differ, and the
outcome still holds (early cutoff). So an edit of code that says nothing about the plan costs the reading of
one file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from functools import update_wrapper
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

import msgspec

if TYPE_CHECKING:
    from hardcut.engine.gather import Sources

S = TypeVar("S", bound="Recorder")
P = ParamSpec("P")
R = TypeVar("R")
_ENCODER = msgspec.msgpack.Encoder(order="deterministic")
"""Sets have another order in each process."""
Query = tuple[str, bytes]
"""The name of a method that takes a path, and its other arguments, packed."""


class Answers(msgspec.Struct, array_like=True):
    """What is kept of one file: digests of its answers; `searched` is the number of a set of words.

    `words` are those of the set that are in the file, `names` the words of its text in the vocabulary.
    """

    queries: list[tuple[str, bytes, bytes]]
    searched: int = -1
    words: bytes = b""
    names: bytes = b""


class Dependencies(msgspec.Struct, array_like=True):
    """The answers about all files of a run, and what they were asked with.

    `words`, `alone` and `guarded` are the run's words, `sets` the sets of words that were looked for, and
    `vocabulary` the names that were looked for in texts.
    """

    words: list[str]
    alone: list[str]
    guarded: list[str]
    sets: list[list[str]]
    vocabulary: list[str]
    files: dict[str, Answers]


class Recorder:
    """Records the queries that are asked about files; those that a query itself asks are part of it.

    `asked` is None where nothing is recorded.
    """

    asked: dict[str, dict[Query, None]] | None = None
    depth: int = 0

    def record(self, path: str, name: str, *arguments: object) -> None:
        """Note a query."""
        if self.asked is not None:
            key = (name, msgspec.msgpack.encode(arguments) if arguments else b"")
            self.asked.setdefault(path, {})[key] = None


def query(
    method: Callable[Concatenate[S, str, P], R],
) -> Callable[Concatenate[S, str, P], R]:
    """A method that answers a query about one file by its content, its place and the arguments alone."""
    name = method.__name__

    def asked(self: S, path: str, /, *args: P.args, **kwargs: P.kwargs) -> R:
        if self.asked is None:
            return method(self, path, *args, **kwargs)
        if self.depth == 0:
            self.record(path, name, *args, *kwargs.values())
        self.depth += 1
        try:
            return method(self, path, *args, **kwargs)
        finally:
            self.depth -= 1

    update_wrapper(asked, method)
    return asked


def recorded(sources: Sources) -> Dependencies:
    """The dependencies of a run that has ended."""
    sets: dict[frozenset[str], int] = {}
    vocabulary = frozenset(sources.vocabulary)
    asked = sources.asked or {}
    sources.asked = None
    files: dict[str, Answers] = {}
    for path in {*asked, *sources.surveyed, *sources.identified}:
        found = Answers([(*each, _answer(sources, path, each)) for each in asked.get(path, ())])
        searched = sources.searched.get(path)
        if searched is not None:
            found.searched = sets.setdefault(searched, len(sets))
            found.words = _digest(sorted(sources.surveyed.get(path, ())))
        if path in sources.identified:
            found.names = _digest(sorted(sources.identifiers(path) & vocabulary))
        files[path] = found
    return Dependencies(
        sorted(sources.words),
        sorted(sources.alone),
        sorted(sources.guarded),
        [sorted(words) for words in sets],
        sorted(vocabulary),
        files,
    )


def hold(sources: Sources, known: Dependencies, changed: Iterable[str]) -> bool:
    """Whether every answer about some files is what it was."""
    sources.words, sources.alone = frozenset(known.words), frozenset(known.alone)
    sources.guarded = frozenset(known.guarded)
    vocabulary = frozenset(known.vocabulary)
    return all(
        path in known.files and _holds(sources, path, known.files[path], known.sets, vocabulary)
        for path in changed
    )


def _holds(
    sources: Sources, path: str, known: Answers, sets: list[list[str]], vocabulary: frozenset[str]
) -> bool:
    if known.searched >= 0:
        words = frozenset(sets[known.searched])
        if _digest(sorted(sources.survey([path], words, 1)[path])) != known.words:
            return False
    if known.names and _digest(sorted(sources.identifiers(path) & vocabulary)) != known.names:
        return False
    if any(_answer(sources, path, (name, packed)) != digest for name, packed, digest in known.queries):
        return False
    # A bound at which an analysis stops is a finding, whatever is asked.
    return path not in sources.project.limits


def _answer(sources: Sources, path: str, asked: Query) -> bytes:
    """A digest of the answer to a query; empty for one that is not asked again."""
    name, packed = asked
    if name == "read":
        return sources.digest(path)
    arguments: Any = msgspec.msgpack.decode(packed, type=_arguments(name)) if packed else ()
    return _digest(getattr(sources, name)(path, *arguments))


def _arguments(name: str) -> Any:
    """The types of a query's arguments; most take names."""
    if name == "made":
        return tuple[frozenset[str]]
    if name == "measure":
        return tuple[bool]
    if name == "asserts_absence":
        from hardcut.source.facts import Span

        return tuple[Span, bool]
    if name == "taught":
        from hardcut.source.told import Known

        return tuple[Known]
    return tuple[str, ...]


def _digest(value: object) -> bytes:
    if isinstance(value, frozenset):
        value = sorted(value)
    try:
        data = _ENCODER.encode(value)
    except UnicodeEncodeError:  # A name that is no text: never equal, so that it is asked anew.
        return b""
    return hashlib.blake2b(data, digest_size=8).digest()
