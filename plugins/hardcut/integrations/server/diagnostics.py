"""Findings, and what is wrong with a manifest, as an editor's diagnostics."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import cache, lru_cache
from importlib import resources
from typing import Any

from lsprotocol import types
from pygls import uris

from hardcut.finding import Declared, Finding
from hardcut.fix.edit import Edit
from hardcut.fix.planning import edits
from hardcut.integrations.server.positions import spanned
from hardcut.integrations.server.settings import Settings
from hardcut.plan.gates import Problem
from hardcut.report.escape import tame
from hardcut.report.foreign import said
from hardcut.rules.registry import RULES

SOURCE = "hardcut"
_LEVELS = {
    "error": types.DiagnosticSeverity.Error,
    "warning": types.DiagnosticSeverity.Warning,
    "information": types.DiagnosticSeverity.Information,
    "hint": types.DiagnosticSeverity.Hint,
}
_RULES = {rule.code: rule for rule in RULES}


class Writer:
    """Makes the diagnostics of one root, in the terms agreed on with the editor."""

    def __init__(self, root: str, encoding: str, settings: Settings) -> None:
        self.root = root
        self.encoding = encoding
        self.settings = settings

    def uri(self, path: str) -> str:
        """The address of a path, relative to the root or absolute."""
        return _address(self.root, path)

    def of_finding(
        self, one: Finding, lines: Sequence[str], change: Edit | None = None
    ) -> types.Diagnostic | None:
        """A finding about a file with these lines, and what fixes it; None where settings leave it out."""
        level = self._level(one)
        if level == "off":
            return None
        return types.Diagnostic(
            range=self.range_of(one, lines),
            message=tame(said(one)),
            severity=_LEVELS[level],
            code=one.code,
            code_description=self._page(one.code),
            source=SOURCE,
            tags=[types.DiagnosticTag.Deprecated] if self._goes(one) else None,
            related_information=[_declared(self.root, one.declared)],
            data=self._data(one, change, lines),
        )

    def of_findings(self, found: Sequence[Finding], lines: Sequence[str]) -> list[types.Diagnostic | None]:
        """The findings about one file with these lines."""
        changes = edits(found, lines)
        return [self.of_finding(one, lines, change) for one, change in zip(found, changes, strict=True)]

    def range_of(self, one: Finding, lines: Sequence[str]) -> types.Range:
        """Where a finding stands; the first line of a file for one that has no line, or lies in a cell."""
        place = one.place
        if place.line is None or place.cell is not None:
            return spanned(lines, (1, 1), (1, 1), self.encoding)
        start = (place.line, place.column or 1)
        whole = (place.line, len(lines[place.line - 1]) + 1 if place.line <= len(lines) else 1)
        end = (place.end_line or place.line, place.end_column) if place.end_column else whole
        return spanned(lines, start, whole if end <= start else end, self.encoding)

    def of_problem(self, problem: Problem, lines: Sequence[str]) -> types.Diagnostic:
        """What makes a manifest unusable, at its place, up to the end of the line."""
        key = f"{problem.key}: " if problem.key else ""
        text = lines[problem.line - 1] if problem.line <= len(lines) else ""
        end = (problem.line, max(len(text.rstrip()) + 1, problem.column))
        return types.Diagnostic(
            range=spanned(lines, (problem.line, problem.column), end, self.encoding),
            message=tame(f"{key}{problem.message}"),
            severity=types.DiagnosticSeverity.Error,
            code="manifest",
            source=SOURCE,
        )

    def edit_of(self, change: Edit, lines: Sequence[str]) -> types.TextEdit:
        """A fix as an edit of the text."""
        ends = (change.line, change.column), (change.end_line, change.end_column)
        return types.TextEdit(spanned(lines, *ends, self.encoding), change.text)

    def _level(self, one: Finding) -> str:
        if one.contested is not None:
            return self.settings.contested if one.state != "planned" else self.settings.planned
        if one.severity == "info":
            return self.settings.planned if one.state == "planned" else self.settings.remaining
        return one.severity

    def _goes(self, one: Finding) -> bool:
        """Whether the finding is about something that still works and will go."""
        rule = _RULES.get(one.code)
        return one.state == "planned" and rule is not None and rule.family in ("deleted", "removed")

    def _page(self, code: str) -> types.CodeDescription | None:
        rule = _RULES.get(code)
        if rule is None:
            return None
        if self.settings.docs:
            return types.CodeDescription(f"{self.settings.docs.rstrip('/')}/rules/{rule.name}.html")
        return types.CodeDescription(_installed(rule.family, rule.name_of_files))

    def _data(self, one: Finding, change: Edit | None, lines: Sequence[str]) -> dict[str, Any]:
        found: dict[str, Any] = {"rule": one.rule, "subject": one.subject, "wave": one.wave}
        if change is not None:
            text = self.edit_of(change, lines)
            start, end = text.range.start, text.range.end
            found["fix"] = {
                "title": change.title,
                "range": {
                    "start": {"line": start.line, "character": start.character},
                    "end": {"line": end.line, "character": end.character},
                },
                "newText": text.new_text,
            }
        return found


def _declared(root: str, declared: Declared) -> types.DiagnosticRelatedInformation:
    at = types.Position(max(declared.line - 1, 0), 0)
    where = types.Location(_address(root, declared.path), types.Range(at, at))
    return types.DiagnosticRelatedInformation(where, "the plan")


@lru_cache(1_000)
def _address(root: str, path: str) -> str:
    return uris.from_fs_path(os.path.join(root, path)) or ""


@cache
def _installed(family: str, name: str) -> str:
    """The address of the page that comes with the package."""
    return uris.from_fs_path(str(resources.files("hardcut.rules") / family / f"{name}.md")) or ""
