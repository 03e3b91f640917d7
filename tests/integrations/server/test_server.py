"""The real command and a real client: push and pull, edits, half-typed code, manifests, files, roots."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from folders import lay
from lsprotocol import types
from server_editor import PATIENCE, able, editing, play, said

PLAN = """\
[plan]
name = "shop"
source = ["src"]
check = ["src", "tests"]

[[wave]]
id = "0"
title = "One cart"
state = "landed"

[[wave.delete]]
module = "shop.old"
to = "shop.new"
reason = "two carts disagreed"

[[wave.move]]
from = "shop.prices"
to = "shop.money"
symbols = ["Money"]

[[wave.delete]]
module = "shop.doubtful"
contested = "two teams need it"

[[wave]]
id = "1"

[[wave.delete]]
module = "shop.later"
"""
FILES = {
    "cutover.toml": PLAN,
    "src/shop/__init__.py": "",
    "src/shop/new.py": "def buy():\n    return 1\n",
    "src/shop/prices.py": "def tax():\n    return 1\n",
    "src/shop/money.py": "class Money:\n    pass\n",
    "src/shop/main.py": "import os\n\nfrom shop.old import buy\n",
    "src/shop/other.py": "NAME = 'shop.old'\n",
    "tests/conftest.py": "",
}
MAIN = "src/shop/main.py"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return lay(tmp_path, FILES)


def test_pulled_diagnostics_follow_every_edit(project: Path) -> None:
    async def session() -> None:
        async with editing(project) as editor:
            uri = editor.open(MAIN)
            first = await editor.pull(uri)
            assert said(first.items) == [("CUT101", 3)]
            again = await editor.pull(uri, first.result_id)
            assert (again.kind, again.result_id) == ("unchanged", first.result_id)
            editor.change(uri, "import os\n\n\nfrom shop.old import buy\n")
            assert said((await editor.pull(uri, first.result_id)).items) == [("CUT101", 4)]
            editor.change(uri, "import os\n")
            assert said((await editor.pull(uri)).items) == []
            assert editor.client.diagnostics == {}

    play(session)


def test_pushed_diagnostics_follow_every_edit_and_nothing_is_pulled(project: Path) -> None:
    async def session() -> None:
        async with editing(project, pull=False) as editor:
            uri = editor.open(MAIN)
            await editor.until(uri, lambda found: said(found) == [("CUT101", 3)])
            other = editor.uri("src/shop/other.py")
            await editor.until(other, lambda found: said(found) == [("CUT103", 1)])
            editor.change(uri, "import os\n")
            await editor.until(uri, lambda found: not found)
            editor.change(uri, "import os\nimport shop.old\n")
            found = await editor.until(uri, lambda found: bool(found))
            assert said(found) == [("CUT101", 2)]

    play(session)


def test_a_diagnostic_says_all_there_is_to_say(project: Path) -> None:
    text = "from shop.old import buy\nimport shop.doubtful, shop.later\n"

    async def session() -> list[types.Diagnostic]:
        async with editing(project) as editor:
            return list((await editor.pull(editor.open(MAIN, text))).items)

    error, contested, planned = play(session)
    assert error.severity is types.DiagnosticSeverity.Error
    assert error.source == "hardcut"
    assert "imports `shop.old`" in error.message and "shop.new" in error.message
    assert error.code_description is not None
    assert error.code_description.href.endswith("rules/deleted/module_import.md")
    assert error.related_information is not None
    where = error.related_information[0].location
    assert where.uri == (project / "cutover.toml").as_uri()
    assert PLAN.splitlines()[where.range.start.line + 1] == 'module = "shop.old"'
    assert contested.severity is types.DiagnosticSeverity.Information
    assert "contested: two teams need it" in contested.message
    assert planned.severity is types.DiagnosticSeverity.Hint
    assert list(planned.tags or ()) == [types.DiagnosticTag.Deprecated]


def test_settings_decide_what_planned_findings_are(project: Path) -> None:
    options = {"planned": "off", "contested": "warning", "docs": "https://docs.example/"}

    async def session() -> list[types.Diagnostic]:
        async with editing(project, options=options) as editor:
            uri = editor.open(MAIN, "import shop.doubtful, shop.later\n")
            return list((await editor.pull(uri)).items)

    (only,) = play(session)
    assert only.severity is types.DiagnosticSeverity.Warning
    assert only.code_description is not None
    assert only.code_description.href == "https://docs.example/rules/deleted-module-import.html"


def test_unusable_settings_are_told_and_the_defaults_hold(project: Path) -> None:
    async def session() -> None:
        async with editing(project, options={"planned": "loud"}) as editor:
            assert said((await editor.pull(editor.open(MAIN))).items) == [("CUT101", 3)]
            (message,) = editor.client.messages
            assert "loud" in message.message or "planned" in message.message

    play(session)


@pytest.mark.parametrize(("encoding", "start", "end"), [("utf-16", 11, 19), ("utf-8", 13, 21)])
def test_columns_are_in_the_units_agreed_on(project: Path, encoding: str, start: int, end: int) -> None:
    text = 'A = "\U0001f600", "shop.old"\n'
    general = types.GeneralClientCapabilities(position_encodings=[types.PositionEncodingKind(encoding)])

    async def session() -> types.Range:
        capabilities = able(True, general=None if encoding == "utf-16" else general)
        async with editing(project, capabilities=capabilities) as editor:
            (found,) = (await editor.pull(editor.open(MAIN, text))).items
            return found.range

    found = play(session)
    assert (found.start.character, found.end.character) == (start, end)


def test_an_edit_after_odd_characters_lands_where_it_should(project: Path) -> None:
    text = 'A = "\U0001f600\u2028"\n\x0c\nB = 1\n'

    async def session() -> None:
        async with editing(project) as editor:
            uri = editor.open(MAIN, text)
            editor.change(uri, text.replace("B = 1", "import shop.old"))
            (found,) = (await editor.pull(uri)).items
            assert (found.range.start.line, found.range.start.character) == (2, 7)

    play(session)


HALF = [
    "def f(:\n    x = (\n",
    "x = [1,\n",
    "'''never closed\n",
    "class\n",
    "f(\n",
    "import \n",
    "from shop import\n",
]


def test_half_typed_code_makes_nothing_blink(project: Path) -> None:
    rest = "\nfrom shop.old import buy\n\n\ndef run():\n    return 'shop.old:buy'\n"

    async def session() -> None:
        async with editing(project) as editor:
            uri = editor.open(MAIN, "import os\n" + rest)
            whole = said((await editor.pull(uri)).items)
            assert [code for code, _ in whole] == ["CUT101", "CUT103"]
            for part in HALF:
                editor.change(uri, "import os\n" + part + rest)
                shift = part.count("\n")
                found = said((await editor.pull(uri)).items)
                assert found == [(code, line + shift) for code, line in whole], part
                editor.change(uri, "import os\n" + rest)
                assert said((await editor.pull(uri)).items) == whole

    play(session)


def test_a_saved_file_that_cannot_be_read_says_so(project: Path) -> None:
    async def session() -> None:
        async with editing(project) as editor:
            uri = editor.open(MAIN)
            editor.change(uri, "from shop.old import buy\ndef f(:\n")
            assert said((await editor.pull(uri)).items) == [("CUT101", 1)]
            editor.save(uri)
            assert ("CUT907", 2) in said((await editor.pull(uri)).items)

    play(session)


def test_the_server_ends_at_once_in_a_run_over_the_whole_project(project: Path) -> None:
    window = types.WindowClientCapabilities(work_done_progress=True)

    async def session() -> float:
        async with editing(project, capabilities=able(False, window=window)) as editor:
            editor.open(MAIN)
            while not any(editor.client.progress_reports.values()):
                await asyncio.sleep(0.01)
            before = asyncio.get_running_loop().time()
        return asyncio.get_running_loop().time() - before

    assert play(session) < PATIENCE / 10
