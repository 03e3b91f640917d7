"""Completion and hover in a manifest: modules, symbols, paths, waves and rules of the project itself."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable

from lsprotocol import types

from hardcut.finding import Declared
from hardcut.integrations.server.completion_context import Cursor, cursor
from hardcut.integrations.server.documents import Opened
from hardcut.integrations.server.positions import characters, units
from hardcut.plan.model import DOTTED, KINDS, Ignore, Plan, Revive, Waiver, Wave, Weakened
from hardcut.plan.schema import schema
from hardcut.plan.value_validation import PATHS, SYMBOLS
from hardcut.rules.registry import RULES
from hardcut.source.project import Project

_TABLES: dict[str, type] = {
    "plan": Plan,
    "wave": Wave,
    "ignore": Ignore,
    "waiver": Waiver,
    "revive": Revive,
    "weakened": Weakened,
    **KINDS,
}
_MODULE = re.compile(r"[\w.]*\Z")
MOST = 500


def complete(document: Opened, at: types.Position, encoding: str) -> types.CompletionList | None:
    """What may stand at a place of a manifest; None outside of the strings that name something."""
    here = _cursor(document, at, encoding)
    if here is None or here.written is None or here.key is None or "\n" in here.written:
        return None
    offer = _Offer(here.written, document.lines, at, encoding)
    table = _TABLES.get(here.table[-1]) if here.table else None
    session = document.project.quick
    if table is None:
        return None
    key = "in" if here.key == "in_" else here.key
    if key == "requires" or (table is Waiver and key == "until"):
        return offer.list(_waves(document, "wave " if key == "until" else ""))
    if table is Waiver and key == "rule":
        names = [(rule.name, rule.summary) for rule in RULES] + [(rule.code, rule.summary) for rule in RULES]
        return offer.list(names)
    if key in PATHS.get(table, ()):
        return offer.list(_paths(document.project.root, here.written))
    if session is None:
        return None
    if key in SYMBOLS.get(table, ()):
        home = here.siblings.get("module") or here.siblings.get("from") or ""
        return offer.list(_symbols(session.project(), home))
    if _is_dotted(table, key):
        return offer.list(_dotted(session.project(), here.written, key in ("function", "guard", "through")))
    return None


def describe(document: Opened, at: types.Position, encoding: str) -> str | None:
    """What a key of a manifest means, or what a dotted name in it stands for now; as Markdown."""
    here = _cursor(document, at, encoding)
    if here is None or here.key is None or not here.table:
        return None
    table = _TABLES.get(here.table[-1])
    if table is None:
        return None
    if here.written is None:
        key = schema()["$defs"][table.__name__]["properties"].get(here.key)
        return f"**{here.key}**: {key.get('description', '')}" if key else None
    name = here.written + here.rest
    session = document.project.quick
    if session is None or not _is_dotted(table, here.key):
        return None
    found = session.project().roots.find(name)
    where = f"is `{found}`" if found is not None else "is no module that is there now"
    return f"`{name}` {where}.{_left(document, here)}"


def module_at(document: Opened, at: types.Position, encoding: str) -> str | None:
    """The path of the module or of the symbol's module that a string at a place names, or the path itself."""
    here = _cursor(document, at, encoding)
    table = _TABLES.get(here.table[-1]) if here is not None and here.table else None
    session = document.project.quick
    if here is None or table is None or here.key is None or here.written is None or session is None:
        return None
    name = here.written + here.rest
    if here.key in PATHS.get(table, ()):
        return name if os.path.isfile(os.path.join(document.project.root, name)) else None
    if not _is_dotted(table, here.key):
        return None
    found = None
    while name and found is None:
        found = session.project().roots.find(name)
        name = name.rpartition(".")[0]
    return found


def _left(document: Opened, here: Cursor) -> str:
    """How many findings the entry had in the last run over the whole project."""
    report = document.project.report
    if report is None:
        return ""
    place = Declared(document.path, here.line)
    count = sum(one.declared == place for one in [*report.findings, *report.contested])
    return f"\n\nFindings of this entry: {count}."


def _cursor(document: Opened, at: types.Position, encoding: str) -> Cursor | None:
    lines = document.lines
    if at.line >= len(lines):
        return None
    return cursor(lines, at.line + 1, characters(lines[at.line], at.character, encoding))


def _is_dotted(table: type, key: str) -> bool:
    """Whether a key's texts are dotted names."""
    found = schema()["$defs"][table.__name__]["properties"].get(key, {})
    arms = [found, *found.get("anyOf", ())]
    arms += [arm["items"] for arm in arms if "items" in arm]
    return any(str(arm.get("pattern")) == DOTTED.replace(r"\Z", "$") for arm in arms)


def _waves(document: Opened, before: str) -> Iterable[tuple[str, str]]:
    for number, line in enumerate(document.lines):
        match = re.match(r"""[ \t]*id[ \t]*=[ \t]*["']([^"']+)["']""", line)
        if match is not None:
            yield before + match[1], f"line {number + 1}"


def _paths(root: str, written: str) -> Iterable[tuple[str, str]]:
    folder, _, _ = written.rpartition("/")
    base = os.path.normpath(os.path.join(root, folder))
    if base != root and not base.startswith(os.path.join(root, "")):
        return
    try:
        entries = sorted(os.scandir(base), key=lambda one: one.name)
    except (OSError, ValueError):
        return
    for entry in entries:
        if not entry.name.startswith(".") or written.rpartition("/")[2].startswith("."):
            name = f"{folder}/{entry.name}" if folder else entry.name
            yield (f"{name}/" if entry.is_dir() else name), ""


def _symbols(project: Project, home: str) -> Iterable[tuple[str, str]]:
    for name, definition in (project.names(home) or {}).items():
        if name != "*":
            yield name, definition.kind


def _dotted(project: Project, written: str, names: bool) -> Iterable[tuple[str, str]]:
    above, _, _ = written.rpartition(".")
    for name in project.roots.below(above):
        whole = f"{above}.{name}" if above else name
        yield whole, project.roots.kind(whole) or ""
    for name, definition in (project.names(above) or {}).items() if names and above else ():
        if name != "*" and "." not in name:
            yield f"{above}.{name}", definition.kind


class _Offer:
    """Makes the items of a completion: each replaces what is written of its string so far."""

    def __init__(self, written: str, lines: list[str], at: types.Position, encoding: str) -> None:
        self.written = written
        column = characters(lines[at.line], at.character, encoding)
        start = types.Position(at.line, units(lines[at.line], column - len(written), encoding))
        self.range = types.Range(start, at)

    def list(self, found: Iterable[tuple[str, str]]) -> types.CompletionList:
        """The texts that begin as it is written, each with a word about it."""
        items: dict[str, types.CompletionItem] = {}
        for text, detail in found:
            if text in items or not text.lower().startswith(self.written.lower()):
                continue
            if len(items) == MOST:
                return types.CompletionList(True, list(items.values()))
            items[text] = types.CompletionItem(
                text,
                detail=detail or None,
                kind=types.CompletionItemKind.Value,
                filter_text=text,
                text_edit=types.TextEdit(self.range, text),
            )
        return types.CompletionList(False, list(items.values()))
