"""What the folders of a project say: where imports start from, and which files and folders are changelogs."""

from __future__ import annotations

import re

from hardcut.source.tree import Tree

TEST_FOLDERS = frozenset({"test", "tests"})
NO_PACKAGES = frozenset(
    {"asv_bench", "bench", "benchmark", "benchmarks", "ci", "demo", "demos", "doc", "docs", "example"}
    | {"examples", "sample", "samples", "script", "scripts", "tool", "tools"}
)
"""Top-level folders that hold no importable code of a project, though they may hold an `__init__.py`."""

_CHANGELOG = re.compile(
    r"(changes|change[-_]?log|history|news|release[-_]?notes|whats[-_]?new)"
    r"([-_]?v?\d[\w.-]*?)?(\.(adoc|md|mdx|rst|txt))?",
    re.IGNORECASE,
)
_CHANGELOG_FOLDER = re.compile(
    r"changes|change[-_]?logs?(\.d)?|history|news(fragments)?|releases|release[-_]?notes|whats[-_]?new",
    re.IGNORECASE,
)
"""Folders with one page or fragment for each release: Django's `docs/releases`, Sphinx's `doc/changes`."""

_DOCUMENTATION_DEPTH = 2
"""How far below `doc` or `docs` a changelog is looked for: projects keep it in `docs/source/whatsnew`."""


def import_roots(tree: Tree) -> list[str]:
    """`src` where packages or modules are right below it, which is no package itself; else the root.

    `lib` counts likewise where the root itself holds no package.
    """
    for folder in ("src", "lib"):
        entries = tree.entries(folder)
        if not entries or "__init__.py" in entries or (folder == "lib" and _has_package(tree)):
            continue
        for name, kind in entries.items():
            if kind == "file" and name.endswith(".py"):
                return [folder]
            if kind == "folder" and name.isidentifier() and _holds_python(tree, f"{folder}/{name}"):
                return [folder]
    return ["."]


def _has_package(tree: Tree) -> bool:
    """Whether the root holds a package that is no folder of tests, documents or scripts."""
    folders = (name for name, kind in tree.entries("").items() if kind == "folder")
    others = (name for name in folders if name not in NO_PACKAGES | TEST_FOLDERS)
    return any("__init__.py" in tree.entries(name) for name in others)


def _holds_python(tree: Tree, folder: str) -> bool:
    """Whether Python files are in a folder or right below it: a namespace package has none itself."""
    entries = tree.entries(folder)
    if any(kind == "file" and name.endswith((".py", ".pyi")) for name, kind in entries.items()):
        return True
    inner = [f"{folder}/{name}" for name, kind in entries.items() if kind == "folder" and name.isidentifier()]
    return any(name.endswith((".py", ".pyi")) for one in inner for name in tree.entries(one))


def changelogs(tree: Tree) -> list[str]:
    """The paths of changelogs at the top of a tree and in its documentation: they name what there was.

    A changelog is a file, or a folder with one text for each release and no Python file.
    """
    found = _changelogs_in(tree, "")
    waiting = [(folder, 0) for folder in ("doc", "docs") if tree.entries("").get(folder) == "folder"]
    for folder, depth in waiting:
        here = _changelogs_in(tree, folder)
        found += here
        if depth < _DOCUMENTATION_DEPTH:
            inner = (
                f"{folder}/{name}" for name, kind in sorted(tree.entries(folder).items()) if kind == "folder"
            )
            waiting += [(path, depth + 1) for path in inner if path not in here]
    return found


def _changelogs_in(tree: Tree, folder: str) -> list[str]:
    above = f"{folder}/" if folder else ""
    return [
        above + name
        for name, kind in sorted(tree.entries(folder).items())
        if (kind == "file" and _CHANGELOG.fullmatch(name))
        or (kind == "folder" and _CHANGELOG_FOLDER.fullmatch(name) and not _holds_python(tree, above + name))
    ]
