"""What one build file declares: extension modules, generated files, and other build files."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable

import msgspec

UNKNOWN = "*"
"""Stands in a name for a part that is not written out."""
_SUFFIXES = (".py", ".so", ".pyd")


class Placed(msgspec.Struct, frozen=True, array_like=True):
    """A module by its last name and the end of the folder it is installed in; None for an unknown folder.

    `source` is the path of a file that is installed as the module, None for a module that is made.
    """

    leaf: str
    folder: str | None = None
    source: str | None = None


class Declared(msgspec.Struct, frozen=True, array_like=True):
    """The modules that a build file declares.

    `modules` are dotted names, `*` in them stands for a part that the file computes. A computed name is
    one of the `words` of the file. `included` are the paths of further build files, and `folders` those of
    folders that something else fills, such as submodules; relative to the root.
    """

    modules: list[str] = []
    placed: list[Placed] = []
    words: list[str] = []
    included: list[str] = []
    folders: list[str] = []

    @property
    def leaves(self) -> set[str]:
        """The last names that `declares` may be true for."""
        computed = self.words if any(UNKNOWN in name for name in self.modules) else ()
        return {*(placed.leaf for placed in self.placed), *computed}.union(
            name.rpartition(".")[2] for name in self.modules
        )

    def declares(self, module: str, is_file: Callable[[str], bool]) -> bool:
        """Whether a module may be one of those; `is_file` tells whether a path is a file of the project."""
        folder, _, leaf = module.replace(".", "/").rpartition("/")
        if any(
            placed.leaf == leaf
            and (placed.folder is None or _is_end(placed.folder, folder))
            and (placed.source is None or is_file(placed.source))
            for placed in self.placed
        ):
            return True
        return any(name == module or self._may_be(name, module, leaf) for name in self.modules)

    def _may_be(self, name: str, module: str, leaf: str) -> bool:
        """Whether a name with unknown parts may be a module's."""
        if UNKNOWN not in name:
            return False
        start, end = name.split(UNKNOWN, 1)[0], name.rsplit(UNKNOWN, 1)[-1]
        known = len(start) + len(end) <= len(module) and module.startswith(start) and module.endswith(end)
        # `"shop." + name`: the name is written out somewhere, as an element of a list or as a file's name.
        return known and (leaf in self.words or leaf == end.rpartition(".")[2])


def _is_end(folder: str, whole: str) -> bool:
    """Whether one folder's path ends with the other's: install folders and import roots differ in front."""
    return f"/{whole}".endswith(f"/{folder}") or f"/{folder}".endswith(f"/{whole}")


def generated(path: str) -> Placed | None:
    """The module of a file that a build writes; None for no file of a module."""
    clean = path.replace("\\", "/").removeprefix("./")
    folder, _, name = clean.rpartition("/")
    stem, suffix = posixpath.splitext(name)
    if suffix not in _SUFFIXES or not stem.partition(".")[0].isidentifier():
        return None
    known = folder and not any(sign in folder for sign in "*${@")
    return Placed(stem.partition(".")[0], folder if known else None)


def words_of(strings: Iterable[str]) -> list[str]:
    """The last names of dotted names and the stems of file names, sorted."""
    found: set[str] = set()
    for string in strings:
        name = string.rsplit("/", 1)[-1]
        parts = name.split(".")
        found.update(part for part in (name, parts[0], parts[-1]) if part.isidentifier())
    return sorted(found)
