"""What a run gives back."""

from __future__ import annotations

import msgspec

from hardcut.finding import Declared, Finding


class Pending(msgspec.Struct, frozen=True):
    """A gate that no rule checks yet; it is never taken for passed."""

    kind: str
    wave: str
    plan: str
    declared: Declared


class Undetermined(msgspec.Struct, frozen=True):
    """A name of an entry that is not there now, where the history cannot tell whether it ever was.

    `reason` says why the history cannot.
    """

    kind: str
    subject: str
    wave: str
    plan: str
    declared: Declared
    reason: str


class Uncovered(msgspec.Struct, frozen=True):
    """A folder (with a `/` at its end) or file that no plan checks or excludes, and its Python files."""

    path: str
    files: int


class Report(msgspec.Struct, frozen=True):
    """The outcome of one run.

    `findings` and `contested` are sorted by path, line, column and code. `files` counts the files
    checked, `read` those that had to be read in full. `whole` tells a whole-project run, the only
    one that judges what is missing. `waived` are the findings that a waiver of the plan lets pass, `ignored`
    those that `ignoring` entries of `plan.ignore` take out; `base`
    says which revision the waves that have not landed were compared with, None where none was. An entry
    of `undetermined` is no finding; `notes` names it too. `uncovered` is the Python code that no plan checks
    or excludes; only a whole run names it.
    """

    findings: list[Finding]
    contested: list[Finding]
    pending: list[Pending]
    files: int
    read: int
    whole: bool
    notes: list[str] = []
    waived: list[Finding] = []
    base: str | None = None
    undetermined: list[Undetermined] = []
    uncovered: list[Uncovered] = []
    ignored: list[Finding] = []
    ignoring: int = 0

    @property
    def failed(self) -> bool:
        """Whether a finding is an error, so that a check of this code should fail."""
        return any(one.severity == "error" for one in self.findings)

    @property
    def fixable(self) -> int:
        """How many findings `hardcut fix` can fix."""
        return sum(1 for finding in self.findings if finding.fix and finding.unfixed is None)
