"""Waivers let findings pass until their end, and no longer; partial runs never call one stale."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from folders import commit, git

from hardcut.engine.landing import lacks
from hardcut.engine.options import Options
from hardcut.engine.report_data import Report
from hardcut.engine.run import check
from hardcut.plan.load import load_plans
from hardcut.report.summary import summary

PLAN = """\
[plan]
name = "shop"
source = ["src"]
check = ["src"]

[[wave]]
id = "0"
state = "landed"

[[wave.delete]]
module = "shop.old"

[[wave]]
id = "1"

[[waiver]]
rule = "RULE"
path = "PATH"
reason = "later"
until = "UNTIL"
"""
DAY = datetime.date(2026, 6, 15)


def run(
    root: Path, today: datetime.date = DAY, paths: list[str] | None = None, cache: bool = False
) -> Report:
    return check(
        Options(root=str(root), plans=load_plans(root), cache=cache, jobs=1, today=today, paths=paths or [])
    )


def lay(root: Path, rule: str = "CUT101", path: str = "src/shop/a.py", until: str = "2026-06-15") -> None:
    (root / "src/shop").mkdir(parents=True, exist_ok=True)
    text = PLAN.replace("RULE", rule).replace("PATH", path).replace("UNTIL", until)
    (root / "cutover.toml").write_text(text, encoding="utf-8")
    (root / "src/shop/__init__.py").write_text("", encoding="utf-8")
    (root / "src/shop/a.py").write_text("import shop.old\n", encoding="utf-8")


def codes(report: Report) -> list[str]:
    return [one.code for one in report.findings if one.code not in ("CUT905",)]


def test_it_holds_through_its_last_day(tmp_path: Path) -> None:
    lay(tmp_path)
    report = run(tmp_path)
    assert codes(report) == [] and [one.code for one in report.waived] == ["CUT101"]
    late = run(tmp_path, DAY + datetime.timedelta(days=1))
    assert codes(late) == ["CUT902", "CUT101"] and late.waived == [] and late.failed
    assert "since 2026-06-16" in next(one.message for one in late.findings if one.code == "CUT902")


def test_the_day_is_part_of_what_a_kept_outcome_depends_on(tmp_path: Path) -> None:
    lay(tmp_path)
    assert codes(run(tmp_path, cache=True)) == []
    assert codes(run(tmp_path, cache=True)) == []
    assert codes(run(tmp_path, DAY + datetime.timedelta(days=1), cache=True)) == ["CUT902", "CUT101"]


@pytest.mark.parametrize(
    ("rule", "path", "holds"),
    [
        ("deleted-module-import", "src", True),
        ("cut101", "src/**/*.py", True),
        ("CUT101", "./src/shop/a.py", True),
        ("CUT101", "shop/a.py", False),
        ("CUT101", "a.py", False),
        ("CUT1", "src/shop/a.py", False),
        ("CUT103", "src/shop/a.py", False),
    ],
)
def test_what_it_is_about(tmp_path: Path, rule: str, path: str, holds: bool) -> None:
    lay(tmp_path, rule, path)
    assert sorted(codes(run(tmp_path))) == ([] if holds else ["CUT101", "CUT903"])


def test_until_a_wave(tmp_path: Path) -> None:
    lay(tmp_path, until="wave 1")
    assert codes(run(tmp_path)) == []
    report = check(
        Options(
            root=str(tmp_path),
            plans=load_plans(tmp_path),
            cache=False,
            jobs=1,
            assume_landed=frozenset({"1"}),
        )
    )
    assert codes(report) == ["CUT902", "CUT101"]


def test_a_run_over_some_files_or_rules_calls_none_stale(tmp_path: Path) -> None:
    lay(tmp_path, path="src/shop/other.py")
    assert "CUT903" in codes(run(tmp_path))
    assert codes(run(tmp_path, paths=["src/shop/a.py"])) == ["CUT101"]
    plans = load_plans(tmp_path)
    selected = Options(
        root=str(tmp_path), plans=plans, cache=False, jobs=1, select=frozenset({"CUT903", "CUT101"})
    )
    assert "CUT903" not in codes(check(selected))


def test_a_waiver_that_only_running_code_needs_is_not_stale(tmp_path: Path) -> None:
    lay(tmp_path, "CUT102", "src/shop/late.py")
    late = tmp_path / "src/shop/late.py"
    late.write_text("from importlib import import_module\nget = import_module\n", encoding="utf-8")
    assert "CUT903" not in codes(run(tmp_path))
    late.write_text("x = 1\n", encoding="utf-8")
    assert "CUT903" in codes(run(tmp_path))


def test_a_waiver_of_one_plan_is_none_of_another(tmp_path: Path) -> None:
    lay(tmp_path)
    other = PLAN.split("[[waiver]]")[0].replace('name = "shop"', 'name = "other"')
    (tmp_path / "other.toml").write_text(other, encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text('[tool.hardcut]\nplans = ["other.toml"]\n', encoding="utf-8")
    report = run(tmp_path)
    assert [one.plan for one in report.waived] == ["shop"] or codes(report) == ["CUT101"]


@pytest.mark.parametrize("path", ["src/shop/a.py", "./src/shop/a.py"])
def test_a_later_waiver_justifies_a_comment_that_an_ended_one_does_not(tmp_path: Path, path: str) -> None:
    lay(tmp_path, until="2026-01-01")
    plan = tmp_path / "cutover.toml"
    more = f'\n[[waiver]]\nrule = "CUT101"\npath = "{path}"\nreason = "still"\nuntil = "2026-12-31"\n'
    plan.write_text(plan.read_text(encoding="utf-8") + more, encoding="utf-8")
    (tmp_path / "src/shop/a.py").write_text(
        "import shop.old  # noqa: CUT101\nx = 1  # noqa: CUT101\n", encoding="utf-8"
    )
    assert codes(run(tmp_path)) == ["CUT902"]


@pytest.mark.parametrize("rule", ["CUT905", "unmatched-entry"])
@pytest.mark.parametrize("state", ["active", "landed"])
def test_no_waiver_suppresses_an_entry_that_matches_nothing(tmp_path: Path, rule: str, state: str) -> None:
    """The typo of a landed entry would be green for ever."""
    git(tmp_path, "init", "-qb", "main")
    lay(tmp_path, rule, "cutover.toml", "2999-12-31")
    text = (tmp_path / "cutover.toml").read_text()
    text = text.replace("landed", state).replace("shop.old", "shop.odl")
    commit(tmp_path, {"cutover.toml": text.replace(state, "planned", 1)})
    (tmp_path / "cutover.toml").write_text(text)
    report = run(tmp_path)
    assert [(one.code, one.severity) for one in report.findings if one.code in ("CUT903", "CUT905")] == [
        ("CUT905", "error"),
        ("CUT903", "error"),
    ]
    (stale,) = [one for one in report.findings if one.code == "CUT903"]
    assert "no waiver suppresses CUT905" in stale.message and "`allow_unmatched`" in (stale.help or "")
    plans = load_plans(tmp_path)
    options = Options(root=str(tmp_path), plans=plans, cache=False, jobs=1, today=DAY, compare=False)
    codes = {one.code for lack in lacks(options, plans[0], "0") for one in lack.findings}
    assert "CUT905" in codes


@pytest.mark.parametrize(
    ("path", "subject", "help_"),
    [
        ("src/shop/b.py", "", "findings of CUT101 are in `src/shop/a.py`: correct `path`"),
        ("src/shop/a.py", "shop.odl", "findings there are about `shop.old`: correct `subject`"),
    ],
)
def test_a_stale_waiver_says_where_findings_are(tmp_path: Path, path: str, subject: str, help_: str) -> None:
    lay(tmp_path, path=path)
    if subject:
        manifest = tmp_path / "cutover.toml"
        manifest.write_text(manifest.read_text() + f'subject = "{subject}"\n')
    (stale,) = [one for one in run(tmp_path).findings if one.code == "CUT903"]
    assert help_ in (stale.help or "")
    (tmp_path / "src/shop/a.py").write_text("")
    (stale,) = [one for one in run(tmp_path).findings if one.code == "CUT903"]
    assert (stale.help or "").startswith("remove it: there is no finding of CUT101 left")


IGNORING = """\
[plan]
name = "shop"
source = ["src"]

