"""The runtime guard of the pytest plugin: an import that the plan forbids fails the test that caused it."""

from __future__ import annotations

from collections import deque
from collections.abc import Generator
from typing import Any

import pytest

from hardcut.engine.imports import Imports, told
from hardcut.finding import Declared
from hardcut.integrations.pytest.import_watch import Seen, Watch
from hardcut.integrations.pytest.importers import Importer, Importers
from hardcut.plan.gates import LoadedPlan
from hardcut.report.escape import clean
from hardcut.report.summary import count
from hardcut.report.view import is_remaining

OUTPUT = "hardcut-guard"
TITLE = "cutover guard"
STARTING = "while pytest started"


class Guard:
    """Watches the imports of one test session from now on, and reports each where it happened."""

    def __init__(self, plans: list[LoadedPlan]) -> None:
        imports = Imports(plans)
        self._importers = Importers(imports)
        self._watch = Watch(imports.forbidden, self._see)
        self._found = deque[tuple[object, str]]()
        self._collecting: list[str] = []
        self._outside: dict[str, str] = {}
        self._old = _remaining(plans)
        self._seen_old = set[str]()
        self._watch.start()

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_make_collect_report(
        self, collector: pytest.Collector
    ) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
        """Fail the collection of a module that imports what it must not."""
        self._leave(STARTING if not self._collecting else self._collecting[-1])
        self._collecting.append(f"while {collector.nodeid or 'the session'} was collected")
        try:
            report = yield
        finally:
            where = self._collecting.pop()
        found = self._take()
        if found:
            _fail(report, f"{where}:\n{found}")
        return report

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, Any, Any]:
        """What was seen before a test is not this test's."""
        self._leave(f"before {item.nodeid}")
        return (yield)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Fail the phase of a test, set-up and tear-down too, in which it happened."""
        report = yield
        found = self._take()
        if found:
            _fail(report, found)
        return report

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Fail the session for what no test and no collector caused."""
        self._leave("after the tests")
        output: dict[str, Any] | None = getattr(session.config, "workeroutput", None)
        if output is not None:
            output[OUTPUT] = {"outside": self._outside, "old": sorted(self._seen_old)}
        elif self._outside and session.exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: object) -> None:
        """Take what a worker of xdist has to say."""
        output: dict[str, Any] = getattr(node, "workeroutput", {})
        said: dict[str, Any] = output.get(OUTPUT, {"outside": {}, "old": []})
        for found, where in said["outside"].items():
            self._outside.setdefault(found, where)
        self._seen_old.update(said["old"])

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say what no test and no collector caused, and what remains of active waves."""
        if self._outside or self._seen_old:
            terminalreporter.section(TITLE, red=bool(self._outside))
        for found, where in self._outside.items():
            terminalreporter.write(f"{where}:\n{found}\n")
        if self._seen_old:
            number = count(len(self._seen_old), "line")
            terminalreporter.write(f"{number} of active waves imported what the base revision imports, too\n")

    def pytest_unconfigure(self) -> None:
        """Watch no longer."""
        self._watch.stop()

    def _see(self, seen: Seen) -> None:
        importer = self._importers.of(seen)
        if importer is None:
            return
        gate = importer.gate.declared
        if any((importer.path, line, gate) in self._old for line in importer.lines):
            self._seen_old.add(importer.where)
        else:
            self._found.append(((importer.where, gate), _shown(seen, importer)))

    def _take(self) -> str:
        """What was seen since the last time: for each line and gate, the import that ended last."""
        found = dict[object, str]()
        while self._found:
            key, text = self._found.popleft()
            found[key] = text
        while self._watch.trouble:
            problem = clean(repr(self._watch.trouble.pop()))
            found[problem] = f"hardcut: internal error: {problem}"
        return "\n".join(found.values())

    def _leave(self, where: str) -> None:
        """What was seen until now belongs to no test."""
        found = self._take()
        if found:
            self._outside.setdefault(found, where)


def _remaining(plans: list[LoadedPlan]) -> set[tuple[str | None, int, Declared]]:
    """Where active waves have findings that the base revision has, too: path, line, and the gate's entry."""
    if not any(gate.state == "active" for plan in plans for gate in plan.gates):
        return set()
    from hardcut.api.check import outcome
    from hardcut.api.options import options_of

    # A process with threads should not be forked, and plugins may have some.
    found = filter(is_remaining, outcome(options_of(plans, jobs=1)).findings)
    return {(one.place.path, one.place.line, one.declared) for one in found if one.place.line is not None}


def _shown(seen: Seen, importer: Importer) -> str:
    message, way_out = told(importer.gate, seen.module)
    gate = importer.gate
    lines = [f"{importer.where}: {message}", f"    {importer.text}"]
    lines += [f"  called from {one}" for one in importer.callers]
    lines += [f"  help: {way_out}", f"  plan: {gate.declared.path}:{gate.declared.line}, wave {gate.wave}"]
    return "\n".join(map(clean, lines))


def _fail(report: pytest.TestReport | pytest.CollectReport, text: str) -> None:
    """Turn a report into a failure, or add to one."""
    given: Any = report.longrepr if report.outcome == "failed" else None
    if hasattr(given, "addsection"):
        given.addsection(TITLE, text)
    elif given is not None and not isinstance(given, tuple):
        report.longrepr = f"{given}\n{TITLE}: {text}"
    else:
        report.outcome = "failed"
        report.longrepr = f"{TITLE}: {text}"
    if hasattr(report, "wasxfail"):
        del report.wasxfail
