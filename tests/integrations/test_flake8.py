"""The plugin in real flake8 processes, against the command line on the same files."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import entry_points
from pathlib import Path

import pytest
from folders import lay

import hardcut

PACKAGES = str(Path(hardcut.__file__).parents[1])
INSTALLED = any(
    point.value == "hardcut.integrations.flake8:Plugin" for point in entry_points(group="flake8.extension")
)
LOCAL = (
    "" if INSTALLED else "[flake8:local-plugins]\nextension =\n  CUT = hardcut.integrations.flake8:Plugin\n"
)
MANIFEST = """\
[plan]
name = "shop"
source = ["src"]
check = ["src", "tests"]
exclude = ["src/vendor/**"]

[[wave]]
id = "0"
state = "landed"

[[wave.delete]]
module = "shop.old"

[[wave.remove]]
module = "shop.tools"
symbols = ["helper"]

[[wave.delete]]
module = "shop.doubtful"
contested = "two teams still need it"

[[wave.keep]]
files = ["src/shop/api.py"]

[[wave]]
id = "1"

[[wave.delete]]
module = "shop.later"
"""
Flake8 = Callable[..., subprocess.CompletedProcess[str]]
FILES = {
    "cutover.toml": MANIFEST,
    "src/shop/__init__.py": "",
    "src/shop/tools.py": "def other():\n    return 1\n",
    "src/shop/main.py": (
        "import os\n\nfrom shop import old, doubtful, later\n"
        "from shop.tools import helper\n\nNAME = 'shop.old'\n"
    ),
    "src/shop/clean.py": "import os\n",
    "src/shop/latin.py": "# coding: latin-1\nx = 'é'; import shop.old\n",
    "src/shop/marked.py": "\ufeffimport shop.old\n",
    "src/shop/crlf.py": "import os\r\nimport shop.old\r\n",
    "src/vendor/copied.py": "import shop.old\n",
    "tests/test_main.py": "import importlib\n\nimportlib.import_module('shop.old')\n",
    "outside.py": "import shop.old\n",
    "setup.cfg": f"[flake8]\nselect = CUT\n{LOCAL}",
}


def run(root: Path, *argv: str, stdin: bytes | None = None) -> subprocess.CompletedProcess[str]:
    ended = subprocess.run(
        [sys.executable, "-m", *argv],
        cwd=root,
        env=os.environ | {"PYTHONPATH": PACKAGES, "PYTHONUTF8": "1"},
        input=stdin or b"",
        capture_output=True,
        check=False,
        timeout=120,
    )
    return subprocess.CompletedProcess(argv, ended.returncode, ended.stdout.decode(), ended.stderr.decode())


@pytest.fixture
def project(tmp_path: Path) -> Path:
    lay(tmp_path, FILES)
    return lay(tmp_path, {"src/shop/latin.py": FILES["src/shop/latin.py"].encode("latin-1")})


def lines(said: str) -> list[str]:
    return sorted(line.removeprefix("./").replace(": CUT", " CUT") for line in said.splitlines())


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_flake8_says_what_the_command_line_says(project: Path, jobs: str) -> None:
    shown = run(project, "flake8", "-j", jobs)
    assert shown.returncode == 1, shown.stderr
    files = [name for name in FILES if name.startswith(("src/shop", "tests"))]
    wanted = run(project, "hardcut", "check", "--format", "concise", *files)
    assert lines(shown.stdout) == lines(wanted.stdout)
    places = {line.split(": ")[0] for line in shown.stdout.splitlines()}
    assert {
        "./src/shop/main.py:3:18",
        "./src/shop/main.py:4:24",
        "./src/shop/latin.py:2:17",
        "./src/shop/marked.py:1:8",
        "./src/shop/crlf.py:2:8",
    } <= places
    assert "./src/shop/main.py:3:18: CUT101 deleted-module-import: " in shown.stdout


def test_what_does_not_belong_there_is_left_out(project: Path) -> None:
    shown = run(project, "flake8").stdout
    for word in ("vendor", "outside.py", "doubtful", "later", "api.py", "clean.py"):
        assert word not in shown.replace("(doubtful", ""), shown


def test_the_options_are_declared(project: Path) -> None:
    shown = run(project, "flake8", "--help").stdout
    assert "--hardcut-plan" in shown and "--hardcut-root" in shown
    assert run(project, "flake8", "--hardcut-root", "none", "src").returncode == 1


def test_comments_silence_flake8_and_not_the_command_line(project: Path) -> None:
    (project / "src/shop/main.py").write_text("import shop.old  # noqa: CUT101\n")
    assert run(project, "flake8", "src/shop/main.py").stdout == ""
    assert run(project, "hardcut", "check", "src/shop/main.py").returncode == 1


@pytest.mark.parametrize("name", ["src/shop/main.py", "./src/shop/main.py", "src/shop/new.py"])
def test_standard_input_is_what_is_checked(project: Path, name: str) -> None:
    shown = run(project, "flake8", "-", "--stdin-display-name", name, stdin=b"x = 1\nimport shop.old\n")
    assert [line.split(": ")[0] for line in shown.stdout.splitlines()] == [f"{name}:2:8"]
    assert run(project, "flake8", "-", "--stdin-display-name", name, stdin=b"x = 1\n").stdout == ""


def test_standard_input_in_its_own_encoding(project: Path) -> None:
    source = "# coding: latin-1\nx = 'é'; import shop.old\n".encode("latin-1")
    shown = run(project, "flake8", "-", "--stdin-display-name", "src/shop/a.py", stdin=source)
    assert [line.split(": ")[0] for line in shown.stdout.splitlines()] == ["src/shop/a.py:2:17"]


def test_standard_input_without_a_name_and_outside(project: Path) -> None:
    assert run(project, "flake8", "-", stdin=b"import shop.old\n").stdout == ""
    outside = run(project, "flake8", "-", "--stdin-display-name", "/a.py", stdin=b"import shop.old\n")
    assert (outside.returncode, outside.stdout) == (0, "")


def test_a_broken_manifest_ends_flake8_with_one_line(project: Path) -> None:
    (project / "cutover.toml").write_text("[plan]\nname = 1\nsorce = []\n")
    for jobs in ("1", "2"):
        shown = run(project, "flake8", "-j", jobs)
        assert shown.returncode == 1
        said = shown.stdout + shown.stderr
        assert "Traceback" not in said
        assert "hardcut: cutover.toml:2:8: " in said or "hardcut: cutover.toml:2:1: " in said
        assert "(and 1 more: see `hardcut manifest`)" in said


def test_without_a_manifest_nothing_is_said(project: Path) -> None:
    (project / "cutover.toml").unlink()
    shown = run(project, "flake8")
    assert (shown.returncode, shown.stdout, shown.stderr) == (0, "", "")


@pytest.mark.parametrize("place", ["option", "config", "bare"])
def test_a_named_manifest(project: Path, place: str) -> None:
    (project / "plans").mkdir()
    (project / "cutover.toml").rename(project / "plans/one.toml")
    argv: list[str] = []
    if place == "bare":
        (project / "plans/one.toml").rename(project / "one.toml")
        argv = ["--hardcut-plan", "one.toml"]
    elif place == "option":
        argv = ["--hardcut-plan", "plans/one.toml", "--hardcut-root", "."]
    else:
        config = FILES["setup.cfg"].replace(
            "CUT\n", "CUT\nhardcut-plan = ./plans/one.toml\nhardcut-root = .\n", 1
        )
        (project / "setup.cfg").write_text(config)
    shown = run(project, "flake8", "-j", "1", *argv, "src/shop/main.py")
    assert "src/shop/main.py:3:18: CUT101" in shown.stdout, shown.stderr
    missing = run(project, "flake8", "--hardcut-plan", "none.toml", "src/shop/main.py")
    assert "none.toml" in missing.stdout + missing.stderr
    assert missing.returncode == 1
    assert "Traceback" not in missing.stderr


def test_from_a_folder_below(project: Path) -> None:
    shown = run(project / "src", "flake8", "--config", "../setup.cfg", "shop/main.py")
    assert "shop/main.py:3:18: CUT101" in shown.stdout, shown.stderr


def test_odd_sources_do_not_end_flake8(project: Path) -> None:
    odd = {
        "nul": b"import shop.old\0\n",
        "broken": b"import shop.old\ndef (:\n",
        "empty": b"",
        "cr": b"x\rimport shop.old\r",
    }
    for name, data in odd.items():
        (project / f"src/shop/{name}.py").write_bytes(data)
    shown = run(project, "flake8", *(f"src/shop/{name}.py" for name in odd))
    assert "Traceback" not in shown.stderr
    assert "src/shop/cr.py:2:8: CUT101" in shown.stdout
