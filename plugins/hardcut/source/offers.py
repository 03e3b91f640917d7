"""What a module offers to imports: a name, a submodule, or possibly either."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hardcut.source.project import Project


class Offer(Enum):
    """Whether an import of a name succeeds."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"
    """The module is built, or binds names that its source does not show."""


class Offers:
    """Answers for one run."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._known: dict[tuple[str, str], Offer] = {}

    def forget(self) -> None:
        """Forget every answer, after a file's content changed."""
        self._known.clear()

    def name(self, module: str, name: str) -> Offer:
        """Whether `from module import name` succeeds, for a module that exists."""
        key = (module, name)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._through_stars(module, name)
        return found

    def module(self, module: str) -> Offer:
        """Whether a module or package can be imported, as far as its own name tells: not what is above it.

        A name that its package binds is no module, and a `__getattr__` of the package gives no module.
        """
        project = self._project
        if project.exists(module):
            return Offer.YES
        above, _, _ = module.rpartition(".")
        if not above or project.roots.kind(above) in ("compiled", "namespace", "stub", None):
            return Offer.UNKNOWN
        parts = above.split(".")
        for count in range(len(parts), 0, -1):
            package = ".".join(parts[:count])
            namespace = project.namespace(package)
            if namespace is not None and (namespace.changes_path or namespace.is_replaced):
                return Offer.UNKNOWN
            registered = self._registered(package)
            if module in registered:
                return Offer.YES
            if None in registered:
                return Offer.UNKNOWN
        return Offer.UNKNOWN if project.is_built(module) else Offer.NO

    def _registered(self, package: str) -> set[str | None]:
        """The modules that a package puts into `sys.modules` when it is imported, itself or by its imports.

        Cython's `cython.cimports` is registered by a module that the package star-imports.
        """
        project = self._project
        found: set[str | None] = set()
        for module in {package, *project.imported_modules(package)}:
            namespace = project.namespace(module) if project.swaps(module) else None
            found.update(namespace.registered if namespace is not None else ())
        return found

    def _through_stars(self, module: str, name: str) -> Offer:
        """A name of a module, or of one that it star-imports, directly or not."""
        project = self._project
        waiting, seen = [module], {module}
        best = Offer.NO
        while waiting:
            home = waiting.pop()
            found = self._own(home, name)
            if found is Offer.YES:
                return found
            if found is Offer.UNKNOWN:
                best = found
            for star in (*project.starred(home), *project.starred_by_stub(home)):
                if star not in seen and project.star_offers(star, name):
                    seen.add(star)
                    waiting.append(star)
        return best if best is Offer.UNKNOWN else self.module(f"{module}.{name}")

    def _own(self, module: str, name: str) -> Offer:
        """A name that a module has without its star imports."""
        project = self._project
        if any(project.binds_quickly(path, name) for path in project.files(module)):
            return Offer.YES
        if project.exists(f"{module}.{name}"):
            return Offer.YES
        # What is compiled is not read, and a stub alone stands for something that is built.
        if project.roots.kind(module) not in ("module", "package"):
            return Offer.UNKNOWN
        if project.binds_itself(module, name):
            return Offer.YES
        namespace = project.namespace(module)
        if namespace is None or project.binds_itself(module, "__getattr__"):
            return Offer.UNKNOWN
        if name in namespace.written:
            return Offer.YES
        if namespace.is_open or namespace.is_replaced or namespace.changes_path:
            return Offer.UNKNOWN
        if self._is_set_above(module, name):
            return Offer.YES
        return Offer.UNKNOWN if any(map(self._looks_at_frames, namespace.uses)) else Offer.NO

    def _is_set_above(self, module: str, name: str) -> bool:
        """Whether a package above a module assigns an attribute of it: `base.dialect = Dialect`."""
        above = module.rpartition(".")[0]
        while above:
            namespace = self._project.namespace(above)
            if namespace is not None and f"{module}.{name}" in namespace.sets:
                return True
            above = above.rpartition(".")[0]
        return False

    def _looks_at_frames(self, path: str) -> bool:
        """Whether a path leads to a function that looks at its caller's frame: it may bind names there."""
        project = self._project
        for target in project.resolve(path):
            module, _, name = target.rpartition(".")
            namespace = project.namespace(module) if project.roots.is_first_party(module or name) else None
            if namespace is not None and name in namespace.frames:
                return True
        return False
