"""Findings of waves that have not landed, told apart: those that the base has too, and those that it lacks.

A finding is the same in both where its rule, subject, file (renames followed), enclosing definition and
normalised statement are: no lines, no columns, no messages. Findings are counted, so that one more of the
same is new. Nothing is stored.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

import msgspec

from hardcut.engine.gather import Sources
from hardcut.engine.history.base import Base, Changes, changes, find_base
from hardcut.finding import Finding, Place, Severity
from hardcut.plan.errors import ManifestError
from hardcut.plan.gates import LoadedPlan
from hardcut.plan.load import as_it_was
from hardcut.source.git import git
from hardcut.source.python.spot import Spot
from hardcut.source.revision import RevisionTree

Identity = tuple[str, str, str, str, str]
Judged = Callable[[Sources, list[str], frozenset[str]], list[Finding]]
"""The findings in some files of other sources, by the rules of some codes."""

UNCOMPARED = ("CUT802", "CUT803", "CUT804", "CUT805", "CUT806", "CUT9")
"""Findings about the plan itself, and about evidence, are never old: today's plan asks, for today's files."""


class Comparison:
    """The base of one run: its tree, and which of its files are as they are now."""

    def __init__(self, sources: Sources, named: str | None) -> None:
        self._named = named
        self._sources = sources
        self._base: Base | None = None
        self._changes: Changes | None = None
        self._past: Sources | None = None
        self._unusable: list[str] = []

    @property
    def base(self) -> Base:
        """The revision to compare with, found when it is asked for."""
        if self._base is None:
            self._base = find_base(self._sources.root, self._named)
        return self._base

    @property
    def commit(self) -> str | None:
        """The base's commit, if it was asked for; "" where there is none."""
        return None if self._base is None else self._base.commit or ""

    @property
    def changes(self) -> Changes:
        """What differs between the base and now."""
        if self._changes is None:
            self._changes = changes(self._sources.root, self.base.commit or "HEAD")
        return self._changes

    def earlier(self, plans: Sequence[LoadedPlan]) -> dict[str, LoadedPlan]:
        """The plans whose manifests were others in the base, as they were there."""
        found: dict[str, LoadedPlan] = {}
        for plan in plans:
            if os.path.isabs(plan.path) or self.base.commit is None:
                continue
            data = git(self._sources.root, "cat-file", "blob", f"{self.base.commit}:./{plan.path}")
            if data is None or data == self._sources.tree.read(plan.path):
                continue
            try:
                found[plan.name] = as_it_was(plan, data)
            except ManifestError:
                self._unusable.append(plan.path)
        return found

    def notes(self, findings: Sequence[Finding]) -> list[str]:
        """What people should know about the comparison."""
        said = [f"{path} is no usable manifest at the base: not compared" for path in self._unusable]
        active = any(one.state == "active" and is_compared(one) for one in findings)
        if active and self.base.commit is None:
            said.append(f"every finding of an active wave counts, for there is no base: {self.base.said}")
        return said

    def said(self, findings: Sequence[Finding]) -> str | None:
        """What the findings were compared with, if any were."""
        compared = any(one.baseline is not None for one in findings)
        return f"{self.base.said}, {(self.base.commit or '')[:12]}" if compared else None

    def old(self, path: str) -> str:
        """A file's path in the base."""
        return self.changes.renamed.get(path, path)

    @property
    def past(self) -> Sources:
        """The base's files; those that have not changed are not read again."""
        if self._past is None:
            tree = RevisionTree(self._sources.root, self.base.commit or "HEAD", near=self)
            self._past = Sources(tree, self._sources.folders, self._sources.cache)
        return self._past

    def read(self, path: str) -> bytes | None:
        """The bytes of a file that is the same now."""
        return self._sources.read(path) if self._is_same(path) else None

    def digest(self, path: str) -> bytes | None:
        """The digest of a file that is the same now."""
        return self._sources.digest(path) if self._is_same(path) else None

    def _is_same(self, path: str) -> bool:
        return path not in self.changes.changed and path not in self._sources.given

    def told_apart(self, findings: Sequence[Finding], judged: Judged) -> list[Finding]:
        """The same findings; of waves that have not landed, with their `baseline` and its severity."""
        waiting = [one for one in findings if is_compared(one)]
        if not waiting or self.base.commit is None:
            return list(findings)
        paths = sorted({self.old(one.place.path) for one in waiting})
        found = judged(self.past, paths, frozenset(one.code for one in waiting))
        marks: dict[int, bool] = {}
        # In a file that has not changed, the same place is the same finding: nothing has to be read for it.
        there = Counter(_at(one) for one in found if self._is_same(one.place.path))
        left: list[Finding] = []
        for one in waiting:
            if there[_at(one)] > 0:
                there[_at(one)] -= 1
                marks[id(one)] = True
            else:
                left.append(one)
        others = [one for one in found if not self._is_same(one.place.path) or there[_at(one)] > 0]
        known = Counter(_identities(self.past, others if left else [], lambda path: path))
        for one, identity in zip(left, _identities(self._sources, left, self.old), strict=True):
            marks[id(one)] = known[identity] > 0
            known[identity] -= 1
        return [_marked(one, marks[id(one)]) if id(one) in marks else one for one in findings]


def is_compared(finding: Finding) -> bool:
    """Whether it matters if the base has a finding too."""
    return finding.state != "landed" and not finding.code.startswith(UNCOMPARED)


def _at(one: Finding) -> tuple[str, str, Place]:
    return one.code, one.subject, one.place


def _marked(one: Finding, old: bool) -> Finding:
    severity: Severity = one.severity
    if one.contested is None:
        if old:
            severity = "info"
        elif one.state == "planned":
            severity = "warning"
    return msgspec.structs.replace(one, baseline="unchanged" if old else "new", severity=severity)


def _identities(
    sources: Sources, findings: Iterable[Finding], path_of: Callable[[str], str]
) -> list[Identity]:
    findings = list(findings)
    spots = _spots(sources, findings)
    return [
        (one.code, one.subject, path_of(one.place.path), *spots.get(id(one), ("", ""))) for one in findings
    ]


def _spots(sources: Sources, findings: list[Finding]) -> dict[int, Spot]:
    """The surroundings of each finding that has a place wider than nothing, read file by file."""
    by_file: dict[str, list[Finding]] = {}
    for one in findings:
        place = one.place
        if place.line is not None and (place.line, place.column) != (place.end_line, place.end_column):
            by_file.setdefault(place.path, []).append(one)
    found: dict[int, Spot] = {}
    for path, several in by_file.items():
        places = [(one.place.line or 1, one.place.column or 1, one.place.cell) for one in several]
        for one, spot in zip(several, sources.spots(path, places), strict=True):
            found[id(one)] = spot
    return found
