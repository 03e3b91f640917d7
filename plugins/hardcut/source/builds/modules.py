"""Whether a module that has no file may exist: by its source, or by what the build declares."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from hardcut.source.builds.read import NAMES

if TYPE_CHECKING:
    from hardcut.source.builds.declared import Declared
    from hardcut.source.modules import Roots
    from hardcut.source.reading import Reading

SOURCES = (
    *(".pyx", ".py.in", ".pyx.in", ".pyx.tp", ".c", ".cc", ".cpp", ".cxx", ".rs", ".f90", ".f", ".pyf"),
    "_build.py",
)
"""How sources of extension modules end, templates of modules, and the scripts by which cffi makes a module
(`_native_build.py` for `_native`, as its documentation and its users name them)."""
_ALWAYS = (".gitignore", ".gitmodules", "pyproject.toml")
"""Read at the root whether they are there or not: an answer must not outlive their absence."""


class _Chain:
    """What the build files in a folder and above it declare."""

    def __init__(self, above: _Chain | None) -> None:
        self.declared: list[Declared] = list(above.declared) if above is not None else []
        self.paths: set[str] = set(above.paths) if above is not None else set()
        self.leaves: set[str] = set(above.leaves) if above is not None else set()

    def add(self, path: str, declared: Declared) -> None:
        """What one more file declares."""
        self.paths.add(path)
        self.declared.append(declared)
        self.leaves |= declared.leaves


class BuiltModules:
    """Answers for one run; build files are read when the first missing module is asked about."""

    def __init__(self, roots: Roots, reading: Reading, starts: list[str]) -> None:
        """`starts` are the import roots, each empty or with a slash at its end."""
        self._roots = roots
        self._reading = reading
        self._starts = starts
        self._known: dict[str, bool] = {}
        self._chains: dict[str, _Chain] = {}

    def may_exist(self, module: str) -> bool:
        """Whether a module may exist although no file of it is there."""
        if module not in self._known:
            stems = [start + module.replace(".", "/") for start in self._starts]
            self._known[module] = any(self._has_source(stem) for stem in stems) or any(
                self._is_declared(module, stem) for stem in stems
            )
        return self._known[module]

    def _has_source(self, stem: str) -> bool:
        return any(self._roots.is_file(f"{stem}{ending}") for ending in SOURCES)

    def _is_declared(self, module: str, stem: str) -> bool:
        chain = self._chain(posixpath.dirname(stem))
        if module.rpartition(".")[2] in chain.leaves and any(
            declared.declares(module, self._roots.is_file) for declared in chain.declared
        ):
            return True
        # A submodule that is not checked out is an empty folder.
        return any(
            f"{stem}/".startswith(f"{folder}/") and self._roots.is_hollow(folder)
            for declared in chain.declared
            for folder in declared.folders
        )

    def _chain(self, folder: str) -> _Chain:
        """The build files in a folder and those above it, with the files that they include."""
        known = self._chains.get(folder)
        if known is not None:
            return known
        chain = _Chain(self._chain(posixpath.dirname(folder)) if folder else None)
        waiting = [posixpath.join(folder, name) for name in NAMES]
        while waiting:
            path = posixpath.normpath(waiting.pop())
            if path in chain.paths or path.startswith(("../", "/")):
                continue
            if path in _ALWAYS or self._roots.is_file(path):
                declared = self._reading.declared(path)
                chain.add(path, declared)
                waiting += declared.included
        self._chains[folder] = chain
        return chain
