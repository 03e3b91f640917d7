"""A burn-down for programs: every commit with its counts."""

from __future__ import annotations

import msgspec

from hardcut import __version__
from hardcut.engine.history.burndown_data import Burndown, Line
from hardcut.report.burndown.scale import moment
from hardcut.report.plain_json import dump

SCHEMA_VERSION = 1


class _Step(msgspec.Struct, kw_only=True):
    commit: str
    date: str
    author: str
    subject: str
    files: int
    remaining: int
    counts: list[int]
    contested: list[int]


class _Json(msgspec.Struct, kw_only=True):
    schema_version: int
    version: str
    commits: int
    notes: list[str]
    waves: list[Line]
    steps: list[_Step]


def render(burndown: Burndown) -> str:
    """The whole history; `counts` and `contested` of a step are in the order of `waves`."""
    steps = [
        _Step(
            commit=one.commit,
            date=moment(one.when).isoformat().replace("+00:00", "Z"),
            author=one.author,
            subject=one.subject,
            files=one.files,
            remaining=one.total,
            counts=one.counts,
            contested=one.contested,
        )
        for one in burndown.steps
    ]
    return dump(
        _Json(
            schema_version=SCHEMA_VERSION,
            version=__version__,
            commits=burndown.commits,
            notes=burndown.notes,
            waves=burndown.lines,
            steps=steps,
        )
    )
