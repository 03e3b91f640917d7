"""Open documents: what an editor holds of a file, and what there is to say about it at any moment."""

from __future__ import annotations

import asyncio
import os
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from hardcut.api.written import as_written
from hardcut.engine.glance import Known, change, excerpt, lines_of, merged, shifted
from hardcut.engine.session import Session
from hardcut.finding import Finding
from hardcut.integrations.server.projects import Project
from hardcut.rules.registry import RULES
from hardcut.source.python.frame import Frame, frame

LARGE = 60_000
"""From so many characters on, a Python file is read around an edit first, and as a whole in a pause."""
SLOW = 0.025
"""Seconds of processor time that reading a file may take at each keystroke; a slower one counts as large."""
UNREADABLE = "CUT907"
_WIDE = frozenset(rule.code for rule in RULES if rule.scope == "project")


class Opened:
    """One open document of a project; `path` is relative to its root.

    `findings` are the last that a reading gave, `known` the last reading of a text without half-typed
    code, `saved` that of the text on disk. With `exact`, `findings` come from all of the text as it is.
    """

    def __init__(self, uri: str, path: str, project: Project, text: str) -> None:
        self.uri = uri
        self.path = path
        self.project = project
        self.text = text
        self.lines = lines_of(text)
        self.dirty = self.lines != lines_of(_on_disk(os.path.join(project.root, path)))
        self.known: Known | None = None
        self.saved: Known | None = None
        self.findings: list[Finding] = []
        self.exact = False
        self._slow = False
        self._outdated = False
        self._reading: asyncio.Future[None] | None = None

    @property
    def large(self) -> bool:
        """Whether reading all of it takes longer than typing should wait."""
        return (self._slow or len(self.text) > LARGE) and self.path.endswith((".py", ".pyi"))

    def edit(self, text: str) -> None:
        """Another text in the editor."""
        if text != self.text:
            self.text, self.lines, self.exact, self.dirty = text, lines_of(text), False, True

    def save(self) -> None:
        """The text is on disk now."""
        self.dirty, self.exact, self.saved = False, False, None

    def again(self, plans: bool = False) -> None:
        """Other files have changed, or the plans: what was found does not hold any more."""
        self.exact, self._outdated = False, True
        if plans:
            self.known, self.saved, self.findings = None, None, []

    def look(self) -> bool:
        """Bring the findings up to date as far as that is quick; gives whether they can be shown."""
        session = self.project.quick
        if self.exact or session is None:
            return True
        if not self.large:
            begun, source = time.thread_time(), as_written(self.text)
            findings = session.check(self.path, source)
            self._slow = self.known is not None and time.thread_time() - begun > SLOW
            self._take(findings, frame(source) if self.large else None)
            return True
        if self._glance(session):
            return True
        session.give(self.path, as_written(self.text))
        return False

    def _glance(self, session: Session) -> bool:
        """Find what the edits since the last reading change around them; gives whether that can be told."""
        if self.known is None or self._outdated or not self.dirty:
            return False
        at = change(self.known.lines, self.lines)
        part = excerpt(self.known, self.lines, at)
        if part is None:
            return False
        fresh = session.excerpt(self.path, as_written("\n".join(part[0])), as_written(self.text))
        self.findings = merged(self.known, at, _readable(fresh), part[1])
        return True

    async def read(self, pool: ThreadPoolExecutor, others: dict[str, bytes]) -> None:
        """Read all of a document as it is, in a thread; `others` is what editors hold of other files.

        A reading that is under way is waited for. If the text has changed meanwhile, another one follows.
        """
        while not self.exact and self.project.full is not None:
            if self._reading is None or self._reading.done():
                self._reading = asyncio.ensure_future(self._read(pool, others))
            await asyncio.shield(self._reading)

    async def _read(self, pool: ThreadPoolExecutor, others: dict[str, bytes]) -> None:
        session, text = self.project.full, self.text
        if session is None:
            return
        work = partial(_whole, session, self.path, as_written(text), others)
        findings, parts, spent = await asyncio.get_running_loop().run_in_executor(pool, work)
        self._slow = spent > SLOW
        if text == self.text and session is self.project.full:
            self._take(findings, parts)

    def shown(self) -> list[Finding]:
        """The findings of the file's own rules, and what only a run over the whole project tells."""
        wide = self.project.reported().get(self.path, [])
        if self.saved is None:
            wide = [one for one in wide if one.code in _WIDE]
            base = self.known.lines if self.known is not None else []
        else:
            told = {_key(one) for one in self.saved.findings}
            wide = [one for one in wide if _key(one) not in told]
            base = self.saved.lines
        if wide and base and self.dirty:
            wide = list(shifted(wide, change(base, self.lines)))
        seen = {_key(one) for one in self.findings}
        return [*self.findings, *(one for one in wide if _key(one) not in seen)]

    def _take(self, findings: list[Finding], parts: Frame | None) -> None:
        lines = self.lines
        readable = _readable(findings)
        if not self.dirty:
            self.saved = Known(lines, findings, parts)
        if not self.dirty or len(readable) == len(findings):
            self.known = Known(lines, findings, parts)
            self.findings = findings
        elif self.known is None:
            self.findings = readable
        else:
            self.findings = merged(self.known, change(self.known.lines, lines), readable)
        self.exact, self._outdated = True, False


def _whole(
    session: Session, path: str, source: bytes, others: dict[str, bytes]
) -> tuple[list[Finding], Frame, float]:
    for other, held in others.items():
        session.give(other, held)
    begun = time.thread_time()
    return session.check(path, source), frame(source), time.thread_time() - begun


def _readable(findings: list[Finding]) -> list[Finding]:
    return [one for one in findings if one.code != UNREADABLE]


def _key(one: Finding) -> tuple[object, ...]:
    return one.code, one.place.cell, one.place.line, one.place.column, one.subject


def _on_disk(path: str) -> str:
    from hardcut.source.decode import decode

    try:
        with open(path, "rb") as file:
            return decode(file.read()).text
    except OSError:
        return ""
