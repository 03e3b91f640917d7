"""What a rule says: a place, a subject, a reason and a way out."""

from __future__ import annotations

from enum import Enum
from typing import Literal

import msgspec

Severity = Literal["error", "warning", "info"]
"""`error` fails a run, `warning` and `info` are shown and counted."""

State = Literal["planned", "active", "landed"]

Baseline = Literal["new", "unchanged"]
"""Against the base revision: `new` is not there, `unchanged` is."""


class Unfixed(Enum):
    """Why `hardcut fix` leaves a finding."""

    DECISION = "decision"
    NO_NEW_HOME = "no-new-home"
    SEVERAL_HOMES = "several-homes"
    NOT_DEFINED = "not-defined"
    UNCERTAIN = "uncertain"
    CIRCULAR = "circular"
    UNRESOLVED = "unresolved"
    CAUGHT_IMPORT = "caught-import"
    STAR_IMPORT = "star-import"
    PLAIN_IMPORT = "plain-import"
    ATTRIBUTE = "attribute"
    RE_EXPORT = "re-export"
    STILL_DEFINED = "still-defined"
    LOGGER = "logger"
    LABEL = "label"
    KEY = "key"
    COMPARED = "compared"
    ABSENCE = "absence"
    TEST_CASE = "test-case"
    OLD_NAME = "old-name"
    COMPOSED = "composed"
    PART = "part"
    MESSAGE = "message"
    PROSE = "prose"
    FILE_TYPE = "file-type"
    LAYOUT = "layout"
    CONFLICT = "conflict"
    ENCODING = "encoding"
    OUTSIDE = "outside"
    PLANNED = "planned"
    CONTESTED = "contested"

    @property
    def sentence(self) -> str:
        """The reason in words."""
        return _SENTENCES[self]


_SENTENCES: dict[Unfixed, str] = {
    Unfixed.DECISION: "it needs a decision; no edit follows from the plan",
    Unfixed.NO_NEW_HOME: "the plan names no new home for it",
    Unfixed.SEVERAL_HOMES: "the plan names several new homes",
    Unfixed.NOT_DEFINED: "the new home does not define the name",
    Unfixed.UNCERTAIN: "the source of the new home does not show whether it defines the name",
    Unfixed.CIRCULAR: "the module would import the name from itself, or get it back from the new home",
    Unfixed.UNRESOLVED: "in the new text the name would not resolve to what the plan says",
    Unfixed.CAUGHT_IMPORT: "the failure of the import is caught",
    Unfixed.STAR_IMPORT: "a star import does not say which names are meant",
    Unfixed.PLAIN_IMPORT: "`import a.b` without `as` needs other names in the code below",
    Unfixed.ATTRIBUTE: "an attribute of a module follows its import, or needs a new one",
    Unfixed.RE_EXPORT: "the name is re-exported by another module, which has to be fixed first",
    Unfixed.STILL_DEFINED: "the old name is still defined, so that it may be meant",
    Unfixed.LOGGER: "the string is the name of a logger",
    Unfixed.LABEL: "the string is a name of its own, such as that of a task",
    Unfixed.KEY: "the string is a key of a table, which may hold old names on purpose",
    Unfixed.COMPARED: "the string is compared with other values, or searched for in them",
    Unfixed.ABSENCE: "the string is part of a condition about whether the name is gone",
    Unfixed.TEST_CASE: "the string is a case of a parametrized test",
    Unfixed.OLD_NAME: "the string is an old name on purpose",
    Unfixed.COMPOSED: "the string is put together from parts, or holds more than the name",
    Unfixed.PART: "longer texts are put together from the string",
    Unfixed.MESSAGE: "the string is part of a message for people",
    Unfixed.PROSE: "comments and docstrings are not edited",
    Unfixed.FILE_TYPE: "files of this type are not edited",
    Unfixed.LAYOUT: "the layout or the comments of the statement cannot be kept",
    Unfixed.CONFLICT: "another edit changes the same text",
    Unfixed.ENCODING: "the file cannot be read or written in its encoding",
    Unfixed.OUTSIDE: "the file is not a regular file in the project",
    Unfixed.PLANNED: "the wave is planned; `--wave` includes it",
    Unfixed.CONTESTED: "the entry of the plan is contested",
}


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
    a string, codes in a comment) to what should be, if an edit is known and holds what it claims.
    `unfixed` is why `hardcut fix` leaves the finding, None if it does not.
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
    unfixed: Unfixed | None = None
    contested: str | None = None
    baseline: Baseline | None = None

    @property
    def sentence(self) -> str:
        """What is wrong and why, and the ways out, for where there is room for one line."""
        ways = self.help.strip()
        return f"{self.message}; {ways}" if ways else self.message
