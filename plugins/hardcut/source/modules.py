"""Files and module names, by the file system alone."""

from __future__ import annotations

import hashlib
import posixpath
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from typing import Literal

import msgspec

from hardcut.source.tree import Kind as EntryKind
from hardcut.source.tree import Tree

Kind = Literal["module", "package", "namespace", "compiled", "stub"]

_COMPILED = (".so", ".pyd")
_SOURCE = ".pyx"
"""The ending of what a build compiles to a module of the same name."""
_RANK = {".py": 0, ".pyc": 2, ".pyi": 3}


class _Found(msgspec.Struct, frozen=True):
    """One module: its kind, its file (a namespace's first folder), where its submodules are sought."""

    kind: Kind
    path: str
    folders: tuple[str, ...] = ()


class Roots:
    """The import roots of a project; every answer is remembered, so take a new one for each run."""

    def __init__(self, tree: Tree, roots: Sequence[str]) -> None:
        """`roots` are folders, single files or globs, relative to the tree's root.

        `missing` then lists those that are not there, lie outside, or match nothing.
        """
        self._tree = tree
        self._entries: dict[str, dict[str, EntryKind]] = {}
        self._located: dict[str, _Found | None] = {}
        self._best: dict[str, dict[str, str]] = {}
        self._holding: dict[str, bool] = {}
        self._folders: list[str] = []
        self._files: dict[str, str] = {}
        self.missing: list[str] = []
        for given in roots:
            found = self._expand(given)
            if not found:
                self.missing.append(given)
            for path in found:
                stem = _stem(posixpath.basename(path)) if self._is(path, "file") else None
                if stem is not None:
                    self._files.setdefault(stem, path)
                elif path not in self._folders:
                    self._folders.append(path)
        self._deepest = sorted(self._folders, key=len, reverse=True)

    def module_of(self, path: str) -> tuple[str | None, bool]:
        """The dotted name of a file (relative to the root), and whether it is a package's `__init__`.

        The deepest root wins. None outside every root and where a part is no identifier.
        """
        folder, _, name = path.rpartition("/")
        stem = _stem(name)
        package = stem == "__init__"
        if stem is not None and self._files.get(stem) == path:
            return stem, package
        parts = self._below(folder)
        if parts is None or stem is None:
            return None, package
        parts = parts if package else [*parts, stem]
        return (".".join(parts) or None) if all(map(str.isidentifier, parts)) else None, package

    def package_of(self, path: str) -> str | None:
        """The package that a file's relative imports start from, None where there is none.

        Outside every root it is the chain of folders with an `__init__`, named from its topmost
        folder, or from the root where a module of our own already has that name.
        """
        folder, _, name = path.rpartition("/")
        if self._files.get(_stem(name) or "") == path:
            return None
        parts = self._below(folder)
        parts = self._chain(folder) if parts is None else parts
        return (".".join(parts) or None) if all(map(str.isidentifier, parts)) else None

    def find(self, dotted: str) -> str | None:
        """The file of a module or package, the folder of a namespace package; relative to the root."""
        found = self._locate(dotted)
        return found.path if found else None

    def kind(self, dotted: str) -> Kind | None:
        """What stands under a dotted name. A stub counts where nothing else has its name."""
        found = self._locate(dotted)
        return found.kind if found else None

    def below(self, dotted: str) -> list[str]:
        """The names of the modules and packages right below a package; of the top-level ones, for ""."""
        parent = self._locate(dotted) if dotted else None
        if dotted and parent is None:
            return []
        folders = parent.folders if parent is not None else tuple(self._folders)
        found = set(self._files) if parent is None else set[str]()
        for folder in folders:
            found.update(self._modules(folder))
            for name, kind in self._list(folder).items():
                if kind != "file" and name.isidentifier() and self._holds(posixpath.join(folder, name)):
                    found.add(name)
        return sorted(name for name in found if name.isidentifier() and name != "__init__")

    def exists(self, dotted: str) -> bool:
        """Whether a dotted name is a module or package of this project."""
        return self._locate(dotted) is not None

    def is_first_party(self, dotted: str) -> bool:
        """Whether the top-level name of a dotted name exists under a root."""
        return self._locate(dotted.partition(".")[0]) is not None

    def leftover(self, dotted: str) -> list[str]:
        """All that lies at a module's home, importable or not; paths relative to the root, sorted.

        Its file, stub and compiled files, the Cython source that a build compiles, its folder, and what
        the folder holds; a folder with nothing but `__pycache__` is not there.
        """
        parts = dotted.split(".")
        if not all(map(str.isidentifier, parts)):
            return []
        found = {self._files[dotted]} if dotted in self._files else set[str]()
        for base in self._folders:
            for top in (parts[0], f"{parts[0]}-stubs"):
                *above, name = [top, *parts[1:]]
                home = posixpath.join(base, *above)
                for entry, kind in self._list(home).items():
                    path = posixpath.join(home, entry)
                    if kind == "file" and (_stem(entry) == name or entry == f"{name}{_SOURCE}"):
                        found.add(path)
                    elif kind != "file" and entry == name and (held := self._held(path)):
                        found.update((path, *held))
        return sorted(found)

    def hollow(self, dotted: str) -> list[str]:
        """The folders with a module's name that hold nothing, or nothing but `__pycache__`."""
        *above, name = dotted.split(".")
        homes = (posixpath.join(base, *above) for base in self._folders)
        found = (posixpath.join(home, name) for home in homes if self._list(home).get(name) == "folder")
        return sorted(folder for folder in found if self.is_hollow(folder))

    def is_file(self, path: str) -> bool:
        """Whether a path (relative to the root) is a file."""
        return self._is(path, "file")

    def is_hollow(self, folder: str) -> bool:
        """Whether no file lies in or below a folder, but for `__pycache__`."""
        return next(self._walk(folder, False), None) is None

    def _locate(self, dotted: str) -> _Found | None:
        if dotted not in self._located:
            path, found = "", None
            for name in dotted.split("."):
                path = f"{path}.{name}" if path else name
                if path not in self._located:
                    self._located[path] = self._search(name, found)
                found = self._located[path]
                if found is None:
                    break
            self._located[dotted] = found
        return self._located[dotted]

    def _search(self, name: str, parent: _Found | None) -> _Found | None:
        """One name in its parent, or at the top; whole packages and modules come before portions."""
        if not name.isidentifier():
            return None
        if parent is None and name in self._files:
            return _Found(_kind(self._files[name]), self._files[name])
        folders = parent.folders if parent else tuple(self._folders)
        below = tuple(posixpath.join(folder, name) for folder in folders)
        for folder, inside in zip(folders, below, strict=True):
            whole = self._modules(inside).get("__init__")
            if whole and not whole.endswith(".pyi"):
                return _Found("package", whole, (inside, *(other for other in below if other != inside)))
            module = self._modules(folder).get(name)
            if module and not module.endswith(".pyi"):
                return _Found(_kind(module), module)
        stub = next(filter(None, (self._modules(inside).get("__init__") for inside in below)), None)
        if stub:
            return _Found("stub", stub, below)
        portions = tuple(inside for inside in below if self._holds(inside))
        if portions:
            return _Found("namespace", portions[0], portions)
        stub = next(filter(None, (self._modules(folder).get(name) for folder in folders)), None)
        return _Found("stub", stub) if stub else None

    def _modules(self, folder: str) -> dict[str, str]:
        """The file of each module in one folder: source before compiled before stub."""
        known = self._best.get(folder)
        if known is None:
            ranked = sorted(
                (_RANK.get(posixpath.splitext(name)[1], 1), name, stem)
                for name, kind in self._list(folder).items()
                if kind == "file" and (stem := _stem(name)) is not None
            )
            known = {stem: posixpath.join(folder, name) for _, name, stem in reversed(ranked)}
            self._best[folder] = known
        return known

    def _below(self, folder: str) -> list[str] | None:
        """The folders between the deepest root and a folder; None outside every root."""
        for base in self._deepest:
            if not base or folder == base or folder.startswith(base + "/"):
                rest = folder[len(base) :].strip("/")
                return rest.split("/") if rest else []
        return None

    def _chain(self, folder: str) -> list[str]:
        chain: list[str] = []
        while folder and "__init__" in self._modules(folder):
            folder, _, name = folder.rpartition("/")
            chain.insert(0, name)
        if chain and folder and self.exists(chain[0]):
            return [*folder.split("/"), *chain]
        return chain

    def _holds(self, folder: str) -> bool:
        """Whether Python lies in a folder or anywhere below it."""
        if folder not in self._holding:
            self._holding[folder] = any(
                (_stem(name) or "").isidentifier() for _, name in self._walk(folder, True)
            )
        return self._holding[folder]

    def _held(self, folder: str) -> list[str]:
        return [posixpath.join(inside, name) for inside, name in self._walk(folder, False)]

    def _walk(self, folder: str, importable: bool) -> Iterator[tuple[str, str]]:
        """The files in and below a folder; links to folders are not followed."""
        waiting = [folder]
        while waiting:
            inside = waiting.pop()
            for name, kind in self._list(inside).items():
                if kind == "file":
                    yield inside, name
                elif kind == "folder" and name != "__pycache__" and (name.isidentifier() or not importable):
                    waiting.append(posixpath.join(inside, name))

    def _is(self, path: str, kind: str) -> bool:
        folder, _, name = path.rpartition("/")
        return self._list(folder).get(name) == kind

    def _list(self, folder: str) -> dict[str, EntryKind]:
        """What a folder holds, name by name: file, folder, or link (to a folder)."""
        known = self._entries.get(folder)
        if known is not None:
            return known
        found: dict[str, EntryKind] = {}
        above, _, name = folder.rpartition("/")
        if not folder or self._list(above).get(name) in ("folder", "link"):
            found = self._tree.entries(folder)
        self._entries[folder] = found
        return found

    def seen(self) -> list[str]:
        """The folders that were looked into so far."""
        return list(self._entries)

    def digest_of(self, folder: str) -> bytes:
        """A digest of what a folder lists, names and kinds; at the top without what tools hide there."""
        listed = "\0".join(
            f"{name}:{kind}" for name, kind in sorted(self._list(folder).items()) if folder or name[:1] != "."
        )
        return hashlib.blake2b(listed.encode("utf-8", "surrogateescape"), digest_size=16).digest()

    def _expand(self, given: str) -> list[str]:
        """The folders and module files that one import root names."""
        path = posixpath.normpath(given)
        parts = [] if path == "." else path.split("/")
        if path.startswith(("/", "../")) or path == "..":
            return []
        found: set[str] = set()
        seen: set[tuple[str, int]] = set()
        waiting = [("", 0)]
        while waiting:
            step = waiting.pop()
            if step in seen:
                continue
            seen.add(step)
            folder, at = step
            if at == len(parts):
                found.add(folder)
                continue
            wild = parts[at] == "**"
            if wild:
                waiting.append((folder, at + 1))
            for name, kind in self._list(folder).items():
                inside = posixpath.join(folder, name)
                if wild:
                    if kind == "folder" and not name.startswith("."):
                        waiting.append((inside, at))
                elif (name == parts[at] or (not name.startswith(".") and fnmatchcase(name, parts[at]))) and (
                    kind != "file" or (at + 1 == len(parts) and _stem(name) is not None)
                ):
                    waiting.append((inside, at + 1))
        return sorted(found)


def _stem(name: str) -> str | None:
    """The module name that a file name stands for; None for files Python does not import."""
    for suffix in _RANK:
        if name.endswith(suffix):
            return name[: -len(suffix)]
    return name.partition(".")[0] if name.endswith(_COMPILED) else None


def _kind(path: str) -> Kind:
    if path.endswith(".pyi"):
        return "stub"
    return "module" if path.endswith(".py") else "compiled"
