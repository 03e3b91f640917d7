"""`hardcut.check` as scripts call it, and the page that promises it."""

from __future__ import annotations

import inspect
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import click
import msgspec
import pytest
from folders import commit, git, lay

import hardcut
from hardcut.engine.cachefolder import CacheFolder
from hardcut.integrations.cli.commands import commands
from hardcut.integrations.cli.main import main

PROJECT = Path(__file__).resolve().parents[2]
TINY = PROJECT / "examples" / "tiny"
PAGE = (PROJECT / "docs" / "api.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```python\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
MANIFEST = """\
[plan]
name = "shop"
source = ["src"]

[[wave]]
id = "0"
state = "landed"

[[wave.delete]]
module = "shop.old"

[[wave]]
id = "1,2"

[[wave.delete]]
module = "shop.later"
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "src/shop").mkdir(parents=True)
    (tmp_path / "cutover.toml").write_text(MANIFEST)
    (tmp_path / "src/shop/__init__.py").write_text("")
    (tmp_path / "src/shop/later.py").write_text("")
    (tmp_path / "src/shop/main.py").write_text("import shop.old\n")
    (tmp_path / "src/shop/other.py").write_text("import shop.later\nNAME = 'shop.old'\n")
    return tmp_path


def codes(report: hardcut.Report) -> list[tuple[str, str]]:
    return [(one.place.path.rpartition("/")[2], one.code) for one in report.findings]


def test_everything_that_the_command_finds(project: Path, capfd: pytest.CaptureFixture[str]) -> None:
    report = hardcut.check(project, cache=False)
    assert report.failed and report.whole
    main(["check", "--root", str(project), "--format", "json", "--no-cache"])
    said = json.loads(capfd.readouterr().out)
    assert [(one["path"], one["line"], one["code"], one["message"]) for one in said["findings"]] == [
        (one.place.path, one.place.line, one.code, one.message) for one in report.findings
    ]
    later = ("later.py", "CUT104")
    assert codes(report) == [later, ("main.py", "CUT101"), ("other.py", "CUT101"), ("other.py", "CUT103")]
    assert [one.severity for one in report.findings] == ["info", "error", "info", "error"]


def test_options_by_name(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project)
    main_, other = Path("src/shop/main.py"), "src/shop/other.py"
    assert codes(hardcut.check(paths=main_)) == [("main.py", "CUT101")]
    numbers: list[Any] = [0]
    assert codes(hardcut.check(paths=main_, waves=numbers)) == [("main.py", "CUT101")]
    assert codes(hardcut.check(paths=[main_, other], waves="1,2")) == [("other.py", "CUT101")]
    assert codes(hardcut.check(select=["deleted-module-in-text", "cut2"])) == [("other.py", "CUT103")]
    assert codes(hardcut.check(ignore="CUT101,CUT104")) == [("other.py", "CUT103")]
    excluded = hardcut.check(exclude=["**/other.py"], select="CUT10")
    assert codes(excluded) == [("later.py", "CUT104"), ("main.py", "CUT101")]
    assert {one.severity for one in hardcut.check(assume_landed=["1,2"]).findings} == {"error"}
    assert not (project / "elsewhere").exists()
    assert codes(hardcut.check(plans=["cutover.toml"], paths=[])) == codes(hardcut.check())


def test_a_source_stands_for_the_file_and_is_checked_alone(project: Path) -> None:
    file = project / "src/shop/main.py"
    assert codes(hardcut.check(project, source=(file, b"import shop.main\n"))) == []
    report = hardcut.check(project, source=(file, b"import shop.main\nimport shop.old\n"))
    assert [one.place.line for one in report.findings] == [2]
    assert not report.whole


def test_only_files_that_the_plan_does_not_check(project: Path) -> None:
    report = hardcut.check(project, paths=[project / "gone.py"], force_exclude=True)
    assert (report.files, report.whole, report.failed) == (0, False, False)


def test_all_that_is_wrong_is_said_at_once(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project)
    with pytest.raises(hardcut.Unusable) as raised:
        hardcut.check(
            select="CUT999,CUT101,nonsense",
            ignore=["delted-module-import"],
            waves=["0", "3"],
            assume_landed="9",
            paths=["gone\x1b[2J.py", "src", ".."],
            jobs=0,
        )
    said = str(raised.value).splitlines()
    assert [one.message for one in raised.value.problems if "\x1b" not in one.message] == [
        line for line in said if "\\x1b" not in line
    ]
    for part in ("CUT999", "nonsense", "delted", '"3"', '"9"', "gone\\x1b[2J.py", "outside", "not 0"):
        assert sum(part in line for line in said) == 1, part
    assert len(said) == 8
    assert all(not one.path for one in raised.value.problems)
    assert raised.value.message == "\n".join(f"hardcut: {line}" for line in said)


def test_a_source_and_paths_exclude_each_other(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project)
    with pytest.raises(hardcut.Unusable, match="by itself"):
        hardcut.check(paths="src", source=("src/a.py", b""))
    with pytest.raises(hardcut.Unusable, match="outside of"):
        hardcut.check(source=("../a.py", b""))


def test_a_broken_manifest_with_its_places(project: Path) -> None:
    text = MANIFEST.replace("module", "modul").replace('"landed"', '"lnded"')
    (project / "cutover.toml").write_text(text)
    with pytest.raises(hardcut.Unusable) as raised:
        hardcut.check(project)
    first = raised.value.problems[0]
    assert (first.path, first.line) == ("cutover.toml", 7)
    assert len(raised.value.problems) >= 3
    assert str(raised.value) == raised.value.message


def test_no_manifest_and_no_folder(tmp_path: Path) -> None:
    with pytest.raises(hardcut.Unusable, match="hardcut init"):
        hardcut.check(tmp_path)
    with pytest.raises(hardcut.Unusable, match="no such folder"):
        hardcut.check(tmp_path / "gone")
    with pytest.raises(hardcut.Unusable, match="no such folder: a"):
        hardcut.check("a\0b")


def test_a_report_is_data(project: Path) -> None:
    report = hardcut.check(project, cache=False)
    again = msgspec.json.decode(msgspec.json.encode(report), type=hardcut.Report)
    assert again == report


def test_importing_the_package_loads_nothing() -> None:
    code = (
        "import sys; before = set(sys.modules); import hardcut;"
        "print(sorted(one for one in set(sys.modules) - before if one != '__future__'))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "['hardcut']"


def test_every_promised_name_is_there() -> None:
    assert set(hardcut.__all__) <= set(dir(hardcut))
    for name in hardcut.__all__:
        assert getattr(hardcut, name).__name__ == name
    with pytest.raises(AttributeError, match="nothing_such"):
        hardcut.nothing_such  # noqa: B018


@pytest.mark.parametrize("number", range(len(EXAMPLES)))
def test_examples_of_the_page_run(number: int) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", EXAMPLES[number]], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    if "print" in EXAMPLES[number]:
        assert ran.stdout.strip()
    if "Unusable" in EXAMPLES[number]:
        (shown,) = re.findall(r"^```text\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
        assert ran.stdout == shown


def rows(heading: str) -> list[list[str]]:
    section = PAGE[PAGE.index(heading) :]
    table = re.search(r"^\| .*?(?=\n\n)", section, re.MULTILINE | re.DOTALL)
    assert table is not None
    return [[cell.strip() for cell in line.split("|")[1:-1]] for line in table[0].splitlines()[2:]]


def test_the_page_has_every_parameter() -> None:
    found = {row[0].strip("`"): row[1].strip("`") for row in rows("## `hardcut.check(")}
    parameters = inspect.signature(hardcut.check).parameters
    assert found == {name: str(one.default) for name, one in parameters.items()}
    command = commands.get_command(click.Context(commands), "check")
    assert command is not None
    known = {option for one in command.params for option in one.opts} | {"PATHS", "-", ""}
    assert {row[2].strip("`") for row in rows("## `hardcut.check(")} <= known
    documented = hardcut.check.__doc__ or ""
    for name in parameters:
        assert f"{name}: " in documented


@pytest.mark.parametrize(
    ("heading", "kind"),
    [("A `Report`:", "Report"), ("A `Finding`:", "Finding"), ("A `Problem` has", "Problem")],
)
def test_the_page_has_every_attribute(heading: str, kind: str) -> None:
    fields = set(getattr(hardcut, kind).__struct_fields__)
    if kind == "Problem":
        told = set(re.findall(r"`(\w+)`", PAGE[PAGE.index(heading) :].split(";")[0])) - {"Problem"}
    else:
        told = {name for row in rows(heading) for name in re.findall(r"\w+", row[0])}
    assert told == fields | ({"failed"} if kind == "Report" else set())


def test_a_run_from_another_folder_reads_and_writes_only_the_project(
    project: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    assert hardcut.check(project).failed
    assert os.listdir() == []
    kept = CacheFolder(project, "").path
    assert kept is not None and sorted(os.listdir(kept)) == ["answers", "stamps"]


@pytest.mark.parametrize("place", ["", "sub", "sub/project"])
@pytest.mark.parametrize("kind", ["whole", "commondir"])
def test_a_bare_repository_in_the_checkout_is_refused(tmp_path: Path, place: str, kind: str) -> None:
    """A commit can hold one: git would read its history in place of the project's, and find nothing new."""
    root = tmp_path / "sub/project"
    lay(root, {"cutover.toml": MANIFEST, "src/shop/__init__.py": ""})
    git(tmp_path, "init", "-q")
    commit(tmp_path)
    hardcut.check(root, cache=False)
    forged = {"HEAD": "ref: refs/heads/main\n"}
    forged |= {"commondir": "..\n"} if kind == "commondir" else {"objects/x": "", "refs/x": ""}
    lay(tmp_path / place, forged)
    if not place:  # Beside `.git` it is no repository.
        hardcut.check(root, cache=False)
        return
    with pytest.raises(hardcut.Unusable, match="is a bare repository"):
        hardcut.check(root, cache=False)
