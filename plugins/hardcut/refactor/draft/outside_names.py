"""Modules that something else than the Python sources may provide: a build, another project."""

from __future__ import annotations

import fnmatch
import posixpath
import re
import sys

from hardcut.rules.deleted.dangling_import import GENERATED
from hardcut.source.tree import Tree

NATIVE = (".pyx", ".pyx.in", ".c", ".cc", ".cpp", ".rs", ".f90", ".so", ".pyd", ".py.in")
"""Endings of files beside the Python sources from which a build makes a module."""
BUILD_FILES = ("setup.py", "setup.cfg", "meson.build", "CMakeLists.txt", "Cargo.toml", ".gitignore")
_BUILD_SETTING = re.compile(rb"(?m)^.*(?:module-name|write_to|version[-_]file|ext[-_]modules).*$")
"""Lines of a pyproject.toml about what a build makes; others may name modules for other reasons."""
DEPENDENCY_FILES = ("pyproject.toml", "setup.py", "setup.cfg", "Pipfile", "environment.yml", "tox.ini")
_REQUIREMENTS = re.compile(r"[\w.-]*requirements[\w.-]*\.(txt|in)")
_WORD = re.compile(rb"[A-Za-z][A-Za-z0-9._-]*")


class OutsideNames:
    """What a tree's build files and dependencies say about modules that its sources do not hold."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        settings = _BUILD_SETTING.findall(tree.read("pyproject.toml"))
        self._built = b"\n".join([*(tree.read(name) for name in BUILD_FILES), *settings])
        names = [name for name in tree.entries("") if _REQUIREMENTS.fullmatch(name)]
        data = b"\n".join(tree.read(name) for name in (*DEPENDENCY_FILES, *names))
        self._words = {_plain(word.decode()) for word in _WORD.findall(data)}

    def is_built(self, module: str, path: str) -> bool:
        """Whether a build makes a module whose Python file was `path`."""
        leaf = module.rpartition(".")[2]
        if any(fnmatch.fnmatchcase(leaf, pattern) for pattern in GENERATED):
            return True
        if module.encode() in self._built and "." in module:
            return True
        folder, name = posixpath.split(path)
        if self._is_built_in(folder, leaf):
            return True
        if name != "__init__.py" and f"{posixpath.basename(folder)}/{name}".encode() in self._built:
            return True
        stem = posixpath.splitext(path)[0]
        return any(self._tree.kind(f"{stem}{ending}") == "file" for ending in NATIVE)

    def _is_built_in(self, folder: str, leaf: str) -> bool:
        """Whether a build file in a module's folder, or above it, names the module, as those of Meson do."""
        name = re.compile(rb"""["'( ]%s["') ]""" % re.escape(leaf.encode()))
        while folder:
            if any(name.search(self._tree.read(f"{folder}/{file}")) for file in BUILD_FILES):
                return True
            folder = posixpath.dirname(folder)
        return False

    def is_another_projects(self, module: str) -> bool:
        """Whether the top-level name of a module may be that of another distribution from now on.

        That is so where a copy of another project's package gave way to a dependency on it.
        """
        top = module.partition(".")[0]
        if top in sys.stdlib_module_names:
            return True
        plain = _plain(top)
        return any(plain in word for word in self._words)


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower().strip("-")
