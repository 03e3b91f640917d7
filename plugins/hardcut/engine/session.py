"""A project asked about file by file, by a process that sees it change."""

from __future__ import annotations

import atexit
import datetime
from collections.abc import Mapping
from pathlib import Path

from hardcut.engine.cache import Cache
from hardcut.engine.compare import Comparison
from hardcut.engine.gather import Sources
from hardcut.engine.judge import choose, covers, in_past, of_file, take_words
from hardcut.engine.outcome import ordered
from hardcut.engine.settle import waive
from hardcut.finding import Finding
from hardcut.plan.gates import LoadedPlan
from hardcut.rules.registry import RULES
from hardcut.rules.run import Run
from hardcut.source.tree import DiskTree

FILE_RULES = [rule for rule in RULES if rule.file is not None]


class Session:
    """What one process knows of a project and its plans; kept until it is told that a file changed.

    `plans` have the root `root`, the folder that all paths are relative to. Content that was given for
    a file stands for the file's own, for every question, until it is taken back.
    """

    def __init__(self, plans: list[LoadedPlan], root: str, cache: bool = True) -> None:
        self.plans = plans
        self.root = root
        self._cache = Cache(Path(root), cache)
        self._sources, self._run = self._begin()
        self._comparison = Comparison(self._sources, None)
        self._stale = False
        atexit.register(self._cache.save)

    def check(self, path: str, source: bytes | None = None) -> list[Finding]:
        """The findings that one file alone gives, in order, planned and contested ones among them.

        `source` is content to take for the file from now on. A file outside the plans' `check` paths
        gives nothing, nor does a manifest.
        """
        if any(plan.has_file and plan.path == path for plan in self.plans):
            return []
        if not any(covers(plan, path) for plan in self.plans):
            return []
        if self._stale:
            self._sources, self._run = self._begin(self._sources.given)
            self._comparison = Comparison(self._sources, None)
            self._stale = False
        if source is not None:
            self._sources.give(path, source)
        if not choose(self._sources, self._run, [path]):
            return []
        found = ordered(of_file(path, self._sources, self._run, FILE_RULES))
        return waive(self._comparison.told_apart(found, self._judged), self.plans, datetime.date.today())[0]

    def _judged(self, past: Sources, paths: list[str], codes: frozenset[str]) -> list[Finding]:
        return in_past(past, paths, codes, self._run)

    def take_back(self, path: str) -> None:
        """A file's own content counts again."""
        if self._sources.given.pop(path, None) is not None:
            self._stale = True

    def changed(self) -> None:
        """Files were written, made or deleted: what was known of the project is asked anew."""
        self._stale = True

    def save(self) -> None:
        """Write the cache."""
        self._cache.save()

    def _begin(self, given: Mapping[str, bytes] | None = None) -> tuple[Sources, Run]:
        folders = list(dict.fromkeys(one for plan in self.plans for one in plan.manifest.plan.source))
        self._cache.again()
        sources = Sources(DiskTree(Path(self.root)), folders, self._cache)
        sources.given.update(given or {})
        run = Run(self.plans, sources.project, False)
        take_words(sources, run)
        return sources, run


class Sessions:
    """A session for each list of plans; a list that was loaded anew begins a new one."""

    def __init__(self) -> None:
        self._known: dict[int, Session] = {}

    def of(self, plans: list[LoadedPlan]) -> Session:
        """The session of plans that share a root."""
        session = self._known.get(id(plans))
        if session is None or session.plans is not plans:
            session = self._known[id(plans)] = Session(plans, plans[0].root)
        return session
