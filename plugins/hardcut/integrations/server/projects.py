"""The projects that an editor works on: each a root with its plans, found upward from a file."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import msgspec

from hardcut.engine.report_data import Report
from hardcut.engine.scopes import usable_plans
from hardcut.engine.session import Session
from hardcut.finding import Finding, Place
from hardcut.plan.discover import MANIFEST, PROJECT, find_manifests
from hardcut.plan.errors import ManifestError
from hardcut.plan.gates import LoadedPlan, Problem
from hardcut.source.files import listing


class Project:
    """One root, the plans in force there, and what is known of its code.

    The plans are the last that could be used; `problems` say what is wrong with the manifests now.
    `quick` is asked while people type, `full` by a thread of its own. `report` is the last run over the
    whole project.
    """

    def __init__(self, root: str) -> None:
        self.root = root
        self.plans: list[LoadedPlan] = []
        self.problems: list[Problem] = []
        self.report: Report | None = None
        self._grouped: dict[str, list[Finding]] | None = None
        self.quick: Session | None = None
        self.full: Session | None = None

    def load(self, files: list[Path]) -> None:
        """Read the manifests: their plans are in force from now on, unless one cannot be used."""
        try:
            plans = usable_plans(Path(self.root), Path(self.root), files)
        except ManifestError as error:
            self.problems = error.problems
            return
        self.problems = []
        if [(one.path, one.digest) for one in plans] != [(one.path, one.digest) for one in self.plans]:
            self.plans, self.report, self._grouped = plans, None, None
            self.quick, self.full = Session(plans, self.root), Session(plans, self.root)

    def clear(self) -> None:
        """The manifests are gone."""
        self.plans, self.problems, self.report, self._grouped = [], [], None, None
        self.quick = self.full = None

    def state(self) -> object:
        """What is compared to tell whether the plans, or what is wrong with them, are other ones."""
        return [(one.path, one.digest) for one in self.plans], self.problems

    def changed(self) -> None:
        """Files were written, made or deleted."""
        for session in (self.quick, self.full):
            if session is not None:
                session.changed()

    def reported(self) -> dict[str, list[Finding]]:
        """What the last run over the whole project says, by file; about what is no file, in the manifest."""
        if self._grouped is None:
            self._grouped = {}
            for one in [*self.report.findings, *self.report.contested] if self.report is not None else ():
                if not os.path.isfile(os.path.join(self.root, one.place.path)):
                    place = Place(one.declared.path, one.declared.line, 1)
                    said = f"{one.place.path}: {one.message}"
                    one = msgspec.structs.replace(one, place=place, message=said)
                self._grouped.setdefault(one.place.path, []).append(one)
        return self._grouped

    def take(self, report: Report) -> bool:
        """Take the report of a run over the whole project; gives whether it says anything new."""
        before, self.report, self._grouped = self.report, report, None
        if before is None:
            return True
        return (before.findings, before.contested) != (report.findings, report.contested)


class Projects:
    """All projects met so far, by root."""

    def __init__(self) -> None:
        self.known: dict[str, Project] = {}
        self._folders: dict[str, Project | None] = {}
        self._read: set[str] = set()

    def of(self, path: str) -> Project | None:
        """The project that a file belongs to: the nearest manifest above it decides."""
        folder = os.path.dirname(path)
        if folder not in self._folders:
            self._folders[folder] = self._find(folder)
        return self._folders[folder]

    def below(self, folder: str) -> Iterable[Project]:
        """The projects of a workspace folder: its own, and those nested in it."""
        nested = listing(Path(folder), [f"**/{MANIFEST}", f"**/{PROJECT}"]).files
        for path in [MANIFEST, *nested]:
            if (project := self.of(os.path.join(folder, path))) is not None:
                yield project

    def reload(self) -> list[Project]:
        """Read all manifests anew; gives the projects whose plans or problems are other ones now.

        A project whose manifest is gone has no plans any more.
        """
        before = {root: project.state() for root, project in self.known.items()}
        every = dict(self.known)
        folders, self._folders = list(self._folders), {}
        self._read.clear()
        held = {project.root for folder in folders if (project := self.of(os.path.join(folder, MANIFEST)))}
        for root in set(self.known) - held:
            self.known.pop(root).clear()
        return [one for root, one in {**every, **self.known}.items() if one.state() != before.get(root)]

    def _find(self, folder: str) -> Project | None:
        try:
            found = find_manifests(Path(folder))
        except ManifestError as error:
            project = self._at(_folder_of(error.problems[0].path, folder))
            project.problems = error.problems
            return project
        if not found.files:
            return None
        project = self._at(str(found.root))
        if project.root not in self._read:
            self._read.add(project.root)
            project.load(found.files)
        return project

    def _at(self, root: str) -> Project:
        return self.known.setdefault(root, Project(root))


def _folder_of(name: str, folder: str) -> str:
    """The nearest folder upward that holds a file of this name."""
    for above in (Path(folder), *Path(folder).parents):
        if os.path.lexists(above / name):
            return str(above)
    return folder
