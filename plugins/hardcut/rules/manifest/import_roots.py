"""Names and paths of a plan that only exist with an import root in front, or without the one in front."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import Any

import msgspec

from hardcut.plan.dotted import dotted_names
from hardcut.plan.gates import Gate, LoadedPlan
from hardcut.plan.model import Delete, Document, Entry, Keep, Move, Native, NoShims, Remove, Table
from hardcut.plan.value_validation import paths_of
from hardcut.source.project import Project
from hardcut.source.tree import Tree
from hardcut.source.walk import is_tool

OWN = {
    Delete: ("module",),
    Remove: ("module",),
    Keep: ("module",),
    Move: ("from",),
    NoShims: ("packages",),
    Native: ("within",),
    Document: ("module",),
}
"""The keys that name modules of the project itself; all other dotted names may be of other projects."""
PATTERNS: dict[type[Table], tuple[str, ...]] = {Native: ("bases", "decorators", "calls")}
"""The keys that take patterns of dotted names."""
WILDCARD = re.compile(r"[*?\[]")
DEPTH = 2
"""How deep the folders are that are looked into for a package whose import root the plan does not name."""


class Misplaced(msgspec.Struct, frozen=True):
    """A name or path that cannot match anything as it is written; `message` says what may be meant."""

    gate: Gate[Any]
    key: str
    name: str
    message: str


def misplaced(plan: LoadedPlan, project: Project) -> Iterator[Misplaced]:
    """Every such name and path in a plan's entries, its settings and its revived modules."""
    finder = _Finder(plan, project)
    for gate in plan.gates:
        yield from finder.of(gate, gate.entry)
    yield from finder.of(plan_level(plan, None), plan.manifest.plan)
    for number, revive in enumerate(plan.manifest.revive):
        yield from finder.of(plan_level(plan, number), revive)


def plan_level(plan: LoadedPlan, revive: int | None) -> Gate[Any]:
    """A gate that stands for the settings of a plan, or for one of its revived modules."""
    declared = plan.declared if revive is None else plan.revives[revive]
    return Gate(Entry(), plan.name, "", "landed", declared)


class _Finder:
    """Looks at the tables of one plan."""

    def __init__(self, plan: LoadedPlan, project: Project) -> None:
        self._project = project
        self._below_folders: dict[str, list[str]] | None = None
        self._roots = [
            root
            for source in map(posixpath.normpath, plan.manifest.plan.source)
            for root in (project.matching(source) if set("*?[") & set(source) else [source])
            if root != "." and not root.endswith(".py")
        ]

    def of(self, gate: Gate[Any], table: Table) -> Iterator[Misplaced]:
        """The misplaced names and paths of a table, each once for a key."""
        own = OWN.get(type(table), ())
        for key, name in dict.fromkeys([*dotted_names(table), *_patterns(table)]):
            found = self._dotted(name, key in own)
            if found is not None:
                yield Misplaced(gate, key, name, found)
        for key, path in dict.fromkeys(paths_of(table)) if isinstance(table, Entry) else ():
            found = self._path(path)
            if found is not None:
                yield Misplaced(gate, key, path, found)

    def _dotted(self, name: str, own: bool) -> str | None:
        """What a dotted name most likely means, if it can lead nowhere as it is written."""
        first = name.partition(".")[0]
        if self._project.exists(first):
            return self._with_suffix(name)
        for root in self._roots:
            for front in fronts(root):
                rest = name.removeprefix(f"{front}.")
                # A folder may be called as another project is: its name is that project's, then.
                sure = own and front == root.replace("/", ".")
                if rest != name and (sure or self._project.exists(rest.partition(".")[0])):
                    return f"starts with the import root `{root}`; did you mean `{rest}`?"
        return self._with_suffix(name) or (self._below(name) if own else None)

    def _with_suffix(self, name: str) -> str | None:
        """`shop.cart.py` for the module `shop.cart`."""
        stem, _, suffix = name.rpartition(".")
        if (
            suffix in ("py", "pyi")
            and self._project.roots.kind(stem) == "module"
            and suffix not in (self._project.names(stem) or {})
        ):
            return f"ends like a file; did you mean the module `{stem}`?"
        return None

    def _below(self, name: str) -> str | None:
        """Where a module is, if the plan does not name the import root above it."""
        path = name.replace(".", "/")
        if self._below_folders is None:
            self._below_folders = _holders(self._project.tree)
        for root in self._below_folders.get(name.partition(".")[0], ()):
            meant = f"{root.replace('/', '.')}.{name}"
            files = (f"{root}/{path}{ending}" for ending in ("/__init__.py", ".py"))
            if self._project.exists(meant) and any(map(self._project.matching, files)):
                return f"is below no import root; did you mean `{meant}`, or `{root}` in `plan.source`?"
        return None

    def _path(self, path: str) -> str | None:
        """Where a path is, if it is written without the import root above it, or as a module."""
        if self._project.matching(path):
            return None
        clean = path.removeprefix("./")
        for root in self._roots:
            if self._project.matching(f"{root}/{clean}"):
                return f"is not there; did you mean `{root}/{clean}`?"
        if "/" not in path and "." in path and self._project.exists(path):
            file = self._project.roots.find(path)
            return f"is a module and not a path; did you mean `{file}`?"
        return None


def _holders(tree: Tree) -> dict[str, list[str]]:
    """The folders near the top that hold a module or folder of a name, by that name."""
    found: dict[str, list[str]] = {}
    folders = [""]
    for _ in range(DEPTH):
        folders = [
            posixpath.join(folder, name)
            for folder in folders
            for name, kind in sorted(tree.entries(folder).items())
            if kind == "folder" and not name.startswith(".") and not is_tool(name)
        ]
        for folder in folders:
            for name in tree.entries(folder):
                found.setdefault(name.removesuffix(".py"), []).append(folder)
    return found


def _patterns(table: Table) -> Iterator[tuple[str, str]]:
    """The dotted patterns of a table, with their keys."""
    for key in PATTERNS.get(type(table), ()):
        for pattern in getattr(table, key):
            if "." in pattern:
                yield key, pattern


def fronts(root: str) -> list[str]:
    """What may stand in front of a name by mistake: the root's parts as a dotted name, or its last ones."""
    parts = root.split("/")
    return [".".join(parts[at:]) for at in range(len(parts))]
