"""What every module of the package has in common."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from hardcut.rules.registry import RULES
from hardcut.rules.rule import Rule

PACKAGE = Path(__file__).resolve().parents[2] / "plugins" / "hardcut"
MODULES = sorted(PACKAGE.rglob("*.py"))
LEFT_OPEN = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b|raise NotImplementedError|pragma: no cover")


def name(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_module_is_finished(path: Path) -> None:
    assert not LEFT_OPEN.search(path.read_text(encoding="utf-8"))


def test_every_folder_with_modules_is_a_package() -> None:
    bare = {name(path.parent) for path in MODULES if not (path.parent / "__init__.py").is_file()}
    assert not bare


def page_of(rule: Rule) -> Path:
    return PACKAGE / "rules" / rule.family / f"{rule.name_of_files}.md"


def test_rule_is_two_files_with_one_name() -> None:
    for rule in RULES:
        assert page_of(rule).is_file(), rule.name
        assert page_of(rule).with_suffix(".py").is_file(), rule.name
        assert rule.page() == page_of(rule).read_text(encoding="utf-8")


def test_every_page_belongs_to_a_rule() -> None:
    assert {page_of(rule) for rule in RULES} == set((PACKAGE / "rules").rglob("*.md"))


def test_codes_and_names_are_unique() -> None:
    assert len({rule.code for rule in RULES}) == len(RULES)
    assert len({rule.name for rule in RULES}) == len(RULES)
    assert all(re.fullmatch(r"CUT\d{3}", rule.code) for rule in RULES)
