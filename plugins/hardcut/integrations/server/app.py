"""The server: what an editor tells and asks, handed to the state, and the answers handed back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING

from lsprotocol import types
from pygls import uris
from pygls.exceptions import JsonRpcInternalError
from pygls.lsp.server import LanguageServer

from hardcut import __version__
from hardcut.integrations.server.documents import Opened
from hardcut.integrations.server.later import Later
from hardcut.integrations.server.positions import Document, units
from hardcut.integrations.server.projects import Project
from hardcut.integrations.server.settings import settings_of
from hardcut.integrations.server.state import NOTHING, Said, State
from hardcut.integrations.server.whole import whole_run

if TYPE_CHECKING:
    from pygls.server import ServerErrors

BURST = 0.01
"""Seconds in which several edits are answered at once, where diagnostics are pushed."""
PAUSE = 0.3
"""Seconds without an edit after which a large file, and what depends on an edit, is read as a whole."""
SETTLED = 0.5
"""Seconds after a change on disk before the whole project is checked anew."""
WATCHED = ("**/cutover.toml", "**/pyproject.toml", "**/*.py", "**/*.pyi")


class Server(LanguageServer):
    """A language server that pushes diagnostics, or is asked for them: as the editor can, never both."""

    def __init__(self) -> None:
        super().__init__("hardcut", __version__)
        self.state = State()
        self.pulls = False
        self._refreshes = False
        self._later = Later()
        self._published: dict[str, str] = {}
        self._begun: set[str] = set()
        self._turn = asyncio.Semaphore(2)

    def greet(self, params: types.InitializeParams) -> None:
        """Take what the editor can, and its settings."""
        able = params.capabilities
        self.pulls = able.text_document is not None and able.text_document.diagnostic is not None
        workspace = able.workspace
        refresh = workspace.diagnostics.refresh_support if workspace and workspace.diagnostics else None
        self._refreshes = bool(refresh)
        encoding = self.workspace.position_encoding or types.PositionEncodingKind.Utf16
        self.state.encoding = str(getattr(encoding, "value", encoding))
        self.configure(params.initialization_options)
        # pygls splits lines where Python does; the protocol, only at \n, \r\n and \r.
        vars(self.workspace)["_create_text_document"] = self._document

    def stop(self) -> None:
        """The editor shuts the server down: give up what is under way, runs over whole projects too."""
        self._later.drop_all()

    def report_server_error(self, error: Exception, source: ServerErrors) -> None:
        """Tell the editor of an error, unless it is about telling the editor something.

        What could not be sent cannot be reported over the same pipe: each attempt would fail and be
        reported again.
        """
        if source is not JsonRpcInternalError:
            super().report_server_error(error, source)

    def configure(self, given: object) -> None:
        """Take settings, and say what is wrong with them."""
        self.state.settings, wrong = settings_of(given)
        if wrong:
            self.window_show_message(types.ShowMessageParams(types.MessageType.Warning, wrong))

    def begin(self) -> None:
        """All is agreed on: watch files, and look at the projects of the open folders."""
        able = self.client_capabilities.workspace
        watching = able.did_change_watched_files if able else None
        if watching is not None and watching.dynamic_registration:
            watchers = [types.FileSystemWatcher(pattern) for pattern in WATCHED]
            options = types.DidChangeWatchedFilesRegistrationOptions(watchers)
            method = types.WORKSPACE_DID_CHANGE_WATCHED_FILES
            self.client_register_capability(
                types.RegistrationParams([types.Registration("hardcut-files", method, options)])
            )
        folders = [folder.uri for folder in self.workspace.folders.values()]
        self.survey(folders or [self.workspace.root_uri or ""])

    def survey(self, folders: Iterable[str]) -> None:
        """Look for projects in folders, and at all of each."""
        for uri in folders:
            folder = uris.to_fs_path(uri) if uri else None
            for project in self.state.projects.below(folder) if folder else ():
                self.whole(project, 0)

    def open(self, uri: str, text: str) -> None:
        """A document is open."""
        document = self.state.open(uri, text)
        self._published.pop(uri, None)
        if document is not None:
            if document.project.root not in self._begun:
                self.whole(document.project, 0)
            self._later.put(f"publish {uri}", 0, partial(self._publish, uri))

    def edited(self, uri: str, text: str) -> None:
        """A document's text has changed: show what that changes, and in a pause the rest."""
        document = self.state.opened.get(uri)
        if document is not None:
            document.edit(text)
            self._later.put(f"publish {uri}", BURST, partial(self._publish, uri))
            self._pause(document.project)

    def close(self, uri: str) -> None:
        """A document is closed: what is known of the file on disk is shown again."""
        document = self.state.close(uri)
        if document is not None:
            for other in self.state.of(document.project):
                other.again()
            self.show()

    def changed(self, files: Iterable[str] | None = None) -> None:
        """Files on disk have changed (None: nobody knows which): ask anew, and show it."""
        self._reload()
        projects = list(self.state.projects.known.values())
        if files is not None:
            held = [self.state.projects.of(file) for file in files]
            projects = [one for one in projects if one in held or any(_lies_in(one, each) for each in held)]
        for project in projects:
            project.changed()
            for document in self.state.of(project):
                document.again()
            self._pause(project)
            self.whole(project, SETTLED)
        self.show()

    def show(self) -> None:
        """Show what is known now, or have the editor ask for it."""
        if not self.pulls:
            self._later.put("everywhere", 0, self._publish_all)
        elif self._refreshes:
            self.workspace_diagnostic_refresh(None)

    def whole(self, project: Project, delay: float) -> None:
        """Check the whole project soon; such a run that is under way is overtaken."""
        self._begun.add(project.root)
        if self.state.settings.whole_project and project.plans:
            self._later.put(f"whole {project.root}", delay, partial(self._whole, project))

    async def answer(self, document: Opened) -> Said:
        """What there is to say about a document as it is now."""
        while not document.look():
            await self.state.read(document)
        return self.state.said(document)

    async def append(self, uri: str, text_of: Callable[[Opened], str]) -> None:
        """Have the editor append text to a document, which stays unsaved."""
        document = self.state.opened.get(uri)
        text = text_of(document) if document is not None else ""
        if document is None or not text:
            return
        last = len(document.lines) - 1
        end = types.Position(
            last, units(document.lines[last], len(document.lines[last]) + 1, self.state.encoding)
        )
        version = self.workspace.get_text_document(uri).version
        edit = types.TextDocumentEdit(
            types.OptionalVersionedTextDocumentIdentifier(uri, version),
            [types.TextEdit(types.Range(end, end), text if not document.lines[last] else f"\n{text}")],
        )
        await self.workspace_apply_edit_async(
            types.ApplyWorkspaceEditParams(types.WorkspaceEdit(document_changes=[edit]), "draft waiver")
        )

    async def all_known(self) -> None:
        """Wait until every project has been looked at as a whole, once."""
        for project in list(self.state.projects.known.values()):
            if project.report is None:
                await self._later.done(f"whole {project.root}")

    def _document(
        self, uri: str, source: str | None = None, version: int | None = None, language_id: str | None = None
    ) -> Document:
        codec = self.workspace.position_codec
        return Document(uri, source, version, language_id, position_codec=codec)

    def _reload(self) -> None:
        """Read the manifests anew: other plans may be in force, and a nearer one may be there."""
        changed = self.state.projects.reload()
        for document in list(self.state.opened.values()):
            if document.project in changed:
                document.again(plans=True)
        for text in list(self.workspace.text_documents.values()):
            known = self.state.opened.get(text.uri)
            file = uris.to_fs_path(text.uri)
            project = self.state.projects.of(file) if file is not None else None
            if project is not (known.project if known is not None else None):
                self.state.open(text.uri, text.source)
        for project in changed:
            self.whole(project, 0)

    async def _whole(self, project: Project) -> None:
        token = f"hardcut-{project.root}"
        window = self.client_capabilities.window
        told = project.report is None and window is not None and bool(window.work_done_progress)
        if told and token not in self.work_done_progress.tokens:
            await self.work_done_progress.create_async(token)
        if told:
            begin = types.WorkDoneProgressBegin("hardcut", message="checking the whole project")
            self.work_done_progress.begin(token, begin)
        try:
            async with self._turn:
                report = await whole_run(project.plans)
        finally:
            if told:
                self.work_done_progress.end(token, types.WorkDoneProgressEnd())
        if project.take(report):
            self.show()
            lenses = workspace.code_lens if (workspace := self.client_capabilities.workspace) else None
            if lenses is not None and lenses.refresh_support:
                self.workspace_code_lens_refresh(None)

    def _pause(self, project: Project) -> None:
        self._later.put(f"settle {project.root}", PAUSE, partial(self._settle, project))

    async def _settle(self, project: Project) -> None:
        """In a pause: read large files as wholes, and look again at what depends on edits elsewhere."""
        documents = self.state.of(project)
        before = [(one, list(one.findings)) for one in documents]
        for one in documents:
            one.exact = False
            if one.large or not one.look():
                await self.state.read(one)
        if any(one.findings != found for one, found in before):
            self.show()

    async def _publish(self, uri: str) -> None:
        document = self.state.opened.get(uri)
        if document is not None and not self.pulls:
            self._send(uri, await self.answer(document))

    async def _publish_all(self) -> None:
        """Publish what is new about any file, open or not; and that there is nothing left to say."""
        if self.pulls:
            return
        for document in list(self.state.opened.values()):
            await self._publish(document.uri)
        there = dict(self.state.everywhere())
        for uri in [*there, *(uri for uri in self._published if uri not in there)]:
            if uri not in self.state.opened:
                self._send(uri, there.get(uri, NOTHING))

    def _send(self, uri: str, said: Said) -> None:
        known = self._published.get(uri, None if uri in self.state.opened else NOTHING[0])
        if known == said[0]:
            return
        self._published[uri] = said[0]
        text = self.workspace.text_documents.get(uri)
        version = text.version if text is not None else None
        self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, said[1], version))


def _lies_in(outer: Project, inner: Project | None) -> bool:
    return inner is not None and inner.root.startswith(f"{outer.root}/")
