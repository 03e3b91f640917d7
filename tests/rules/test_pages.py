"""Every example of every rule's page, through the engine and through flake8."""

from __future__ import annotations

import ast
import configparser
import io
import re
import subprocess
import sys
import tokenize
import tomllib
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from hardcut.engine.options import Options
from hardcut.engine.run import check
from hardcut.plan.load import load_plans
from hardcut.rules.registry import RULES
from hardcut.rules.rule import Rule
from tests.rules.pages import MANIFEST, Case, Mark, Page, mark_of, read_page

PLUGINS = Path(__file__).resolve().parents[2] / "plugins"
FILE_CODES = {rule.code for rule in RULES if rule.file is not None}
LINE = re.compile(r"(?P<path>.+?):(?P<line>\d+):\d+: (?P<code>CUT\d{3})")


def page_of(rule: Rule) -> Page:
    return read_page(PLUGINS / "hardcut" / "rules" / rule.family / f"{rule.name_of_files}.md")


PAGES = {rule.code: page_of(rule) for rule in RULES}
CASES = [(code, case) for code, page in PAGES.items() for case in page.cases]


def shown(code: str, case: Case) -> set[str]:
    """The codes that a case speaks about: the page's own, and in an example all that the page marks."""
    return PAGES[code].codes | {code} if case.wrong else {code}


@pytest.mark.parametrize(("code", "case"), CASES, ids=[f"{code}-{case.title}" for code, case in CASES])
def test_engine_says_what_the_page_says(code: str, case: Case, tmp_path: Path) -> None:
    root = case.write(tmp_path)
    report = check(Options(root=str(root), plans=load_plans(root), cache=False, jobs=1))
    found = {mark_of(one.code, one.place) for one in report.findings if one.code in shown(code, case)}
    assert sorted(found, key=str) == sorted(case.marks, key=str)


def seen_by_flake8(case: Case) -> set[Mark]:
    """The marks that flake8 can show: of rules about one file, on lines of files that this Python reads."""
    return {
        mark
        for mark in case.marks
        if mark not in case.whole
        and mark.code in FILE_CODES
        and mark.line is not None
        and is_read(case, mark.path)
    }


def is_read(case: Case, path: str) -> bool:
    """Whether flake8 reads a file: its name, and its syntax for this interpreter (in latin-1, if need be)."""
    data = case.files[path]
    try:
        text = data.decode(tokenize.detect_encoding(io.BytesIO(data).readline)[0])
    except (SyntaxError, UnicodeError):
        text = data.decode("latin-1")
    try:
        ast.parse(text)
    except (SyntaxError, ValueError):
        return False
    return path.endswith(".py")


def _fill_scopes(root: Path) -> None:
    """Put a file into each part of `check` that a case does not use: all cases of a page share a manifest.

    flake8 loads the plan with its scopes checked, and a scope that matches nothing ends the run.
    """
    manifest = tomllib.loads((root / MANIFEST).read_text(encoding="utf-8"))
    for entry in manifest["plan"].get("check", []):
        path = root / entry
        if not path.exists():
            path = path if path.suffix else path / "readme.txt"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()


@pytest.mark.slow
@pytest.mark.parametrize("code", sorted(FILE_CODES))
def test_flake8_says_what_the_page_says(code: str, tmp_path: Path) -> None:
    cases = PAGES[code].cases
    for number, case in enumerate(cases):
        _fill_scopes(case.write(tmp_path / str(number)))
    settings = configparser.ConfigParser()
    settings["flake8"] = {"select": "CUT"}
    if not any(one.name == "CUT" for one in entry_points(group="flake8.extension")):
        plugin = {"extension": "CUT = hardcut.integrations.flake8:Plugin", "paths": str(PLUGINS)}
        settings["flake8:local-plugins"] = plugin
    with (tmp_path / "flake8.ini").open("w", encoding="utf-8") as file:
        settings.write(file)
    command = [sys.executable, "-m", "flake8", "--config=flake8.ini", "--jobs=1", "."]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, encoding="utf-8", check=False)
    if ran.stderr or ran.returncode not in (0, 1):
        pytest.fail(ran.stderr[-1500:])
    found: dict[int, set[Mark]] = {number: set() for number in range(len(cases))}
    for line in ran.stdout.splitlines():
        said = LINE.match(line)
        assert said is not None, line
        folder, _, path = said["path"].removeprefix("./").partition("/")
        if said["code"] in shown(code, cases[int(folder)]):
            found[int(folder)].add(Mark(path, None, int(said["line"]), said["code"]))
    wrong: list[str] = []
    for number, case in enumerate(cases):
        expected = seen_by_flake8(case)
        wrong += [f"{case.title}: misses {mark}" for mark in sorted(expected - found[number])]
        wrong += [f"{case.title}: raises {mark}" for mark in sorted(found[number] - expected)]
    assert not wrong, "\n".join(wrong)
