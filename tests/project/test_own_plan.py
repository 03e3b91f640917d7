"""hardcut's own manifest holds for hardcut, and would not if its rules were broken."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
BREACHES = [
    ("rules/breach.py", "from tree_sitter import Node\n", "banned-surface-import"),
    (
        "engine/breach.py",
        'import importlib\n\nTREE = importlib.import_module("ast")\n',
        "banned-surface-probe",
    ),
]


def check(root: Path) -> tuple[int, str]:
    """Run the command as a person would."""
    run = subprocess.run(
        [str(Path(sys.executable).with_name("hardcut")), "check", "--format", "concise"],
        cwd=root,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    return run.returncode, run.stdout + run.stderr


def test_own_plan_holds() -> None:
    code, said = check(PROJECT)
    assert code == 0, said


@pytest.mark.parametrize(("file", "text", "rule"), BREACHES, ids=[rule for _, _, rule in BREACHES])
def test_breach_is_found(tmp_path: Path, file: str, text: str, rule: str) -> None:
    for name in ("plugins", "tests"):
        shutil.copytree(PROJECT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(PROJECT / "cutover.toml", tmp_path)
    (tmp_path / "plugins" / "hardcut" / file).write_text(text, encoding="utf-8")
    code, said = check(tmp_path)
    assert code == 1
    assert rule in said
    assert Path(file).name in said
