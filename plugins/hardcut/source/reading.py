"""What the project asks of its files, whoever reads them."""

from __future__ import annotations

from collections.abc import Container
from typing import TYPE_CHECKING, Protocol

from hardcut.source.bodies import Body
from hardcut.source.facts import Definition, Facts, Span
from hardcut.source.fingerprints import Fingerprint
from hardcut.source.measure import Measure
from hardcut.source.namespace import Namespace
from hardcut.source.outline import Made, Outline

if TYPE_CHECKING:
    from hardcut.source.benchmarks import Results
    from hardcut.source.builds.declared import Declared
    from hardcut.source.evidence import Kept
    from hardcut.source.settings import Settings
    from hardcut.source.versions.stated import Versions


class Reading(Protocol):
    """What the project asks of its files; every path is relative to the root."""

    def read(self, path: str) -> bytes:
        """A file's bytes, empty where there is none."""
        ...

    def facts(self, path: str) -> Facts:
        """What a file says about the run's words."""
        ...

    def top_level(self, path: str) -> list[Definition]:
        """The names that a Python file binds, with the members of its classes."""
        ...

    def surely_bound(self, path: str) -> Container[str]:
        """Names that a Python file surely binds, found quickly; not all."""
        ...

    def binds(self, path: str, name: str) -> bool:
        """Whether a Python file binds a name."""
        ...

    def namespace(self, path: str) -> Namespace:
        """What a Python file's code does to its module's namespace, beside what its statements bind."""
        ...

    def declared(self, path: str) -> Declared:
        """The modules that a build file declares."""
        ...

    def asserts_absence(self, path: str, span: Span, imports: bool) -> bool:
        """Whether a Python file asserts that what it names at a place is gone."""
        ...

    def quotes(self, path: str, name: str) -> bool:
        """Whether a file holds a name as a whole string."""
        ...

    def swaps(self, path: str) -> bool:
        """Whether a Python file may put something in the place of a module."""
        ...

    def measure(self, path: str, deep: bool) -> Measure:
        """How big a file is; lines alone, unless it is to be parsed."""
        ...

    def outline(self, path: str) -> Outline:
        """What a Python file hands on."""
        ...

    def fingerprints(self, path: str) -> list[Fingerprint]:
        """What a Python file's bodies look like."""
        ...

    def made(self, path: str, leaves: frozenset[str]) -> list[Made]:
        """Where a Python file makes something by means of given last names."""
        ...

    def versions(self, path: str, name: str) -> Versions:
        """What a file states of a distribution's or crate's version."""
        ...

    def evidence(self, path: str) -> Kept:
        """The evidence in a file."""
        ...

    def benchmarks(self, path: str) -> Results:
        """The benchmark results in a file."""
        ...

    def settings(self, path: str, of: str) -> Settings:
        """The settings of something in a snapshot."""
        ...

    def bodies(self, path: str, name: str) -> list[Body]:
        """What each definition of a name in a Python file does."""
        ...
