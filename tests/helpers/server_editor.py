"""An editor for tests: a real client of the real command, with what an editor holds of files."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from lsprotocol import types
from pytest_lsp import LanguageClient, make_test_lsp_client

import hardcut

PATIENCE = 120.0
PACKAGES = str(Path(hardcut.__file__).parents[1])
NOWHERE: list[types.Diagnostic] = []


def able(pull: bool, **more: Any) -> types.ClientCapabilities:
    """What an editor can: pull diagnostics, or take those that are pushed; watch files."""
    document = types.TextDocumentClientCapabilities(
        diagnostic=types.DiagnosticClientCapabilities() if pull else None,
        publish_diagnostics=types.PublishDiagnosticsClientCapabilities(related_information=True),
    )
    workspace = types.WorkspaceClientCapabilities(
        diagnostics=types.DiagnosticWorkspaceClientCapabilities(refresh_support=True),
        did_change_watched_files=types.DidChangeWatchedFilesClientCapabilities(dynamic_registration=True),
    )
    return types.ClientCapabilities(text_document=document, workspace=workspace, **more)


class Editor:
    """One client with its open files."""

    def __init__(self, client: LanguageClient, roots: Sequence[Path]) -> None:
        self.client = client
        self.roots = roots
        self.texts: dict[str, str] = {}
        self.versions: dict[str, int] = {}
        self.registered: list[str] = []
        self.encoding = "utf-16"

    def uri(self, path: str | Path) -> str:
        return (self.roots[0] / path).as_uri()

    def open(self, path: str | Path, text: str | None = None, language: str = "python") -> str:
        uri = self.uri(path)
        self.texts[uri] = text if text is not None else (self.roots[0] / path).read_text(encoding="utf-8")
        self.versions[uri] = 1
        item = types.TextDocumentItem(uri, language, 1, self.texts[uri])
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))
        return uri

    def change(self, uri: str, text: str) -> None:
        """Send a new text as the one edit that leads to it, as editors do."""
        old = self.texts[uri]
        start = _shared(old, text)
        tail = _shared(old[start:][::-1], text[start:][::-1])
        ends = [self.position(old, at) for at in (start, len(old) - tail)]
        part = types.TextDocumentContentChangePartial(types.Range(*ends), text[start : len(text) - tail])
        self.texts[uri] = text
        self.versions[uri] += 1
        document = types.VersionedTextDocumentIdentifier(self.versions[uri], uri)
        self.client.text_document_did_change(types.DidChangeTextDocumentParams(document, [part]))

    def position(self, text: str, at: int) -> types.Position:
        before = text[:at].replace("\r\n", "\n")
        line = before.count("\n")
        column = before[before.rfind("\n") + 1 :].encode("utf-16-le")
        return types.Position(line, len(column) // 2)

    def save(self, uri: str) -> None:
        Path(_path(uri)).write_text(self.texts[uri], encoding="utf-8")
        self.client.text_document_did_save(types.DidSaveTextDocumentParams(types.TextDocumentIdentifier(uri)))

    def close(self, uri: str) -> None:
        self.client.text_document_did_close(
            types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(uri))
        )

    def tell(self, path: str | Path, what: types.FileChangeType) -> None:
        """Report a change of a watched file."""
        event = types.FileEvent(self.uri(path), what)
        self.client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([event]))

    async def pull(self, uri: str, before: str | None = None) -> Any:
        params = types.DocumentDiagnosticParams(
            types.TextDocumentIdentifier(uri), "hardcut", previous_result_id=before
        )
        return await asyncio.wait_for(self.client.text_document_diagnostic_async(params), PATIENCE)

    async def everywhere(self, before: dict[str, str] | None = None) -> dict[str, Any]:
        ids = [types.PreviousResultId(uri, name) for uri, name in (before or {}).items()]
        asked = self.client.workspace_diagnostic_async(types.WorkspaceDiagnosticParams(ids))
        report = await asyncio.wait_for(asked, PATIENCE)
        return {item.uri: item for item in report.items}

    async def until(
        self, uri: str, holds: Callable[[list[types.Diagnostic]], bool]
    ) -> list[types.Diagnostic]:
        """Wait until what was pushed about a file is as wanted."""
        deadline = asyncio.get_running_loop().time() + PATIENCE
        while True:
            found = list(self.client.diagnostics.get(uri, NOWHERE))
            if uri in self.client.diagnostics and holds(found):
                return found
            assert asyncio.get_running_loop().time() < deadline, said(found)
            await asyncio.sleep(0.01)

    async def refreshed(self, more_than: int) -> None:
        """Wait until the server asked for a refresh once more."""
        deadline = asyncio.get_running_loop().time() + PATIENCE
        while self.client.diagnostic_refresh_count <= more_than:
            assert asyncio.get_running_loop().time() < deadline, "no refresh"
            await asyncio.sleep(0.01)


@asynccontextmanager
async def editing(
    *roots: Path, pull: bool = True, options: Any = None, capabilities: types.ClientCapabilities | None = None
) -> AsyncIterator[Editor]:
    """An editor with these folders open, and the server that it has started."""
    client = make_test_lsp_client()
    editor = Editor(client, roots)

    @client.feature(types.CLIENT_REGISTER_CAPABILITY)
    def register(params: types.RegistrationParams) -> None:
        editor.registered += [
            watcher["globPattern"]
            for one in params.registrations
            for watcher in one.register_options["watchers"]
        ]

    env = os.environ | {"PYTHONPATH": PACKAGES, "PYTHONUTF8": "1"}
    await client.start_io(sys.executable, "-m", "hardcut", "server", env=env, cwd=str(roots[0]))
    folders = [types.WorkspaceFolder(root.as_uri(), root.name) for root in roots]
    params = types.InitializeParams(
        capabilities if capabilities is not None else able(pull),
        root_uri=roots[0].as_uri(),
        workspace_folders=folders,
        initialization_options=options,
    )
    answer = await asyncio.wait_for(client.initialize_session(params), PATIENCE)
    editor.encoding = str(answer.capabilities.position_encoding or "utf-16")
    try:
        yield editor
        await asyncio.wait_for(client.shutdown_session(), PATIENCE)
    finally:
        process = client._server
        if process is not None and process.returncode is None:
            process.kill()
        await client.stop()


def play(session: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
    """Play one session to its end, which has to come soon."""

    async def limited() -> Any:
        return await asyncio.wait_for(session(), 2 * PATIENCE)

    return asyncio.run(limited())


def said(diagnostics: Sequence[types.Diagnostic]) -> list[tuple[str, int]]:
    """Diagnostics in short: code, and line from 1."""
    return [(str(one.code), one.range.start.line + 1) for one in diagnostics]


def _shared(one: str, other: str) -> int:
    """How many characters two texts have in common at their beginnings."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))


def _path(uri: str) -> str:
    from pygls.uris import to_fs_path

    path = to_fs_path(uri)
    assert path is not None
    return path
