"""One tree through every integration: the same findings, but for what the table of docs/integrations.md says.

The trees are the example codebase with its waves landed, and examples of every rule's page.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from importlib.metadata import entry_points
from pathlib import Path
from typing import NamedTuple

import pytest
from lsprotocol import types
from pygls.uris import to_fs_path
from server_editor import editing, play

import hardcut
from hardcut.engine.scopes import scope_problems
from hardcut.plan.load import load_plans
from hardcut.rules.registry import RULES
from hardcut.source.files import any_file
from tests.end_to_end.drivers import BEGINS
from tests.rules.pages import Case
from tests.rules.test_pages import CASES, is_read

PROJECT = Path(__file__).resolve().parents[2]
PLUGINS = str(PROJECT / "plugins")
DRIVERS = str(Path(__file__).with_name("drivers.py"))
PAGE = (PROJECT / "docs" / "integrations.md").read_text(encoding="utf-8")
LINE = re.compile(
    r"(?P<path>[^\s:][^:\n]*?)(?::cell (?P<cell>\d+))?(?::(?P<line>\d+))?(?::(?P<column>\d+))?: "
    r"(?P<code>CUT\d{3}) (?P<rest>[a-z-]+: .*)"
)
NOQA = re.compile(r"# noqa(?::(?P<codes>.*))?", re.IGNORECASE)
LANDED = ("0", "1", "2", "3", "4")
NOTEBOOK = '{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'
EACH = 2
"""So many examples of each rule's page."""


class Seen(NamedTuple):
    """A finding as every integration shows it."""

    path: str
    cell: int
    line: int
    column: int
    code: str
    text: str


class Tree(NamedTuple):
    """A project, and the Python files that flake8 can read."""

    root: Path
    readable: frozenset[str]

    def silenced(self, one: Seen) -> bool:
        """Whether a comment tells flake8 to be silent about a line, or about the file."""
        text = (self.root / one.path).read_text(encoding="utf-8")
        silent = NOQA.search(text.split("\n")[one.line - 1])
        if silent is not None and (silent["codes"] is None or one.code in silent["codes"]):
            return True
        return "# flake8: noqa" in text.split("\n")


def table() -> dict[str, dict[str, str]]:
    """The page's table: for each rule's code what it says of each integration."""
    lines = re.findall(r"^\|(.*)\|$", PAGE[PAGE.index("| rule |") :].split("\n\n")[0], re.MULTILINE)
    head, _, *rows = ([cell.strip() for cell in line.split("|")] for line in lines)
    return {row[0].split()[0]: dict(zip(head[1:], row[1:], strict=True)) for row in rows}


TABLE = table()


def seen(lines: Iterable[str]) -> list[Seen]:
    """The findings among lines of output, each as often as it is there."""
    found: list[Seen] = []
    for line in lines:
        if said := LINE.fullmatch(line.strip().removeprefix("- ")):
            numbers = (int(said[name] or 0) for name in ("cell", "line", "column"))
            found.append(Seen(said["path"].removeprefix("./"), *numbers, said["code"], said["rest"]))
    return found


def expected(integration: str, whole: list[Seen], alone: list[Seen], tree: Tree) -> list[Seen]:
    """What an integration has to show, by the table; `alone` is what one file alone says."""

    def shows(one: Seen) -> bool:
        said = TABLE[one.code][integration]
        if not said.startswith("in Python files"):
            return said == "yes"
        told = one in alone or not said.endswith(", in part")
        return told and one.line > 0 and one.path in tree.readable and not tree.silenced(one)

    return sorted(one for one in whole if shows(one))


def in_an_editor(tree: Tree) -> list[Seen]:
    """A run's findings where an editor shows them.

    What has no line, or lies in a cell, stands at the head of its file; what is about no file at all,
    at the entry of the manifest.
    """
    found: list[Seen] = []
    for one in hardcut.check(tree.root, cache=False, jobs=1).findings:
        place, line, column = one.place.path, one.place.line or 1, one.place.column or 1
        if one.place.cell is not None:
            line = column = 1
        if not (tree.root / place).is_file():
            place, line, column = one.declared.path, one.declared.line, 1
        if one.severity != "info":
            found.append(Seen(place, 0, line, column, one.code, ""))
    return sorted(found)


