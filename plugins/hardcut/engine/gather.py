"""What the files of a tree say: bytes, words and facts, each made once."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial

import msgspec

from hardcut.engine.asked import Asked
from hardcut.engine.cache import Cache, content_digest, packed
from hardcut.engine.dependencies import query
from hardcut.engine.history.base import Base
from hardcut.engine.reading import (
    read_facts,
    read_top_level,
)
from hardcut.source.facts import Definition, Facts, Span, Unreadable
from hardcut.source.importscan import Scan, scan
from hardcut.source.modules import Roots
from hardcut.source.overlay import Overlay
from hardcut.source.prefilter import prefilter_of
from hardcut.source.project import Project
from hardcut.source.suppressions import WORDS as SILENCING
from hardcut.source.textfiles import language_of
from hardcut.source.told import Known
from hardcut.source.tree import Tree

WORD = re.compile(r"\w+")
WORTH_READING = 1_000_000
"""Bytes of Python to parse from which a second process pays for its start (measured on two cores)."""
WORTH_SURVEY = 5_000_000
"""The same for bytes to search for words."""


class Sources(Asked):
    """Bytes, words and facts of one tree's files, each made once and kept in the cache.

    `folders` are the import roots; `given` is a path and the content that stands for its own (source
    that comes over standard input). Of the `words`, those `alone` count in a text though nothing stands
    before them (names of top-level modules), and of the `guarded` ones failures are followed.
    `asked_git` tells whether a run's answer rests on git's history, `lasting` whether it may be kept;
    `base` is what it was compared with (None for not asked).
    `revisions` are the commits that names stood for when it was asked ("" for the base that is found, and
    for no commit). `surveyed` are the words that stand in each file of the surveys.
    """

    contents_recorded_by: Sources | None = None

    def __init__(
        self, tree: Tree, folders: Sequence[str], cache: Cache, given: tuple[str, bytes] | None = None
    ) -> None:
        self.tree = tree
        self.root = tree.root
        self.folders = list(folders)
        self.roots = Roots(tree, folders)
        self.cache = cache
        self.given = dict([given]) if given else {}
        self.project = Project(tree, self.roots, self, folders)
        self.asked_git = False
        self.followed: object = None
        self.lasting = True
        self.revisions: dict[str, str] = {}
        self.base: Base | None = None
        self.words: frozenset[str] = frozenset()
        self.alone: frozenset[str] = frozenset()
        self.guarded: frozenset[str] = frozenset()
        self.across: dict[str, Facts] = {}
        self._known: frozenset[str] | None = None
        self._facts: dict[str, Facts] = {}
        self._languages: dict[str, str | None] = {}
        self._bytes: dict[str, bytes] = {}
        self._released: dict[str, bytes] = {}
        """The digests of contents that were read, and are not kept."""
        self._bound: dict[str, frozenset[str]] = {}
        self._surely_bound: dict[str, frozenset[str]] = {}
        self._scans: dict[str, Scan] = {}
        self.surveyed: dict[str, frozenset[str]] = {}
        self.searched: dict[str, frozenset[str]] = {}
        self.identified: dict[str, frozenset[str]] = {}
        self.vocabulary: set[str] = set()

    def over(self, files: Mapping[str, bytes]) -> Sources:
        """The same files, with other content for some of them; what exists does not change."""
        after = Sources(Overlay(self.tree, {**self.given, **files}), self.folders, self.cache)
        after.roots = self.roots
        # These sources have other words, so their answers about a file count by its content.
        after.contents_recorded_by, after.asked = self, self.asked
        after.project = Project(after.tree, after.roots, after, self.folders)
        return after

    def _vocabulary(self) -> frozenset[str]:
        """All that facts depend on beside the file: the words, which stand alone, which are guarded."""
        if self._known is None:
            self._known = (
                self.words | {f"^{word}" for word in self.alone} | {f"!{word}" for word in self.guarded}
            )
        return self._known

    def give(self, path: str, source: bytes) -> None:
        """Take a file's content from an integration, and forget what was known of it and depends on it.

        Nothing is forgotten if the content is the one that was read.
        """
        same = path not in self.given and self.tree.read(path) == source
        self._facts.pop(path, None)
        self._bound.pop(path, None)
        self._surely_bound.pop(path, None)
        self._scans.pop(path, None)
        self.searched.pop(path, None)
        self.surveyed.pop(path, None)
        self.identified.pop(path, None)
        self.project.limits.pop(path, None)
        if same:
            self._bytes[path] = source
            return
        self.given[path] = source
        self._languages.pop(path, None)
        self.followed = None
        self.project.forget()

    def give_part(self, path: str, part: bytes, words: frozenset[str]) -> None:
        """Take a part of a file's content; `words` are those of the run that stand in the rest of it."""
        self.give(path, part)
        self.partial = path
        self.surveyed[path] = words | self.words_in(part)
        self.searched[path] = self.words

    def words_in(self, data: bytes) -> frozenset[str]:
        """Those of the run's words that stand in some content."""
        return prefilter_of(self.words).words_in(data)

    def record(self, path: str, name: str, *arguments: object) -> None:
        """Note a query."""
        if self.contents_recorded_by is not None:
            self.contents_recorded_by.record(path, "read")
        else:
            super().record(path, name, *arguments)

    @query
    def read(self, path: str) -> bytes:
        """A file's bytes, empty where there is none."""
        return self.contents(path)

    def contents(self, path: str) -> bytes:
        """The same for the engine itself, whose answers are recorded as queries of their own."""
        if path == self.partial:
            self.looked = True
        if path in self.given:
            return self.given[path]
        found = self._bytes.get(path)
        if found is None:
            found = self.tree.read(path)
            if path in self._released and self._released[path] != content_digest(found):
                # It was edited while the run goes on: what else is known of it is about other content.
                self.given[path] = found
                self.lasting = False
            else:
                self._bytes[path] = found
        return found

    def _release(self, path: str) -> None:
        """Forget a file's bytes, which can be read again: most texts have nothing to say."""
        if path not in self.given and self.tree.content_of(path) is None and self._bytes.pop(path, b""):
            self._released[path] = self.digest(path)

    def digest(self, path: str) -> bytes:
        """The digest of a file's content."""
        name = self.tree.content_of(path) if path not in self.given else None
        if name is not None:
            known = self.tree.digest_of(path)
            return known if known is not None else self.cache.digest_of_blob(name, path, self.contents)
        return self.cache.digest(path, self.given.get(path), self.contents)

    def give_up(self, path: str) -> None:
        """Take a file for one of which nothing can be known; no cache hears of it."""
        why = Unreadable(Span(1, 1, 1, 1), "cannot be read: permission denied")
        self._facts[path] = Facts(path, None, unreadable=[why])
        self.lasting = False

    @query
    def facts(self, path: str) -> Facts:
        """What a file says about the run's words."""
        if not self._knows(path):
            self._facts[path] = self._fresh_facts(path)
            if path != self.partial:
                self.cache.put(self._facts_key(path), self._facts[path])
        self.project.note(path, self._facts[path].limits)
        return self._facts[path]

    def _knows(self, path: str) -> bool:
        """Whether a file's facts are at hand, or else in the cache."""
        if path not in self._facts and path != self.partial:
            found = self.cache.get(self._facts_key(path), Facts)
            if found is not None:
                self._facts[path] = found
        return path in self._facts

    def _facts_key(self, path: str) -> bytes:
        return self.cache.key("facts", self.digest(path), path, self._vocabulary(), self.place_of(path))

    def _fresh_facts(self, path: str) -> Facts:
        data = self.read(path)
        words = self._words_in(path)
        if language_of(path, data[:256]) not in ("python", "notebook") and not _imports(data):
            words = frozenset(word for word in words if word in self.alone or _is_named(word, data))
        return read_facts(path, data, words, self.roots, self.guarded)

    @query
    def top_level(self, path: str) -> list[Definition]:
        """All names that a Python file binds."""
        make = partial(read_top_level, path, self.read(path), self.roots)
        return self._kept("names", path, list[Definition], make)

    @query
    def surely_bound(self, path: str) -> frozenset[str]:
        """Names that a Python file surely binds at its outermost level, not all of them."""
        found = self._surely_bound.get(path)
        if found is None:
            found = self._surely_bound[path] = self.bound(path).difference(self.scan(path).unsure)
        return found

    @query
    def bound(self, path: str) -> frozenset[str]:
        """Names that a Python file may bind at its outermost level."""
        found = self._bound.get(path)
        if found is None:
            found = self._bound[path] = frozenset(self.scan(path).names)
        return found

    def language(self, path: str) -> str | None:
        """The language of a file: by its name, or by the first line of a script without a suffix."""
        if path not in self._languages:
            self._languages[path] = language_of(path)
        known = self._languages[path]
        if known is None and "." not in path[path.rfind("/") + 1 :]:
            return self.language_of_script(path)
        return known

    @query
    def language_of_script(self, path: str) -> str | None:
        """The language of a file without a suffix, by its first line."""
        return language_of(path, self.contents(path)[:256])

    @query
    def scan(self, path: str) -> Scan:
        """A quick look at a Python file's imports and names."""
        return self._scanned(path)

    def _scanned(self, path: str) -> Scan:
        found = self._scans.get(path)
        if found is None:
            key = self.cache.key("scan", self.digest(path), "", "", "")
            found = self.cache.get(key, Scan)
            if found is None:
                found = scan(self.contents(path))
                self.cache.put(key, found)
            self._scans[path] = found
        return found

    def survey(self, paths: list[str], words: frozenset[str], jobs: int | None) -> dict[str, frozenset[str]]:
        """The words that stand in each file; on the way, a quick look at what Python files import."""
        fresh = [path for path in paths if not words <= self.searched.get(path, frozenset())]
        prefilter, label = prefilter_of(words), self.cache.label(words)
        keys = {path: self.cache.key("words", self.digest(path), "", label, "") for path in fresh}
        found: dict[str, frozenset[str]] = {}

        def known(path: str) -> bool:
            there = self.cache.get(keys[path], list[str])
            if there is not None:
                found[path] = frozenset(there)
            return there is not None

        def look(path: str) -> None:
            found[path] = prefilter.words_in(self.contents(path))
            self.cache.put(keys[path], sorted(found[path]))
            if self.language(path) == "python":
                self._scanned(path)

        self._spread(fresh, known, look, jobs, WORTH_SURVEY)
        for path in fresh:
            if path not in self._released and self.language(path) not in ("python", "notebook"):
                self._release(path)
        searched: dict[frozenset[str], frozenset[str]] = {}
        for path, there in found.items():
            before = self.searched.get(path, frozenset())
            self.searched[path] = searched.setdefault(before, before | words)
            self.surveyed[path] = self.surveyed.get(path, frozenset()) | there
        return {path: self.surveyed.get(path, frozenset()) & words for path in paths}

    def _words_in(self, path: str) -> frozenset[str]:
        """Those of the run's words that stand in a file."""
        if self.words <= self.searched.get(path, frozenset()):
            return self.surveyed.get(path, frozenset()) & self.words
        return self.words_in(self.read(path))

    def identifiers(self, path: str) -> frozenset[str]:
        """All words of a file's text; what depends on them is recorded for the `vocabulary` only."""
        found = self.identified.get(path)
        if found is None:
            text = self.contents(path).decode("utf-8", "replace")
            # Files share most of their words.
            found = self.identified[path] = frozenset(map(sys.intern, WORD.findall(text)))
        return found

    def place_of(self, path: str) -> str:
        """What else than its content decides what a file says: its module and package."""
        module, is_package = self.roots.module_of(path)
        return f"{module}:{is_package}:{self.roots.package_of(path)}"

    def prepare(self, paths: Iterable[str], jobs: int | None) -> None:
        """Read several files, in a second process too where that is faster.

        The comments in a file that ask linters to be silent are read while its syntax tree is at hand.
        """

        def read(path: str) -> None:
            self.facts(path)
            if (
                not self.surveyed.get(path, frozenset()).isdisjoint(SILENCING)
                and self.language(path) == "python"
            ):
                self.suppressions(path)

        self._spread(paths, self._knows, read, jobs, WORTH_READING)

    def teach(self, known: dict[str, Known], jobs: int | None) -> None:
        """Read several files with what each has to know, in a second process too where that is faster."""

        def is_done(path: str) -> bool:
            return self._is_taught(path, known[path]) and self._knows(path)

        self._spread(known, is_done, lambda path: self.taught(path, known[path]), jobs, WORTH_READING)

    def _spread(
        self,
        paths: Iterable[str],
        known: Callable[[str], bool],
        ask: Callable[[str], object],
        jobs: int | None,
        worth: int,
    ) -> None:
        """Ask about those files of which the answer is not `known`, in two processes where that is faster.

        What another process puts in its cache is put in this one's.
        """
        waiting = [(path, len(self.contents(path))) for path in paths if not known(path)]
        count = jobs if jobs is not None else min(2, os.cpu_count() or 1)
        paying = jobs is not None or sum(size for _, size in waiting) >= worth
        if count > 1 and paying and len(waiting) > 1:
            from hardcut.engine.workers import dealt, spread

            own = os.getpid()

            def work(path: str) -> bytes:
                self.cache.made.clear()
                ask(path)
                return packed(self.cache.made) if os.getpid() != own else b""

            for _, answers in spread(dealt(waiting, count), work):
                made = msgspec.msgpack.decode(answers, type=dict[bytes, bytes]) if answers else {}
                for key, answer in made.items():
                    self.cache.put_packed(key, answer)
        for path, _ in waiting:
            if not known(path):
                ask(path)


def _imports(data: bytes) -> bool:
    """Whether a text may hold an import, in which a mere word can be a module's name."""
    return b"import " in data and b"from " in data


def _is_named(word: str, data: bytes) -> bool:
    """Whether a text names a word as part of a dotted name or a path, and not as a mere word."""
    raw = word.encode("utf-8", "replace")
    return b"." + raw in data or b"/" + raw in data or b":" + raw in data
