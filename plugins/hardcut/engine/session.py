"""A project asked about file by file, by a process that sees it change."""

from __future__ import annotations

import atexit
import contextlib
import datetime
from collections.abc import Mapping
from pathlib import Path

from hardcut.engine.asked import Partial
from hardcut.engine.cache import Cache
from hardcut.engine.fixing import with_fixes
from hardcut.engine.gather import Sources
from hardcut.engine.history.compare import Comparison
from hardcut.engine.outcome import ordered
from hardcut.engine.runner import UNREADABLE, choose, in_past, of_facts, of_file, take_words
from hardcut.engine.scope import covers
from hardcut.engine.waivers import ignore, waive
from hardcut.finding import Finding
from hardcut.fix.files import content_of
from hardcut.fix.planning import Plan, planned
from hardcut.plan.gates import LoadedPlan
from hardcut.rules.context import RuleContext
from hardcut.rules.registry import RULES
from hardcut.source.facts import Facts
from hardcut.source.project import Project
from hardcut.source.tree import DiskTree

FILE_RULES = sorted((rule for rule in RULES if rule.file is not None), key=lambda rule: rule is UNREADABLE)
FILE_CODES = frozenset(rule.code for rule in FILE_RULES)


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
        self._earlier: dict[tuple[str, ...], list[Finding]] = {}
        self._stale = False
        self._glance: tuple[Facts, list[Finding]] | None = None
        self._offered: tuple[tuple[list[Finding], list[Plan]], list[Finding]] | None = None
        self._there: tuple[str, frozenset[str]] = "", frozenset()
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
        self._awake()
        if source is not None:
            self._give(path, source)
        if not choose(self._sources, self._run, [path]):
            return []
        found = self._settled(of_file(path, self._sources, self._run, FILE_RULES))
        return with_fixes(found, self._sources, False)

    def excerpt(self, path: str, part: bytes, source: bytes) -> list[Finding]:
        """The findings about a file of which only a part is read: those that do not rest on what is left out.

        `source` is the file's content from now on, `part` the same without the bodies of some functions.
        """
        if not any(covers(plan, path) for plan in self.plans):
            return []
        self._awake()
        sources = self._sources
        if self._there[0] != path:
            self._there = path, sources.words_in(source)
        sources.give_part(path, part, self._there[1])
        try:
            found = self._verified(part, ordered(self._glanced(sources.facts(path))))
        finally:
            sources.partial = None
            sources.give(path, source)
        return self._settled(found)

    def _give(self, path: str, source: bytes) -> None:
        self._sources.give(path, source)
        self._glance, self._offered, self._there = None, None, ("", frozenset())

    def _glanced(self, facts: Facts) -> list[Finding]:
        """What the rules say of a part's facts; the same again, where they looked at nothing else of it."""
        if self._glance is None or self._glance[0] != facts:
            found: list[Finding] = []
            self._sources.looked = False
            for rule in FILE_RULES:
                with contextlib.suppress(Partial):
                    found += of_facts(facts, self._run, [rule])
            self._glance = None if self._sources.looked else (facts, found)
            return found
        return self._glance[1]

    def _verified(self, part: bytes, found: list[Finding]) -> list[Finding]:
        """The findings of a part with their verified fixes; the same again while edits are the same."""
        content = content_of(part)
        plans = planned(found, content.lines) if content is not None else []
        if self._offered is None or self._offered[0] != (found, plans):
            self._offered = (found, plans), with_fixes(found, self._sources, False)
        return self._offered[1]

    def give(self, path: str, source: bytes) -> None:
        """Take content for a file from now on."""
        if self._sources.given.get(path) != source:
            self._awake()
            self._give(path, source)

    def project(self) -> Project:
        """What is known of the project's modules and their names."""
        self._awake()
        return self._sources.project

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

    def _settled(self, found: list[Finding]) -> list[Finding]:
        """The findings that stand, compared with the base where their waves have not landed."""
        compared = self._comparison.told_apart(ordered(found), self._judged)
        return waive(ignore(compared, self.plans)[0], self.plans, datetime.date.today())[0]

    def _judged(self, past: Sources, paths: list[str], codes: frozenset[str]) -> list[Finding]:
        """What all rules said about these files at the base, which does not change while people type."""
        key = tuple(paths)
        if key not in self._earlier:
            self._earlier[key] = in_past(past, paths, FILE_CODES, self._run)
        return self._earlier[key]

    def _awake(self) -> None:
        if self._stale:
            self._sources, self._run = self._begin(self._sources.given)
            self._comparison = Comparison(self._sources, None)
            self._earlier.clear()
            self._stale, self._glance, self._offered = False, None, None
            self._there = "", frozenset()

    def _begin(self, given: Mapping[str, bytes] | None = None) -> tuple[Sources, RuleContext]:
        folders = list(dict.fromkeys(one for plan in self.plans for one in plan.manifest.plan.source))
        self._cache.again()
        sources = Sources(DiskTree(Path(self.root)), folders, self._cache)
        sources.given.update(given or {})
        run = RuleContext(self.plans, sources.project, False)
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
