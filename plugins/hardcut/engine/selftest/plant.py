"""A planted violation, and where in a project one can be planted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from hardcut.engine.gather import Sources
from hardcut.engine.scope import covers
from hardcut.plan.gates import Gate, LoadedPlan
from hardcut.rules.context import RuleContext
from hardcut.source.tree import walk

NAME = "hardcut_selftest"
"""What planted files, modules and names begin with."""


class Want(msgspec.Struct, frozen=True):
    """A finding that has to be there: one of some codes, at some lines of a path or about a subject.

    `said` tells people what was planted. Without codes, nothing could be planted and `said` tells why:
    such a want is never met.
    """

    said: str
    codes: tuple[str, ...]
    path: str | None = None
    lines: tuple[int, int] | None = None
    subject: str | None = None


class Plant(msgspec.Struct, frozen=True):
    """Files that are written (None: taken away) in a copy of the project, and what has to be found then."""

    files: dict[str, bytes | None]
    wants: list[Want]


class Snippet(msgspec.Struct, frozen=True):
    """A few lines of Python that break a gate, and the rules one of which has to say so."""

    said: str
    code: str
    codes: tuple[str, ...]


class Unplantable(Exception):
    """A gate whose violation cannot be planted; the text says why."""


def lost(why: str) -> Plant:
    """What stands for a violation that nothing would notice."""
    return Plant({}, [Want(why, ())])


class Ground:
    """The project as it is, and the places in it that a plan's gates look at.

    `listed` are the files that a run checks.
    """

    def __init__(self, sources: Sources, run: RuleContext, listed: Sequence[str]) -> None:
        self.sources = sources
        self.project = sources.project
        self.run = run
        self._count = 0
        self._known: dict[str, list[tuple[str, str]]] = {}
        self._python = [
            (path, sources.roots.module_of(path)[0]) for path in listed if sources.language(path) == "python"
        ]

    def read(self, path: str) -> bytes:
        """A file's bytes, empty where there is none."""
        return self.sources.read(path)

    def files(self, pattern: str) -> list[str]:
        """The files that a path or glob names, and all below the folders that it names."""
        tree = self.sources.tree
        found: dict[str, None] = {}
        last = ""
        for path in self.project.matching(pattern):
            if tree.kind(path) != "folder":
                found[path] = None
            elif not (last and path.startswith(last)):
                last = f"{path}/"
                found.update(dict.fromkeys(walk(tree, path)))
        return list(found)

    def plan_of(self, gate: Gate[Any]) -> LoadedPlan:
        """The plan that a gate stands in."""
        return next(plan for plan in self.run.plans if plan.name == gate.plan)

    def fresh(self) -> str:
        """A name that no other planted file or module has."""
        self._count += 1
        return f"{NAME}_{self._count}"

    def anywhere(
        self, gate: Gate[Any], snippets: Sequence[Snippet], fits: Callable[[str, str], bool] = lambda *_: True
    ) -> Plant:
        """Snippets in a file that the gate's plan checks; `fits` is asked about a path and its module."""
        spot = self._spot(gate, fits)
        return self._written(*spot, snippets) if spot else lost("no Python file that the plan checks")

    def below(
        self,
        gate: Gate[Any],
        module: str,
        snippets: Sequence[Snippet],
        fits: Callable[[str, str], bool] = lambda *_: True,
    ) -> Plant:
        """Snippets in a file of a module, or of one below it."""

        def inside(path: str, name: str) -> bool:
            return f"{name}.".startswith(f"{module}.") and fits(path, name)

        spot = self._spot(gate, inside)
        if spot:
            return self._written(*spot, snippets)
        there = self.project.exists(module)
        return lost(f"no file of `{module}` that the plan checks" if there else f"`{module}` does not exist")

    def appended(self, path: str, snippets: Sequence[Snippet]) -> Plant:
        """Snippets at the end of a file."""
        return self._written(path, self.read(path), snippets)

    def _spot(self, gate: Gate[Any], fits: Callable[[str, str], bool]) -> tuple[str, bytes] | None:
        """A new file beside one that is checked, or else one that is: its path, and what it holds so far."""
        plan = self.plan_of(gate)
        existing: str | None = None
        for path, name in self._checked(plan):
            if self.run.targets.deleted_by(name) is not None or not fits(path, name):
                continue
            folder = path.rpartition("/")[0]
            stem = self.fresh()
            new = f"{folder}/{stem}.py" if folder else f"{stem}.py"
            if covers(plan, new) and fits(new, self.sources.roots.module_of(new)[0] or ""):
                return new, b""
            existing = existing or path
        return (existing, self.read(existing)) if existing else None

    def _checked(self, plan: LoadedPlan) -> list[tuple[str, str]]:
        """The Python files that a plan checks, with their modules ("" for none); outer modules first."""
        if plan.name not in self._known:
            found = [(path, name or "") for path, name in self._python if covers(plan, path)]
            self._known[plan.name] = sorted(found, key=lambda one: (not one[1], one[0].count("/")))
        return self._known[plan.name]

    def _written(self, path: str, before: bytes, snippets: Sequence[Snippet]) -> Plant:
        text = before + b"\n" if before and not before.endswith(b"\n") else before
        wants: list[Want] = []
        for one in snippets:
            first = text.count(b"\n") + 1
            text += one.code.encode("utf-8", "replace").rstrip(b"\n") + b"\n"
            said = f"{one.said} in {path}"
            wants.append(Want(said, one.codes, path, (first, text.count(b"\n"))))
        return Plant({path: text}, wants)
