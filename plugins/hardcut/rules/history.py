"""What used to exist: asked of the plan's base revision, or of git's history, where there is one."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from hardcut.source.facts import Definition
from hardcut.source.project import Project


class Past(msgspec.Struct, frozen=True):
    """The project as it was: `name` is the revision as people know it."""

    name: str
    project: Project


def _no_git(plan: str, since: str | None) -> Past | str:
    return "there is no git repository here"


class History:
    """Answers True, False or None (cannot be told) about names that are not there now.

    `blob` gives a path's bytes at the plan's base revision, `existed` whether git's history holds a
    path; each is None without a base or without git. `paths` lists the files that a module may have.
    `at` gives a plan's project at a revision, or where none is named at the plan's base; or why not.
    """

    def __init__(
        self,
        paths: Callable[[str], list[str]],
        blob: Callable[[str], bytes | None] | None = None,
        existed: Callable[[list[str]], bool | None] | None = None,
        top_level: Callable[[bytes], list[Definition]] | None = None,
        base: str = "",
        at: Callable[[str, str | None], Past | str] = _no_git,
    ) -> None:
        self.asked = False
        self.untold = 0
        self._paths = paths
        self._blob = blob
        self._existed = existed
        self._top_level = top_level
        self._at = at
        self.said = f" (asked of the base revision {base})" if base and blob else ""

    def began(self, plan: str, since: str | None = None) -> Past | str:
        """The project where a plan's wave began: at `since`, else the plan's base, else the merge-base.

        A text says why it cannot be told.
        """
        self.asked = True
        return self._at(plan, since)

    def module(self, module: str, landed: bool) -> bool | None:
        """Whether a module was there; of a wave that has not landed, it should be there now."""
        return self._any(self._paths(module), landed)

    def path(self, path: str, landed: bool) -> bool | None:
        """Whether a file or folder was there."""
        return self._any([path], landed)

    def symbol(self, module: str, name: str, landed: bool) -> bool | None:
        """Whether a module defined a name at the base revision; without one, nobody can tell."""
        self.asked = True
        if self._blob is None or self._top_level is None:
            return None if landed else False
        for path in self._paths(module):
            data = self._blob(path)
            if data is not None and any(one.name == name for one in self._top_level(data)):
                return True
        return False

    def _any(self, paths: list[str], landed: bool) -> bool | None:
        self.asked = True
        if self._blob is not None:
            return any(self._blob(path) is not None for path in paths)
        if self._existed is not None and (known := self._existed(paths)) is not None:
            return known
        self.untold += landed
        return None if landed else False
