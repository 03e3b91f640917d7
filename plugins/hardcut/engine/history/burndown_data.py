"""What a burn-down is: the counts of each wave's findings, commit by commit."""

from __future__ import annotations

import msgspec

from hardcut.finding import State


class Line(msgspec.Struct, frozen=True):
    """One wave, as the plan says today."""

    plan: str
    wave: str
    title: str | None
    state: State


class Step(msgspec.Struct, frozen=True):
    """One commit: its full name, commit time in seconds since 1970 (UTC), the first line of its message.

    `counts` and `contested` hold a number for each line, in the same order; contested findings are not
    among `counts`. `files` is the number of files that were checked.
    """

    commit: str
    when: int
    author: str
    subject: str
    counts: list[int]
    contested: list[int]
    files: int

    @property
    def total(self) -> int:
        """What remains in all waves together."""
        return sum(self.counts)


class Burndown(msgspec.Struct, frozen=True, kw_only=True):
    """A history of counts, the oldest commit first.

    `commits` is the number of commits in the range, of which `steps` may be a sample. `notes` say what
    could not be told.
    """

    lines: list[Line]
    steps: list[Step]
    commits: int
    notes: list[str]
