"""What the rules say of a helper in another file, and of its caller, is what the interpreter does."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from hardcut.engine.options import Options
from hardcut.engine.run import check
from hardcut.plan.load import load_plans
from tests.differential.pairs import RUNNER, Pairs
from tests.differential.test_handlers import MANIFEST

PAIRS = 400


def test_helpers_of_another_file_do_what_the_rules_say(tmp_path: Path) -> None:
    maker = Pairs(1)
    pairs = [maker.pair(number) for number in range(PAIRS)]
    ran = subprocess.run(
        [sys.executable, "-I", "-c", RUNNER],
        input=json.dumps(pairs),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert ran.returncode == 0, ran.stderr[-2000:]
    truth: list[dict[str, bool]] = json.loads(ran.stdout)
    (tmp_path / "cutover.toml").write_text(MANIFEST, encoding="utf-8")
    (tmp_path / "src").mkdir()
    for number, (tools, entry) in enumerate(pairs):
        (tmp_path / "src" / f"tools_{number}.py").write_text(tools, encoding="utf-8")
        (tmp_path / "src" / f"entry_{number}.py").write_text(entry, encoding="utf-8")
    report = check(Options(root=str(tmp_path), plans=load_plans(tmp_path), cache=False))
    found = {(one.place.path.removeprefix("src/").removesuffix(".py"), one.code) for one in report.findings}
    wrong: list[str] = []
    for number, (tools, entry) in enumerate(pairs):
        said = {
            "tools": (f"tools_{number}", "CUT401") in found,
            "entry": (f"entry_{number}", "CUT401") in found,
            "soft": (f"entry_{number}", "CUT404") in found,
            "retry": (f"entry_{number}", "CUT402") in found,
        }
        runs = truth[number]
        if runs["retry"] and "def tool(" in tools:
            runs["entry"] = False  # what is handed on and tried again is told once
        wrong += [
            f"--- {number}: {what} runs as {runs[what]}\n{tools}\n{entry}"
            for what in said
            if said[what] is not runs[what]
        ]
    for what in ("tools", "entry", "soft", "retry"):
        assert 0.05 < sum(one[what] for one in truth) / PAIRS < 0.9, what
    assert not wrong, f"{len(wrong)} of {PAIRS}\n" + "\n".join(wrong[:4])
