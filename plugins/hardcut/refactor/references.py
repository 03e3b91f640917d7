"""Every reference to a top-level name of a module, in all files, with the definition that holds it.

Nothing is imported or run. A reference that cannot be attributed to one module is kept as uncertain, so
that what follows from the absence of references is sound.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from enum import Enum
from typing import TYPE_CHECKING, Final, final

import msgspec

from hardcut.refactor.draft.code_tree import is_test
from hardcut.refactor.moving_parts import Moment, Part, PartKind, Parts
from hardcut.semantic.index import ModuleIndex
from hardcut.source.decode import decode
from hardcut.source.modules import Roots
from hardcut.source.python.imports import absolute
from hardcut.source.textfiles import language_of
from hardcut.source.tree import Tree
from hardcut.syntax import nodes
from hardcut.syntax.parser import parse
from hardcut.syntax.tree import walk

if TYPE_CHECKING:
    from hardcut.semantic.index import Access
    from hardcut.semantic.scopes import Import

MOST_KEPT: Final = 12 * 1024 * 1024
"""Bytes of source whose trees are kept in memory."""
MOST_LINKS: Final = 200
"""Re-exports that are followed for one path; a longer chain counts as a reference."""
_DOCS: Final = frozenset({"markdown", "rst", "text"})
_OPAQUE: Final = frozenset({"notebook", "cython"})
_STAR: Final = re.compile(rb"\bimport\s*\(?\s*\*")
_PATH: Final = re.compile(r"[^\W\d]\w*(?:[.:][^\W\d]\w*)+")


class ReferenceKind(Enum):
    """How a place refers to a name."""

    IMPORT = "import"
    CALL = "call"
    ATTRIBUTE = "attribute"
    SUBCLASS = "subclass"
    DECORATOR = "decorator"
    USE = "use"
    TYPE = "annotation"
    RE_EXPORT = "re-export"
    ALL = "__all__"
    LAZY = "lazy import table"
    STRING = "dotted path in a string"
    NAMED = "its name in a string"
    DOCS = "documentation"
    UNREAD = "file that is not read"


class Reference(msgspec.Struct, frozen=True, kw_only=True):
    """One place that refers to a name.

    `holders` are the top-level definitions, as dotted names, whose code the place is in; none for code
    that runs when its module is imported, and for text. `is_test` says that the file is a test.
    """

    path: str
    line: int
    column: int
    kind: ReferenceKind
    module: str | None = None
    holders: tuple[str, ...] = ()
    is_test: bool = False


@final
class PythonFile:
    """One parsed file."""

    def __init__(self, path: str, data: bytes, module: str | None, package: str | None) -> None:
        decoded = decode(data)
        self.path = path
        self.module = module
        self.package = package
        self.index = ModuleIndex(parse(decoded.data))
        self.parts = Parts(self.index)
        self.is_test = is_test(path)
        self.is_damaged = bool(decoded.problems) or bool(self.index.module.problems)
        self._strings: list[tuple[str, int, bool]] | None = None

    def strings(self) -> list[tuple[str, int, bool]]:
        """Each string with its offset, and whether it stands alone as a docstring does."""
        if self._strings is None:
            alone: set[int] = set()
            found: list[tuple[str, int, bool]] = []
            for part in self.parts.all:
                for node in walk(part.node):
                    if isinstance(node, nodes.Expr) and isinstance(node.value, nodes.Constant):
                        alone.add(node.value.start)
                    elif isinstance(node, nodes.Constant) and isinstance(node.value, str):
                        found.append((node.value, node.start, node.start in alone))
            self._strings = found
        return self._strings

    def base(self, imported: Import) -> str | None:
        """The absolute module of an import statement; None where the dots lead out of the package."""
        return absolute(imported.module, imported.level, self.package)


@final
class _Links(msgspec.Struct):
    """What a module's names lead to."""

    imported: dict[str, list[str]]
    stars: list[str]
    own: frozenset[str]
    quoted: frozenset[str]
    """The strings of a module with a `__getattr__`: names that it may give."""


