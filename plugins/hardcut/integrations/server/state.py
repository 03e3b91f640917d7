"""The state of one server: projects, open documents, and what was last said about each file."""

from __future__ import annotations

import hashlib
import operator
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

from lsprotocol import types
from pygls import uris

from hardcut.api.paths import relative
from hardcut.api.written import as_written
from hardcut.finding import Finding
from hardcut.fix.planning import edits
from hardcut.integrations.server.diagnostics import Writer
from hardcut.integrations.server.documents import Opened
from hardcut.integrations.server.manifests import complaints
from hardcut.integrations.server.projects import Project, Projects
from hardcut.integrations.server.settings import Settings
from hardcut.plan.gates import Problem
from hardcut.report.snippet import Lines

Said = tuple[str, list[types.Diagnostic]]
"""The diagnostics of one file, and an id that names them."""
NOTHING: Said = ("nothing", [])


class State:
    """What the server knows; files are named by their addresses, as editors do."""

    def __init__(self) -> None:
        self.settings = Settings()
        self.encoding = "utf-16"
        self.projects = Projects()
        self.opened: dict[str, Opened] = {}
        self.pool = ThreadPoolExecutor(1)
        self._last: dict[str, tuple[tuple[object, ...], Said]] = {}
        self._closed: dict[str, tuple[tuple[object, ...], dict[str, Said]]] = {}

    def open(self, uri: str, text: str) -> Opened | None:
        """Take a document; None for one that no project holds."""
        self.opened.pop(uri, None)
        self._last.pop(uri, None)
        file = uris.to_fs_path(uri)
        project = self.projects.of(file) if file is not None else None
        path = relative(project.root, file) if project is not None and file is not None else None
        if project is None or path is None:
            return None
        self.opened[uri] = found = Opened(uri, path, project, text)
        return found

    def close(self, uri: str) -> Opened | None:
        """A document is closed: its file's own content counts."""
        document = self.opened.pop(uri, None)
        self._last.pop(uri, None)
        if document is not None:
            for session in (document.project.quick, document.project.full):
                if session is not None:
                    session.take_back(document.path)
        return document

    def of(self, project: Project) -> list[Opened]:
        """The open documents of a project."""
        return [one for one in self.opened.values() if one.project is project]

    async def read(self, document: Opened) -> None:
        """Read all of a document in the background, with what editors hold of the other files."""
        others = {
            one.path: as_written(one.text)
            for one in self.of(document.project)
            if one.dirty and one is not document
        }
        await document.read(self.pool, others)

    def writer(self, project: Project) -> Writer:
        """What makes a project's diagnostics."""
        return Writer(project.root, self.encoding, self.settings)

    def said(self, document: Opened) -> Said:
        """What there is to say about an open document, from its last reading."""
        lines, shown, wrong = document.lines, document.shown(), complaints(document)
        now = (shown, wrong, self.settings, _rested_on(shown, wrong, lines))
        known = self._last.get(document.uri)
        if known is not None and known[0] == now:
            return known[1]
        writer = self.writer(document.project)
        found = writer.of_findings(shown, lines)
        said = _said([*found, *(writer.of_problem(one, lines) for one in wrong)])
        self._last[document.uri] = (now, said)
        return said

    def everywhere(self) -> Iterator[tuple[str, Said]]:
        """What there is to say about every file that is open, or of which there is anything to say."""
        held = {os.path.join(one.project.root, one.path) for one in self.opened.values()}
        for uri, document in self.opened.items():
            yield uri, self.said(document)
        for project in self.projects.known.values():
            for uri, said in self._of_closed(project).items():
                if uris.to_fs_path(uri) not in held:
                    yield uri, said

    def _of_closed(self, project: Project) -> dict[str, Said]:
        """Of the last run over the whole project, and of manifests that cannot be used."""
        now = (project.report, project.problems, self.settings)
        known = self._closed.get(project.root)
        if known is not None and all(map(operator.is_, known[0], now)):
            return known[1]
        writer, source = self.writer(project), Lines(project.root, {})
        found: dict[str, list[types.Diagnostic | None]] = {}
        for path, findings in project.reported().items():
            lines = source.of(path)
            found.setdefault(path, []).extend(writer.of_findings(findings, lines))
        for problem in project.problems:
            found.setdefault(problem.path, []).append(writer.of_problem(problem, source.of(problem.path)))
        said = {writer.uri(path): _said(items) for path, items in found.items()}
        self._closed[project.root] = (now, said)
        return said


def _rested_on(found: Sequence[Finding], wrong: Sequence[Problem], lines: list[str]) -> object:
    """What diagnostics take from a file's lines: those at their places, and the edits that fix them."""
    places = [(one.place.line or 1, one.place.end_line or one.place.line or 1) for one in found]
    places += [(one.line, one.line) for one in wrong]
    return len(lines), [lines[first - 1 : last] for first, last in places], edits(found, lines)


def _said(found: Sequence[types.Diagnostic | None]) -> Said:
    items = [one for one in found if one is not None]
    if not items:
        return NOTHING
    return hashlib.blake2b(repr(items).encode("utf-8", "replace"), digest_size=12).hexdigest(), items
