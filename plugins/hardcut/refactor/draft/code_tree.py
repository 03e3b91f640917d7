"""The Python modules of a tree, and what each of them defines."""

from __future__ import annotations

import fnmatch
import posixpath
import re
from collections.abc import Iterable, Sequence
from enum import Enum

import msgspec

from hardcut.refactor.draft.code_tokens import Vocabulary
from hardcut.semantic.index import ModuleIndex, index
from hardcut.semantic.scopes import Binding, BindingKind
from hardcut.source.decode import LIMIT, decode
from hardcut.source.layout import NO_PACKAGES, TEST_FOLDERS
from hardcut.source.modules import Roots
from hardcut.source.python.imports import absolute
from hardcut.source.tree import Tree

LONGEST = 400
"""Characters of a module's dotted name: a manifest takes 500, with a symbol."""
TEST_FILES = ("test_*.py", "*_test.py", "conftest.py")
NO_MODULES = frozenset(
    {"conftest", "fabfile", "manage", "noxfile", "runtests", "setup", "tasks", "versioneer"}
)
"""Top-level files that tools run and nobody imports."""


class DefinitionKind(Enum):
    """What a definition is."""

    FUNCTION = "function"
    CLASS = "class"
    VALUE = "value"
    """Of an assignment, or a type alias."""


class Definition(msgspec.Struct, frozen=True, eq=False):
    """A name that a module defines at its top level, with the trigrams and the number of its tokens."""

    module: str
    name: str
    kind: DefinitionKind
    trigrams: frozenset[int]
    size: int

    @property
    def is_private(self) -> bool:
        """Whether the name says that nobody else should use it."""
        return self.name.startswith("_")


class ModuleCode(msgspec.Struct, frozen=True, eq=False):
    """What one module says.

    `bound` are all names that it binds, imported ones too. `imports` are the modules and names that it
    imports, as absolute dotted paths; `stars` the modules that it imports everything from. `own` are names
    that a package binds by nothing but the import of its submodule of that name. `trigrams` and `size` are
    those of the whole file.
    """

    module: str
    path: str
    definitions: dict[str, Definition]
    bound: frozenset[str]
    imports: frozenset[str]
    stars: tuple[str, ...]
    own: frozenset[str]
    trigrams: frozenset[int]
    size: int

    @property
    def is_package(self) -> bool:
        """Whether it is the `__init__` of a package."""
        return posixpath.basename(self.path).startswith("__init__.")

    @property
    def weight(self) -> int:
        """The tokens of all its definitions."""
        return sum(one.size for one in self.definitions.values())


class Surface(msgspec.Struct, frozen=True):
    """What a module says of its own namespace.

    `exported` are the names of `__all__`, None where it has none or cannot be read in full. `written` are
    names that it puts into its namespace. `is_open` says that it may have more names than its source binds.
    """

    exported: frozenset[str] | None
    written: frozenset[str]
    is_open: bool


_KINDS = {
    BindingKind.FUNCTION: DefinitionKind.FUNCTION,
    BindingKind.CLASS: DefinitionKind.CLASS,
    BindingKind.ASSIGNMENT: DefinitionKind.VALUE,
    BindingKind.ANNOTATION: DefinitionKind.VALUE,
    BindingKind.TYPE_ALIAS: DefinitionKind.VALUE,
}


