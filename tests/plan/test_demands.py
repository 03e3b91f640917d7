"""A plan against an earlier state of itself: looser is told, stricter and other orders are not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from plans import load_plan

from hardcut.plan.demands import loosened
from hardcut.plan.gates import LoadedPlan

Load = Callable[[str], LoadedPlan]
PROJECT = Path(__file__).resolve().parents[2]
PLAN = """\
[plan]
name = "shop"
check = ["src", "tests"]

[[wave]]
id = "0"
state = "landed"

[[wave.delete]]
module = "shop.old.inner"

[[wave.keep]]
module = "shop.cart"
symbols = ["total"]

[[wave.fail_fast]]
guard = ["shop_ext", "shop.load"]
within = ["shop"]

[[wave.align]]
name = "x"
in = ["a.toml", "b.toml"]

[[wave.benchmark]]
result = "r.json"
baseline = "b.json"

[[wave.native]]
what = "udf"
within = ["shop"]
names = ["*_udf", "*_udaf"]

[[wave.snapshot]]
file = "new.csv"
of = "x"
previous = "old.csv"

[[wave]]
id = "1"
state = "active"
requires = ["0"]

[[wave.quality]]
commands = ["a", "b"]
"""


@pytest.fixture
def load(tmp_path: Path) -> Load:
    def loaded(text: str) -> LoadedPlan:
        file = tmp_path / "cutover.toml"
        file.write_text(text, encoding="utf-8")
        return load_plan(file, tmp_path)

    return loaded


@pytest.mark.parametrize(
    ("before", "after", "form"),
    [
        ('symbols = ["total"]', 'symbols = ["other"]', "removed"),
        ('guard = ["shop_ext", "shop.load"]', 'guard = ["shop_ext"]', "removed"),
        ('within = ["shop"]', 'within = ["shop.cart"]', "within"),
        ('in = ["a.toml", "b.toml"]', 'in = ["a.toml", "b.toml"]\nto = "major"', "to"),
        ('baseline = "b.json"', 'baseline = "b.json"\ntolerance = "20%"', "tolerance"),
        ('commands = ["a", "b"]', 'commands = ["a"]', "removed"),
        ('id = "1"\nstate = "active"', 'id = "1"', "state"),
        ('check = ["src", "tests"]', 'check = ["src"]', "check"),
        ('module = "shop.old.inner"', 'module = "shop.old.inner"\ncontested = "who knows"', "contested"),
        ('module = "shop.old.inner"', 'module = "shop.old.inner"\nsubmodules_only = true', "submodules_only"),
        ('name = "shop"', 'name = "shop"\nmentions = "off"', "mentions"),
        ('names = ["*_udf", "*_udaf"]', 'names = ["*_udf"]', "names"),
        ('previous = "old.csv"', "", "previous"),
        ('requires = ["0"]', "", "requires"),
        ('name = "shop"', 'name = "shop"\nexclude = ["x"]', "exclude"),
        (
            '[[wave]]\nid = "1"',
            '[[revive]]\nmodule = "shop.old.inner"\nreason = "r"\n\n[[wave]]\nid = "1"',
            "revive",
        ),
    ],
)
def test_looser(load: Load, before: str, after: str, form: str) -> None:
    old = load(PLAN)
    assert before in PLAN
    new = load(PLAN.replace(before, after, 1))
    assert form in [one.form for one in loosened(old, new)]
    assert list(loosened(old, old)) == []
    stricter = [one.form for one in loosened(new, old)]
    assert form not in stricter or form in ("removed",), stricter


def test_a_benchmark_against_another_baseline_or_the_other_way_round(load: Load) -> None:
    text = PLAN.replace('"b.json"', '"c.json"\ndirection = "higher"')
    assert [one.form for one in loosened(load(PLAN), load(text))] == ["baseline", "direction"]


def test_an_open_decision_is_told_once_if_it_is_gone_and_not_if_it_is_taken(load: Load) -> None:
    named = 'symbols = ["total"]'
    old = load(PLAN.replace(named, 'symbols = ["total", "tax"]\ndecision = { question = "Which?" }'))
    gone = load(PLAN.replace(named, 'symbols = ["tax", "total"]'))
    other = load(PLAN.replace(named, 'symbols = ["total", "tax"]\ndecision = { question = "Which one?" }'))
    taken = load(
        PLAN.replace(named, 'symbols = ["total", "tax"]\ndecision = { question = "Which?", chosen = "both" }')
    )
    assert [(one.form, one.subject) for one in loosened(old, gone)] == [("decision", "keep shop.cart.total")]
    assert [list(loosened(*pair)) for pair in ((old, taken), (old, other), (gone, old), (taken, gone))] == [
        []
    ] * 4


def test_a_wider_deletion_covers_a_narrower_one(load: Load) -> None:
    assert list(loosened(load(PLAN), load(PLAN.replace("shop.old.inner", "shop.old")))) == []


def test_the_shipped_plan_is_no_looser_than_itself() -> None:
    plan = load_plan(PROJECT / "examples" / "datafusion_engine" / "cutover.toml")
    assert list(loosened(plan, plan)) == []
