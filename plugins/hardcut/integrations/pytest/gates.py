"""A plan's gates as test items, for the pytest plugin."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

import msgspec
import pytest

from hardcut.api.check import outcome
from hardcut.api.options import options_of
from hardcut.engine.report_data import Report
from hardcut.finding import Declared
from hardcut.integrations.pytest.plans import plans_of
from hardcut.plan.gates import LoadedPlan
from hardcut.plan.label import label
from hardcut.report.concise import line
from hardcut.report.escape import clean
from hardcut.report.summary import ending

NODE = "cutover"
OUTPUT = "hardcut"


class Gates:
    """The plans of a test session, and the one run that answers for all of their gates.

    Raises:
        UsageError: a manifest is broken, or there is none.
    """

    def __init__(self, config: pytest.Config) -> None:
        self.plans = plans_of(config)
        self._config = config
        self._said = ""

    @cached_property
    def report(self) -> Report:
        """What the engine says of the whole project; asked when the first gate is tested."""
        # Plugins and tests may have threads, and a process with threads should not be forked.
        # Each gate is a test, so that each needs the findings of its own.
        options = options_of(self.plans, jobs=1)
        report = outcome(msgspec.structs.replace(options, every_gate=True) if options is not None else None)
        self._said = warnings(report) + ending(report)
        return report

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, session: pytest.Session, items: list[pytest.Item]) -> None:
        """Add the gates to what was collected, before anybody chooses among the items."""
        top = Group.from_parent(session, name=NODE, nodeid=NODE)
        for plan in self.plans:
            items += self._items(plan, Group.from_parent(top, name=_part(plan.name)))

    def pytest_sessionfinish(self) -> None:
        """In a worker of xdist, hand the summary to the process that reports."""
        output: dict[str, Any] | None = getattr(self._config, "workeroutput", None)
        if output is not None:
            output[OUTPUT] = self._said

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: object) -> None:
        """Take the summary of a worker of xdist."""
        output: dict[str, Any] = getattr(node, "workeroutput", {})
        self._said = self._said or output.get(OUTPUT, "")

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say what fails no item: warnings; as counts planned and contested findings, unchecked gates."""
        if self._said:
            terminalreporter.section("cutover")
            terminalreporter.write(self._said)

    def _items(self, plan: LoadedPlan, parent: pytest.Collector) -> Iterator[pytest.Item]:
        known = {gate.declared for gate in plan.gates}
        yield GateItem.from_parent(parent, name="plan", gates=self, plan=plan.name, place=None, known=known)
        for wave in plan.manifest.wave:
            group = Group.from_parent(parent, name=_part(f"wave {wave.id}"))
            names = Counter[str]()
            for gate in plan.gates if wave.state != "planned" else ():
                if gate.wave == wave.id:
                    name = _part(label(gate))
                    names[name] += 1
                    name += f" #{names[name]}" if names[name] > 1 else ""
                    place = gate.declared
                    yield GateItem.from_parent(group, name=name, gates=self, plan=plan.name, place=place)


class Group(pytest.Collector):
    """A plan or a wave; its items are made elsewhere."""

    def collect(self) -> Sequence[pytest.Item]:
        """Nothing more."""
        return ()


class GateItem(pytest.Item):
    """One gate, or what concerns the plan as a whole: findings that no gate of `known` asked for."""

    def __init__(
        self,
        *,
        gates: Gates,
        plan: str,
        place: Declared | None,
        known: set[Declared] | None = None,
        **other: Any,
    ) -> None:
        super().__init__(**other)
        self._gates = gates
        self._plan = plan
        self._place = place
        self._known = known or set()
        # Other plugins look for fixtures in every item, some without asking whether it has any.
        self.funcargs: dict[str, Any] = {}

    def runtest(self) -> None:
        """Fail with the findings, if one of them is an error; a gate without a rule has not passed."""
        report = self._gates.report
        found = [one for one in report.findings if one.plan == self._plan and self._mine(one.declared)]
        if any(one.severity == "error" for one in found):
            pytest.fail("\n".join(line(one) for one in found), pytrace=False)
        for pending in report.pending:
            if pending.plan == self._plan and self._place == pending.declared:
                pytest.skip(f"not checked yet: no rule asks for {pending.kind} gates")

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The findings; in pytest's summary, which repeats whole messages where `CI` is set, the first."""
        shown = super().repr_failure(excinfo)
        crash = getattr(shown, "reprcrash", None)
        if isinstance(excinfo.value, pytest.fail.Exception) and crash is not None:
            first, *others = str(excinfo.value).split("\n")
            crash.message = f"{first} (and {len(others)} more)" if others else first
        return shown

    def reportinfo(self) -> tuple[str, int | None, str]:
        """Where the manifest asks for it."""
        plan = next(one for one in self._gates.plans if one.name == self._plan)
        place = self._place or plan.declared
        title = f"{self.nodeid} ({clean(place.path)}:{place.line})"
        return os.path.join(plan.root, place.path), place.line - 1, title

    def _mine(self, declared: Declared) -> bool:
        return declared not in self._known if self._place is None else declared == self._place


def warnings(report: Report) -> str:
    """The warnings of gates that do not fail, a line each; those of others stand in the failures."""
    failing = {(one.plan, one.declared) for one in report.findings if one.severity == "error"}
    left = [one for one in report.findings if (one.plan, one.declared) not in failing]
    return "".join(f"{line(one)}\n" for one in left if one.severity == "warning")


def _part(text: str) -> str:
    """Text as a part of a node's id, which `::` divides."""
    return clean(text).replace("::", ":").replace("()", "( )")