class References:
    """The references in a tree's files, each file read once.

    `paths` are the files that count, relative to the tree's root.
    """

    def __init__(self, tree: Tree, roots: Roots, paths: Iterable[str]) -> None:
        self._roots = roots
        self.data: dict[str, bytes] = {path: tree.read(path) for path in paths}
        self.languages = {path: language_of(path, data[:200]) for path, data in self.data.items()}
        self._tree = tree
        self._files: OrderedDict[str, PythonFile] = OrderedDict()
        self._size = 0
        self._links: dict[str, _Links | None] = {}
        self._stars: list[str] | None = None
        self._leads: dict[str, frozenset[str]] = {}
        self._found: dict[str, list[Reference]] = {}

    # Files and modules.

    def python_file(self, module: str) -> PythonFile | None:
        """The parsed file of a module; None for no Python source."""
        path = self._roots.find(module)
        return self.file(path) if path is not None and path.endswith((".py", ".pyi")) else None

    def file(self, path: str) -> PythonFile:
        """A parsed file, kept while there is room."""
        found = self._files.get(path)
        if found is not None:
            self._files.move_to_end(path)
            return found
        data = self.data[path] if path in self.data else self._tree.read(path)
        module, _ = self._roots.module_of(path)
        found = self._files[path] = PythonFile(path, data, module, self._roots.package_of(path))
        self._size += len(data)
        while self._size > MOST_KEPT and len(self._files) > 1:
            dropped, _ = self._files.popitem(last=False)
            self._size -= len(self.data.get(dropped, b""))
        return found

    def exists(self, module: str) -> bool:
        """Whether a module or package has this name."""
        return self._roots.exists(module)

    def holding(self, words: Iterable[str]) -> list[str]:
        """The files that hold one of some words as whole words."""
        pattern = re.compile(rb"(?<!\w)(?:%s)(?!\w)" % b"|".join(re.escape(word.encode()) for word in words))
        plain = [word.encode() for word in words]
        return [
            path
            for path, data in self.data.items()
            if any(word in data for word in plain) and pattern.search(data) is not None
        ]

    # Resolution.

    def links(self, module: str) -> _Links | None:
        """What a module's names lead to; None for no Python source."""
        if module not in self._links:
            file = self.python_file(module)
            self._links[module] = None if file is None else _links_of(file)
        return self._links[module]

    def leads_to(self, path: str) -> frozenset[str]:
        """The definitions that a dotted path may mean, through imports, star imports and lazy names."""
        known = self._leads.get(path)
        if known is None:
            known = self._leads[path] = frozenset(self._follow(path))
        return known

    def _follow(self, path: str) -> set[str]:
        found: set[str] = set()
        seen: set[str] = set()
        waiting = [path]
        while waiting:
            current = waiting.pop()
            if current in seen or len(seen) > MOST_LINKS:
                continue
            seen.add(current)
            further = self._step(current)
            if further:
                waiting += further
            if not further or self._binds(current):
                found.add(current)
        return found

    def _binds(self, path: str) -> bool:
        """Whether a path's module binds its name by a definition of its own."""
        module, _, name = path.rpartition(".")
        links = self.links(module) if module else None
        return links is not None and name in links.own

    def _step(self, path: str) -> list[str]:
        """The paths that one stands for at once; none for a definition, or a path that nothing binds."""
        parts = path.split(".")
        for count in range(len(parts) - 1, 0, -1):
            module = ".".join(parts[:count])
            links = self.links(module) if self.exists(module) else None
            if links is None:
                continue
            name, rest = parts[count], parts[count + 1 :]
            # A package's `from . import name` binds its own submodule.
            targets = [target for target in links.imported.get(name, ()) if target != f"{module}.{name}"]
            if not targets and name not in links.own and not self.exists(f"{module}.{name}"):
                targets = [f"{star}.{name}" for star in links.stars if self.exists(star)]
            return [".".join([target, *rest]) for target in targets]
        return []

    def may_give(self, path: str, target: str) -> bool:
        """Whether a dotted path means a definition, or may give it by a lazy table of its module."""
        if target in self.leads_to(path):
            return True
        module, _, name = path.rpartition(".")
        links = self.links(module) if module and self.exists(module) else None
        if links is None or name not in links.quoted or name in links.own or name in links.imported:
            return False
        home, _, own_name = target.rpartition(".")
        leaf = home.rpartition(".")[2]
        return own_name in links.quoted and any(leaf in quoted.split(".") for quoted in links.quoted)

    # References.

    def to(self, target: str) -> list[Reference]:
        """All references to a definition `module.name`, in the order of paths and lines."""
        found = self._found.get(target)
        if found is None:
            found = self._found[target] = self._search(target)
        return found

    def _star_importers(self, target: str) -> list[str]:
        """The files that may import every name of a definition's module: they need not hold its name."""
        leaf = target.rpartition(".")[0].rpartition(".")[2].encode()
        star = re.compile(rb"\bfrom\s+(?:[\w.]*\b%s|\.+)\s+import\s*\(?\s*\*" % re.escape(leaf))
        if self._stars is None:
            self._stars = [
                path
                for path, data in self.data.items()
                if self.languages[path] == "python" and _STAR.search(data) is not None
            ]
        return [path for path in self._stars if star.search(self.data[path]) is not None]

    def _search(self, target: str) -> list[Reference]:
        words = {target.rpartition(".")[2]}
        while True:
            search = _Search(self, target, frozenset(words))
            for path in dict.fromkeys([*self.holding(words), *self._star_importers(target)]):
                search.scan(path)
            if search.aliases <= words:
                return sorted(search.found, key=lambda reference: (reference.path, reference.line))
            words |= search.aliases


