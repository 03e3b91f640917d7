"""Findings of waves that have not landed, told apart: those that the base has too, and those that it lacks.

A finding is the same in both where its rule, subject, file (renames followed), enclosing definition and
normalised statement are: no lines, no columns, no messages. Findings are counted, so that one more of the
same is new. Nothing is stored.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property

import msgspec

from hardcut.engine.gather import Sources
from hardcut.engine.history.base import Base, changed, find_base, untracked
from hardcut.engine.history.renames import renames
from hardcut.finding import Finding, Place, Severity
from hardcut.plan.errors import listing
from hardcut.source.python.spot import Spot
from hardcut.source.revision import RevisionTree
from hardcut.source.tree import walk

Identity = tuple[str, str, str, str, str]
Judged = Callable[[Sources, list[str], frozenset[str]], list[Finding]]
"""The findings in some files of other sources, by the rules of some codes."""

UNCOMPARED = ("CUT802", "CUT803", "CUT804", "CUT805", "CUT806", "CUT9")
"""Findings about the plan itself, and about evidence, are never old: today's plan asks, for today's files."""


class Comparison:
    """The base of one run of the sources `now`: its tree, and which of its files are as they are there.

    `missing` are files of the base whose content was asked for, and is not in this clone.
    """

    def __init__(self, sources: Sources, named: str | None) -> None:
        self._named = named
        self.now = sources
        self._base: Base | None = None
        self.missing: set[str] = set()
        self._came: dict[str, str] = {}
        self._new: frozenset[str] = frozenset()

    @property
    def base(self) -> Base:
        """The revision to compare with, found when it is asked for."""
        if self._base is None:
            self._base = find_base(self.now.root, self._named)
        return self._base

    @property
    def asked(self) -> Base | None:
        """The base, if it was asked for."""
        return self._base

    @cached_property
    def changed(self) -> frozenset[str] | None:
        """The paths that differ between the base and now; None where that is not known, for all may."""
        return changed(self.now.root, self.base.commit or "HEAD")

    def notes(self, findings: Sequence[Finding]) -> list[str]:
        """What people should know about the comparison."""
        said = []
        active = any(one.state == "active" and is_compared(one) for one in findings)
        if active and self.base.commit is None:
            said.append(f"every finding of an active wave counts, for there is no base: {self.base.said}")
        if self.missing:
            files = listing(sorted(self.missing), limit=3)
            fetching = f"`git diff {(self.base.commit or '')[:12]}` fetches it"
            said.append(
                f"the base's content of {files} is not in this clone, so that all in there is new: {fetching}"
            )
        return said

    def said(self, findings: Sequence[Finding]) -> str | None:
        """What the findings were compared with, if any were."""
        compared = any(one.baseline is not None for one in findings)
        return f"{self.base.said}, {(self.base.commit or '')[:12]}" if compared else None

    def old(self, path: str) -> str:
        """A file's path in the base."""
        return self._came.get(path, path)

    def _follow(self, paths: Iterable[str]) -> None:
        """Find where those of the paths came from that the base does not have."""
        here, there = self.now.tree, self.past.tree
        fresh = {path for path in paths if there.kind(path) is None}
        if fresh <= self._new:
            return
        self._new |= fresh
        kinds = {os.path.splitext(path)[1] for path in self._new}
        every = sorted(walk(there, "") if self.changed is None else self.changed)
        asked = [path for path in every if os.path.splitext(path)[1] in kinds]
        gone = [path for path in asked if there.kind(path) == "file" and here.kind(path) is None]
        if gone:
            others = [path for path in untracked(here.root) if os.path.splitext(path)[1] in kinds]
            self._new |= {path for path in (*asked, *others) if there.kind(path) is None}
            new = {path: self.now.read(path) for path in sorted(self._new)}
            self._came = renames(new, {path: self.past.read(path) for path in gone})

    @cached_property
    def past(self) -> Sources:
        """The base's files; those that have not changed are not read again."""
        tree = RevisionTree(self.now.root, self.base.commit or "HEAD", near=self)
        self.missing = tree.missing
        return Sources(tree, self.now.folders, self.now.cache)

    def read(self, path: str) -> bytes | None:
        """The bytes of a file that is the same now."""
        return self.now.contents(path) if self._is_same(path) else None

    def digest(self, path: str) -> bytes | None:
        """The digest of a file that is the same now."""
        return self.now.digest(path) if self._is_same(path) else None

    def _is_same(self, path: str) -> bool:
        return self.changed is not None and path not in self.changed and path not in self.now.given

    def told_apart(self, findings: Sequence[Finding], judged: Judged) -> list[Finding]:
        """The same findings; of waves that have not landed, with their `baseline` and its severity."""
        waiting = [one for one in findings if is_compared(one)]
        if not waiting or self.base.commit is None:
            return list(findings)
        self._follow(one.place.path for one in waiting)
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
        for one, identity in zip(left, _identities(self.now, left, self.old), strict=True):
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
