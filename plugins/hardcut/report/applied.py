"""What `hardcut apply` has done, or found: as text and as JSON."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Mapping, Sequence

import msgspec

from hardcut.engine.applying import Applied
from hardcut.finding import Finding
from hardcut.fix.files import content_of
from hardcut.refactor.comparison import Comparison, Difference
from hardcut.refactor.moving_plan import Note, NoteKind
from hardcut.report.concise import where
from hardcut.report.escape import clean
from hardcut.report.fixes import reason_of
from hardcut.report.plain_json import dump
from hardcut.report.summary import count

SCHEMA_VERSION = 1


class JsonMove(msgspec.Struct):
    """A name that moved; empty for a whole module. `along` says that no entry names it."""

    name: str
    old: str
    new: str
    along: bool


class JsonNote(msgspec.Struct):
    """A refusal or a warning."""

    kind: str
    path: str
    line: int
    subject: str
    text: str


class JsonApplied(msgspec.Struct, kw_only=True):
    """The whole object of `hardcut apply --format json`."""

    schema_version: int = SCHEMA_VERSION
    wave: str
    written: bool
    moves: list[JsonMove] = []
    files: list[str] = []
    references: int = 0
    notes: list[JsonNote] = []
    proved: int = 0
    differences: list[Difference] = []


def as_text(wave: str, found: Applied, written: bool) -> str:
    """A line for each name that moved, each note and difference, and a summary as the last line."""
    verb = "moved" if written else "would move"
    lines = [
        clean(f"{_subject(move.old, move.name)} {verb} to {move.new}{' along with its users' * move.along}")
        for move in found.moves.names
    ]
    lines += [_note(note) for note in found.moves.notes]
    lines += [_left(finding) for finding in found.left]
    lines += [_difference(difference) for difference in found.comparison.differences]
    lines.append(_summary(wave, found, written))
    return "".join(f"{line}\n" for line in lines)


def verified_as_text(wave: str, found: Comparison) -> str:
    """The differences, and a summary as the last line."""
    lines = [_difference(difference) for difference in found.differences]
    proved = count(found.proved, "definition")
    head = f"wave {wave}: {proved} with the same tokens, {found.moved:,} definitions moved"
    tail = f"{count(len(found.differences), 'difference')}" if found.differences else "no difference"
    along = f"; moved along: {', '.join(found.along)}" if found.along else ""
    return "".join(f"{line}\n" for line in [*lines, clean(f"{head}{along}; {tail}")])


def as_json(wave: str, found: Applied | None, comparison: Comparison, written: bool) -> str:
    """One JSON object; docs/apply.md describes it."""
    moves = found.moves.names if found is not None else []
    notes = found.moves.notes if found is not None else []
    return dump(
        JsonApplied(
            wave=wave,
            written=written,
            moves=[JsonMove(move.name, move.old, move.new, move.along) for move in moves],
            files=sorted(found.files) if found is not None else [],
            references=found.references if found is not None else 0,
            notes=[
                JsonNote(note.kind.value, note.path, note.line, note.subject, note.text) for note in notes
            ],
            proved=comparison.proved,
            differences=comparison.differences,
        )
    )


def diff(
    before: Mapping[str, bytes | None], after: Mapping[str, bytes | None], renames: Sequence[tuple[str, str]]
) -> str:
    """A unified diff of the files; one that is renamed is compared with its old path."""
    old_of = {new: old for old, new in renames}
    gone = {old for old, _ in renames}
    lines: list[str] = []
    for path in sorted(after):
        if path in gone:
            continue
        source = old_of.get(path, path)
        old, new = _lines(before.get(source)), _lines(after[path])
        if source != path:
            lines += [f"rename from {source}", f"rename to {path}"]
        first = "/dev/null" if before.get(source) is None else f"a/{source}"
        last = "/dev/null" if after[path] is None else f"b/{path}"
        lines += difflib.unified_diff(old, new, first, last, lineterm="")
    return "".join(f"{line}\n" for line in lines)


def _lines(data: bytes | None) -> list[str]:
    content = content_of(data) if data is not None else None
    if content is None:
        return []
    return content.lines[:-1] if content.lines and not content.lines[-1] else content.lines


def _subject(module: str, name: str) -> str:
    return f"{module}.{name}" if name else module


def _note(note: Note) -> str:
    return clean(f"{note.path}:{note.line}: {note.kind.value}: {note.subject}: {note.text}")


def _left(finding: Finding) -> str:
    return f"{where(finding.place)}: left: {clean(finding.subject)}: {reason_of(finding).sentence}"


def _difference(found: Difference) -> str:
    subject = f"{found.subject}: " if found.subject else ""
    return clean(f"{found.path}:{found.line}: differs: {subject}{found.text}")


def _summary(wave: str, found: Applied, written: bool) -> str:
    kinds = Counter(note.kind for note in found.moves.notes)
    if not found.files:
        head = f"wave {wave}: nothing to move"
    else:
        verb = "moved" if written else "would move"
        head = f"wave {wave}: {count(len(found.moves.names), 'name')} {verb}"
        head += f", {count(found.references, 'reference')} rewritten, {count(len(found.files), 'file')}"
    parts = [head]
    if kinds[NoteKind.REFUSED]:
        parts.append(f"{kinds[NoteKind.REFUSED]:,} refused")
    if kinds[NoteKind.WARNING]:
        parts.append(count(kinds[NoteKind.WARNING], "warning"))
    if found.left:
        parts.append(f"{count(len(found.left), 'reference')} left")
    if found.comparison.differences:
        parts.append(count(len(found.comparison.differences), "difference"))
    return "; ".join(parts)