@final
class _Search:
    """The references to one definition; `aliases` are further names under which modules offer it."""

    def __init__(self, references: References, target: str, words: frozenset[str]) -> None:
        self._references = references
        self._target = target
        self._home, _, self._name = target.rpartition(".")
        self._words = words
        self.aliases: set[str] = set()
        self.found: list[Reference] = []
        self._seen: set[tuple[str, int]] = set()

    def scan(self, path: str) -> None:
        """Add what one file holds."""
        language = self._references.languages[path]
        if language != "python":
            self._scan_text(path, language)
            return
        file = self._references.file(path)
        if file.module == self._home:
            self._scan_own(file)
        else:
            for imported in file.index.imports:
                self._scan_import(file, imported)
        self._scan_strings(file)
        if file.is_damaged:
            self._add(file, 0, ReferenceKind.UNREAD)

    # Code.

    def _scan_own(self, file: PythonFile) -> None:
        own = [
            (scope.start, scope.end)
            for scope in file.index.scopes
            if scope.definition is not None
            and scope.definition.name == self._name
            and scope.definition.scope is file.index.top
        ]
        for part in file.parts.all:
            is_own = self._name in part.binds and part.kind is PartKind.DEFINITION
            if is_own and not _may_have_effects(part):
                continue
            for use in part.uses:
                start = use.access.start
                if use.name == self._name and not any(first <= start < last for first, last in own):
                    self._add_use(file, use.access, use.moment)
        for imported in file.index.imports:
            # A module may import itself, by its package.
            self._scan_import(file, imported)

    def _scan_import(self, file: PythonFile, imported: Import) -> None:
        base = file.base(imported)
        if base is None:
            return
        if imported.star:
            self._scan_star(file, imported, base)
            return
        is_listed = imported.name is not None and imported.name in self._words
        if is_listed and self._references.may_give(f"{base}.{imported.name}", self._target):
            self._scan_name(file, imported)
            return
        whole = base if imported.name is None else f"{base}.{imported.name}"
        start = whole if imported.alias is not None or imported.name is not None else imported.bound
        for access in file.index.accesses(imported.bound):
            rest = file.index.path(access).split(".")[1:]
            if self._words.isdisjoint(rest) or not _is_read_by(file, access, imported):
                continue
            for count, word in enumerate(rest, 1):
                if word in self._words and self._references.may_give(
                    ".".join([start, *rest[:count]]), self._target
                ):
                    self._add_use(file, access, _moment(file, access), through_module=True)
                    break

    def _scan_name(self, file: PythonFile, imported: Import) -> None:
        """A name that is imported for the target: the import, and the code that reads it."""
        is_offered = imported.scope is file.index.top
        if is_offered:
            self.aliases.add(imported.bound)
        reads = [
            access for access in file.index.accesses(imported.bound) if _is_read_by(file, access, imported)
        ]
        for access in reads:
            self._add_use(file, access, _moment(file, access))
        if not reads:
            self._add(file, imported.start, ReferenceKind.RE_EXPORT if is_offered else ReferenceKind.IMPORT)
        else:
            self._add(file, imported.start, ReferenceKind.IMPORT)

    def _scan_star(self, file: PythonFile, imported: Import, base: str) -> None:
        for word in self._words:
            if not self._references.may_give(f"{base}.{word}", self._target):
                continue
            self._add(file, imported.start, ReferenceKind.RE_EXPORT)
            for access in file.index.accesses(word):
                if file.index.lookup(word, access.scope) is None:
                    self._add_use(file, access, _moment(file, access))

    def _add_use(
        self, file: PythonFile, access: Access, moment: Moment, through_module: bool = False
    ) -> None:
        part = file.parts.at(access.start)
        kind = _kind_of(file, part, access, moment, through_module)
        self._add(file, access.start, kind)

    # Strings.

    def _scan_strings(self, file: PythonFile) -> None:
        listed = {name.start: name.name for name in file.index.exports.listed}
        quoted = [(found.start, found.end) for found in file.index.quoted_annotations]
        for text, start, is_alone in file.strings():
            if is_alone or not any(word in text for word in self._words):
                continue
            if start in listed:
                self._scan_listed(file, listed[start], start)
            elif not any(first <= start < last for first, last in quoted):
                self._scan_string(file, text, start)

    def _scan_listed(self, file: PythonFile, name: str, start: int) -> None:
        module = file.module
        if name not in self._words or module is None:
            return
        if module == self._home and name == self._name:
            self._add(file, start, ReferenceKind.ALL)
        elif self._references.may_give(f"{module}.{name}", self._target):
            self._add(file, start, ReferenceKind.RE_EXPORT)

    def _scan_string(self, file: PythonFile, text: str, start: int) -> None:
        stripped = text.strip()
        if stripped in self._words:
            links = self._references.links(file.module) if file.module else None
            lazy = links is not None and stripped in links.quoted and stripped not in links.own
            if lazy and self._references.may_give(f"{file.module}.{stripped}", self._target):
                self._add(file, start, ReferenceKind.LAZY)
            elif not self._is_other_name(file, stripped):
                self._add(file, start, ReferenceKind.NAMED)
            return
        for match in _PATH.finditer(text):
            path = match[0].replace(":", ".")
            words = path.split(".")
            for count, word in enumerate(words, 1):
                if word not in self._words or count == 1:
                    continue
                if self._references.may_give(".".join(words[:count]), self._target):
                    self._add(file, start, ReferenceKind.STRING)
                elif not self._references.exists(words[0]) and f".{self._target}".endswith(f".{path}"):
                    self._add(file, start, ReferenceKind.NAMED)
        if "import " in text and self._home.rpartition(".")[2] in text and self._holds_word(text):
            self._add(file, start, ReferenceKind.NAMED)

    def _is_other_name(self, file: PythonFile, name: str) -> bool:
        """Whether a string in a list or type position means a name that the file itself binds otherwise."""
        return (
            file.module != self._home
            and file.module is not None
            and name in file.parts.by_name
            and (not self._references.may_give(f"{file.module}.{name}", self._target))
        )

    def _holds_word(self, text: str) -> bool:
        return any(re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text) for word in self._words)

    # Other files.

    def _scan_text(self, path: str, language: str | None) -> None:
        data = self._references.data[path]
        text = data.decode("utf-8", "replace")
        leaf = self._home.rpartition(".")[2]
        module = rf"(?:{re.escape(self._home)}|{re.escape(leaf)})"
        if language in _DOCS:
            # A word of prose is no name: it has an underscore, a capital inside, or code around it.
            plain = self._name.islower() and "_" not in self._name
            name = re.escape(self._name)
            pattern = (
                rf"`[^`\n]{{0,200}}\b{name}\b|{module}[.:]{name}\b|import [^\n]{{0,200}}\b{name}\b"
                if plain
                else rf"\b{name}\b"
            )
            kind = ReferenceKind.DOCS
        elif language in _OPAQUE:
            pattern, kind = rf"\b{re.escape(self._name)}\b", ReferenceKind.UNREAD
        else:
            pattern, kind = rf"{module}[.:](?:\w+\.)*{re.escape(self._name)}\b", ReferenceKind.STRING
            if language is None:
                kind = ReferenceKind.NAMED
            elif re.search(pattern, text) is None and leaf in text:
                pattern, kind = rf"(?<![\w.-]){re.escape(self._name)}(?![\w-])", ReferenceKind.NAMED
        found = re.search(pattern, text)
        if found is not None:
            line = text.count("\n", 0, found.start()) + 1
            column = found.start() - text.rfind("\n", 0, found.start())
            self.found.append(
                Reference(path=path, line=line, column=column, kind=kind, is_test=is_test(path))
            )

    def _add(self, file: PythonFile, start: int, kind: ReferenceKind) -> None:
        if (file.path, start) in self._seen:
            return
        self._seen.add((file.path, start))
        line, column = file.index.module.place(start)
        self.found.append(
            Reference(
                path=file.path,
                line=line,
                column=column,
                kind=kind,
                module=file.module,
                holders=_holders(file, file.parts.at(start)),
                is_test=file.is_test,
            )
        )


