"""Which findings `hardcut fix` can fix: edits are planned, verified in an overlay, and dropped with a reason.

What is left of a finding's `fix` afterwards is an edit that holds what it claims, so that reports,
editors and `hardcut fix` offer the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from hardcut.engine.gather import Sources
from hardcut.engine.reading import read_facts
from hardcut.finding import Finding, Unfixed
from hardcut.fix.edit import PlannedEdit, applied
from hardcut.fix.files import Content, content_of, is_inside
from hardcut.fix.planning import Plan, planned
from hardcut.fix.verification import broken, unresolved, words_of
from hardcut.source.facts import Facts


def is_chosen(finding: Finding, waves_named: bool) -> bool:
    """Whether `hardcut fix` is about a finding: not if contested, for planned waves only if named."""
    return (waves_named or finding.state != "planned") and finding.contested is None


def with_fixes(findings: Sequence[Finding], sources: Sources, waves_named: bool) -> list[Finding]:
    """The findings, each with a verified `fix`, or with the reason why `hardcut fix` leaves it, or with both.

    A finding of a planned wave that is not named and a contested one have both: an editor offers the edit.
    """
    found = list(findings)
    fixable = [index for index, finding in enumerate(found) if finding.fix]
    chosen = [index for index in fixable if is_chosen(found[index], waves_named)]
    _settle(found, chosen, chosen, sources)
    others = [index for index in fixable if not is_chosen(found[index], waves_named)]
    if others:
        _settle(found, [index for index in fixable if found[index].fix], others, sources)
    for index in others:
        if found[index].fix:
            reason = Unfixed.CONTESTED if found[index].contested is not None else Unfixed.PLANNED
            found[index] = msgspec.structs.replace(found[index], unfixed=reason)
    return [
        finding
        if finding.fix or finding.unfixed
        else msgspec.structs.replace(finding, unfixed=Unfixed.DECISION)
        for finding in found
    ]


def _settle(found: list[Finding], together: Sequence[int], about: Iterable[int], sources: Sources) -> None:
    """Take the `fix` from those of some findings whose edits do not hold if all are made together."""
    reasons = _Verification([found[index] for index in together], sources).reasons()
    settled = dict(zip(together, reasons, strict=True))
    for index in about:
        reason = settled[index]
        if reason is not None:
            found[index] = msgspec.structs.replace(found[index], fix=None, unfixed=reason)


class _File:
    """The planned edits of one file; `numbers` are those of its findings."""

    def __init__(self, path: str, numbers: list[int], content: Content, plans: list[Plan]) -> None:
        self.path = path
        self.numbers = numbers
        self.content = content
        self.plans = plans

    def edits(self) -> list[PlannedEdit]:
        """The edits that are not dropped, each once."""
        return list(dict.fromkeys(plan for plan in self.plans if isinstance(plan, PlannedEdit)))

    def data(self) -> bytes:
        """The file's bytes after its edits."""
        return self.content.encoded(applied(self.content.lines, [plan.edit for plan in self.edits()]))

    def drop(self, wrong: Mapping[PlannedEdit, Unfixed]) -> None:
        """Drop edits, each with its reason."""
        self.plans = [wrong.get(plan, plan) if isinstance(plan, PlannedEdit) else plan for plan in self.plans]


class _Verification:
    """Verifies the edits of some findings, which are made together."""

    def __init__(self, findings: Sequence[Finding], sources: Sources) -> None:
        self._findings = findings
        self._sources = sources
        self._reasons: list[Unfixed | None] = [None] * len(findings)
        self._files: list[_File] = []
        self._facts: dict[tuple[str, bytes], Facts] = {}

    def reasons(self) -> list[Unfixed | None]:
        """For each finding, why its edit is not made; None if it is."""
        self._plan()
        for file in self._files:
            self._read_again(file)
        while self._resolve():
            # What was dropped may have been what another edit's name led to.
            pass
        for file in self._files:
            for number, plan in zip(file.numbers, file.plans, strict=True):
                self._reasons[number] = None if isinstance(plan, PlannedEdit) else plan
        return self._reasons

    def _plan(self) -> None:
        by_path: dict[str, list[int]] = {}
        for number, finding in enumerate(self._findings):
            by_path.setdefault(finding.place.path, []).append(number)
        for path, numbers in by_path.items():
            inside = path in self._sources.given or self._sources.tree.holds(path)
            inside = inside or is_inside(str(self._sources.root), path)
            content = content_of(self._sources.read(path)) if inside else None
            if content is None:
                reason = Unfixed.ENCODING if inside else Unfixed.OUTSIDE
                for number in numbers:
                    self._reasons[number] = reason
                continue
            plans = planned([self._findings[number] for number in numbers], content.lines)
            self._files.append(_File(path, numbers, content, plans))

    def _read_again(self, file: _File) -> None:
        """Drop the edits after which the file does not say what they claim, or cannot be written."""
        file.drop({plan: Unfixed.ENCODING for plan in file.edits() if not _can_be_written(file, plan)})
        if not file.edits():
            return
        words = words_of(file.edits())

        def read(lines: Sequence[str]) -> Facts:
            return self._read(file.path, file.content.encoded(lines), words)

        before = self._sources.facts(file.path)
        file.drop(broken(file.edits(), file.content.lines, before, read))

    def _resolve(self) -> bool:
        """Drop the edits whose names lead nowhere in the project after them; gives whether there were any."""
        edited = [file for file in self._files if file.edits()]
        if not edited:
            return False
        texts = {file.path: file.data() for file in edited}
        project = self._sources.over(texts).project
        dropped = False
        for file in edited:
            facts = self._read(file.path, texts[file.path], words_of(file.edits()))
            reasons = {plan: unresolved(plan, facts, project) for plan in file.edits()}
            wrong = {plan: reason for plan, reason in reasons.items() if reason is not None}
            file.drop(wrong)
            dropped = dropped or bool(wrong)
        return dropped

    def _read(self, path: str, data: bytes, words: frozenset[str]) -> Facts:
        """What a file's new text says; no cache keeps it, for most of these texts are seen once."""
        key = path, data
        if key not in self._facts:
            self._facts[key] = read_facts(path, data, words, self._sources.roots, frozenset())
        return self._facts[key]


def _can_be_written(file: _File, plan: PlannedEdit) -> bool:
    try:
        plan.edit.text.encode(file.content.encoding)
    except UnicodeEncodeError:
        return False
    return True
