"""The two commands of the README, and the check that runs the second."""

from __future__ import annotations

import html
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
README = (PROJECT / "README.md").read_text(encoding="utf-8")


def readme_commands() -> list[str]:
    """The commands of the README's first block, which comes before its first section."""
    head = README[: README.index("\n## ")]
    (block,) = re.findall(r"^```sh\n(.*?)^```", head, re.MULTILINE | re.DOTALL)
    lines = block.replace("\\\n", " ").splitlines()
    return [" ".join(line.split()) for line in lines if line and not line.startswith("#")]


def run(command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run one of our commands as written, with the environment that the tests run in."""
    program, *argv = shlex.split(command)
    return subprocess.run(
        [str(Path(sys.executable).with_name(Path(program).name)), *argv],
        cwd=PROJECT,
        env=os.environ | environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def test_readme_starts_with_two_commands() -> None:
    use, test = readme_commands()
    assert use.startswith("python3 -m venv .venv && .venv/bin/pip install -q . && .venv/bin/hardcut check ")
    assert test == "bash tests/run"


def test_first_command_does_the_main_job() -> None:
    done = run(readme_commands()[0].split(" && ")[-1])
    assert done.returncode == 0, done.stderr
    assert re.findall(r"CUT\d+", done.stdout) == ["CUT103", "CUT101"]
    assert len([line for line in done.stdout.splitlines() if line]) < 15


def test_the_picture_shows_what_the_command_prints() -> None:
    done = run(readme_commands()[0].split(" && ")[-1].removesuffix(" --exit-zero"), COLUMNS="90")
    assert done.returncode == 1
    svg = (PROJECT / "docs" / "check.svg").read_text(encoding="utf-8")
    words = html.unescape("".join(re.findall(r"<text[^>]*>([^<]*)</text>", svg)))
    for line in done.stdout.splitlines():
        assert "".join(line.split()) in "".join(words.split()), line
    assert "(docs/check.svg)" in README


def test_required_check_runs_the_command_of_the_readme() -> None:
    script = (PROJECT / ".ci" / "run").read_text(encoding="utf-8")
    lines = [line for line in script.splitlines() if line and not line.startswith(("#", "set ", "cd "))]
    assert lines == [readme_commands()[1]]


def test_scripts_are_executable_and_read_no_input() -> None:
    for name in (".ci/run", "tests/run"):
        assert os.access(PROJECT / name, os.X_OK)
    assert "exec </dev/null" in (PROJECT / "tests" / "run").read_text(encoding="utf-8")


def test_every_check_of_the_project_is_run() -> None:
    script = (PROJECT / "tests" / "run").read_text(encoding="utf-8")
    steps = re.findall(r"^ *step ([\w-]+(?: (?:check|format))?)", script, re.MULTILINE)
    quick = ["pytest"]
    whole = ["mypy", "lint-imports", "flake8", "hardcut check", "pytest"]
    assert steps == ["ruff check", "ruff format", *quick, *whole]
