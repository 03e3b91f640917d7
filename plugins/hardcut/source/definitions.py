"""Whether a dotted path leads to a definition, as far as the sources show it."""

from __future__ import annotations

from enum import Enum

from hardcut.source.project import Project

OWN_NAMES = frozenset(
    {"__name__", "__doc__", "__file__", "__package__", "__spec__", "__loader__", "__dict__"}
)
"""What every module has, whatever it binds."""


class Standing(Enum):
    """What the sources say about a dotted path."""

    DEFINED = "defined"
    """It is a module, or a module binds the name to something that exists."""
    FOREIGN = "foreign"
    """It is in a package of somebody else, or in a compiled module: there are no sources to read."""
    UNCERTAIN = "uncertain"
    """Only running code tells: a module `__getattr__`, or a star import of a module without sources."""
    CIRCULAR = "circular"
    """Re-exports lead back to the path itself."""
    MISSING = "missing"
    """Nothing binds it."""


def standing(project: Project, path: str) -> Standing:
    """What a dotted path is; re-exports and lazy tables are followed up to a definition.

    A module `__getattr__` counts for nothing by itself: it would give any name the look of a definition.
    """
    return _Search(project).of(path)


class _Search:
    """One question; `trail` are the paths that re-exports led through so far."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._trail: set[str] = set()

    def of(self, path: str) -> Standing:
        project = self._project
        if not project.roots.is_first_party(path):
            return Standing.FOREIGN
        home, _, name = path.rpartition(".")
        if project.exists(path):
            return Standing.DEFINED
        if not home:
            return Standing.MISSING
        if path in self._trail:
            return Standing.CIRCULAR
        self._trail.add(path)
        if not project.exists(home):
            # A member of what is no module comes along with its owner.
            return self.of(home)
        if project.file(home) is None:
            # A namespace package binds nothing by itself; what a compiled module binds is not shown.
            compiled = project.roots.kind(home) == "compiled"
            return Standing.FOREIGN if compiled else Standing.MISSING
        return self._in_module(home, name)

    def _in_module(self, home: str, name: str) -> Standing:
        if name in OWN_NAMES:
            return Standing.DEFINED
        answers = [self._followed(path) for path in self._targets(home, name)]
        if self._is_own(home, name, bool(answers)):
            answers.append(Standing.DEFINED)
        best = _best(answers)
        return best if best is not None else self._by_star(home, name)

    def _followed(self, path: str) -> Standing:
        """What an import leads to. What is bound by an import of somebody else's code is defined."""
        found = self.of(path)
        if found is Standing.FOREIGN:
            return Standing.DEFINED
        if found is Standing.MISSING and self._project.is_built(path.rpartition(".")[0]):
            return Standing.DEFINED
        return found

    def _targets(self, home: str, name: str) -> list[str]:
        """The paths that a module binds a name to at run time, by imports and lazy tables."""
        project = self._project
        checked = project.type_checking_names(home)
        found: dict[str, None] = {}
        for definition in project.defined(home, name):
            if definition.kind == "import" and (name, definition.target) in checked:
                continue
            # `from . import name` in a package binds a submodule, and this one is not there.
            if definition.target and definition.target != f"{home}.{name}":
                found[definition.target] = None
        for row in project.lazy_rows(home):
            if row.name == name:
                found[row.target] = None
        return list(found)

    def _is_own(self, home: str, name: str, imported: bool) -> bool:
        """Whether a module binds a name by a statement of its own that is no import."""
        definitions = self._project.defined(home, name)
        if any(definition.target is None for definition in definitions):
            return True
        # Other statements bind names too (`with`, `global`, a walrus); of an import, more was found above.
        return not imported and not definitions and self._project.binds_itself(home, name)

    def _by_star(self, home: str, name: str) -> Standing:
        """A name that no statement of a module binds by itself: star imports, `__all__`, `__getattr__`."""
        project = self._project
        answers: list[Standing] = []
        dynamic = bool(project.defined(home, "__getattr__")) or project.makes_names(home, name)
        for star in project.starred(home):
            if project.file(star) is None:
                dynamic = True
                continue
            found = self.of(f"{star}.{name}")
            if found is Standing.DEFINED and not project.star_offers(star, name):
                found = Standing.MISSING
            answers.append(found)
        best = _best(answers)
        if best is Standing.DEFINED:
            return best
        if dynamic or best is Standing.UNCERTAIN:
            # The module itself says that it has the name, though not where from.
            return Standing.DEFINED if name in project.exports(home) else Standing.UNCERTAIN
        return best or Standing.MISSING


def _best(answers: list[Standing]) -> Standing | None:
    order = (Standing.DEFINED, Standing.UNCERTAIN, Standing.CIRCULAR, Standing.MISSING)
    return min(answers, key=order.index, default=None)
