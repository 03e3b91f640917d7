"""What keeps a wave from landing, and what does not."""

from __future__ import annotations

from pathlib import Path

import pytest
from engine_project import write
from folders import commit, git
from plans import load_plan

from hardcut.engine.landing import lacks
from hardcut.engine.options import Options
from hardcut.engine.run import check

FILES = {
    "src/shop/__init__.py": "",
    "src/shop/cart.py": "class Cart: ...\n",
    "src/shop/main.py": "import shop.cart\n",
}
HEAD = """\
[plan]
name = "test"
source = ["src"]
check = ["src"]

[[wave]]
id = "0"

[[wave.delete]]
module = "shop.old"
"""


@pytest.fixture(autouse=True)
def history(tmp_path: Path) -> None:
    """A repository whose history has the deleted modules; the working tree has not."""
    git(tmp_path, "init", "-qb", "main")
    gone = ("src/shop/old.py", "src/shop/older.py", "src/shop/gone.py")
    commit(tmp_path, dict.fromkeys(gone, "def f(): ...\n"))
    commit(tmp_path, dict.fromkeys(gone))


def missing(root: Path, more: str = "", files: dict[str, str] | None = None, wave: str = "0") -> list[str]:
    write(root, FILES | (files or {}), HEAD + more)
    plan = load_plan(root / "cutover.toml", root)
    options = Options(root=str(root), plans=[plan], cache=False, jobs=1, compare=False)
    return [
        f"{one.step} {one.declared.line} {','.join(sorted({each.code for each in one.findings}))}".rstrip()
        for one in lacks(options, plan, wave)
    ]


def test_nothing_is_missing(tmp_path: Path) -> None:
    assert missing(tmp_path) == []


def test_a_wave_without_a_gate_does_not_land(tmp_path: Path) -> None:
    assert missing(tmp_path, '\n[[wave]]\nid = "1"\n', wave="1") == ["gates 12"]
    plan = load_plan(tmp_path / "cutover.toml", tmp_path)
    options = Options(root=str(tmp_path), plans=[plan], cache=False, jobs=1, compare=False)
    (lack,) = lacks(options, plan, "1")
    assert lack.said == "it demands nothing: write its gates below it, or take it out of the plan"
    assert not check(options).notes


def test_a_wave_that_landed_without_a_gate_is_told(tmp_path: Path) -> None:
    write(tmp_path, FILES, HEAD + '\n[[wave]]\nid = "1"\nstate = "landed"\n')
    plan = load_plan(tmp_path / "cutover.toml", tmp_path)
    report = check(Options(root=str(tmp_path), plans=[plan], cache=False, jobs=1, compare=False))
    assert report.notes == ["wave 1 of test has landed without a gate, so that it holds nothing"]


def test_findings_of_the_wave_count_and_those_of_others_do_not(tmp_path: Path) -> None:
    other = '\n[[wave]]\nid = "1"\nstate = "landed"\n\n[[wave.delete]]\nmodule = "shop.gone"\n'
    files = {"src/shop/main.py": "import shop.gone\n"}
    assert missing(tmp_path, other, files) == []
    assert missing(tmp_path, other, {"src/shop/main.py": "import shop.old\n"}) == ["finding 9 CUT101"]


def test_warnings_do_not_count(tmp_path: Path) -> None:
    assert missing(tmp_path, files={"src/shop/main.py": "# like shop.old.api\n"}) == []


def test_contradiction_of_another_wave_does_not_count(tmp_path: Path) -> None:
    gates = '\n[[wave.delete]]\nmodule = "shop.cart"\n\n[[wave.keep]]\nfiles = ["src/shop/cart.py"]\n'
    assert missing(tmp_path, f'\n[[wave]]\nid = "1"\n{gates}') == []
    assert "finding 1 CUT906" in missing(tmp_path, gates)


def test_what_could_not_be_read_counts(tmp_path: Path) -> None:
    assert missing(tmp_path, files={"src/shop/bad.py": "import shop.old.(\n"})[0].startswith(
        "finding 1 CUT907"
    )


def test_contested_findings_are_an_open_decision_and_nothing_else(tmp_path: Path) -> None:
    found = missing(tmp_path, 'contested = "two teams disagree"\n', {"src/shop/old.py": ""})
    assert found == ["decision 9"]


def test_waived_findings_do_not_count_unless_the_waiver_ends_with_the_wave(tmp_path: Path) -> None:
    files = {"src/shop/main.py": "import shop.old\n"}
    waiver = '\n[[waiver]]\nrule = "CUT101"\npath = "src/shop/main.py"\nreason = "r"\nuntil = "{}"\n'
    assert missing(tmp_path, waiver.format("9999-12-31"), files) == []
    found = missing(tmp_path, waiver.format("wave 0"), files)
    assert "finding 9 CUT101" in found


def test_several_things_come_in_order(tmp_path: Path) -> None:
    more = (
        '\n[[wave]]\nid = "1"\nrequires = ["0"]\n\n[[wave.delete]]\nmodule = "shop.older"\n'
        'decision = { question = "now?" }\n\n'
        '[[wave.surface]]\nonly = "a"\nbanned = ["b"]\nwithin = ["shop.no"]\n'
        '\n[[wave.quality]]\ncommands = ["true"]\n'
    )
    found = missing(tmp_path, more, {"src/shop/older.py": ""}, "1")
    assert [one.partition(" ")[0] for one in found] == [
        "requires",
        "decision",
        "finding",
        "finding",
        "evidence",
        "selftest",
    ]
