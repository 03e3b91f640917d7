"""Manifests that break, files that come and go, several roots, and the workspace as a whole."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from folders import lay
from lsprotocol import types
from server_editor import PACKAGES, editing, play, said

PLAN = """\
[plan]
name = "shop"
source = ["src"]
check = ["src", "tests", "docs"]

[[wave]]
id = "0"
state = "landed"

[[wave.delete]]
module = "shop.old"

[[wave.delete]]
module = "shop.nevver"

[[wave.keep]]
module = "shop.prices"
symbols = ["tax"]
"""
FILES = {
    "cutover.toml": PLAN,
    "src/shop/__init__.py": "",
    "src/shop/prices.py": "def levy():\n    return 1\n",
    "src/shop/main.py": "from shop.prices import levy\nfrom shop.old import buy\n",
    "docs/index.md": "",
    "tests/test_shop.py": "NAME = 'shop.old'\n",
}
MAIN, OTHER = "src/shop/main.py", "tests/test_shop.py"
BROKEN = PLAN.replace("module =", "modul =", 1)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return lay(tmp_path / "one", FILES)


def test_a_broken_manifest_is_told_and_the_last_good_plan_stays(project: Path) -> None:
    async def session() -> None:
        async with editing(project) as editor:
            uri = editor.open(MAIN)
            plan = editor.open("cutover.toml", language="toml")
            assert said((await editor.pull(uri)).items) == [("CUT101", 2)]
            editor.change(plan, BROKEN)
            (wrong,) = (await editor.pull(plan)).items
            assert "modul" in wrong.message
            line = BROKEN[: BROKEN.index("modul =")].count("\n")
            assert wrong.range.start == types.Position(line, 0)
            editor.save(plan)
            assert [one.message for one in (await editor.pull(plan)).items] == [wrong.message]
            editor.change(uri, "import os\nimport shop.old\n")
            assert said((await editor.pull(uri)).items) == [("CUT101", 2)]
            editor.change(plan, PLAN.replace("shop.old", "shop.prices"))
            assert [one for one in (await editor.pull(plan)).items if one.code == "manifest"] == []
            editor.save(plan)
            editor.change(uri, "import shop.old\nimport shop.prices\n")
            assert said((await editor.pull(uri)).items) == [("CUT105", 1), ("CUT101", 2)]

    play(session)


def test_a_manifest_that_is_broken_from_the_start(project: Path) -> None:
    (project / "cutover.toml").write_text("[plan\n", encoding="utf-8")

    async def session() -> None:
        async with editing(project) as editor:
            uri = editor.open(MAIN)
            assert said((await editor.pull(uri)).items) == []
            everywhere = await editor.everywhere()
            (wrong,) = everywhere[editor.uri("cutover.toml")].items
            assert "not valid TOML" in wrong.message
            (project / "cutover.toml").write_text(PLAN, encoding="utf-8")
            editor.tell("cutover.toml", types.FileChangeType.Changed)
            assert said((await editor.pull(uri)).items)[-1] == ("CUT101", 2)

    play(session)


def test_files_that_come_and_go_are_watched(project: Path) -> None:
    async def session() -> None:
        async with editing(project) as editor:
            uri = editor.open(MAIN, "import shop.fresh\n")
            assert said((await editor.pull(uri)).items) == [("CUT105", 1)]
            assert {"**/cutover.toml", "**/pyproject.toml", "**/*.py"} <= set(editor.registered)
            before = editor.client.diagnostic_refresh_count
            fresh = project / "src" / "shop" / "fresh.py"
            fresh.write_text("", encoding="utf-8")
            editor.tell("src/shop/fresh.py", types.FileChangeType.Created)
            await editor.refreshed(before)
            assert said((await editor.pull(uri)).items) == []
            fresh.unlink()
            editor.tell("src/shop/fresh.py", types.FileChangeType.Deleted)
            assert said((await editor.pull(uri)).items) == [("CUT105", 1)]

    play(session)


def test_saving_looks_again_where_nothing_is_watched(project: Path) -> None:
    async def session() -> None:
        async with editing(project, pull=False) as editor:
            uri = editor.open(MAIN, "import shop.fresh\n")
            await editor.until(uri, lambda found: said(found) == [("CUT105", 1)])
            (project / "src" / "shop" / "fresh.py").write_text("", encoding="utf-8")
            editor.save(uri)
            await editor.until(uri, lambda found: not found)
            (project / "cutover.toml").write_text(PLAN.replace("shop.old", "shop.fresh"), encoding="utf-8")
            editor.save(uri)
            await editor.until(uri, lambda found: said(found) == [("CUT101", 1)])

    play(session)


def test_the_workspace_is_what_the_command_says_and_unchanged_reports_are_short(project: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "hardcut", "check", "--format", "json"],
        cwd=project,
        env={"PYTHONPATH": PACKAGES, "PATH": ""},
        capture_output=True,
        check=False,
        timeout=120,
    )
    wanted = {(one["code"], one["path"], one["line"] or 1) for one in json.loads(ended.stdout)["findings"]}
    assert {"CUT101", "CUT103", "CUT203"} <= {code for code, _, _ in wanted}

    async def session() -> None:
        async with editing(project) as editor:
            uri = editor.open(MAIN)
            first = await editor.everywhere()
            found = {
                (code, Path(address.removeprefix("file://")).relative_to(project).as_posix(), line)
                for address, item in first.items()
                for code, line in said(item.items)
            }
            assert found == wanted
            ids = {address: item.result_id for address, item in first.items()}
            again = await editor.everywhere(ids)
            assert {item.kind for item in again.values()} == {"unchanged"}
            editor.change(uri, "import os\n")
            after = await editor.everywhere(ids)
            assert {address for address, item in after.items() if item.kind == "full"} == {uri}
            assert after[uri].items == () and after[uri].version == 2
            other = editor.uri(OTHER)
            (project / OTHER).write_text("NAME = 'shop.new'\n", encoding="utf-8")
            before = editor.client.diagnostic_refresh_count
            editor.tell(OTHER, types.FileChangeType.Changed)
            await editor.refreshed(before + 1)
            last = await editor.everywhere(ids)
            assert last[other].kind == "full" and last[other].items == ()

    play(session)


def test_two_roots_and_a_project_inside_of_another(project: Path, tmp_path: Path) -> None:
    plan = PLAN.replace('"shop"', '"two"').replace("shop.old", "shop.prices").replace("shop.nevver", "shop.x")
    two = lay(
        tmp_path / "two",
        {**FILES, "cutover.toml": plan.replace("[[wave.keep]]", "[[wave]]\nid = '9'\n[[wave.keep]]")},
    )
    lay(
        project,
        {
            f"tools/inner/{name}": text
            for name, text in {**FILES, "cutover.toml": plan.partition("[[wave.keep]]")[0]}.items()
        },
    )

    async def session() -> None:
        async with editing(project, two) as editor:
            text = "import shop.old\nimport shop.prices\n"
            outer, inner = editor.open(MAIN, text), editor.open(f"tools/inner/{MAIN}", text)
            second = editor.open(two / MAIN, text)
            assert ("CUT101", 1) in said((await editor.pull(outer)).items)
            assert ("CUT101", 2) not in said((await editor.pull(outer)).items)
            for uri in (inner, second):
                assert ("CUT101", 2) in said((await editor.pull(uri)).items)
                assert ("CUT101", 1) not in said((await editor.pull(uri)).items)
            paths = set(await editor.everywhere())
            assert {editor.uri(OTHER), (two / "cutover.toml").as_uri()} <= paths

    play(session)


def test_what_an_editor_holds_counts_for_other_files(project: Path) -> None:
    async def session() -> None:
        async with editing(project, pull=False) as editor:
            main = editor.open(MAIN, "from shop.prices import levy\n")
            prices = editor.open("src/shop/prices.py")
            await editor.until(main, lambda found: not found)
            editor.change(prices, "def tax():\n    return 1\n")
            await editor.until(main, lambda found: said(found) == [("CUT105", 1)])
            editor.close(prices)
            await editor.until(main, lambda found: not found)

    play(session)
