from __future__ import annotations

from pathlib import Path

from plans import load_plan

from hardcut.plan.decisions import open_decisions

MANIFEST = """\
[plan]
name = "shop"

[[wave]]
id = "0"

[[wave.delete]]
module = "shop.old"
decision = { question = "delete or wire in?", options = ["delete", "wire in"] }

[[wave.delete]]
module = "shop.gone"
decision = { question = "really?", options = ["yes"], chosen = "yes" }
contested = "two teams disagree"

[[wave]]
id = "1"

[[wave.remove]]
module = "shop.tools"
symbols = ["x"]
decision = { question = "when?" }
contested = "nobody knows"
"""


def test_open_are_undecided_and_contested_entries(tmp_path: Path) -> None:
    path = tmp_path / "cutover.toml"
    path.write_text(MANIFEST, encoding="utf-8")
    plan = load_plan(path)
    found = [(one.gate.wave, one.gate.declared.line, one.kind, one.said) for one in open_decisions(plan)]
    assert found == [
        ("0", 7, "question", 'not decided: "delete or wire in?" ("delete" or "wire in")'),
        ("0", 11, "contested", 'contested: "two teams disagree"'),
        ("1", 19, "question", 'not decided: "when?"'),
        ("1", 19, "contested", 'contested: "nobody knows"'),
    ]
    assert [one.gate.wave for one in open_decisions(plan, "0")] == ["0", "0"]
    assert open_decisions(plan, "2") == []
