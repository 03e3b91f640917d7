"""The project as a whole: which modules exist, what they bind, and where a name really lives."""

from __future__ import annotations

import hashlib
import posixpath
import re
from collections.abc import Generator, Iterable, Sequence
from typing import TYPE_CHECKING

from hardcut.source.bodies import Body
from hardcut.source.builds.modules import BuiltModules
from hardcut.source.facts import Definition, Facts, Limit, Span
from hardcut.source.fingerprints import Fingerprint
from hardcut.source.measure import Measure
from hardcut.source.modules import Roots
from hardcut.source.namespace import Namespace
from hardcut.source.offers import Offers
from hardcut.source.outline import Entry, Made, Outline
from hardcut.source.reading import Reading
from hardcut.source.tree import Tree, walk

if TYPE_CHECKING:
    from hardcut.source.benchmarks import Results
    from hardcut.source.evidence import Kept
    from hardcut.source.settings import Settings
    from hardcut.source.versions.stated import Versions

Steps = Generator[str, tuple[str, ...] | None, list[str]]


class Project:
    """Answers by the tree, asked when they are needed, remembered for one run.

    `folders` are the import roots.
    """

    def __init__(self, tree: Tree, roots: Roots, reading: Reading, folders: Sequence[str]) -> None:
        self.tree = tree
        self.roots = roots
        self._reading = reading
        self._folders = [one.strip("/") for one in folders]
        self.matched: dict[str, list[str]] = {}
        self.offers = Offers(self)
        self._built = BuiltModules(roots, reading, self._starts())
        self._names: dict[str, dict[str, Definition] | None] = {}
        self._stars: dict[str, list[str]] = {}
        self._defined: dict[str, dict[str, list[Definition]]] = {}
        self._bodies: dict[tuple[str, str], list[Body]] = {}
        self._resolved: dict[str, tuple[str, ...]] = {}
        self._followed: set[str] = set()
        """The names, with their modules, that are being followed now."""
        self.limits: dict[str, dict[Limit, None]] = {}

    def forget(self) -> None:
        """Forget what modules bind, after a file's content changed."""
        self._names.clear()
        self._bodies.clear()
        self.offers.forget()
        self._resolved.clear()

    def note(self, path: str, limits: Iterable[Limit]) -> None:
        """Keep what is not known of a file because an analysis stopped at a bound."""
        for limit in limits:
            self.limits.setdefault(path, {})[limit] = None

    def give_up(self, module: str, what: str) -> None:
        """Note that an analysis stopped at a bound in a module, and what it did not follow."""
        path = self.file(module)
        if path is not None:
            self.note(path, [Limit(Span(1, 1, 1, 1), what)])

    def file(self, module: str) -> str | None:
        """The Python file of a module, None for anything else."""
        found = self.roots.find(module)
        return found if found is not None and found.endswith((".py", ".pyi")) else None

    def exists(self, module: str) -> bool:
        """Whether a module or package of this name is there, compiled ones included."""
        return self.roots.kind(module) is not None

    def leftover(self, module: str, below_only: bool = False) -> list[str]:
        """The files and folders of a module that are there; with `below_only` not its own file."""
        found = self.roots.leftover(module)
        if not below_only:
            return found
        own = module.replace(".", "/")
        return [path for path in found if not _stem_of(path).endswith((own, f"{own}/__init__"))]

    def hollow(self, module: str) -> list[str]:
        """The folders that are left of a module, with nothing in them but Python's own cache."""
        return [] if self.exists(module) else self.roots.hollow(module)

    def matching(self, pattern: str) -> list[str]:
        """The files and folders that a path or glob names, relative to the root."""
        if pattern not in self.matched:
            self.matched[pattern] = self.tree.matching(pattern)
        return self.matched[pattern]

    def measure(self, path: str, deep: bool) -> Measure:
        """How big a file is (lines alone, unless `deep`); a folder is as big as its Python files together."""
        if self.tree.kind(path) != "folder":
            return self._reading.measure(path, deep)
        files = [one for sign in ("py", "pyi") for one in self.matching(f"{path}/**/*.{sign}")]
        return sum((self._reading.measure(one, deep) for one in files), Measure())

    def asserts_absence(self, path: str, span: Span, imports: bool) -> bool:
        """Whether a Python file asserts that what it names at a place is gone.

        `imports` says that a function is called there that imports.
        """
        return self._reading.asserts_absence(path, span, imports)

    def files(self, module: str) -> list[str]:
        """The Python file of a module, and the stub beside it; none for anything else."""
        path = self.file(module)
        if path is None:
            return []
        return [path, f"{path}i"] if self.roots.is_file(f"{path}i") else [path]

    def outline(self, module: str, path: str | None = None) -> Outline | None:
        """What a module, or the one of its files at a path, hands on; None for no Python file."""
        path = path or self.file(module)
        return self._reading.outline(path) if path is not None else None

    def fingerprints(self, path: str) -> list[Fingerprint]:
        """What a Python file's bodies look like."""
        return self._reading.fingerprints(path)

    def is_same(self, other: Project, path: str) -> bool:
        """Whether a file has the content that it has in another tree of the same repository."""
        return self._content(path) == other._content(path)

    def _content(self, path: str) -> str:
        name = self.tree.content_of(path)
        if name is not None:
            return name
        data = self._reading.read(path)
        return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()

    def made(self, module: str, leaves: frozenset[str]) -> list[Made]:
        """Where a module makes something by means of given last names."""
        path = self.file(module)
        return self._reading.made(path, leaves) if path is not None else []

    def versions(self, path: str, name: str) -> Versions:
        """What a file states of a distribution's or crate's version."""
        return self._reading.versions(path, name)

    def evidence(self, path: str) -> Kept:
        """The evidence in a file."""
        return self._reading.evidence(path)

    def benchmarks(self, path: str) -> Results:
        """The benchmark results in a file."""
        return self._reading.benchmarks(path)

    def settings(self, path: str, of: str) -> Settings:
        """The settings of something in a snapshot."""
        return self._reading.settings(path, of)

    def bodies(self, module: str, name: str) -> list[Body]:
        """What each definition of a module's name (`Class.member` too) does."""
        key = (module, name)
        if key not in self._bodies:
            path = self.file(module)
            self._bodies[key] = self._reading.bodies(path, name) if path is not None else []
        return self._bodies[key]

    def defined(self, module: str, name: str) -> list[Definition]:
        """Every definition of one name in a module."""
        self.names(module)
        return self._defined.get(module, {}).get(name, [])

    def starred(self, module: str) -> list[str]:
        """The modules whose every name a module imports."""
        return self._stars[module] if self.names(module) is not None else []

    def imported_modules(self, module: str) -> set[str]:
        """The first-party modules that a module's own code imports."""
        targets = {found.target for found in (self.names(module) or {}).values() if found.target}
        targets.update(self.starred(module))
        known = [target for target in targets if self.roots.is_first_party(target)]
        return {target if self.exists(target) else target.rpartition(".")[0] for target in known}

    def starred_by_stub(self, module: str) -> list[str]:
        """The modules whose every name the stub beside a module imports."""
        stubs = [path for path in self.files(module)[1:] if b"*" in self._reading.read(path)]
        found = [definition for path in stubs for definition in self._reading.top_level(path)]
        return [star.target for star in found if star.kind == "star" and star.target]

    def is_bare(self, path: str) -> bool:
        """Whether a path is a folder that holds no file, or none but Python's own cache."""
        if self.tree.kind(path) != "folder":
            return False
        clean = posixpath.normpath(path)
        # The roots remember where they looked, for a kept answer; the walk follows links out of the tree.
        hollow = "__pycache__" in clean.split("/") or self.roots.is_hollow(clean)
        return hollow and all("__pycache__" in one.split("/") for one in walk(self.tree, path))

    def expected(self, module: str) -> str:
        """The path where a module's file would be: below the root that holds its first package."""
        top = self.roots.find(module.split(".", 1)[0])
        named = self.candidates(module)
        if top is not None:
            for path in named:
                if path.startswith(top.removesuffix("__init__.py").removesuffix(".py")):
                    return path
        return named[0]

    def candidates(self, module: str) -> list[str]:
        """The files and the folder that a module may be, below each import root."""
        name = module.replace(".", "/")
        return [
            f"{start}{name}{ending}"
            for start in self._starts()
            for ending in (".py", "/__init__.py", ".pyi", "")
        ]

    def _starts(self) -> list[str]:
        """The import roots as beginnings of paths."""
        return [f"{folder}/" if folder not in ("", ".") else "" for folder in self._folders]

    def holds_python(self, source: str) -> bool:
        """Whether an import root holds any Python file, up to three folders down."""
        below = ("*.py", "*/*.py", "*/*/*.py", "*.pyi", "*/*.pyi")
        if any(self.tree.matching(f"{source}/{pattern}") for pattern in below):
            return True
        return source.endswith(".py") and bool(self.matching(source))

    def facts(self, module: str) -> Facts | None:
        """What a module says about the run's words."""
        path = self.file(module)
        return self._reading.facts(path) if path is not None else None

    def names(self, module: str) -> dict[str, Definition] | None:
        """All names that a module binds, the last definition of each; None for no Python file."""
        if module not in self._names:
            path = self.file(module)
            found = [] if path is None else self._reading.top_level(path)
            self._names[module] = None if path is None else {one.name: one for one in found}
            every = self._defined[module] = {}
            for one in found:
                every.setdefault(one.name, []).append(one)
            self._stars[module] = [one.target for one in found if one.kind == "star" and one.target]
        return self._names[module]

    def defines(self, module: str, name: str) -> bool:
        """Whether a module defines a name: in its text, at run time, or through a star import.

        A compiled module may define any name.
        """
        waiting, seen = [module], {module}
        while waiting:
            home = waiting.pop()
            names = self.names(home)
            if names is None:
                if self.roots.kind(home) == "compiled":
                    return True
                continue
            if name in names or self._gives(home, name):
                return True
            stars = [star for star in self.starred(home) if star not in seen]
            seen.update(stars)
            waiting += stars
        return False

    def _gives(self, module: str, name: str) -> bool:
        """Whether a module gives a name at run time that its source holds as a whole string."""
        path = self.file(module)
        if path is None or not self._reading.quotes(path, name):
            return False
        return bool(self.defined(module, "__getattr__")) or self.makes_names(module, name)

    def binds_quickly(self, path: str, name: str) -> bool:
        """Whether a Python file surely binds a name, as a quick look finds it; no does not mean no."""
        return name in self._reading.surely_bound(path)

    def binds_itself(self, module: str, name: str) -> bool:
        """Whether a module, or the stub beside it, binds a name by a statement of its own, of any kind."""
        return any(self._reading.binds(path, name) for path in self.files(module))

    def namespace(self, module: str) -> Namespace | None:
        """What a module's code does to its namespace; None for no Python file."""
        path = self.file(module)
        return self._reading.namespace(path) if path is not None else None

    def type_checking_names(self, module: str) -> set[tuple[str, str]]:
        """The names that a module imports for type checkers alone, each with the path that it imports."""
        facts = self.facts(module)
        found = [one for one in (facts.imports if facts is not None else []) if not one.scope and one.module]
        running = {(one.alias, one.path) for one in found if not one.type_checking}
        return {(one.alias, one.path) for one in found if one.type_checking} - running

    def lazy_rows(self, module: str) -> list[Entry]:
        """The rows of a module's lazy tables, if it has a `__getattr__` that may read them."""
        if not self.defined(module, "__getattr__"):
            return []
        outline = self.outline(module)
        return outline.entries if outline is not None else []

    def exports(self, module: str) -> list[str]:
        """What a module's `__all__` lists."""
        namespace = self.namespace(module)
        return (namespace.listed if namespace is not None else None) or []

    def star_offers(self, module: str, name: str) -> bool:
        """Whether a star import of a module binds a name that the module has.

        These are the names in `__all__`, or without it the public ones. If `__all__` may list more than is
        written out, public names count: somebody imports the name by way of the star.
        """
        namespace = self.namespace(module)
        if namespace is None or namespace.listed is None:
            return not name.startswith("_")
        return name in namespace.listed or (namespace.lists_more and not name.startswith("_"))

    def source(self, module: str) -> tuple[bytes, str | None] | None:
        """A Python module's source, and the package that its relative imports start from."""
        path = self.file(module)
        return (self._reading.read(path), self.roots.package_of(path)) if path is not None else None

    def makes_names(self, module: str, name: str) -> bool:
        """Whether a module's code may bind a name at run time by other means than statements."""
        namespace = self.namespace(module)
        if namespace is None:
            return False
        return namespace.is_open or namespace.is_replaced or name in namespace.written

    def swaps(self, module: str) -> bool:
        """Whether a module's source may put something in the place of another module."""
        path = self.file(module)
        return path is not None and self._reading.swaps(path)

    def is_built(self, module: str) -> bool:
        """Whether a missing module may be one that a build makes: by its source, or by the build files."""
        return self._built.may_exist(module)

    def resolve(self, path: str) -> tuple[str, ...]:
        """Where a dotted path leads, through re-exports, aliases and lazy registries.

        The path itself where nothing rebinds it, or where rebindings go in a circle; several where a
        module binds the name more than once.
        """
        if path not in self._resolved:
            self._resolve(path)
        return self._resolved[path]

    def _resolve(self, path: str) -> None:
        """Follow a path as far as it leads; steps wait on a stack of their own, since chains may be long."""
        self._resolved[path] = (path,)
        waiting = [(path, self._follow(path))]
        answer: tuple[str, ...] | None = None
        while waiting:
            current, steps = waiting[-1]
            try:
                needed = steps.send(answer)
            except StopIteration as done:
                waiting.pop()
                answer = self._resolved[current] = tuple(dict.fromkeys(done.value))
                continue
            answer = self._resolved.get(needed)
            if answer is None:
                self._resolved[needed] = (needed,)
                waiting.append((needed, self._follow(needed)))

    def _follow(self, path: str) -> Steps:
        """The paths that one leads to at once; gives each whose own answer is needed, and is sent that."""
        parts = path.split(".")
        for count in range(len(parts) - 1, 0, -1):
            module = ".".join(parts[:count])
            if not self.roots.is_first_party(module):
                break
            facts = self.facts(module)
            if facts is None:
                continue
            own = f"{module}.{parts[count]}"
            if own in self._followed:
                # The name is bound to something below itself: each step would make the path longer.
                break
            self._followed.add(own)
            found = yield from self._targets(facts, module, parts[count], parts[count + 1 :], path)
            self._followed.discard(own)
            if not found:
                break
            return found
        return [path]

    def _targets(self, facts: Facts, module: str, name: str, rest: list[str], path: str) -> Steps:
        """Where the names lead that a module binds a name to, each with the rest of the path."""
        found: list[str] = []
        for target in (yield from self._bound(facts, module, name)):
            whole = ".".join([target, *rest])
            found += [whole] if whole == path else (yield whole) or ()
        return found

    def _bound(self, facts: Facts, module: str, name: str) -> Steps:
        """What a module binds a name to; its own definition is `module.name`."""
        own = f"{module}.{name}"
        found: dict[str, None] = {}
        stars: dict[str, None] = {}
        for one in facts.bound():
            if one.kind == "star" and one.target and one.target != module:
                stars[one.target] = None
            elif one.name == name:
                bound = one.target if one.kind in ("import", "alias", "lazy") else None
                found[bound or own] = None
        if found:
            return list(found)
        for star in stars:
            names = self.names(star)
            if names is not None and (name in names or self._stars[star]):
                target = f"{star}.{name}"
                if (yield target) != (target,) or name in names:
                    return [target]
        return []


def _stem_of(path: str) -> str:
    """A path without the endings of its file: those of `cart.abi3.so` are `.abi3.so`."""
    folder, slash, name = path.rpartition("/")
    return f"{folder}{slash}{name.partition('.')[0]}"


def is_quoted(data: bytes, name: str) -> bool:
    """Whether a source holds a name as a whole string, as a table of lazily given names does."""
    return re.search(rb"""["']%s["']""" % re.escape(name.encode()), data) is not None
