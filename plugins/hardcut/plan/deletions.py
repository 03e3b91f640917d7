"""What a manifest deletes, asked by module and by path."""

from __future__ import annotations

import bisect
import posixpath
from collections.abc import Iterator

from hardcut.plan.manifest_source import Located, entries
from hardcut.plan.model import Delete, Manifest, Move


class Deleted:
    """The deleted modules of one manifest, less what is revived."""

    def __init__(self, manifest: Manifest) -> None:
        self._modules = {
            found.entry.module: found for found in entries(manifest) if isinstance(found.entry, Delete)
        }
        moved = (found.entry for found in entries(manifest) if isinstance(found.entry, Move))
        self._gone = {*self._modules, *(move.from_ for move in moved if not move.symbols)}
        self._sorted = sorted(self._gone)
        self._revived = {revive.module for revive in manifest.revive}
        self._roots = {posixpath.normpath(source) for source in manifest.plan.source}

    def over(self, name: str) -> Iterator[Located]:
        """The deletions that take a module, or a name in a module."""
        for found in self._over(name):
            if not (_only_below(found) and name == taken(found)):
                yield found

    def over_file(self, path: str) -> Iterator[Located]:
        """The deletions that take a file or folder, given relative to the root."""
        parts = posixpath.normpath(path).split("/")
        for depth in range(len(parts)):
            root = "/".join(parts[:depth]) or "."
            if root not in self._roots:
                continue
            inner = parts[depth:]
            stem = inner[-1].removesuffix(".pyi").removesuffix(".py")
            python = stem != inner[-1]
            folder = ".".join(inner[:-1] if python else inner)
            module = folder if stem == "__init__" else ".".join([*inner[:-1], stem])
            for found in self._over(module):
                gone = taken(found)
                if not _only_below(found) or folder == gone or folder.startswith(f"{gone}."):
                    yield found

    def under(self, name: str) -> bool:
        """Whether a deletion or whole move takes `name` or something below it, revived or not."""
        if any(module in self._gone for module in above(name)):
            return True
        after = bisect.bisect_left(self._sorted, f"{name}.")
        return after < len(self._sorted) and self._sorted[after].startswith(f"{name}.")

    def _over(self, name: str) -> Iterator[Located]:
        names = above(name)
        if self._revived.isdisjoint(names):
            yield from (self._modules[module] for module in names if module in self._modules)


def above(name: str) -> list[str]:
    """A dotted name and all packages above it, itself first."""
    names = [name]
    while "." in names[-1]:
        names.append(names[-1].rpartition(".")[0])
    return names


def taken(found: Located) -> str:
    """The module that a deletion takes."""
    return found.entry.module if isinstance(found.entry, Delete) else ""


def _only_below(found: Located) -> bool:
    return isinstance(found.entry, Delete) and found.entry.submodules_only
