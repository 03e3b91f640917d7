"""What a rule is, and what it answers."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from hardcut.finding import Finding, Place, Severity, Unfixed
from hardcut.plan.gates import Gate, LoadedPlan
from hardcut.plan.model import Entry
from hardcut.source.facts import Facts, Span
from hardcut.source.suppressions import Suppression

if TYPE_CHECKING:
    from hardcut.rules.context import RuleContext


class Violation(msgspec.Struct, frozen=True, kw_only=True):
    """A rule's answer before the engine adds the rule's own data.

    `severity` is None where the wave's state decides; a textual reference brings its own level. A violation
    about a plan as a whole has the plan's own gate (`plan_gate`). `fix` is as in a finding, or why there is
    none; None if the rule has no edits.
    """

    gate: Gate[Any]
    place: Place
    subject: str
    form: str
    message: str
    help: str
    severity: Severity | None = None
    fix: dict[str, str] | Unfixed | None = None


class Settled(msgspec.Struct, frozen=True):
    """What a run has found when waivers are settled, for rules that judge what is let pass.

    `findings` are those that stand, `waived` those that do not, each with its waiver's place in the
    plan (plan, number from 0) in `used`. `comments` maps a path to its suppressing comments;
    `everything` tells that all rules and waves were asked about the whole project; `names` are all
    rules, as code and name in small letters. `ignoring` are the entries of `plan.ignore` (plan, number from
    0) that are about a finding.
    """

    findings: list[Finding]
    waived: list[Finding]
    used: frozenset[tuple[str, int]]
    today: datetime.date
    comments: dict[str, list[Suppression]]
    everything: bool
    names: list[tuple[str, str]]
    ignoring: frozenset[tuple[str, int]] = frozenset()


FileCheck = Callable[[Facts, "RuleContext"], Iterable[Violation]]
ProjectCheck = Callable[["RuleContext"], Iterable[Violation]]
AfterCheck = Callable[["RuleContext", Settled], Iterable[Violation]]


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """A rule's metadata and its pure function; exactly one of `file`, `project` and `after` is set.

    `gates` names the manifest's tables that ask for it. `page` is its Markdown file, beside it.
    `exempts_absence` says that code may name what it asserts to be gone.
    """

    code: str
    name: str
    summary: str
    gates: tuple[str, ...]
    family: str
    file: FileCheck | None = None
    project: ProjectCheck | None = None
    after: AfterCheck | None = None
    exempts_absence: bool = False

    @property
    def scope(self) -> Literal["file", "project"]:
        """Whether one file is enough to judge."""
        return "file" if self.file is not None else "project"

    def page(self) -> str:
        """The rule's Markdown page."""
        from importlib import resources

        name = self.name_of_files + ".md"
        return (resources.files("hardcut.rules") / self.family / name).read_text(encoding="utf-8")

    @property
    def name_of_files(self) -> str:
        """The stem of the rule's two files."""
        check = self.file or self.project or self.after
        return check.__module__.rsplit(".", 1)[-1] if check is not None else self.name


def plan_gate(plan: LoadedPlan) -> Gate[Any]:
    """A gate that stands for a plan as a whole: no wave, always in force."""
    return Gate(Entry(), plan.name, "", "landed", plan.declared)


def place(facts: Facts, span: Span) -> Place:
    """A span of a file as a place."""
    return Place(facts.path, span.line, span.column, span.end_line, span.end_column, span.cell)
