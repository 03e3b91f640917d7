"""The two commands of the README, and the check that runs the second."""

from __future__ import annotations

import os
import re
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]


def readme_commands() -> list[str]:
    """The lines of the README's first block, which comes before its first section."""
    text = (PROJECT / "README.md").read_text(encoding="utf-8")
    head = text[: text.index("\n## ")]
    (block,) = re.findall(r"^```(?:sh|bash|console)\n(.*?)^```", head, re.MULTILINE | re.DOTALL)
    return [line for line in block.splitlines() if line and not line.startswith("#")]


def test_readme_starts_with_two_commands() -> None:
    use, test = readme_commands()
    assert "examples/datafusion_engine" in use
    assert test == "bash tests/run"


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
    steps = re.findall(r"^step (\S+)", script, re.MULTILINE)
    assert steps == ["ruff", "mypy", "lint-imports", "flake8", "hardcut", "pytest"]
