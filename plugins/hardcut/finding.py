"""What a rule says: a place, a subject, a reason and a way out."""

from __future__ import annotations

from typing import Literal

import msgspec

Severity = Literal["error", "warning", "info"]
"""`error` fails a run, `warning` and `info` are shown and counted."""

State = Literal["planned", "active", "landed"]

Baseline = Literal["new", "unchanged"]
"""Against the base revision: `new` is not there, `unchanged` is."""


class Place(msgspec.Struct, frozen=True, array_like=True, order=True):
    """A region of one file.

    Lines count from 1; columns count from 1 in characters (code points); the end column is
    exclusive. A place about something that is not there has the path that should hold it and a
    line of `None`. In a notebook, lines count within the cell `cell`, all cells counted from 1.
    """

    path: str
    line: int | None = None
    column: int | None = None
    end_line: int | None = None
    end_column: int | None = None
    cell: int | None = None


class Declared(msgspec.Struct, frozen=True, array_like=True, order=True):
    """The manifest entry that asked for a finding: path relative to the root, line from 1."""

    path: str
    line: int


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One answer of one rule.

    `subject` is the dotted name (or path) that the finding is about, `form` the way in which the
    code does it, `help` the legal ways out. `fix` maps what is written there (dotted paths, the text of
    a string, codes in a comment) to what should be, where that is known.
    `contested` carries the authors' disagreement: such a finding is shown apart, never as an error.
    `baseline` compares with the base revision, for waves that have not landed; None where nothing was
    compared.
    """

    rule: str
    code: str
    plan: str
    wave: str | None
    state: State
    severity: Severity
    place: Place
    subject: str
    form: str
    message: str
    help: str
    declared: Declared
    fix: dict[str, str] | None = None
    contested: str | None = None
    baseline: Baseline | None = None

    @property
    def sentence(self) -> str:
        """What is wrong and why, and the ways out, for where there is room for one line."""
        ways = self.help.strip()
        return f"{self.message}; {ways}" if ways else self.message
