"""Findings that one gate's replace another's: only where nothing was selected."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from engine_project import write
from plans import load_plan

from hardcut.engine.options import Options
from hardcut.engine.progress import progress
from hardcut.engine.report_data import Report
from hardcut.engine.run import check
from hardcut.engine.why import answer, ask
from hardcut.plan.gates import LoadedPlan
from hardcut.source.modules import Roots
from hardcut.source.tree import DiskTree

HEAD = '[plan]\nname = "app"\nsource = ["src"]\ncheck = ["src", "tests"]\n'
WAVE = '\n[[wave]]\nid = "{}"\nstate = "{}"\n'
REMOVE = '\n[[wave.remove]]\nmodule = "app.old"\nsymbols = ["f"]\n'
MOVE = '\n[[wave.move]]\nfrom = "app.old"\nto = "app.new"\nsymbols = ["f"]\n'
DELETE = '\n[[wave.delete]]\nmodule = "app.old"\n'
INNER = '\n[[wave.delete]]\nmodule = "app.old.sub"\n'
BAN = '\n[[wave.surface]]\nonly = "ext"\nbanned = ["ext.inner"]\n'
WIDER = '\n[[wave.surface]]\nonly = "ext"\nbanned = ["ext.inner", "ext.other"]\n'
GUARD = '\n[[wave.fail_fast]]\nguard = ["ext"]\n'
CLOSED = '\n[[wave.no_shims]]\npackages = ["app.old"]\n'
FILES = {
    "src/app/__init__.py": "",
    "src/app/old/__init__.py": "def f(): ...\n",
    "src/app/old/sub.py": "",
    "src/app/new.py": "def f(): ...\n",
}
USES = "from app.old import f\n\n\ndef test_f():\n    f()\n    f()\n"
SWALLOWS = "try:\n    import ext.inner\nexcept ImportError:\n    pass\n"
NAMES = "import importlib\nimport app.old.sub\n\nimportlib.import_module('app.old.sub')\nX = 'app.old.sub'\n"
THREE = {("CUT202", 1), ("CUT202", 5), ("CUT202", 6)}
HANDS_ON = 'from app.new import f\n\n__all__ = ["f"]\n'

CASES = [
    pytest.param(REMOVE, DELETE, {"tests/test_f.py": USES}, THREE, id="remove"),
    pytest.param(MOVE, DELETE, {"tests/test_f.py": USES}, {("CUT204", 1)}, id="move"),
    pytest.param(
        DELETE,
        INNER,
        {"tests/test_f.py": NAMES},
        {("CUT101", 2), ("CUT102", 4), ("CUT103", 5)},
        id="nested deletions",
    ),
    pytest.param(REMOVE, REMOVE, {"tests/test_f.py": USES}, THREE, id="one name twice"),
    pytest.param(WIDER, BAN, {"tests/test_f.py": SWALLOWS}, {("CUT301", 2)}, id="surfaces"),
    pytest.param(GUARD, GUARD, {"tests/test_f.py": SWALLOWS}, {("CUT401", 3)}, id="guards"),
    pytest.param(
        MOVE, CLOSED, {"src/app/old/__init__.py": HANDS_ON}, {("CUT501", 1), ("CUT501", 3)}, id="shims"
    ),
]


def report_of(
    root: Path, first: str, second: str, files: dict[str, str], state: str, **options: Any
) -> tuple[LoadedPlan, Report]:
    """A run over a project whose wave 1 has the first gate, and its wave 4 the second."""
    plan = HEAD + WAVE.format(1, state) + first + WAVE.format(4, state) + second
    write(root, {**FILES, **files}, plan)
    loaded = load_plan(root / "cutover.toml", root)
    every = Options(root=str(root), plans=[loaded], cache=False, jobs=1, compare=False, **options)
    return loaded, check(every)


def found_in(report: Report, wave: str, files: dict[str, str]) -> set[tuple[str, int | None]]:
    """Codes and lines of a wave's findings in some files."""
    found = [one for one in report.findings if one.wave == wave and one.place.path in files]
    return {(one.code, one.place.line) for one in found}