class CodeTree:
    """The modules of one tree that are a project's own code: no tests, and nothing that only tools run.

    `paths` maps each module to its file. `files` are all readable files of the tree.
    """

    def __init__(self, tree: Tree, sources: Sequence[str], vocabulary: Vocabulary) -> None:
        self.tree = tree
        self.sources = list(sources)
        self.roots = Roots(tree, sources)
        self.files = tree.listing(["."], []).files
        self.paths: dict[str, str] = {}
        self._vocabulary = vocabulary
        self._codes: dict[str, ModuleCode] = {}
        self._surfaces: dict[str, Surface] = {}
        for path in self.files:
            if path.endswith(".py"):
                module, _ = self.roots.module_of(path)
                if module is not None and not is_test(path) and self._is_own(module, path):
                    self.paths[module] = path
        # A package's file comes before a module's of the same name, as Python finds it.
        for module in list(self.paths):
            found = self.roots.find(module)
            if found is not None and found.endswith(".py"):
                self.paths[module] = found

    def code(self, module: str) -> ModuleCode:
        """What a module of `paths` says."""
        found = self._codes.get(module)
        if found is None:
            found = self._codes[module] = self._read(module, self.paths[module])
        return found

    def surface(self, module: str) -> Surface:
        """What a module of `paths` says of its own namespace."""
        found = self._surfaces.get(module)
        if found is None:
            found = self._surfaces[module] = _surface(module, self._source(self.paths[module]))
        return found

    def binds(self, module: str, name: str) -> bool | None:
        """Whether a module binds a name, also through star imports; None if its source does not tell."""
        return self._binds(module, name, set())

    def _binds(self, module: str, name: str, seen: set[str]) -> bool | None:
        if module in seen or module not in self.paths:
            return None if module not in seen else False
        seen.add(module)
        code, surface = self.code(module), self.surface(module)
        if name in code.bound or name in surface.written or self.roots.exists(f"{module}.{name}"):
            return True
        answers = [self._star_gives(star, name, seen) for star in code.stars]
        if True in answers:
            return True
        return None if surface.is_open or None in answers else False

    def _star_gives(self, module: str, name: str, seen: set[str]) -> bool | None:
        """Whether a star import of a module gives a name: one that its `__all__` lists, or a public one."""
        exported = self.surface(module).exported if module in self.paths else None
        if name.startswith("_") if exported is None else name not in exported:
            return False
        return self._binds(module, name, seen)

    def stub_binds(self, module: str, name: str) -> bool:
        """Whether the stub beside a module binds a name: types, which only type checkers see."""
        path = self.paths.get(module)
        stub = b"" if path is None else self.tree.read(f"{path.removesuffix('.py')}.pyi")
        return bool(stub) and index(decode(stub).data).binds(name)

    def gives_otherwise(self, module: str) -> bool:
        """Whether the package of a module that is gone binds its name to something else.

        sqlalchemy.testing.mock was a module, and is unittest's `mock` since its package imports that.
        """
        package, _, leaf = module.rpartition(".")
        if package not in self.paths:
            return False
        code = self.code(package)
        return leaf in code.bound and leaf not in code.own

    def _is_own(self, module: str, path: str) -> bool:
        top = module.partition(".")[0]
        # Packages of numpy.distutils have a setup.py each.
        if path.startswith(".") or posixpath.basename(path) == "setup.py" or len(module) > LONGEST:
            return False
        inside = next((one for one in self.sources if one != "." and path.startswith(f"{one}/")), None)
        if inside is not None:
            return True
        if module == top and not path.endswith("/__init__.py"):
            return top not in NO_MODULES
        return top not in NO_PACKAGES and self.roots.kind(top) == "package"

    def _source(self, path: str) -> bytes:
        """A file as UTF-8; nothing of one that is too large."""
        raw = self.tree.read(path)
        return decode(raw).data if len(raw) <= LIMIT else b""

    def _read(self, module: str, path: str) -> ModuleCode:
        source = self._source(path)
        found = index(source)
        trigrams, size = self._vocabulary.trigrams(source)
        is_package = posixpath.basename(path) == "__init__.py"
        package = module if is_package else module.rpartition(".")[0]
        imports: set[str] = set()
        own: set[str] = set()
        stars: list[str] = []
        for entry in found.imports:
            target = absolute(entry.module, entry.level, package)
            if target is None:
                continue
            imports.add(target if entry.name in (None, "*") else f"{target}.{entry.name}")
            if entry.star and entry.scope is found.top:
                stars.append(target)
            elif target == module and entry.scope is found.top and entry.bound == entry.name:
                own.add(entry.bound)
        return ModuleCode(
            module=module,
            path=path,
            definitions=self._definitions(module, source, found),
            bound=frozenset(name for name in found.names if found.binds(name)),
            imports=frozenset(imports),
            stars=tuple(dict.fromkeys(stars)),
            own=frozenset(name for name in own if _is_imported_only(found, name)),
            trigrams=trigrams,
            size=size,
        )

    def _definitions(self, module: str, source: bytes, found: ModuleIndex) -> dict[str, Definition]:
        definitions: dict[str, Definition] = {}
        for name, bindings in found.names.items():
            own = [one for one in bindings if one.kind in _KINDS and one.within is found.top]
            if own and not (name.startswith("__") and name.endswith("__")):
                trigrams, size = self._vocabulary.trigrams(_text(source, own), name)
                definitions[name] = Definition(module, name, _KINDS[own[-1].kind], trigrams, size)
        return definitions


def _is_imported_only(found: ModuleIndex, name: str) -> bool:
    return all(one.imported is not None for one in found.names.get(name, ()))


def _surface(module: str, source: bytes) -> Surface:
    """What a module says of its namespace.

    One that sets its own `__class__`, as zarr.storage does, is open, and so is one that imports itself and
    sets attributes, as numpy.dtypes does.
    """
    found = index(source)
    leaf = re.escape(module.rpartition(".")[2].encode())
    sets_own = re.search(rb"\bsetattr\(\s*" + leaf + rb"\s*,", source) is not None
    exports = found.exports
    written = frozenset(name for write in exports.writes for name in write.names or ())
    may_answer = found.has_module_getattr or "__class__" in written or bool(exports.replaced)
    has_list = exports.has_all and exports.is_complete and not exports.others
    return Surface(
        frozenset(one.name for one in exports.listed) if has_list else None,
        written,
        may_answer or sets_own or exports.writes_unknown_names or bool(found.module.problems),
    )


def _text(source: bytes, bindings: Iterable[Binding]) -> bytes:
    """The source of all statements that define a name: overloads, or the branches of an `if`."""
    places = dict.fromkeys((one.statement_start, one.statement_end) for one in bindings)
    return b"\n".join(source[start:end] for start, end in places)


def is_test(path: str) -> bool:
    """Whether a path is one of tests, by the names that pytest and unittest look for."""
    *folders, name = path.split("/")
    if not TEST_FOLDERS.isdisjoint(folders):
        return True
    return any(fnmatch.fnmatchcase(name, pattern) for pattern in TEST_FILES)
