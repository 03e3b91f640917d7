"""What is read of a file only when a rule asks: its size, its outline, what it makes by given means."""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Callable
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from hardcut.engine.cache import Cache, packed
from hardcut.engine.dependencies import Recorder, query
from hardcut.engine.reading import (
    read_absence,
    read_binds,
    read_bodies,
    read_fingerprints,
    read_made,
    read_measure,
    read_namespace,
    read_outline,
    read_spots,
    read_taught,
)
from hardcut.source.bodies import Body
from hardcut.source.facts import Facts, Guarded, Limit, Span
from hardcut.source.fingerprints import Fingerprint
from hardcut.source.limits import collected
from hardcut.source.measure import Measure
from hardcut.source.modules import Roots
from hardcut.source.namespace import Namespace
from hardcut.source.outline import Made, Outline
from hardcut.source.suppressions import Suppression, suppressions
from hardcut.source.told import Known, Told

if TYPE_CHECKING:
    from hardcut.source.benchmarks import Results
    from hardcut.source.builds.declared import Declared
    from hardcut.source.evidence import Kept
    from hardcut.source.project import Project
    from hardcut.source.python.spot import Spot
    from hardcut.source.settings import Settings
    from hardcut.source.versions.stated import Versions

T = TypeVar("T")
ASSERTING = (b"assert", b"raises", b"ImportError", b"ModuleNotFoundError")
"""A file that names none of these asserts no absence."""


@lru_cache(maxsize=64)
def _asserts(data: bytes) -> bool:
    """Whether a file names one of them; remembered, because each finding of a file asks for it."""
    return any(sign in data for sign in ASSERTING)


def _with_limits(kind: Any) -> Any:
    """The type under which an answer is kept: with the places at which its reading stopped at a bound."""
    return tuple[kind, list[Limit]]


class Partial(Exception):
    """Something was asked that only all of a file tells, of a file that is given in part."""


