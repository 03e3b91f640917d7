from __future__ import annotations

from collections.abc import Callable

from hardcut.engine.report_data import Report
from hardcut.finding import Finding
from hardcut.report.statistics import by_rule, by_wave, rows, table
from hardcut.report.summary import summary

Make = Callable[..., Finding]
Gather = Callable[..., Report]


def test_everything_at_once(finding: Make, report: Gather) -> None:
    found = [finding(f"{n % 5}.py") for n in range(12)]
    found += [finding("0.py", severity="warning") for _ in range(3)]
    found += [finding("9.py", severity="info")]
    found += [finding("p.py", state="planned", severity="info", wave="4") for _ in range(1030)]
    contested = [finding(contested="why") for _ in range(2)]
    assert summary(report(*found, contested=contested)) == (
        "12 errors, 3 warnings, 1 info in 6 files (1,109 checked); 2 contested; wave 4: 1,030 planned"
    )


def test_warnings_alone_say_that_there_are_no_errors(finding: Make, report: Gather) -> None:
    assert summary(report(finding(severity="warning"))) == "0 errors, 1 warning in 1 file (1,109 checked)"


def test_planned_waves_come_in_their_natural_order_and_with_their_plan(finding: Make, report: Gather) -> None:
    found = [
        finding(state="planned", severity="info", wave=wave, plan=plan)
        for plan, wave in (("b", "1"), ("a", "10"), ("a", "9"), ("a", "9"))
    ]
    assert summary(report(*found)) == (
        "no findings (1,109 files checked); a wave 9: 2 planned; a wave 10: 1 planned; b wave 1: 1 planned"
    )


def test_a_new_use_in_a_planned_wave_is_a_warning_and_is_counted_as_one(
    finding: Make, report: Gather
) -> None:
    assert summary(report(finding(state="planned", severity="warning"))).startswith(
        "0 errors, 1 warning in 1 file"
    )


def test_counts_by_rule_and_wave(finding: Make, report: Gather) -> None:
    other = {"rule": "removed-symbol-used", "code": "CUT202"}
    found = report(
        finding(wave="10", **other),
        finding(wave="9"),
        finding(wave="9", severity="warning"),
        finding(wave=None, severity="info"),
        contested=[finding(wave="9", contested="why")],
    )
    assert [(r.code, r.error, r.warning, r.info, r.contested) for r in by_rule(found)] == [
        ("CUT101", 1, 1, 1, 1),
        ("CUT202", 1, 0, 0, 0),
    ]
    assert [(w.wave, w.error, w.warning, w.info, w.contested) for w in by_wave(found)] == [
        (None, 0, 0, 1, 0),
        ("9", 1, 1, 0, 1),
        ("10", 1, 0, 0, 0),
    ]
    assert [(r.wave, r.code, r.error) for r in rows(found)] == [
        (None, "CUT101", 0),
        ("9", "CUT101", 1),
        ("10", "CUT202", 1),
    ]


def test_the_table_names_plans_only_where_there_are_several(finding: Make, report: Gather) -> None:
    assert table(report()) == ""
    assert table(report(finding())).startswith("wave  state")
    two = table(report(finding(plan="one"), finding(plan="another", wave=None)))
    assert two.splitlines() == [
        "plan     wave  state   code    rule                   errors  warnings  info  contested",
        "another  -     landed  CUT101  deleted-module-import       1         0     0          0",
        "one      0     landed  CUT101  deleted-module-import       1         0     0          0",
    ]
