"""What names of the project catch: types behind constants, and code that keeps failures to itself."""

from __future__ import annotations

from hardcut.source.project import Project

HOPS = 6
"""How many imports in a row are followed."""


class Catching:
    """Answers about dotted paths of one project, from the source of the modules that define them."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._swallowed: dict[tuple[str, str, tuple[str, ...], int], bool] = {}

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

    def swallows(self, path: str, how: str, raised: tuple[str, ...], hops: int = HOPS) -> bool:
        """Whether a context manager, decorator or helper of a module keeps exceptions to itself.

        `how` it is used, as `source.python.swallows` takes it.
        """
        from hardcut.source.python.swallows import swallows

        module, _, name = path.rpartition(".")
        source = self._project.source(module) if module else None
        if source is None or hops <= 0:
            return False
        key = (path, how, raised, hash(source[0]))
        if key not in self._swallowed:
            self._swallowed[key] = False
            told, further = swallows(source[0], name, source[1], how, raised)
            self._swallowed[key] = told or any(
                self.swallows(one, how, raised, hops - 1) for one in further if one != path
            )
        return self._swallowed[key]
