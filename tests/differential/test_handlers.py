"""What the rules say of a handler is what the interpreter does with the failure."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from hardcut.engine.options import Options
from hardcut.engine.run import check
from hardcut.plan.load import load_plans
from tests.differential.programs import RUNNER, Maker

PROGRAMS = 2400
MANIFEST = """\
[plan]
name = "native"
source = ["src"]

[[wave]]
id = "0"
state = "landed"

[[wave.fail_fast]]
guard = ["native_ext"]
"""


def swallowing(programs: list[str]) -> list[bool]:
    """Of each program, whether a failing import stays inside: found by running it."""
    ran = subprocess.run(
        [sys.executable, "-I", "-c", RUNNER],
        input=json.dumps(programs),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert ran.returncode == 0, ran.stderr[-2000:]
    found: list[bool] = json.loads(ran.stdout)
    return found


@pytest.mark.parametrize("seed", [1])
def test_handlers_do_what_the_rules_say(seed: int, tmp_path: Path) -> None:
    maker = Maker(seed)
    programs = [maker.program() for _ in range(PROGRAMS)]
    truth = swallowing(programs)
    (tmp_path / "cutover.toml").write_text(MANIFEST, encoding="utf-8")
    (tmp_path / "src").mkdir()
    for number, source in enumerate(programs):
        (tmp_path / "src" / f"program_{number}.py").write_text(source, encoding="utf-8")
    report = check(Options(root=str(tmp_path), plans=load_plans(tmp_path), cache=False))
    said = {one.place.path for one in report.findings if one.code in ("CUT401", "CUT404")}
    wrong = [
        f"--- program_{number}: runs as {runs}\n{programs[number][programs[number].index('def entry') :]}"
        for number, runs in enumerate(truth)
        if runs is not (f"src/program_{number}.py" in said)
    ]
    assert 0.2 < sum(truth) / len(truth) < 0.9
    assert not wrong, f"{len(wrong)} of {len(truth)}\n" + "\n".join(wrong[:3])