class Asked(Recorder, ABC):
    """Answers about single files, each made once and kept in the cache."""

    roots: Roots
    cache: Cache
    guarded: frozenset[str]
    project: Project
    partial: str | None = None
    """The path of a file that is given in part."""
    looked: bool = False
    """Whether anything was asked of that part's text."""

    @abstractmethod
    def read(self, path: str) -> bytes:
        """A file's bytes, empty where there is none."""

    @abstractmethod
    def facts(self, path: str) -> Facts:
        """What a file says about the run's words."""

    @abstractmethod
    def digest(self, path: str) -> bytes:
        """The digest of a file's content."""

    @abstractmethod
    def place_of(self, path: str) -> str:
        """What else than its content decides what a file says."""

    @query
    def binds(self, path: str, name: str) -> bool:
        """Whether a Python file binds a name; nothing is parsed where the name does not occur."""

        def look() -> bool:
            data = self.read(path)
            return name.encode("utf-8", "replace") in data and read_binds(data, name)

        return self._kept(f"binds {name}", path, bool, look)

    @query
    def namespace(self, path: str) -> Namespace:
        """What a Python file's code does to its module's namespace, beside what its statements bind."""
        return self._kept(
            "namespace", path, Namespace, lambda: read_namespace(path, self.read(path), self.roots)
        )

    @query
    def declared(self, path: str) -> Declared:
        """The modules that a build file declares."""
        from hardcut.source.builds.declared import Declared
        from hardcut.source.builds.read import read_declared

        return self._kept("declared", path, Declared, lambda: read_declared(path, self.read(path)))

    @query
    def measure(self, path: str, deep: bool) -> Measure:
        """How big a file is; lines alone, unless it is to be parsed."""
        what = "measure" if deep else "lines"
        return self._kept(what, path, Measure, lambda: read_measure(path, self.read(path), deep))

    @query
    def outline(self, path: str) -> Outline:
        """What a Python file hands on."""
        self._whole(path)
        return self._kept("outline", path, Outline, lambda: read_outline(path, self.read(path), self.roots))

    @query
    def fingerprints(self, path: str) -> list[Fingerprint]:
        """What a Python file's bodies look like."""
        return self._kept("fingerprints", path, list[Fingerprint], lambda: read_fingerprints(self.read(path)))

    @query
    def made(self, path: str, leaves: frozenset[str]) -> list[Made]:
        """Where a Python file makes something by means of given last names."""
        self._whole(path)
        label = ",".join(sorted(leaves))
        return self._kept(
            f"made {label}", path, list[Made], lambda: read_made(path, self.read(path), self.roots, leaves)
        )

    @query
    def versions(self, path: str, name: str) -> Versions:
        """What a file states of a distribution's or crate's version."""
        from hardcut.source.versions.read import read_versions
        from hardcut.source.versions.stated import Versions

        return self._kept(
            f"versions {name}", path, Versions, lambda: read_versions(path, self.read(path), name)
        )

    @query
    def evidence(self, path: str) -> Kept:
        """The evidence in a file."""
        from hardcut.source.evidence import Kept, read_evidence

        return self._kept("evidence", path, Kept, lambda: read_evidence(self.read(path)))

    @query
    def benchmarks(self, path: str) -> Results:
        """The benchmark results in a file."""
        from hardcut.source.benchmarks import Results, read_benchmarks

        return self._kept("benchmarks", path, Results, lambda: read_benchmarks(self.read(path)))

    @query
    def settings(self, path: str, of: str) -> Settings:
        """The settings of something in a snapshot."""
        from hardcut.source.settings import Settings, read_settings

        return self._kept(f"settings {of}", path, Settings, lambda: read_settings(path, self.read(path), of))

    @query
    def portable(self, path: str) -> bytes:
        """A digest of a file's content that line endings make no difference to."""

        def digest() -> bytes:
            data = self.read(path)
            text = data if b"\0" in data else data.replace(b"\r\n", b"\n")
            return hashlib.blake2b(text, digest_size=20).digest()

        return self._kept("portable", path, bytes, digest)

    @query
    def asserts_absence(self, path: str, span: Span, imports: bool) -> bool:
        """Whether a Python file asserts that what it names at a place is gone."""
        data = self.read(path)
        if span.cell is not None or not _asserts(data):
            return False
        return self._kept(f"asserts {span} {imports}", path, bool, lambda: read_absence(data, span, imports))

    @query
    def suppressions(self, path: str) -> list[Suppression]:
        """The comments in a Python file that ask linters to be silent."""
        return self._kept("noqa", path, list[Suppression], lambda: suppressions(self.read(path)))

    def spots(self, path: str, places: list[tuple[int, int, int | None]]) -> list[Spot]:
        """What surrounds places (line, column, cell) of a file, so that they are known again elsewhere."""
        return read_spots(path, self.read(path), places)

    @query
    def quotes(self, path: str, name: str) -> bool:
        """Whether a file holds a name as a whole string."""
        from hardcut.source.project import is_quoted

        return is_quoted(self.read(path), name)

    @query
    def swaps(self, path: str) -> bool:
        """Whether a Python file may put something in the place of a module."""
        data = self.read(path)
        return any(sign in data for sign in (b"sys.modules", b"modules[", b"modules.set", b"meta_path"))

    @query
    def bodies(self, path: str, name: str) -> list[Body]:
        """What each definition of a name in a Python file does."""
        self._whole(path)
        make = partial(read_bodies, path, self.read(path), self.roots, name)
        return self._kept(f"body {name}", path, list[Body], make)

    @query
    def taught(self, path: str, known: Known) -> Facts:
        """A Python file's facts, with what it says of failures when it knows what other files tell."""
        guards, told = self._kept(
            self._lesson(known),
            path,
            tuple[list[Guarded], list[Told]],
            lambda: read_taught(path, self.read(path), self.roots, self.guarded, known),
        )
        return msgspec.structs.replace(self.facts(path), guards=guards, told=told)

    def _lesson(self, known: Known) -> str:
        """A short name for what a file is told."""
        label = hashlib.blake2b(packed((known, sorted(self.guarded))), digest_size=16).hexdigest()
        return f"taught {label}"

    def _is_taught(self, path: str, known: Known) -> bool:
        """Whether the cache knows what a file says when it knows what other files tell."""
        key = self.cache.key(self._lesson(known), self.digest(path), path, "", self.place_of(path))
        return self.cache.get(key, _with_limits(tuple[list[Guarded], list[Told]])) is not None

    def _whole(self, path: str) -> None:
        """Say that an answer rests on all of a file."""
        if path == self.partial:
            raise Partial

    def _kept(self, what: str, path: str, kind: type[T], make: Callable[[], T]) -> T:
        key = self.cache.key(what, self.digest(path), path, "", self.place_of(path))
        found: tuple[T, list[Limit]] | None = self.cache.get(key, _with_limits(kind))
        if found is None:
            with collected() as limits:
                made = make()
            found = made, list(limits)
            self.cache.put(key, found)
        self.project.note(path, found[1])
        return found[0]
