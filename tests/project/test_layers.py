"""The layers of `.importlinter` hold, and would not hold if they were crossed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
CROSSINGS = [
    ("finding.py", "import hardcut.plan.model", "hardcut.finding -> hardcut.plan.model"),
    ("source/facts.py", "import hardcut.plan.model", "hardcut.source.facts -> hardcut.plan.model"),
    ("plan/model.py", "import hardcut.source.facts", "hardcut.plan.model -> hardcut.source.facts"),
    ("rules/registry.py", "import hardcut.engine.run", "hardcut.rules.registry -> hardcut.engine.run"),
    ("rules/registry.py", "import tree_sitter_python", "hardcut.rules.registry -> tree_sitter_python"),
    ("engine/run.py", "import click", "hardcut.engine.run -> click"),
    ("engine/run.py", "import importlinter", "hardcut.engine.run -> importlinter"),
    ("misc.py", "", "hardcut.misc"),
]


def lint_imports(tree: Path) -> tuple[int, str]:
    """Check a tree that has the project's contracts and its `plugins` folder."""
    run = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"],
        cwd=tree,
        env=os.environ | {"PYTHONPATH": str(tree / "plugins"), "NO_COLOR": "1", "COLUMNS": "200"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    return run.returncode, run.stdout + run.stderr


def test_contracts_hold() -> None:
    code, said = lint_imports(PROJECT)
    assert code == 0, said


def test_every_crossing_is_told(tmp_path: Path) -> None:
    shutil.copytree(PROJECT / "plugins", tmp_path / "plugins", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(PROJECT / ".importlinter", tmp_path)
    for file, line, _ in CROSSINGS:
        with (tmp_path / "plugins" / "hardcut" / file).open("a", encoding="utf-8") as opened:
            opened.write(f"\n{line}\n")
    code, said = lint_imports(tmp_path)
    assert code == 1
    words = " ".join(said.split())
    assert [told for _, _, told in CROSSINGS if told not in words] == []
