"""All formats: one list, which the documents follow; and nothing hostile gets through any of them."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import pytest

from hardcut.report.formats import FORMATS, find, names, render
from hardcut.report.view import View
from tests.report.hostile import hostile_report

PROJECT = Path(__file__).parents[2]
MODULES = {path.stem for path in (PROJECT / "plugins" / "hardcut" / "report").glob("*.py")}


def test_each_format_is_a_module_of_its_own() -> None:
    assert len({one.module for one in FORMATS}) == len(FORMATS) == len(set(names()))
    assert {one.module for one in FORMATS} <= MODULES
    assert find("json").module == "as_json"


def test_the_documents_name_every_format_and_no_other() -> None:
    text = (PROJECT / "docs" / "command-line.md").read_text(encoding="utf-8")
    part = text[text.index("`--format` takes:") : text.index("`--statistics`")]
    assert re.findall(r"^- `(\w+)`", part, re.MULTILINE) == names()
    told = (PROJECT / "CHANGELOG.md").read_text(encoding="utf-8")
    (listed,) = re.findall(r"Formats: ([^.]*)\.", told)
    assert re.findall(r"`(\w+)`", listed) == names()


@pytest.mark.parametrize("name", names())
def test_no_format_commands_a_terminal_or_fails_to_encode(name: str) -> None:
    text, aside = render(name, hostile_report(), View(root="/nowhere", planned=True))
    for shown in (text, aside):
        shown.encode()
        assert not [char for char in shown if unicodedata.category(char) == "Cc" and char not in "\n\t"]


@pytest.mark.parametrize("name", names())
def test_an_empty_report_has_its_form(name: str) -> None:
    from hardcut.engine.report_data import Report

    empty = Report(findings=[], contested=[], pending=[], files=0, read=0, whole=True)
    text, _ = render(name, empty, View(root="/nowhere"))
    assert text == "" or text.endswith("\n")
