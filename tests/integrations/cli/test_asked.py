from __future__ import annotations

from pathlib import Path

import pytest

from hardcut.engine.options import Options
from hardcut.integrations.cli.asked import asked
from hardcut.plan.load import load_plans
from hardcut.report.view import Asked


@pytest.fixture
def options(project: Path) -> Options:
    plans = load_plans(project, None, [])
    return Options(root=str(project), plans=plans)


def codes(found: list[Asked]) -> dict[str, list[str]]:
    return {one.wave: [rule.split()[0] for rule in one.rules] for one in found}


def test_a_wave_has_the_rules_of_its_tables(options: Options) -> None:
    found = asked(options, True)
    assert {one.plan for one in found} == {"shop"}
    assert found[0].rules[-1].startswith("CUT9")
    assert codes(found)["0"] == ["CUT101", "CUT102", "CUT103", "CUT104", "CUT205", "CUT503", "CUT505"]
    assert set(codes(found)) == {"", "0"}


def test_a_run_over_some_files_asks_no_rule_about_the_project(options: Options) -> None:
    assert codes(asked(options, False))["0"] == ["CUT101", "CUT102", "CUT103", "CUT503", "CUT505"]


def test_only_what_was_selected(options: Options) -> None:
    def of(**other: frozenset[str]) -> dict[str, list[str]]:
        made = Options(root=options.root, plans=options.plans, **other)  # type: ignore[arg-type]
        return codes(asked(made, True))

    assert of(select=frozenset({"CUT102"})) == {"0": ["CUT102"]}
    assert "CUT101" not in of(ignore=frozenset({"CUT101"}))["0"]
    assert set(of(waves=frozenset({"0"}))) == {"0"}
    assert of(waves=frozenset({"later"})) == {}