[[plan.ignore]]
rule = "dangling-import"
path = "PATH"
reason = "the build writes it"

[[wave]]
id = "0"

[[wave.delete]]
module = "shop.old"
"""


@pytest.mark.parametrize(
    ("path", "left"),
    [
        ("src/shop/a.py", ["src/shop/b.py:1"]),
        ("src/shop", []),
        ("src/**", []),
        ("src/shop/b.py", ["src/shop/a.py:1", "src/shop/a.py:2"]),
        ('src/shop/a.py"\nsubject = "shop.one', ["src/shop/a.py:2", "src/shop/b.py:1"]),
    ],
)
def test_ignored_findings_are_counted_and_never_stand(tmp_path: Path, path: str, left: list[str]) -> None:
    lay(tmp_path)
    (tmp_path / "cutover.toml").write_text(IGNORING.replace("PATH", path), encoding="utf-8")
    (tmp_path / "src/shop/a.py").write_text("import shop.one\nimport shop.two\n", encoding="utf-8")
    (tmp_path / "src/shop/b.py").write_text("import shop.one\n", encoding="utf-8")
    report = run(tmp_path)
    found = [f"{one.place.path}:{one.place.line}" for one in report.findings if one.code == "CUT105"]
    assert found == left
    assert "CUT903" not in codes(report)
    assert (len(report.ignored), report.ignoring) == (3 - len(left), 1)
    assert f"; {3 - len(left)} ignored by 1 entry of `plan.ignore`" in summary(report)
    alone = run(tmp_path, paths=["src/shop/a.py"])
    assert [one for one in alone.findings if one.code == "CUT105"] == [
        one for one in report.findings if one.code == "CUT105" and one.place.path == "src/shop/a.py"
    ]


def test_an_entry_that_ignores_nothing_is_reported_in_a_run_over_everything(tmp_path: Path) -> None:
    lay(tmp_path)
    (tmp_path / "cutover.toml").write_text(IGNORING.replace("PATH", "src/gen"), encoding="utf-8")
    found = [one for one in run(tmp_path).findings if one.code == "CUT903"]
    assert [(one.place.line, one.form) for one in found] == [(5, "ignores-nothing")]
    assert "CUT903" not in codes(run(tmp_path, paths=["src/shop/a.py"]))