def _links_of(file: PythonFile) -> _Links:
    index = file.index
    links = _Links(imported={}, stars=[], own=frozenset(), quoted=frozenset())
    own: set[str] = set()
    for name, bindings in index.names.items():
        for binding in bindings:
            if binding.imported is None:
                own.add(name)
                continue
            base = file.base(binding.imported)
            if base is None:
                continue
            imported = binding.imported
            path = base if imported.name is None else f"{base}.{imported.name}"
            if imported.name is None and imported.alias is None:
                path = imported.bound
            links.imported.setdefault(name, []).append(path)
    links.own = frozenset(own)
    links.stars = [base for found in index.star_imports if (base := file.base(found)) is not None]
    if index.has_module_getattr:
        links.quoted = frozenset(text for text, _, is_alone in file.strings() if not is_alone)
    return links


def _is_read_by(file: PythonFile, access: Access, imported: Import) -> bool:
    return any(binding.imported is imported for binding in file.index.referents(access))


def _moment(file: PythonFile, access: Access) -> Moment:
    part = file.parts.at(access.start)
    for use in part.uses if part is not None else ():
        if use.access.start == access.start:
            return use.moment
    return Moment.CALL


def _kind_of(
    file: PythonFile, part: Part | None, access: Access, moment: Moment, through_module: bool
) -> ReferenceKind:
    source = file.index.module.source
    if moment in (Moment.SIGNATURE, Moment.FIELD):
        return ReferenceKind.TYPE
    node = part.node if part is not None else None
    bases = node.bases if isinstance(node, nodes.ClassDef) else []
    decorators = node.decorator_list if isinstance(node, nodes.ClassDef | nodes.FunctionDef) else []
    if any(base.start <= access.start < base.end for base in bases):
        return ReferenceKind.SUBCLASS
    if any(found.start <= access.start < found.end for found in decorators):
        return ReferenceKind.DECORATOR
    if source[access.chain_end : access.chain_end + 1] == b"(":
        return ReferenceKind.CALL
    return ReferenceKind.ATTRIBUTE if through_module else ReferenceKind.USE


def _holders(file: PythonFile, part: Part | None) -> tuple[str, ...]:
    """The definitions whose removal takes a part's code along; none for code with effects of its own."""
    if part is None or file.module is None:
        return ()
    if part.kind is PartKind.EFFECT and part.subject is not None:
        # `HANDLERS.append(total)` goes with the list; what a call returned may do anything with the function.
        owners = file.parts.defining(part.subject)
        is_plain = bool(owners) and not any(_may_have_effects(owner) for owner in owners)
        return (f"{file.module}.{part.subject}",) if is_plain else ()
    if part.kind is not PartKind.DEFINITION or _may_have_effects(part):
        return ()
    return tuple(f"{file.module}.{name}" for name in part.binds)


def _may_have_effects(part: Part) -> bool:
    """Whether a statement that defines names may register something: a call whose answer is kept."""
    node = part.node
    if not isinstance(node, nodes.Assign | nodes.AnnAssign) or node.value is None:
        return False
    return any(isinstance(found, nodes.Call) for found in _evaluated(node.value))


def _evaluated(root: nodes.Node) -> Iterator[nodes.Node]:
    """The nodes of an expression that are evaluated at once: what is in a lambda is not."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, nodes.Lambda):
            waiting.extend(node.children())
