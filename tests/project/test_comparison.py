"""The README's comparison: every line of its table, run through the tools that the table names."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
README = (PROJECT / "README.md").read_text(encoding="utf-8")
PREAMBLE = "import logging\nfrom importlib import import_module\nfrom unittest import mock\nimport shop\n"
LINE = PREAMBLE.count("\n") + 1
MANIFEST = """\
[plan]
name = "shop"
source = ["src"]
check = ["src"]
[[wave]]
id = "1"
state = "landed"
[[wave.delete]]
module = "shop.old"
"""
VERDICT = {"found": True, "false positive": True, "missed": False, "correctly silent": False}


def rows() -> dict[str, list[bool]]:
    """Each line of the table, and which tools say something about it: hardcut, ruff, grep."""
    section = README[README.index("## Why not ruff") :].split("\n## ")[0]
    cells = [
        [cell.strip() for cell in re.split(r" \| ", row.strip("| "))]
        for row in re.findall(r"^\|.*\|$", section, re.M)
    ]
    return {cell[0].strip("`"): [VERDICT[one] for one in cell[1:]] for cell in cells[2:]}


ROWS = rows()


def output(tree: Path, tool: str, *argv: str) -> str:
    """What a tool prints about the tree; a tool that fails rather than judges ends the test."""
    run = subprocess.run(
        [str(Path(sys.executable).with_name(tool)), *argv],
        cwd=tree,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode in (0, 1), run.stderr
    return run.stdout


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> list[set[int]]:
    """The cases that each tool says something about, by number: hardcut, ruff, grep."""
    tree = tmp_path_factory.mktemp("shop")
    package = tree / "src" / "shop"
    package.mkdir(parents=True)
    for name in ("__init__", "api", "older"):
        (package / f"{name}.py").touch()
    (tree / "cutover.toml").write_text(MANIFEST, encoding="utf-8")
    (tree / "ruff.toml").write_text(
        '[lint.flake8-tidy-imports.banned-api]\n"shop.old".msg = "gone"\n', encoding="utf-8"
    )
    for number, line in enumerate(ROWS):
        (tree / "src" / f"case_{number}.py").write_text(f"{PREAMBLE}{line}\n", encoding="utf-8")
    hardcut = json.loads(output(tree, "hardcut", "check", "--no-cache", "--format", "json"))["findings"]
    ruff = json.loads(
        output(tree, "ruff", "check", "--no-cache", "--select", "TID251", "--output-format", "json")
    )
    places = [
        {(Path(one["path"]).name, one["line"]) for one in hardcut},
        {(Path(one["filename"]).name, one["location"]["row"]) for one in ruff},
        {(f"case_{number}.py", LINE) for number, line in enumerate(ROWS) if re.search(r"shop\.old", line)},
    ]
    return [{number for number in range(len(ROWS)) if (f"case_{number}.py", LINE) in seen} for seen in places]


def test_table_has_lines_that_only_hardcut_finds() -> None:
    assert [True, False, False] in ROWS.values()


@pytest.mark.parametrize(("number", "line"), list(enumerate(ROWS)), ids=list(ROWS))
def test_line_is_judged_as_told(said: list[set[int]], number: int, line: str) -> None:
    assert [number in seen for seen in said] == ROWS[line]
