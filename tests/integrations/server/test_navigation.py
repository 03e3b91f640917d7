"""From findings to entries and back, code lenses, and drafts of waivers, in a session of an editor."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest
from folders import lay
from lsprotocol import types
from server_editor import PATIENCE, Editor, editing, play

PLAN = """\
[plan]
name = "shop"
source = ["src"]
check = ["src"]

[[wave]]
id = "first"
state = "landed"

[[wave.move]]
from = "shop.prices"
to = "shop.money"
symbols = ["Money"]

[[wave.delete]]
module = "shop.legacy"
to = "shop.money"
"""
MOVE, DELETE = PLAN.split("\n").index("[[wave.move]]"), PLAN.split("\n").index("[[wave.delete]]")
MAIN = "src/shop/main.py"
FILES = {
    "cutover.toml": PLAN,
    "src/shop/__init__.py": "",
    "src/shop/prices.py": "def tax():\n    return 1\n",
    "src/shop/money.py": "class Money:\n    pass\n",
    MAIN: "from shop.prices import Money\nimport shop.legacy\n",
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return lay(tmp_path, FILES)


def where(editor: Editor, found: object) -> list[tuple[str, int]]:
    locations = [found] if isinstance(found, types.Location) else found
    assert isinstance(locations, Sequence)
    root = editor.uri(".")
    return sorted(
        (location.uri.removeprefix(root).lstrip("/"), location.range.start.line) for location in locations
    )


async def lenses(editor: Editor, uri: str) -> list[types.CodeLens]:
    """The lenses of a document, once the first run over the whole project is done."""
    await editor.everywhere()
    document = types.TextDocumentIdentifier(uri)
    found = await editor.client.text_document_code_lens_async(types.CodeLensParams(document))
    return list(found or [])


def test_a_finding_leads_to_its_entry_and_an_entry_to_its_findings(project: Path) -> None:
    async def session() -> None:
        async with editing(project) as editor:
            code, plan = editor.open(MAIN), editor.open("cutover.toml", language="toml")
            await editor.everywhere()
            for line, column, entry in ((0, 26, MOVE), (1, 10, DELETE)):
                at = types.Position(line, column)
                asked = types.DefinitionParams(types.TextDocumentIdentifier(code), at)
                found = await editor.client.text_document_definition_async(asked)
                assert where(editor, found) == [("cutover.toml", entry)]
                for inside in (entry, entry + 1):
                    back = types.ReferenceParams(
                        types.ReferenceContext(include_declaration=False),
                        types.TextDocumentIdentifier(plan),
                        types.Position(inside, 2),
                    )
                    assert where(editor, await editor.client.text_document_references_async(back)) == [
                        (MAIN, line)
                    ]

    play(session)


def test_a_module_in_the_manifest_leads_to_its_file(project: Path) -> None:
    async def session() -> None:
        async with editing(project) as editor:
            uri = editor.open("cutover.toml", language="toml")
            for line, path in (
                (MOVE + 1, ["src/shop/prices.py"]),
                (DELETE + 1, ["src/shop/__init__.py"]),
                (0, []),
            ):
                at = types.Position(line, 12)
                asked = types.DefinitionParams(types.TextDocumentIdentifier(uri), at)
                found = await editor.client.text_document_definition_async(asked)
                assert where(editor, found or []) == [(one, 0) for one in path]

    play(session)


def test_each_entry_says_what_it_has_left(project: Path) -> None:
    async def session() -> None:
        async with editing(project) as editor:
            uri = editor.open("cutover.toml", language="toml")
            found = await lenses(editor, uri)
            shown = [(lens.range.start.line, lens.command.title) for lens in found if lens.command]
            expected = ["1 reference left", "draft waiver"]
            assert shown == [(line, title) for line in (MOVE, DELETE) for title in expected]
            (project / MAIN).write_text("import shop.legacy\n")
            editor.tell(MAIN, types.FileChangeType.Changed)
            titles: list[str] = []
            while "nothing left" not in titles:
                await asyncio.sleep(0.1)
                titles = [lens.command.title for lens in await lenses(editor, uri) if lens.command]
            assert titles == ["nothing left", *expected]
            editor.change(uri, PLAN + "\n")
            assert await lenses(editor, uri) == []

    play(session)


def test_a_draft_of_waivers_waits_for_a_reason(project: Path) -> None:
    async def session() -> None:
        async with editing(project) as editor:
            uri = editor.open("cutover.toml", language="toml")
            applied: asyncio.Future[types.WorkspaceEdit] = asyncio.get_running_loop().create_future()

            @editor.client.feature(types.WORKSPACE_APPLY_EDIT)
            def apply(params: types.ApplyWorkspaceEditParams) -> types.ApplyWorkspaceEditResult:
                applied.set_result(params.edit)
                return types.ApplyWorkspaceEditResult(True)

            (draft,) = (
                lens.command
                for lens in await lenses(editor, uri)
                if lens.command and lens.command.title == "draft waiver" and lens.range.start.line == DELETE
            )
            asked = types.ExecuteCommandParams(draft.command, draft.arguments)
            await editor.client.workspace_execute_command_async(asked)
            (change,) = (await asyncio.wait_for(applied, PATIENCE)).document_changes or []
            assert isinstance(change, types.TextDocumentEdit)
            (edit,) = change.edits
            assert edit.range.start == types.Position(PLAN.count("\n"), 0)
            assert f'[[waiver]]\nrule = "CUT101"\npath = "{MAIN}"\nreason = ""\n' in edit.new_text
            editor.change(uri, PLAN + edit.new_text)
            report = await editor.pull(uri)
            assert any("reason" in item.message for item in report.items)

    play(session)
