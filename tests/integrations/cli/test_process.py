"""The command as a process of its own: what it loads, closed outputs, odd encodings."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

import hardcut
from hardcut.report.formats import FORMATS, names

PACKAGES = str(Path(hardcut.__file__).parents[1])


def environment(**other: str) -> dict[str, str]:
    own = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "FORCE_COLOR")}
    return own | {"PYTHONPATH": PACKAGES} | other


def start(
    root: Path, *argv: str, stdout: int = subprocess.PIPE, **other: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *argv],
        cwd=root,
        env=environment(**other),
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        timeout=60,
    )


def test_findings_of_the_real_engine(project: Path) -> None:
    ended = start(project, "-m", "hardcut", "check")
    assert ended.returncode == 1, ended.stderr
    assert "src/shop/main.py:1:8  deleted-module-import  CUT101  [wave 0, landed]" in ended.stdout
    assert "  1 | import shop.old\n    |        ^^^^^^^^ " in ended.stdout
    assert "nobody uses it" in ended.stdout
    assert "= plan: cutover.toml:9\n" in ended.stdout or "= plan: cutover.toml:10\n" in ended.stdout


@pytest.mark.parametrize("isolated", [[], ["-P"], ["-I"]])
def test_started_as_a_module_it_imports_nothing_of_ours_from_the_project(
    project: Path, isolated: list[str]
) -> None:
    names = (
        "__future__",
        "click",
        "msgspec",
        "re",
        "typing",
        "enum",
        "ahocorasick_rs",
        "tomllib",
        "datetime",
    )
    for name in (*names, *(["hardcut", "runpy", "contextlib"] if isolated else [])):
        text = f"import sys\nsys.stderr.write('imported {name}')\nsys.exit(0)\n"
        (project / f"{name}.py").write_text(text)
    environ = {name: value for name, value in environment().items() if name != "PYTHONPATH"}
    ended = subprocess.run(
        [sys.executable, *isolated, "-m", "hardcut", "check"],
        cwd=project,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (ended.returncode, ended.stderr) == (1, "")


@pytest.mark.parametrize("form", names())
def test_a_check_loads_nothing_heavy(project: Path, form: str) -> None:
    code = (
        "import sys; from hardcut.integrations.cli.main import main\n"
        f"code = main(['check', '--format', '{form}'])\n"
        "sys.stderr.write(' '.join(['exit', str(code), *sys.modules]))"
    )
    ended = start(project, "-c", code)
    loaded = set(ended.stderr[ended.stderr.index("exit") :].split())
    assert "1" in loaded, ended.stderr
    assert not loaded & {
        *("rich", "difflib", "jsonschema", "tomlkit", "libcst", "flake8", "importlinter", "pygls", "asyncio"),
        *("importlib.metadata", "unittest", "email", "http"),
    }


def test_the_version_and_a_run_that_is_remembered_load_no_rule(project: Path) -> None:
    code = (
        "import sys; from hardcut.integrations.cli.main import main\n"
        "main({argv})\n"
        "sys.stderr.write(' '.join(sys.modules))"
    )
    loaded = start(project, "-c", code.format(argv=["--version"])).stderr.split()
    assert [one for one in loaded if one.startswith(("hardcut.", "msgspec"))] == [
        "hardcut.integrations",
        "hardcut.integrations.cli",
        "hardcut.engine",
        "hardcut.engine.cachefolder",
        "hardcut.engine.stored_answer",
        "hardcut.integrations.cli.main",
        "hardcut.integrations.cli.commands",
    ]
    assert start(project, "-m", "hardcut", "check").returncode == 1
    loaded = start(project, "-c", code.format(argv=["check"])).stderr.split()
    assert "hardcut.engine.run" in loaded
    for heavy in ("hardcut.rules.registry", "hardcut.engine.runner", "hardcut.report.statistics"):
        assert heavy not in loaded


@pytest.mark.parametrize("form", names())
def test_a_format_is_loaded_when_it_is_asked_for(project: Path, form: str) -> None:
    code = (
        "import sys; from hardcut.integrations.cli.main import main\n"
        f"main(['check', '--format', '{form}', '--output-file', 'out'])\n"
        "sys.stderr.write(' '.join(sys.modules))"
    )
    loaded = set(start(project, "-c", code).stderr.split())
    modules = {one.name: f"hardcut.report.{one.module}" for one in FORMATS}
    assert modules[form] in loaded
    if form in ("text", "json", "sarif"):
        assert loaded & set(modules.values()) <= {modules[form], modules["concise"]}
    assert ("xml.etree.ElementTree" in loaded) == (form == "junit")


def keep_answer(project: Path) -> None:
    """Run until the answer is stored: not while a file is as young as the run."""
    for _ in range(2):
        assert start(project, "-m", "hardcut", "check").returncode == 1
        time.sleep(0.05)


@pytest.mark.parametrize("stored", [False, True])
def test_a_reader_that_goes_away_is_no_error(project: Path, stored: bool) -> None:
    if stored:
        keep_answer(project)
    read, write = os.pipe()
    os.close(read)
    try:
        ended = start(project, "-m", "hardcut", "check", stdout=write)
    finally:
        os.close(write)
    assert (ended.returncode, ended.stderr) == (1, "")


@pytest.mark.parametrize("stored", [False, True])
def test_a_full_disk_is_unusable_output(project: Path, stored: bool) -> None:
    if stored:
        keep_answer(project)
    full = os.open("/dev/full", os.O_WRONLY)
    try:
        ended = start(project, "-m", "hardcut", "check", stdout=full)
    finally:
        os.close(full)
    assert ended.returncode == 2
    assert ended.stderr == "hardcut: cannot write the output: No space left on device\n"


def test_an_output_that_cannot_encode_a_line(project: Path) -> None:
    (project / "src/shop/main.py").write_text("import shop.old  # 名\n", encoding="utf-8")
    ended = start(project, "-m", "hardcut", "check", PYTHONIOENCODING="latin-1")
    assert ended.returncode == 1
    assert "import shop.old  # \\u540d\n" in ended.stdout


def test_a_file_name_that_is_no_text(project: Path) -> None:
    with open(os.fsencode(project / "src/shop") + b"/caf\xe9.py", "wb") as file:
        file.write(b"import shop.old\n")
    for form in ("text", "concise"):
        ended = start(project, "-m", "hardcut", "check", "--format", form)
        assert ended.returncode == 1, ended.stderr
        assert "src/shop/caf\\xe9.py:1:8" in ended.stdout
        assert "Traceback" not in ended.stderr
    ended = start(project, "-m", "hardcut", "check", "--format", "json")
    assert '"path": "src/shop/caf\\\\xe9.py"' in ended.stdout


def test_standard_input_stands_for_the_file(project: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "hardcut", "check", "--format", "concise", "--stdin-filename", "main.py", "-"],
        cwd=project / "src/shop",
        env=environment(),
        input=b"# edited\nfrom . import old\n",
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert ended.returncode == 1, ended.stderr
    assert ended.stdout.startswith(b"src/shop/main.py:2:15: CUT101 ")
    assert ended.stdout.count(b"\n") == 1


def test_folders_files_and_the_whole_agree(project: Path) -> None:
    said = [
        start(project, "-m", "hardcut", "check", "--format", "concise", "--no-cache", *argv).stdout
        for argv in (
            [],
            ["."],
            ["src"],
            ["src/shop/main.py"],
            ["src/shop/main.py", "src"],
            ["--jobs", "2", "src"],
        )
    ]
    assert said[0].startswith("src/shop/main.py:1:8: CUT101 ")
    assert len(set(said)) == 1


def test_json_does_not_depend_on_the_hash_seed(project: Path) -> None:
    for number in range(5):
        (project / f"src/shop/m{number}.py").write_text(
            f"import shop.old\nfrom shop import old as o{number}\n"
        )
    said = {
        start(project, "-m", "hardcut", "check", "--format", "json", "--no-cache", PYTHONHASHSEED=seed).stdout
        for seed in ("0", "1", "2")
    }
    assert len(said) == 1
    assert said.pop().count('"CUT101"') >= 11


def test_which_of_several_failures_is_named_does_not_depend_on_the_hash_seed(project: Path) -> None:
    with open(project / "cutover.toml", "a", encoding="utf-8") as plan:
        plan.write(
            '[[wave.fail_fast]]\nguard = ["engine_a", "engine_b", "engine_c"]\nreason = "no fallback"\n'
        )
    (project / "src/shop/main.py").write_text(
        "import contextlib\n"
        "def helper():\n"
        "    try:\n"
        "        import engine_a\n"
        "        import engine_b\n"
        "        import engine_c\n"
        "    except ImportError:\n"
        "        return None\n"
        "    return engine_a, engine_b, engine_c\n"
        "def caller():\n"
        "    with contextlib.suppress(ImportError):\n"
        "        return helper()\n"
    )
    said = {
        start(project, "-m", "hardcut", "check", "--format", "json", "--no-cache", PYTHONHASHSEED=seed).stdout
        for seed in "012345"
    }
    assert len(said) == 1
    assert "a helper around `engine_a`" in said.pop()


@pytest.mark.parametrize("form", names())
def test_a_hostile_file_name_in_every_format(project: Path, form: str) -> None:
    name = os.fsencode(project / "src/shop") + b"/a\n::error::x,%0A]]>`|\x1b[2J\xe9.py"
    with open(name, "wb") as file:
        file.write(b"import shop.old\n")
    ended = start(project, "-m", "hardcut", "check", "--format", form)
    assert ended.returncode == 1, ended.stderr
    assert "Traceback" not in ended.stderr
    assert "\x1b" not in ended.stdout + ended.stderr
    assert not [line for line in ended.stdout.splitlines() if line.startswith("::error::")]
