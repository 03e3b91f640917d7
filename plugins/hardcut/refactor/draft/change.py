"""What differs between two trees: modules that are gone, came or changed, and their definitions."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

from hardcut.refactor.draft.code_tree import CodeTree, Definition, ModuleCode

IsSame = Callable[[str], bool]
"""Whether a file is the same in both trees; asked for paths that both have."""


class Change:
    """The modules and definitions that an old and a new tree do not share.

    `gone` and `came` are modules that only one of them has; `changed` are those of both whose files differ.
    """

    def __init__(self, old: CodeTree, new: CodeTree, is_same: IsSame) -> None:
        self.old = old
        self.new = new
        self.is_same = is_same
        self.gone = sorted(module for module in old.paths if not self._is_there(module))
        self.came = sorted(module for module in new.paths if not old.roots.exists(module))
        self.changed = sorted(
            module
            for module, path in old.paths.items()
            if module in new.paths and not (new.paths[module] == path and is_same(path))
        )

    def _is_there(self, module: str) -> bool:
        """Whether the new tree has a module, maybe as a stub, a compiled file or a namespace package.

        A namespace package does not stand for a module or for a package with code of its own.
        """
        kind = self.new.roots.kind(module)
        if kind == "namespace":
            return self.old.paths[module].endswith("/__init__.py")
        return kind is not None

    @cached_property
    def lost(self) -> list[Definition]:
        """The definitions of the old tree that their module does not define any more."""
        found: list[Definition] = []
        for module in [*self.gone, *self.changed]:
            kept = self.new.code(module).definitions if module in self.new.paths else {}
            found += [one for name, one in self.old.code(module).definitions.items() if name not in kept]
        return found

    @cached_property
    def fresh(self) -> list[Definition]:
        """The definitions of the new tree that their module did not have before."""
        found: list[Definition] = []
        for module in [*self.came, *self.changed]:
            had = self.old.code(module).definitions if module in self.old.paths else {}
            found += [one for name, one in self.new.code(module).definitions.items() if name not in had]
        return found

    def old_code(self, module: str) -> ModuleCode:
        """What a module of the old tree said."""
        return self.old.code(module)
