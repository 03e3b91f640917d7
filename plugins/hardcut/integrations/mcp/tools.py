"""The answers of the MCP server, as plain objects.

Each reads the project anew, so that an answer is about the files as they are now. Nothing is written, and no
command of a plan is run.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

import msgspec

from hardcut.api.check import outcome
from hardcut.api.errors import unknown
from hardcut.api.inputs import plans_of
from hardcut.api.names import rule_names
from hardcut.api.options import options_of
from hardcut.engine.landing import lacks
from hardcut.engine.options import Options
from hardcut.engine.progress import progress
from hardcut.engine.run import check as run
from hardcut.integrations.cli.edits import wave_of
from hardcut.integrations.cli.explain import listing
from hardcut.integrations.cli.fix import preview
from hardcut.integrations.cli.why import look_up
from hardcut.report import as_json, fixes, landing, status, why
from hardcut.report.summary import count
from hardcut.rules.registry import find

MOST = 50
"""Findings in one answer, unless asked for more: an answer has to fit a model's context."""


class Project(msgspec.Struct, frozen=True):
    """One project: its root and manifests, which are fixed when the server starts."""

    root: str
    plans: list[str]

    def check(self, paths: Sequence[str], waves: Sequence[str], limit: int = MOST) -> dict[str, Any]:
        """The findings of `hardcut check`, of which at most `limit` are listed.

        Raises:
            Unusable: a plan is broken, or a path or wave does not exist.
        """
        report = outcome(
            options_of(plans_of(self.plans, self.root), paths=self._below(paths), waves=waves, jobs=1)
        )
        found = as_json.to_json(report)
        errors = found.summary.severity.error
        verdict = "no finding fails the check" if not errors else f"{count(errors, 'error')} to fix"
        return {
            "verdict": verdict,
            "failed": report.failed,
            "findings": _plain(found.findings[:limit]),
            "omitted": max(0, len(found.findings) - limit),
            "notes": found.notes,
            "summary": _plain(found.summary),
        }

    def why(self, name: str) -> dict[str, Any]:
        """What the plan says about a name, and each place where it is still used."""
        found = look_up(name, self.plans, self.root, cache=True, jobs=1)
        answer: dict[str, Any] = _decoded(why.as_json([found]))["names"][0]
        return answer

    def status(self) -> dict[str, Any]:
        """How far each wave is."""
        plans = plans_of(self.plans, self.root)
        report = run(Options(root=plans[0].root, plans=plans, jobs=1, compare=False, every_gate=True))
        return _decoded(status.render(progress(plans, report, None), "json", every=False))

    def fix_preview(self, paths: Sequence[str], waves: Sequence[str]) -> dict[str, Any]:
        """The edits that `hardcut fix` would make, as a diff, and what it would leave and why."""
        options = options_of(plans_of(self.plans, self.root), paths=self._below(paths), waves=waves, jobs=1)
        if options is None:
            return {"diff": "", "files": [], "left": [], "omitted": 0, "summary": {}}
        found = fixes.to_json(preview(options))
        return {
            "diff": found.diff,
            "files": found.files,
            "left": _plain(found.left[:MOST]),
            "omitted": max(0, len(found.left) - MOST),
            "summary": _plain(found.summary),
        }

    def can_land(self, wave: str) -> dict[str, Any]:
        """What `hardcut land --dry-run` says: whether a wave is done, and all that is missing."""
        plans = plans_of(self.plans, self.root)
        chosen, table = wave_of(plans, wave)
        found = []
        if table.state != "landed":
            found = lacks(Options(root=chosen.root, plans=plans, jobs=1, compare=False), chosen, wave)
        answer: dict[str, Any] = _plain(landing.to_json(chosen.name, wave, table.state, found))
        for missing in answer["missing"]:
            missing["omitted"] = max(0, len(missing["findings"]) - MOST)
            del missing["findings"][MOST:]
        return answer

    def _below(self, paths: Sequence[str]) -> list[str]:
        """Paths of an agent, which start at the root."""
        return [os.path.join(self.root, path) for path in paths]


def explain(rule: str) -> str:
    """A rule's page, or without a name the list of all rules.

    Raises:
        Unusable: there is no such rule; with the nearest one.
    """
    if not rule:
        return listing()
    found = find(rule)
    if found is None:
        raise unknown("rule", rule, rule_names())
    return found.page()


def _plain(value: object) -> Any:
    return msgspec.to_builtins(value)


def _decoded(text: str) -> dict[str, Any]:
    return msgspec.json.decode(text, type=dict[str, Any])