def run(argv: list[str], folder: Path) -> str:
    own = {"COLUMNS": "5000", "NO_COLOR": "1", "PYTHONUTF8": "1", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    own["PYTHONPATH"] = os.pathsep.join([PLUGINS, str(folder)])
    ended = subprocess.run(
        [sys.executable, *argv],
        cwd=folder,
        env={name: value for name, value in os.environ.items() if name != "FORCE_COLOR"} | own,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=300,
    )
    assert "Traceback" not in ended.stdout + ended.stderr, (ended.stdout + ended.stderr)[-3000:]
    return ended.stdout


def driven(integration: str, trees: list[Tree], folder: Path) -> list[list[Seen]]:
    """What an integration shows in each of several projects."""
    (folder / "empty_package").mkdir(exist_ok=True)
    (folder / "empty_package" / "__init__.py").touch()
    said = run([DRIVERS, integration, *(str(tree.root) for tree in trees)], folder)
    head, *parts = said.split(BEGINS)
    assert not head.strip()
    assert len(parts) == len(trees), said[-3000:]
    return [sorted(seen(part.splitlines())) for part in parts]


def flake8(trees: list[Tree], folder: Path) -> list[list[Seen]]:
    """One run over all projects: the plugin finds each file's manifest by itself."""
    settings = ["[flake8]", "select = CUT", "exclude =", "jobs = 1"]
    if not any(one.name == "CUT" for one in entry_points(group="flake8.extension")):
        settings += ["[flake8:local-plugins]", "extension = CUT = hardcut.integrations.flake8:Plugin"]
        settings += [f"paths = {PLUGINS}"]
    (folder / "flake8.ini").write_text("\n".join(settings))
    said = run(["-m", "flake8", "--config=flake8.ini", *(tree.root.name for tree in trees)], folder)
    found: dict[str, list[Seen]] = {tree.root.name: [] for tree in trees}
    for one in seen(said.splitlines()):
        name, _, path = one.path.partition("/")
        found[name].append(one._replace(path=path))
    return [sorted(found[tree.root.name]) for tree in trees]


def language_server(trees: list[Tree]) -> list[list[Seen]]:
    """One editor with all projects open, which asks about its whole workspace (for places and codes)."""

    async def session() -> dict[str, list[types.Diagnostic]]:
        async with editing(*(tree.root for tree in trees)) as editor:
            return {uri: list(report.items) for uri, report in (await editor.everywhere()).items()}

    found: list[list[Seen]] = [[] for _ in trees]
    for uri, diagnostics in play(session).items():
        path = Path(to_fs_path(uri) or "")
        number = next(at for at, tree in enumerate(trees) if path.is_relative_to(tree.root))
        for one in diagnostics:
            if one.severity in (types.DiagnosticSeverity.Error, types.DiagnosticSeverity.Warning):
                start = one.range.start
                name = path.relative_to(trees[number].root).as_posix()
                found[number].append(Seen(name, 0, start.line + 1, start.character + 1, str(one.code), ""))
    return [sorted(each) for each in found]


def readable(files: dict[str, bytes]) -> frozenset[str]:
    """The Python files that flake8 can read with this interpreter."""
    case = Case("", "", True, files)
    return frozenset(path for path in files if is_read(case, path))


def example(folder: Path) -> Tree:
    """A copy of the example codebase in which waves have landed."""
    root = folder / "example"
    shutil.copytree(PROJECT / "examples" / "datafusion_engine", root)
    manifest = root / "cutover.toml"
    text = manifest.read_text(encoding="utf-8")
    for wave in LANDED:
        text, times = re.subn(rf'^(id = "{wave}".*)$', r'\1\nstate = "landed"', text, flags=re.MULTILINE)
        assert times == 1
    manifest.write_text(text, encoding="utf-8")
    files = {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*.py")}
    return Tree(root, readable(files))


def fill(root: Path) -> None:
    """Give each entry of `check` a file: the examples of a page share a plan that names more."""
    for plan in load_plans(root):
        for entry in plan.manifest.plan.check:
            if any_file(root, entry):
                continue
            path = root / entry if Path(entry).suffix else root / entry / "README.md"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(NOTEBOOK if path.suffix == ".ipynb" else "", encoding="utf-8")


def pages(folder: Path) -> list[Tree]:
    """A project for each of some examples of every rule's page."""
    trees: list[Tree] = []
    for code in sorted({code for code, _ in CASES}):
        for case in [case for of, case in CASES if of == code and case.wrong][:EACH]:
            root = case.write(folder / f"tree{len(trees)}")
            fill(root)
            if scope_problems(load_plans(root)):
                continue  # Every command and integration ends with an error there.
            trees.append(Tree(root, readable(case.files)))
    return trees


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("integrations")


@pytest.fixture(scope="module")
def trees(folder: Path) -> list[Tree]:
    return [example(folder), *pages(folder)]


@pytest.fixture(scope="module")
def alone(trees: list[Tree], folder: Path) -> list[list[Seen]]:
    """What the command line finds when it is given the files by name."""
    return driven("command line, by file", trees, folder)


@pytest.fixture(scope="module")
def whole(trees: list[Tree], folder: Path) -> list[list[Seen]]:
    """What the command line finds."""
    return driven("command line", trees, folder)


def test_the_table_has_every_rule_and_every_integration() -> None:
    assert list(TABLE) == [rule.code for rule in RULES]
    integrations = ["command line", "language server", "import-linter", "pytest", "flake8"]
    assert all(list(row) == integrations for row in TABLE.values())


def test_the_trees_break_every_rule(whole: list[list[Seen]]) -> None:
    assert len(whole[0]) > 100
    assert {one.code for found in whole for one in found} == set(TABLE)


def test_some_files_alone_show_nothing_else(whole: list[list[Seen]], alone: list[list[Seen]]) -> None:
    for found, part in zip(whole, alone, strict=True):
        assert set(part) <= set(found)
        for one in set(found) - set(part):
            assert TABLE[one.code]["flake8"] in ("no", "in Python files, in part"), one


def test_the_command_line_shows_what_the_api_gives(trees: list[Tree], whole: list[list[Seen]]) -> None:
    for tree, shown in zip(trees, whole, strict=True):
        numbers = [
            (one.place.path, one.place.cell or 0, one.place.line or 0, one.place.column or 0, one.code)
            for one in hardcut.check(tree.root, cache=False, jobs=1).findings
            if one.severity != "info"
        ]
        assert sorted(numbers) == [one[:5] for one in shown]


def test_the_language_server_shows_the_same(trees: list[Tree]) -> None:
    assert {row["language server"] for row in TABLE.values()} == {"yes"}
    some = [trees[0], *trees[1::EACH]]
    for tree, found in zip(some, language_server(some), strict=True):
        assert found == in_an_editor(tree), tree.root.name


@pytest.mark.parametrize("integration", ["import-linter", "pytest", "flake8"])
def test_every_integration_finds_the_same(
    integration: str, trees: list[Tree], whole: list[list[Seen]], alone: list[list[Seen]], folder: Path
) -> None:
    # A session of pytest costs more than the others' runs: half of the examples are enough for it.
    which = [0, *range(1, len(trees), EACH if integration == "pytest" else 1)]
    some = [trees[at] for at in which]
    found = flake8(some, folder) if integration == "flake8" else driven(integration, some, folder)
    shown = [whole[at] for at in which]
    if integration == "pytest":
        # a test for each gate fails also where another gate reports the same place
        every = driven("command line, every gate", some, folder)
        # that run has a selection, so that it says nothing about unused waivers
        shown = [
            list((Counter(one) | Counter(more)).elements()) for one, more in zip(shown, every, strict=True)
        ]
    wrong: list[str] = []
    for at, tree, findings, own in zip(which, some, shown, found, strict=True):
        wanted = expected(integration, findings, alone[at], tree)
        wrong += [f"{tree.root.name}: misses {one}" for one in wanted if one not in own]
        wrong += [f"{tree.root.name}: makes up {one}" for one in own if one not in wanted]
        if not wrong and own != wanted:
            wrong += [f"{tree.root.name}: shows something twice"]
    assert not wrong, "\n".join(wrong[:20])
    assert sum(map(len, found)) > 100
