"""What `hardcut fix` says after a run, and how it exits."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from folders import lay

from hardcut.finding import Unfixed
from hardcut.integrations.cli.main import main

MANIFEST = """\
[plan]
name = "shop"
source = ["src"]
check = ["src", "docs", "settings.toml"]
text_references = "error"

[[wave]]
id = "0"
state = "landed"

[[wave.delete]]
module = "shop.legacy"
to = "shop.cart"

[[wave.delete]]
module = "shop.dead"

[[wave.move]]
from = "shop.prices"
to = ["shop.money", "shop.taxes"]
symbols = ["Split"]

[[wave]]
id = "1"
state = "planned"

[[wave.delete]]
module = "shop.later"
to = "shop.cart"
"""
FILES = {
    "cutover.toml": MANIFEST,
    "src/shop/__init__.py": "",
    "src/shop/cart.py": "def buy(): ...\n",
    "src/shop/prices.py": "",
    "src/shop/money.py": "class Split: ...\n",
    "src/shop/taxes.py": "class Split: ...\n",
    "src/fixed.py": "from shop.legacy import buy\nfrom shop.legacy import buy as other\n",
    "src/left.py": (
        "from shop.legacy import sell\n"
        "from shop.dead import x\n"
        "from shop.prices import Split\n"
        'TABLE = {"shop.legacy": 1}\n'
        "import shop.legacy\n"
        "from shop.later import buy\n"
    ),
    "docs/guide.md": "Use shop.legacy.\n",
    "settings.toml": 'backend = "shop.legacy"\n',
}
LEFT = {
    ("src/left.py", 1): "not-defined",
    ("src/left.py", 2): "no-new-home",
    ("src/left.py", 3): "several-homes",
    ("src/left.py", 4): "key",
    ("src/left.py", 5): "plain-import",
    ("docs/guide.md", 1): "file-type",
    ("settings.toml", 1): "file-type",
}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = lay(tmp_path, FILES)
    monkeypatch.chdir(root)
    return root


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict[str, Any]]:
    """The exit code and the JSON object of a command."""
    code = main([*arguments, "--format", "json"])
    loaded: dict[str, Any] = json.loads(capsys.readouterr().out)
    return code, loaded


def places(findings: list[dict[str, Any]]) -> dict[tuple[str, int], str]:
    return {
        (entry["path"], entry["line"]): entry["unfixed"]
        for entry in findings
        if entry["path"] != "cutover.toml"
    }


def test_all_that_is_left_is_reported_with_its_reason(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, before = said(capsys, "check")
    assert before["summary"]["fixable"] == 2
    code, outcome = said(capsys, "fix")
    assert code == 1 and outcome["failed"] is True
    assert [(entry["path"], entry["line"], entry["fix"]) for entry in outcome["fixed"]] == [
        ("src/fixed.py", 1, {"shop.legacy.buy": "shop.cart.buy"}),
        ("src/fixed.py", 2, {"shop.legacy.buy": "shop.cart.buy"}),
    ]
    assert outcome["files"] == ["src/fixed.py"] and outcome["diff"] is None
    assert places(outcome["left"]) == LEFT
    assert outcome["summary"]["left"] == len(outcome["left"])
    assert outcome["summary"]["planned"] == 2
    counted = {entry["reason"]: entry["count"] for entry in outcome["summary"]["reasons"]}
    assert counted["file-type"] == 2 and sum(counted.values()) == len(outcome["left"])
    _, after = said(capsys, "check")
    # `check` gives the same reasons, and no finding of a planned wave is taken for one that can be fixed.
    planned = {("src/left.py", 6): "planned"}
    assert places(after["findings"]) == {**LEFT, **planned} and after["summary"]["fixable"] == 0


def test_the_text_names_place_and_reason(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fix"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "src/fixed.py:1:6: CUT101 fixed: shop.legacy.buy is now shop.cart.buy"
    assert f"src/left.py:4:11: CUT103 left: shop.legacy: {Unfixed.KEY.sentence}" in lines
    assert re.fullmatch(
        r"2 findings fixed in 1 file; \d+ left; 2 findings of planned waves: `--wave` includes them",
        lines[-1],
    )
    # Nothing is fixed twice; what is left still fails.
    assert main(["fix"]) == 1
    assert capsys.readouterr().out.splitlines()[-1].startswith("0 findings fixed; ")


@pytest.mark.parametrize(
    "options", [[], ["src/fixed.py"], ["--wave", "1"], ["--select", "CUT103"], ["--ignore", "CUT"], ["docs"]]
)
def test_the_exit_code_is_that_of_a_check_afterwards(project: Path, options: list[str]) -> None:
    assert main(["fix", *options]) == main(["check", *options])


def test_a_clean_selection_exits_with_zero(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fix", "src/fixed.py"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "2 findings fixed in 1 file; 0 left"
    assert main(["fix", "src/fixed.py"]) == 0
    assert capsys.readouterr().out == "nothing to fix\n"


def test_a_diff_fails_only_if_it_shows_an_edit(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, outcome = said(capsys, "fix", "--diff")
    assert code == 1 and "+from shop.cart import buy\n" in outcome["diff"]
    assert places(outcome["left"]) == LEFT and len(outcome["fixed"]) == 2
    assert (project / "src/fixed.py").read_text() == FILES["src/fixed.py"]
    code, outcome = said(capsys, "fix", "--diff", "src/left.py")
    assert code == 0 and outcome["diff"] == "" and outcome["fixed"] == [] and outcome["left"]


def test_check_counts_what_can_be_fixed(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["check", "src/fixed.py"])
    assert capsys.readouterr().out.splitlines()[-1].endswith("; `hardcut fix` can fix 2")
    main(["check", "src/left.py"])
    assert "can fix" not in capsys.readouterr().out


@pytest.mark.parametrize("form", ["sarif", "rdjson"])
def test_reports_offer_the_edits_that_are_made(
    project: Path, capsys: pytest.CaptureFixture[str], form: str
) -> None:
    main(["check", "--format", form])
    text = capsys.readouterr().out
    wanted = {"sarif": '"fixes"', "rdjson": '"suggestions"'}[form]
    assert text.count(wanted) == 2


def test_a_named_planned_wave_is_fixed(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, outcome = said(capsys, "fix", "--wave", "1")
    assert [entry["path"] for entry in outcome["fixed"]] == ["src/left.py"]
    assert outcome["summary"]["planned"] == 0
    assert "from shop.cart import buy\n" in (project / "src/left.py").read_text()


def test_the_documentation_names_every_reason() -> None:
    page = (Path(__file__).parents[2] / "docs" / "fixing.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `([a-z-]+)` \| (.*) \|$", page, re.MULTILINE))
    assert rows == {reason.value: reason.sentence for reason in Unfixed}
