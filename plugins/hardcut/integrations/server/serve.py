"""Each message of the protocol, and what it sets going."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import Any

from lsprotocol import types
from pygls import uris

from hardcut.integrations.server import features, navigation
from hardcut.integrations.server.app import Server
from hardcut.integrations.server.completion import complete, describe
from hardcut.integrations.server.manifests import is_manifest
from hardcut.integrations.server.state import NOTHING

PULLED = types.DiagnosticOptions(
    inter_file_dependencies=True, workspace_diagnostics=True, identifier="hardcut"
)
ACTIONS = types.CodeActionOptions([types.CodeActionKind.QuickFix, types.CodeActionKind.SourceFixAll])
Report = types.RelatedFullDocumentDiagnosticReport | types.RelatedUnchangedDocumentDiagnosticReport


def server() -> Server:
    """A server that is ready to be started."""
    ls = Server()

    @ls.feature(types.INITIALIZE)
    def initialize(params: types.InitializeParams) -> None:
        ls.greet(params)

    @ls.feature(types.INITIALIZED)
    def initialized(params: types.InitializedParams) -> None:
        ls.begin()

    @ls.feature(types.SHUTDOWN)
    def shutdown(params: None) -> None:
        ls.stop()

    @ls.feature(types.TEXT_DOCUMENT_DID_OPEN)
    def did_open(params: types.DidOpenTextDocumentParams) -> None:
        ls.open(params.text_document.uri, params.text_document.text)

    @ls.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    def did_change(params: types.DidChangeTextDocumentParams) -> None:
        uri = params.text_document.uri
        ls.edited(uri, ls.workspace.get_text_document(uri).source)

    @ls.feature(types.TEXT_DOCUMENT_DID_SAVE)
    def did_save(params: types.DidSaveTextDocumentParams) -> None:
        document = ls.state.opened.get(params.text_document.uri)
        if document is not None:
            document.save()
        file = uris.to_fs_path(params.text_document.uri)
        ls.changed([file] if file is not None else None)

    @ls.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    def did_close(params: types.DidCloseTextDocumentParams) -> None:
        ls.close(params.text_document.uri)

    @ls.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    def did_change_watched(params: types.DidChangeWatchedFilesParams) -> None:
        ls.changed([file for one in params.changes if (file := uris.to_fs_path(one.uri)) is not None])

    @ls.feature(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)
    def did_change_folders(params: types.DidChangeWorkspaceFoldersParams) -> None:
        ls.survey(folder.uri for folder in params.event.added)
        ls.show()

    @ls.feature(types.WORKSPACE_DID_CHANGE_CONFIGURATION)
    def did_change_configuration(params: types.DidChangeConfigurationParams) -> None:
        if params.settings:
            ls.configure(params.settings)
            ls.show()

    @ls.feature(types.TEXT_DOCUMENT_DIAGNOSTIC, PULLED)
    async def diagnostic(params: types.DocumentDiagnosticParams) -> Report:
        await asyncio.sleep(0)
        document = ls.state.opened.get(params.text_document.uri)
        said = await ls.answer(document) if document is not None else NOTHING
        if params.previous_result_id == said[0]:
            return types.RelatedUnchangedDocumentDiagnosticReport(said[0])
        return types.RelatedFullDocumentDiagnosticReport(said[1], result_id=said[0])

    @ls.feature(types.WORKSPACE_DIAGNOSTIC)
    async def workspace_diagnostic(
        params: types.WorkspaceDiagnosticParams,
    ) -> types.WorkspaceDiagnosticReport:
        await ls.all_known()
        for document in list(ls.state.opened.values()):
            await ls.answer(document)
        before = {one.uri: one.value for one in params.previous_result_ids}
        there = dict(ls.state.everywhere())
        there.update({uri: NOTHING for uri in before if uri not in there})
        items: list[Any] = []
        for uri, (name, found) in there.items():
            text = ls.workspace.text_documents.get(uri)
            version = text.version if text is not None else None
            if before.get(uri) == name:
                items.append(types.WorkspaceUnchangedDocumentDiagnosticReport(uri, name, version=version))
            else:
                items.append(types.WorkspaceFullDocumentDiagnosticReport(uri, found, version, result_id=name))
        return types.WorkspaceDiagnosticReport(items)

    @ls.feature(types.TEXT_DOCUMENT_CODE_ACTION, ACTIONS)
    async def code_action(params: types.CodeActionParams) -> list[types.CodeAction]:
        document = ls.state.opened.get(params.text_document.uri)
        if document is None:
            return []
        await ls.answer(document)
        version = ls.workspace.get_text_document(document.uri).version
        writer = ls.state.writer(document.project)
        return features.actions(document.shown(), document.lines, params, version, writer)

    @ls.feature(types.TEXT_DOCUMENT_HOVER)
    async def hover(params: types.HoverParams) -> types.Hover | None:
        document = ls.state.opened.get(params.text_document.uri)
        if document is None:
            return None
        await ls.answer(document)
        lines, writer = document.lines, ls.state.writer(document.project)
        found = features.hover(document.shown(), document.project.plans, lines, params.position, writer)
        if found is None and is_manifest(document):
            text = describe(document, params.position, ls.state.encoding)
            found = types.Hover(types.MarkupContent(types.MarkupKind.Markdown, text)) if text else None
        return found

    @ls.feature(types.TEXT_DOCUMENT_COMPLETION, types.CompletionOptions(['"', ".", "/"]))
    def completion(params: types.CompletionParams) -> types.CompletionList | None:
        document = ls.state.opened.get(params.text_document.uri)
        if document is None or not is_manifest(document):
            return None
        return complete(document, params.position, ls.state.encoding)

    @ls.feature(types.TEXT_DOCUMENT_DEFINITION)
    async def definition(params: types.DefinitionParams) -> list[types.Location]:
        document = ls.state.opened.get(params.text_document.uri)
        if document is None:
            return []
        await ls.answer(document)
        return navigation.definition(document, params.position, ls.state.writer(document.project))

    @ls.feature(types.TEXT_DOCUMENT_REFERENCES)
    def references(params: types.ReferenceParams) -> list[types.Location]:
        document = ls.state.opened.get(params.text_document.uri)
        if document is None:
            return []
        return navigation.references(document, params.position, ls.state.writer(document.project))

    @ls.feature(types.TEXT_DOCUMENT_CODE_LENS)
    def code_lens(params: types.CodeLensParams) -> list[types.CodeLens]:
        document = ls.state.opened.get(params.text_document.uri)
        return navigation.lenses(document, ls.state.writer(document.project)) if document is not None else []

    @ls.command(navigation.DRAFT_WAIVER)
    async def draft_waiver(uri: str, line: int) -> None:
        await ls.append(uri, lambda document: navigation.draft_waivers(document, line, date.today()))

    return ls
