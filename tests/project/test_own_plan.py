"""hardcut's own manifest holds for hardcut, and would not if its rules were broken."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

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


def test_each_breach_is_found(tmp_path: Path) -> None:
    shutil.copytree(PROJECT / "plugins", tmp_path / "plugins", ignore=shutil.ignore_patterns("__pycache__"))
    plan = (PROJECT / "cutover.toml").read_text(encoding="utf-8")
    only = re.sub(r"(?m)^check = .*$", 'check = ["plugins"]', plan)
    (tmp_path / "cutover.toml").write_text(only, encoding="utf-8")
    for file, text, _ in BREACHES:
        (tmp_path / "plugins" / "hardcut" / file).write_text(text, encoding="utf-8")
    code, said = check(tmp_path)
    assert code == 1
    for file, _, rule in BREACHES:
        assert re.search(rf"{re.escape(file)}:\d+:\d+: CUT\d+ {rule}: ", said), said
