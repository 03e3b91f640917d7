"""A stored outcome after edits: it is given again only if a run without a cache says the same."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from engine_project import PLAN, run, write

from hardcut.engine import result_cache as recall
from hardcut.engine.options import Options
from hardcut.engine.report_data import Report
from hardcut.engine.run import check
from hardcut.plan.load import load_plans
from hardcut.rules.registry import RULES
from tests.rules.pages import read_page

RULE_PAGES = Path(recall.__file__).resolve().parents[1] / "rules"
EXAMPLES, EDITS = 2, 4
"""So many examples of each rule are edited so often: more takes long, and was done once."""
WORDS = [
    "try:\n    pass\nexcept ImportError:\n    pass\n",
    "import os\n",
    "x = 'shop.old'\n",
    "def added(): ...\n",
]
FILES = {
    "src/shop/__init__.py": "",
    "src/shop/old/__init__.py": "",
    "src/shop/prices.py": "def tax():\n    return 1\n\n\nclass Basket: ...\n",
    "src/shop/money.py": "class Money: ...\n",
    "src/shop/api.py": "from shop.prices import tax as tax\n",
    "src/shop/users.py": "from shop.api import tax\n\nprint(tax())\n",
    "src/shop/quiet.py": "def quiet():\n    return 1\n",
    "src/shop/uses.py": "from shop.prices import old_tax\n",
    "tests/test_shop.py": "from shop.prices import tax\n",
}


@pytest.fixture
def held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Whether the outcome held, each time that files were asked again."""
    monkeypatch.setenv("HARDCUT_CACHE_DIR", str(tmp_path / "caches"))
    answers: list[bool] = []
    real = recall._hold

    def hold(*arguments: object) -> bool:
        answers.append(real(*arguments))  # type: ignore[arg-type]
        return answers[-1]

    monkeypatch.setattr(recall, "_hold", hold)
    return answers


def reports(root: Path) -> tuple[Report, Report]:
    """What a run says with the cache and without it."""
    plans = load_plans(root)
    warm, cold = (check(Options(root=str(root), plans=plans, cache=use, jobs=1)) for use in (True, False))
    return warm, cold


def edit(rng: random.Random, lines: list[str]) -> None:
    """Change some lines as people do: anywhere, often without a change of what the code says."""
    at = rng.randrange(len(lines) + 1)
    kind = rng.choice(["end", "comment", "blank", "double", "delete", "spaces", "code", "letter"])
    if kind == "end":
        lines.append(f"# {rng.random()}\n")
    elif kind in ("comment", "blank"):
        lines.insert(at, "# a comment\n" if kind == "comment" else "\n")
    elif kind == "code":
        lines.insert(at, rng.choice(WORDS))
    elif lines and at < len(lines):
        if kind == "double":
            lines.insert(at, lines[at])
        elif kind == "delete":
            del lines[at]
        elif kind == "spaces":
            lines[at] = lines[at].rstrip("\n") + "  # spaces\n"
        else:
            place = rng.randrange(len(lines[at]))
            lines[at] = lines[at][:place] + rng.choice("x_.'1") + lines[at][place + 1 :]


@pytest.mark.parametrize("code", [rule.code for rule in RULES])
def test_edits_of_the_examples_of_each_rule(code: str, tmp_path: Path, held: list[bool]) -> None:
    rule = next(rule for rule in RULES if rule.code == code)
    page = read_page(RULE_PAGES / rule.family / f"{rule.name_of_files}.md")
    rng = random.Random(code)
    cases = [case for case in page.cases if not any(path.endswith(".ipynb") for path in case.files)]
    for number, case in enumerate(cases[:EXAMPLES]):
        root = case.write(tmp_path / str(number))
        paths = sorted(
            path for path in case.files if path.endswith((".py", ".md")) and (root / path).is_file()
        )
        reports(root)
        for _ in range(EDITS if paths else 0):
            path = root / rng.choice(paths)
            lines = path.read_text(encoding="utf-8", errors="replace").splitlines(keepends=True)
            edit(rng, lines)
            path.write_text("".join(lines), encoding="utf-8")
            warm, cold = reports(root)
            assert warm == cold, (case.title, path, lines)


EARLY: dict[str, tuple[str, Callable[[str], str], bool]] = {
    "a comment in a file that the plan is not about": ("quiet.py", lambda text: f"# why\n{text}", True),
    "code in such a file": ("quiet.py", lambda text: f"{text}\n\ndef _more():\n    return 2\n", False),
    "a body in such a file": ("quiet.py", lambda text: text.replace("1", "2"), True),
    "a comment at the end of a file with a finding": ("uses.py", lambda text: f"{text}# why\n", True),
    "a comment at the end of a re-export": ("api.py", lambda text: f"{text}# why\n", True),
    "a body of the module that moved": ("prices.py", lambda text: text.replace("return 1", "return 2"), True),
    "a name that is gone": ("prices.py", lambda text: text.replace("tax", "vat"), False),
    "a name that is new": ("prices.py", lambda text: f"{text}\n\ndef old_tax(): ...\n", False),
    "an import that is new": ("users.py", lambda text: f"import os\n{text}", False),
}


@pytest.mark.parametrize("change", EARLY)
def test_an_outcome_holds_while_all_answers_about_a_file_do(
    change: str, tmp_path: Path, held: list[bool]
) -> None:
    name, edited, holds = EARLY[change]
    write(tmp_path / "project", FILES)
    path = tmp_path / "project/src/shop" / name
    before = run(tmp_path / "project", cache=True)
    path.write_text(edited(path.read_text()))
    after = run(tmp_path / "project", cache=True)
    assert after == run(tmp_path / "project")
    assert held == [holds]
    assert not holds or after == before
    assert run(tmp_path / "project", cache=True) == after and len(held) == 1


def test_a_file_that_cannot_be_read_any_more_is_reported(
    tmp_path: Path, held: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "project"
    write(root, FILES)
    run(root, cache=True)
    (root / "src/shop/quiet.py").write_text("def quiet(): ...\n")
    monkeypatch.setattr(
        "hardcut.source.tree.DiskTree.unreadable",
        lambda _, paths: [path for path in paths if path.endswith("quiet.py")],
    )
    assert [one.code for one in run(root, cache=True).findings if "quiet" in one.place.path] == ["CUT907"]


def test_the_plan_of_another_outcome_is_not_asked(tmp_path: Path, held: list[bool]) -> None:
    root = tmp_path / "project"
    write(root, FILES)
    run(root, cache=True)
    write(root, {}, PLAN.replace("old_tax", "tax"))
    (root / "src/shop/quiet.py").write_text("")
    assert run(root, cache=True) == run(root) and held == []
