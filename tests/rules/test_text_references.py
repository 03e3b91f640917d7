"""How severe a textual reference is: by where it stands, and by the level that the manifest gives."""

from __future__ import annotations

from pathlib import Path

import pytest

from hardcut.engine.options import Options
from hardcut.engine.run import check
from hardcut.plan.load import load_plans

MANIFEST = """\
[plan]
name = "levels"
source = ["src"]
check = ["src", "docs"]
{plan}

[[wave]]
id = "0"
state = "landed"

[[wave.delete]]
module = "shop.old"
{delete}

[[wave.remove]]
module = "shop.prices"
symbols = ["old_tax"]
{remove}

[[wave.surface]]
only = "engine_ext"
banned = ["engine._internal"]
{surface}
"""
MAIN = '''\
"""Replaces {name}."""

total = 0  # as {name}
HOME = "{name}"
'''
GATES = {"shop.old": "delete", "shop.prices.old_tax": "remove", "engine._internal": "surface"}


def severities(root: Path, name: str, **levels: str) -> dict[str, str]:
    """The severity by where a name is mentioned: docstring, comment, string or markdown."""
    tables = {
        key: f'text_references = "{levels[key]}"' if key in levels else ""
        for key in ("plan", *GATES.values())
    }
    (root / "src/shop").mkdir(parents=True)
    (root / "docs").mkdir()
    (root / "cutover.toml").write_text(MANIFEST.format(**tables), encoding="utf-8")
    (root / "src/shop/__init__.py").write_text("", encoding="utf-8")
    (root / "src/shop/prices.py").write_text("", encoding="utf-8")
    (root / "src/main.py").write_text(MAIN.format(name=name), encoding="utf-8")
    (root / "docs/index.md").write_text(f"See {name}.\n", encoding="utf-8")
    report = check(Options(root=str(root), plans=load_plans(root), cache=False, jobs=1))
    places = {("src/main.py", 1): "docstring", ("src/main.py", 3): "comment", ("src/main.py", 4): "string"}
    found = [one for one in report.findings if one.code in ("CUT103", "CUT202", "CUT304")]
    return {places.get((one.place.path, one.place.line or 0), "markdown"): one.severity for one in found}


@pytest.mark.parametrize("name", GATES)
def test_prose_is_a_warning_and_a_string_an_error(name: str, tmp_path: Path) -> None:
    assert severities(tmp_path, name) == {
        "docstring": "warning",
        "comment": "warning",
        "markdown": "warning",
        "string": "error",
    }


@pytest.mark.parametrize("name", GATES)
def test_the_plan_turns_prose_up(name: str, tmp_path: Path) -> None:
    assert set(severities(tmp_path, name, plan="error").values()) == {"error"}


@pytest.mark.parametrize("name", GATES)
def test_the_plan_turns_prose_off_and_strings_stay(name: str, tmp_path: Path) -> None:
    assert severities(tmp_path, name, plan="off") == {"string": "error"}


@pytest.mark.parametrize("name", GATES)
def test_an_entry_overrules_the_plan(name: str, tmp_path: Path) -> None:
    found = severities(tmp_path, name, plan="off", **{GATES[name]: "error"})
    assert found == dict.fromkeys(("docstring", "comment", "markdown", "string"), "error")


@pytest.mark.parametrize("name", ["shop.old", "shop.prices.old_tax"])
def test_an_entry_turns_only_prose_off(name: str, tmp_path: Path) -> None:
    assert severities(tmp_path, name, **{GATES[name]: "off"}) == {"string": "error"}


@pytest.mark.parametrize(("level", "expected"), [("warning", {"warning"}), ("off", set())])
def test_a_surface_speaks_about_strings_too(level: str, expected: set[str], tmp_path: Path) -> None:
    assert set(severities(tmp_path, "engine._internal", surface=level).values()) == expected
