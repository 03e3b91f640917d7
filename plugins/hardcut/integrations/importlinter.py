"""The import-linter contract type `cutover`: a manifest's findings beside the other contracts."""

from __future__ import annotations

import os
from collections.abc import Sequence

from importlinter import Contract, ContractCheck, fields, output
from rich.markup import escape

from hardcut.api.check import outcome
from hardcut.api.errors import Unusable, plain, unknown, unusable
from hardcut.api.inputs import NO_PLAN
from hardcut.api.names import words
from hardcut.api.options import options_of
from hardcut.engine.report_data import Report
from hardcut.finding import Declared
from hardcut.integrations.plans import Plans
from hardcut.plan.errors import ManifestError
from hardcut.plan.gates import LoadedPlan
from hardcut.plan.label import kind_of
from hardcut.plan.model import KINDS
from hardcut.report.concise import line
from hardcut.report.summary import not_checked, not_covered

Key = tuple[str, Declared]


class _Items(fields.Field[list[str]]):
    """One value or several; TOML may give numbers and booleans where an INI file gives text."""

    def parse(self, raw_data: object) -> list[str]:
        """The values as text, without blank ones."""
        values = raw_data if isinstance(raw_data, list | tuple) else [raw_data]
        return [str(value).strip() for value in values if str(value).strip()]


class CutoverContract(Contract):
    """The code keeps to its cutover plan.

    Options, all of them optional: `manifest` (one or several; else found upward), `waves` (ids) and
    `gates` (kinds, such as `delete`) limit what is judged; `broken_contract_guidance` is printed with
    a broken contract. `ignore_imports` is known, and never followed: exceptions stand in the manifest.
    """

    type_name = "cutover"

    manifest = _Items(required=False)
    waves = _Items(required=False)
    gates = _Items(required=False)
    ignore_imports = _Items(required=False)
    broken_contract_guidance = _Items(required=False)

    def check(self, graph: object, verbose: bool) -> ContractCheck:
        """Hold the whole project to its plan; the graph, which may be stale, is not looked at.

        Nothing is raised, because one exception hides the result of every other contract.
        """
        try:
            lines, warnings = self._run()
        except Exception as problem:
            lines, warnings = _told(problem), []
        if self._given("ignore_imports"):
            warnings.append("ignore_imports has no effect here: a cutover's exceptions stand in its manifest")
        return ContractCheck(not lines, {"lines": lines}, [_markup(one) for one in warnings])

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Print what is wrong, a line each, and the guidance."""
        for text in check.metadata["lines"]:
            output.console.print(_markup(text), soft_wrap=True)
        guidance = self._given("broken_contract_guidance")
        for text in ["", *guidance] if guidance else []:
            output.console.print(_markup(text), soft_wrap=True)

    def _run(self) -> tuple[list[str], list[str]]:
        """The errors, and what else there is to say."""
        here = os.path.join(os.getcwd(), "importlinter")
        plans = Plans().for_file(here, self._given("manifest"))
        if not plans:
            raise plain(NO_PLAN)
        kinds = set(words(self._given("gates"))) or set(KINDS)
        for kind in sorted(kinds - set(KINDS)):
            raise unknown("kind of gate", kind, KINDS)
        # import-linter draws from a thread of its own, and a process with threads should not be forked.
        options = options_of(plans, waves=self._given("waves"), jobs=1)
        whole = outcome(options)
        report = _limited(whole, plans, kinds)
        rest = [not_covered(whole), not_checked(report)]
        rest += [f"{len(report.contested)} contested"] if report.contested else []
        errors, warnings = (
            [line(one) for one in report.findings if one.severity == level] for level in ("error", "warning")
        )
        return errors, [*warnings, *filter(None, rest)]

    def _given(self, option: str) -> list[str]:
        return vars(self).get(option) or []


def _told(problem: Exception) -> list[str]:
    if not isinstance(problem, Unusable | ManifestError | OSError):
        problem = plain(f"internal error: {type(problem).__name__}: {problem}")
    return unusable(problem).message.split("\n")


def _limited(report: Report, plans: Sequence[LoadedPlan], kinds: set[str]) -> Report:
    """The report about gates of some kinds; what is wrong with the plan itself stays."""
    kept, other = set[Key](), set[Key]()
    for plan in plans:
        for gate in plan.gates:
            (kept if kind_of(gate.entry) in kinds else other).add((gate.plan, gate.declared))
    other -= kept
    return Report(
        [one for one in report.findings if (one.plan, one.declared) not in other],
        [one for one in report.contested if (one.plan, one.declared) not in other],
        [one for one in report.pending if one.kind in kinds],
        report.files,
        report.read,
        report.whole,
        report.notes,
    )


def _markup(text: str) -> str:
    """Text as it is: no part of it is a tag, and no `:100:` in it an emoji."""
    return escape(text).replace(":", "[none]:[/]")