@pytest.mark.parametrize("state", ["planned", "active", "landed"])
@pytest.mark.parametrize(("first", "second", "files", "expected"), CASES)
def test_each_gate_has_its_findings_where_its_wave_is_selected(
    tmp_path: Path, state: str, first: str, second: str, files: dict[str, str], expected: set[tuple[str, int]]
) -> None:
    for wave, gates in (("1", (first, second)), ("4", (second, first))):
        _, report = report_of(tmp_path, *gates, files, state, waves=frozenset({wave}))
        assert found_in(report, wave, files) >= expected


@pytest.mark.parametrize(("first", "second", "files", "expected"), CASES)
def test_status_counts_what_is_left_of_each_gate(
    tmp_path: Path, first: str, second: str, files: dict[str, str], expected: set[tuple[str, int]]
) -> None:
    plan, report = report_of(tmp_path, first, second, files, "planned", every_gate=True)
    assert found_in(report, "1", files) >= expected
    one, four = progress([plan], report).waves
    assert one.gates[0].state == four.gates[0].state == "open"
    assert one.gates[0].remaining >= len(expected)


@pytest.mark.parametrize("select", ["CUT202", "CUT105"])
def test_a_selected_rule_reports_what_another_one_would_replace(tmp_path: Path, select: str) -> None:
    files = {"tests/test_f.py": "from app.old import f, gone\n"}
    _, report = report_of(tmp_path, REMOVE, DELETE, files, "landed", select=frozenset({select}))
    assert {one.code for one in report.findings} == {select}


def test_an_ignored_rule_replaces_nothing(tmp_path: Path) -> None:
    files = {"tests/test_f.py": USES}
    _, report = report_of(tmp_path, REMOVE, DELETE, files, "landed", ignore=frozenset({"CUT101"}))
    assert found_in(report, "1", files) == THREE


def test_without_a_selection_one_finding_replaces_the_others(tmp_path: Path) -> None:
    files = {"tests/test_f.py": USES}
    _, report = report_of(tmp_path, REMOVE, DELETE, files, "planned")
    assert {(one.wave, one.code) for one in report.findings if one.place.path in files} == {("4", "CUT101")}


def test_a_landed_deletion_outranks_a_planned_one_within_it(tmp_path: Path) -> None:
    files = {"tests/test_f.py": "import app.old.sub\n"}
    plan = HEAD + WAVE.format(1, "landed") + DELETE + WAVE.format(4, "planned") + INNER
    write(tmp_path, {**FILES, **files}, plan)
    loaded = load_plan(tmp_path / "cutover.toml", tmp_path)
    report = check(Options(root=str(tmp_path), plans=[loaded], cache=False, jobs=1, compare=False))
    (found,) = [one for one in report.findings if one.place.path in files]
    assert (found.wave, found.severity) == ("1", "error")


@pytest.mark.parametrize("query", ["f", "app.old.f", "app.old:f"])
def test_why_lists_every_use(tmp_path: Path, query: str) -> None:
    files = {"tests/test_f.py": USES}
    plan, report = report_of(tmp_path, REMOVE, DELETE, files, "planned", every_gate=True)
    asked = ask([plan], [query], Roots(DiskTree(tmp_path), ["src"]))
    (removed,) = [one for one in answer([plan], asked.found, report) if one.name.role == "removed"]
    places = {(one.place.path, one.place.line) for one in removed.findings}
    assert places == {("src/app/old/__init__.py", 1), *(("tests/test_f.py", line) for line in (1, 5, 6))}


def test_time_grows_with_the_findings_of_one_file(tmp_path: Path) -> None:
    """Eight times the findings take about eight times as long; with a scan for each it was 40 times."""
    seconds: list[float] = []
    for count in (1_000, 8_000):
        lines = "".join(f"from app.old import a{number}\na{number}()\n" for number in range(count))
        began = time.process_time()
        _, report = report_of(tmp_path, DELETE, REMOVE, {"tests/test_f.py": lines}, "landed")
        seconds.append(time.process_time() - began)
        assert sum(one.place.path == "tests/test_f.py" for one in report.findings) == count
        assert not [one for one in report.findings if one.code == "CUT907"]
    assert seconds[1] < 20 * seconds[0], seconds
