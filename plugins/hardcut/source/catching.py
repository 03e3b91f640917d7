"""What names of the project catch: types behind constants, and code that keeps failures to itself."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from hardcut.source.facts import Limit, Span
from hardcut.source.limits import collected
from hardcut.source.project import Project

Does = Literal["swallow", "retry"]
"""What a helper may do with a failure."""
HOPS = 40
"""How many imports in a row are followed to a manager, a helper or a type."""


class Catching:
    """Answers about dotted paths of one project, from the source of the modules that define them."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._helps: dict[tuple[str, str, str, tuple[str, ...], int], bool] = {}
        self._ends: dict[tuple[str, int], tuple[str, ...]] = {}

    def types(self, path: str, bases: bool = False, hops: int = HOPS) -> list[str]:
        """The exceptions that a name of a module stands for.

        Names of built-in ones, and the dotted paths of classes where they are defined; with `bases` their
        base classes too.
        """
        from hardcut.source.python.exceptions import types_of_constant

        defined = self._defined(path)
        if defined is None or not self._may_go_on(defined[3], hops):
            return []
        data, name, package, module = defined
        found: list[str] = []
        with collected() as limits:
            direct = types_of_constant(data, name, module, package, bases)
        self._note(module, limits)
        for one in direct:
            if one == path or "." not in one:
                found.append(one)
            else:
                found += self.types(one, bases, hops - 1)
        return list(dict.fromkeys(found))

    def covers(self, caught: list[str], raised: str) -> bool:
        """Whether a handler for some types catches one of which nothing but its name is known."""
        from hardcut.flow.exceptions import covers

        return covers(caught, raised)

    def helps(self, path: str, how: str, does: Does, raised: tuple[str, ...], hops: int = HOPS) -> bool:
        """Whether a manager, decorator or helper of a module swallows exceptions, or tries again.

        `how` it is used, as `source.python.helping` takes it.
        """
        from hardcut.source.python.helping import helps

        found = self._defined(path)
        if found is None or not self._may_go_on(found[3], hops):
            return False
        data, name, package, module = found
        key = (path, does, how, raised, hash(data))
        if key not in self._helps:
            self._helps[key] = False
            with collected() as limits:
                told, further = helps(data, name, package, does, how, raised, self.ends)
            self._note(module, limits)
            self._helps[key] = told or any(
                self.helps(one, used, does, raised, hops - 1) for one, used in further if one != path
            )
        return self._helps[key]

    def ends(self, path: str, hops: int = HOPS) -> tuple[str, ...]:
        """What a function of a module raises whenever it is called; empty where it may return."""
        from hardcut.source.python.helping import ends

        found = self._defined(path)
        if found is None or not self._may_go_on(found[3], hops):
            return ()
        data, name, package, module = found
        key = (path, hash(data))
        if key not in self._ends:
            self._ends[key] = ()
            with collected() as limits:
                told, further = ends(data, name, package)
            self._note(module, limits)
            known = (self.ends(one, hops - 1) for one in further if one != path)
            self._ends[key] = told or next((one for one in known if one), ())
        return self._ends[key]

    def _may_go_on(self, module: str, hops: int) -> bool:
        """Whether a chain of imports is followed into a module; noted there, where it is not."""
        if hops <= 0:
            what = f"what handles a failure was followed through {HOPS} imports only"
            self._note(module, [Limit(Span(1, 1, 1, 1), what)])
        return hops > 0

    def _note(self, module: str, limits: Iterable[Limit]) -> None:
        path = self._project.file(module)
        if path is not None:
            self._project.note(path, limits)

    def _defined(self, path: str) -> tuple[bytes, str, str | None, str] | None:
        """The source of the module in which a path names something; that name, the package, the module."""
        parts = path.split(".")
        for count in (1, 2):
            module = ".".join(parts[:-count])
            source = self._project.source(module) if module else None
            if source is not None:
                return source[0], ".".join(parts[-count:]), source[1], module
        return None
