"""What names of the project catch: types behind constants, and code that keeps failures to itself."""

from __future__ import annotations

from typing import Literal

from hardcut.source.project import Project

Does = Literal["swallow", "retry"]
"""What a helper may do with a failure."""
HOPS = 6
"""How many imports in a row are followed."""


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

        module, _, name = path.rpartition(".")
        source = self._project.source(module) if module else None
        if source is None or hops <= 0:
            return []
        found: list[str] = []
        for one in types_of_constant(source[0], name, module, source[1], bases):
            if one == path or "." not in one:
                found.append(one)
            else:
                found += self.types(one, bases, hops - 1)
        return list(dict.fromkeys(found))

    def covers(self, caught: list[str], raised: str) -> bool:
        """Whether a handler for some types catches one of which nothing but its name is known."""
        from hardcut.source.python.exceptions import covers

        return covers(caught, raised)

    def helps(self, path: str, how: str, does: Does, raised: tuple[str, ...], hops: int = HOPS) -> bool:
        """Whether a manager, decorator or helper of a module swallows exceptions, or tries again.

        `how` it is used, as `source.python.helping` takes it.
        """
        from hardcut.source.python.helping import helps

        found = self._defined(path)
        if found is None or hops <= 0:
            return False
        data, name, package = found
        key = (path, does, how, raised, hash(data))
        if key not in self._helps:
            self._helps[key] = False
            told, further = helps(data, name, package, does, how, raised, self.ends)
            self._helps[key] = told or any(
                self.helps(one, used, does, raised, hops - 1) for one, used in further if one != path
            )
        return self._helps[key]

    def ends(self, path: str, hops: int = HOPS) -> tuple[str, ...]:
        """What a function of a module raises whenever it is called; empty where it may return."""
        from hardcut.source.python.helping import ends

        found = self._defined(path)
        if found is None or hops <= 0:
            return ()
        data, name, package = found
        key = (path, hash(data))
        if key not in self._ends:
            self._ends[key] = ()
            told, further = ends(data, name, package)
            known = (self.ends(one, hops - 1) for one in further if one != path)
            self._ends[key] = told or next((one for one in known if one), ())
        return self._ends[key]

    def _defined(self, path: str) -> tuple[bytes, str, str | None] | None:
        """The source of the module that a path names something of, the name in it, and the package."""
        parts = path.split(".")
        for count in (1, 2):
            source = self._project.source(".".join(parts[:-count])) if len(parts) > count else None
            if source is not None:
                return source[0], ".".join(parts[-count:]), source[1]
        return None
