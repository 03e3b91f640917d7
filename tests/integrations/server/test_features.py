"""Hover, quick fixes, completion, large files, and the editors' own capabilities."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from folders import lay
from lsprotocol import types
from pytest_lsp import client_capabilities
from server_editor import Editor, able, editing, play, said

PLAN = """\
[plan]
name = "shop"
source = ["src"]
check = ["src"]

[[wave]]
id = "first"
title = "Money leaves the prices"
state = "landed"

[[wave.move]]
from = "shop.prices"
to = "shop.money"
symbols = ["Money"]
reason = "prices are numbers"

[[waiver]]
rule = "CUT"
path = "src/shop/"
reason = "later"
until = "wave first"
"""
FILES = {
    "cutover.toml": PLAN,
    "src/shop/__init__.py": "",
    "src/shop/prices.py": "def tax():\n    return 1\n\n\nclass Basket:\n    def total(self): ...\n",
    "src/shop/money.py": "class Money:\n    pass\n",
    "src/shop/main.py": "A = 1\nfrom shop.prices import Money\nfrom shop.prices import Money as Cash\n",
}
MAIN = "src/shop/main.py"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return lay(tmp_path, FILES)


async def completed(editor: Editor, uri: str, line: str, sign: str = "|") -> list[str]:
    """What is offered at the sign in a line that takes the place of the manifest's last one."""
    text = PLAN + line.replace(sign, "") + "\n"
    editor.change(uri, text)
    last = line.split("\n")[-1]
    at = types.Position((PLAN + line).count("\n"), last.index(sign))
    asked = types.CompletionParams(types.TextDocumentIdentifier(uri), at)
    found = await editor.client.text_document_completion_async(asked)
    items = found.items if isinstance(found, types.CompletionList) else found or []
    for item in items:
        edit = item.text_edit
        assert isinstance(edit, types.TextEdit) and edit.range.end == at
        written = last[edit.range.start.character : at.character]
        assert edit.new_text.startswith(written)
    return [item.label for item in items]


def test_completion_in_the_manifest_names_what_is_there(project: Path) -> None:
    async def session() -> None:
        async with editing(project) as editor:
            uri = editor.open("cutover.toml", language="toml")
            assert await completed(editor, uri, '[[wave.delete]]\nmodule = "|"') == ["shop"]
            modules = ["shop.main", "shop.money", "shop.prices"]
            assert await completed(editor, uri, '[[wave.delete]]\nmodule = "shop.|"') == modules
            assert await completed(editor, uri, '[[wave.move]]\nto = ["shop.money", "shop.p|') == [
                "shop.prices"
            ]
            names = '[[wave.remove]]\nmodule = "shop.prices"\nsymbols = ["tax", "B|"]'
            assert await completed(editor, uri, names) == ["Basket", "Basket.total"]
            many = '[[wave.remove]]\nmodule = "shop.prices"\nsymbols = [\n  "t|'
            assert await completed(editor, uri, many) == ["tax"]
            guard = '[[wave.fail_fast]]\nguard = ["shop.prices.t|"]'
            assert await completed(editor, uri, guard) == ["shop.prices.tax"]
            assert await completed(editor, uri, '[[wave]]\nid = "2"\nrequires = ["f|"]') == ["first"]
            assert await completed(editor, uri, '[[waiver]]\nuntil = "|"') == ["wave first", "wave 2"][:1]
            assert await completed(editor, uri, '[[waiver]]\nrule = "deleted-module-im|"') == [
                "deleted-module-import"
            ]
            paths = '[[wave.ceiling]]\npath = "src/shop/m|"'
            assert await completed(editor, uri, paths) == ["src/shop/main.py", "src/shop/money.py"]
            assert await completed(editor, uri, '[[wave.ceiling]]\npath = "../|"') == []
            assert await completed(editor, uri, '[[wave.delete]]\nreason = "s|"') == []
            assert await completed(editor, uri, "[[wave.delete]]\nmod|") == []

    play(session)


async def hovered(editor: Editor, uri: str, word: str, more: int = 1) -> str:
    text = editor.texts[uri]
    at = editor.position(text, text.index(word) + more)
    found = await editor.client.text_document_hover_async(
        types.HoverParams(types.TextDocumentIdentifier(uri), at)
    )
    content = found.contents if found is not None else ""
    return content.value if isinstance(content, types.MarkupContent) else str(content)


def test_hover_tells_wave_reason_and_new_home(project: Path) -> None:
    async def session() -> None:
        async with editing(project) as editor:
            uri = editor.open(MAIN)
            text = await hovered(editor, uri, "Money")
            for part in ("CUT204 moved-symbol-old-home", "Wave first", "Money leaves the prices"):
                assert part in text
            assert "*Why:* prices are numbers" in text and "*New home:* `shop.money`" in text
            assert await hovered(editor, uri, "A = 1") == ""
            plan = editor.open("cutover.toml", language="toml")
            assert "the old module" in await hovered(editor, plan, "from =")
            await editor.everywhere()
            text = await hovered(editor, plan, '"shop.prices"')
            assert "src/shop/prices.py" in text and "Findings of this entry: 2" in text

    play(session)


