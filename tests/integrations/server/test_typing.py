"""Files that depend on each other, bursts of edits, and files that vanish, while people type."""

from __future__ import annotations

from pathlib import Path

import pytest
from folders import lay
from lsprotocol import types
from server_editor import editing, play, said

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

[[wave.fail_fast]]
guard = ["shop_native"]
"""
CALM = """\
def load():
    import shop_native

    return shop_native
"""
SWALLOWS = """\
def load():
    try:
        import shop_native
    except ImportError:
        return None
    return shop_native
"""
USE = """\
from shop.helper import load


def work():
    return load()
"""
CATCHES = """\
from shop.helper import load


def work():
    try:
        return load()
    except ImportError:
        return None
"""
FILLER = "".join(
    f"\n\ndef filler_{one}(items):\n    return [item for item in items]\n" for one in range(1300)
)
FILES = {
    "cutover.toml": PLAN,
    "src/shop/__init__.py": "",
    "src/shop/helper.py": "def load():\n    return 1\n",
    "src/shop/main.py": USE,
}
MAIN, HELPER = "src/shop/main.py", "src/shop/helper.py"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return lay(tmp_path, FILES)


@pytest.mark.parametrize("filler", ["", FILLER], ids=["small", "large"])
def test_a_helper_that_is_edited_changes_what_is_said_of_its_callers(project: Path, filler: str) -> None:
    async def session() -> None:
        async with editing(project, pull=False) as editor:
            main = editor.open(MAIN, CATCHES)
            helper = editor.open(HELPER, "def load():\n    return 1\n" + filler)
            await editor.until(main, lambda found: not found)
            editor.change(helper, CALM + filler)
            swallowed = await editor.until(main, lambda found: bool(found))
            assert {code for code, _ in said(swallowed)} == {"CUT401"}
            editor.change(helper, CALM.replace("import shop_native", "shop_native = 1") + filler)
            await editor.until(main, lambda found: not found)
            editor.change(helper, SWALLOWS + filler)
            await editor.until(helper, lambda found: "CUT401" in {code for code, _ in said(found)})

    play(session)


@pytest.mark.parametrize("filler", ["", FILLER], ids=["small", "large"])
def test_a_burst_of_edits_and_its_undoing_end_in_what_is_there(project: Path, filler: str) -> None:
    typed = "\n\ndef late():\n    import shop.old as one, os\n    return (one.buy, '}')\n"

    async def session() -> None:
        async with editing(project, pull=False) as editor:
            main = editor.open(MAIN, USE + filler)
            await editor.until(main, lambda found: not found)
            steps = range(1, len(typed) + 1)
            for end in steps:
                editor.change(main, USE + typed[:end] + filler)
            at = USE.count("\n") + 4
            await editor.until(main, lambda found: ("CUT101", at) in said(found))
            for end in reversed(steps):
                editor.change(main, USE + typed[: end - 1] + filler)
            await editor.until(main, lambda found: not found)
            whole = types.TextDocumentContentChangeWholeDocument("import shop.old\n")
            document = types.VersionedTextDocumentIdentifier(999, main)
            params = types.DidChangeTextDocumentParams(document, [whole])
            editor.client.text_document_did_change(params)
            await editor.until(main, lambda found: said(found) == [("CUT101", 1)])

    play(session)


def test_an_open_file_that_vanishes_is_still_what_the_editor_holds(project: Path) -> None:
    async def session() -> None:
        async with editing(project, pull=False) as editor:
            main = editor.open(MAIN)
            editor.change(main, "import shop.old\n")
            await editor.until(main, lambda found: said(found) == [("CUT101", 1)])
            (project / MAIN).rename(project / "src/shop/moved.py")
            editor.tell(MAIN, types.FileChangeType.Deleted)
            editor.tell("src/shop/moved.py", types.FileChangeType.Created)
            editor.change(main, "\nimport shop.old\n")
            await editor.until(main, lambda found: said(found) == [("CUT101", 2)])
            editor.close(main)
            await editor.until(main, lambda found: not found)
            moved = editor.open("src/shop/moved.py", "import shop.old\n")
            await editor.until(moved, lambda found: said(found) == [("CUT101", 1)])

    play(session)