def test_quick_fixes_lead_to_a_file_without_findings(project: Path) -> None:
    async def session() -> None:
        async with editing(project) as editor:
            uri = editor.open(MAIN)
            found = list((await editor.pull(uri)).items)
            assert said(found) == [("CUT204", 2), ("CUT204", 3)]
            assert found[0].data["fix"]["newText"] == "shop.money"

            async def asked(kind: str | None) -> list[types.CodeAction]:
                only = [types.CodeActionKind(kind)] if kind else None
                context = types.CodeActionContext(found[:1], only)
                params = types.CodeActionParams(types.TextDocumentIdentifier(uri), found[0].range, context)
                answer = await editor.client.text_document_code_action_async(params)
                return [one for one in answer or [] if isinstance(one, types.CodeAction)]

            one, every = await asked(None)
            assert one.kind == "quickfix" and one.is_preferred
            assert list(one.diagnostics or ()) == found[:1]
            assert [each.kind for each in await asked("quickfix")] == ["quickfix"]
            assert [each.kind for each in await asked("source.fixAll")] == ["source.fixAll"]
            assert await asked("refactor") == []
            assert every.edit is not None and every.edit.document_changes is not None
            (document,) = every.edit.document_changes
            assert isinstance(document, types.TextDocumentEdit)
            lines = editor.texts[uri].split("\n")
            for edit in document.edits:
                assert isinstance(edit, types.TextEdit)
                start, end = edit.range.start, edit.range.end
                line = lines[start.line]
                lines[start.line] = line[: start.character] + edit.new_text + line[end.character :]
            editor.change(uri, "\n".join(lines))
            assert (await editor.pull(uri)).items == ()

    play(session)


def test_a_large_file_answers_at_once_and_settles_to_the_whole_truth(project: Path) -> None:
    function = "\n\ndef work_{0}(items):\n    found = [one for one in items if one]\n    return found\n"
    body = "".join(function.format(number) for number in range(1200))
    text = "from shop import prices\n" + body + "\n\ndef last():\n    return prices.Money\n"
    assert len(text) > 60_000

    async def session() -> None:
        async with editing(project, pull=False) as editor:
            uri = editor.open(MAIN, text)
            last = text.count("\n")
            await editor.until(uri, lambda found: said(found) == [("CUT204", last)])
            half = text.replace("def work_600(items):\n", "def work_600(items):\n    prices.Money(\n")
            editor.change(uri, half)
            inside = half[: half.index("prices.Money(")].count("\n") + 1
            await editor.until(uri, lambda found: said(found) == [("CUT204", inside), ("CUT204", last + 1)])
            gone = text.replace("from shop import prices\n", "prices = object()\n")
            editor.change(uri, gone)
            await editor.until(uri, lambda found: not found)

    play(session)


@pytest.mark.parametrize("name", ["neovim@0.11.0", "emacs@29.1", "visual_studio_code@1.65.2"])
def test_editors_get_what_they_can_take(project: Path, name: str) -> None:
    capabilities = client_capabilities(name)
    pulls = capabilities.text_document is not None and capabilities.text_document.diagnostic is not None

    async def session() -> None:
        async with editing(project, capabilities=capabilities) as editor:
            uri = editor.open(MAIN)
            if pulls:
                assert said((await editor.pull(uri)).items) == [("CUT204", 2), ("CUT204", 3)]
                assert editor.client.diagnostics == {}
            else:
                await editor.until(uri, lambda found: said(found) == [("CUT204", 2), ("CUT204", 3)])

    play(session)


def test_edits_while_it_works_end_in_what_is_there(project: Path) -> None:
    async def session() -> None:
        async with editing(project, capabilities=able(True)) as editor:
            uri = editor.open(MAIN)
            asked = []
            for number in range(30):
                editor.change(uri, "\n" * number + "from shop.prices import Money\n")
                asked.append(asyncio.ensure_future(editor.pull(uri)))
            answers = await asyncio.gather(*asked, return_exceptions=True)
            assert not any(isinstance(one, BaseException) for one in answers)
            assert said((await editor.pull(uri)).items) == [("CUT204", 30)]

    play(session)


def test_documents_of_other_kinds_and_places_are_left_alone(project: Path, tmp_path: Path) -> None:
    outside = tmp_path.parent / "elsewhere.py"
    outside.write_text("from shop.prices import Money\n", encoding="utf-8")

    async def session() -> None:
        async with editing(project) as editor:
            for uri in (outside.as_uri(), "untitled:Untitled-1", "vscode-notebook-cell:/a.ipynb#W0"):
                item = types.TextDocumentItem(uri, "python", 1, "from shop.prices import Money\n")
                editor.client.text_document_did_open(types.DidOpenTextDocumentParams(item))
                assert (await editor.pull(uri)).items == ()
                editor.close(uri)

    play(session)
