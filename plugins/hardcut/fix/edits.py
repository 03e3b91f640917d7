"""The edits that mend the findings of one file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from hardcut.finding import Finding
from hardcut.fix.comments import without
from hardcut.fix.edit import Edit
from hardcut.fix.imports import changed, mended
from hardcut.fix.pairs import paired
from hardcut.source.statement import Statement, statement_at


def edits(findings: Sequence[Finding], lines: Sequence[str]) -> list[Edit | None]:
    """For each finding about a Python file with these lines, the edit that mends it, if there is one.

    Several names of one import statement share an edit, which mends all of them.
    """
    found: dict[int, Edit | None] = {}
    imported: dict[tuple[int, int], tuple[Statement, list[int]]] = {}
    statement: Statement | None = None
    for index, one in enumerate(findings):
        written = _written(one, lines)
        if written is None:
            continue
        if written.startswith("#"):
            found[index] = _comment(one, lines, written)
        elif (edit := _string(one, lines, written)) is not None:
            found[index] = edit
        else:
            at = one.place.line or 1, one.place.column or 1
            if statement is None or not statement.covers(*at):
                statement = statement_at(lines, *at)
            if statement is not None:
                key = (statement.line, statement.column)
                imported.setdefault(key, (statement, []))[1].append(index)
    for statement, indexes in imported.values():
        edit = _import(statement, [findings[index].fix or {} for index in indexes])
        found.update(dict.fromkeys(indexes, edit))
    return [found.get(index) for index in range(len(findings))]


def mendable(findings: Iterable[Finding], planned: bool = False) -> list[Finding]:
    """The findings that are mended together: none that is contested, of planned waves only if asked."""
    return [one for one in findings if (planned or one.state != "planned") and one.contested is None]


def _written(one: Finding, lines: Sequence[str]) -> str | None:
    """What stands at the place of a finding that has a fix; None where that is not one line of Python."""
    place = one.place
    if not one.fix or place.cell is not None or not place.path.endswith((".py", ".pyi")):
        return None
    if place.line is None or place.column is None or place.end_column is None or place.line > len(lines):
        return None
    if place.end_line not in (None, place.line):
        return None
    return lines[place.line - 1][place.column - 1 : place.end_column - 1]


def _string(one: Finding, lines: Sequence[str], written: str) -> Edit | None:
    """A whole string, between its quotes, or the home that stands beside a name."""
    place, new = one.place, (one.fix or {}).get(written)
    assert place.line is not None and place.column is not None and place.end_column is not None
    line = lines[place.line - 1]
    around = line[place.column - 2 : place.column - 1], line[place.end_column - 1 : place.end_column]
    if around not in (("'", "'"), ('"', '"')):
        return None
    if new is None:
        return paired(place, lines, one.fix or {})
    return Edit(place.line, place.column, place.line, place.end_column, new, f"Name {new} instead")


def _comment(one: Finding, lines: Sequence[str], written: str) -> Edit | None:
    """A comment without the codes of the fix."""
    place, codes = one.place, list(one.fix or {})
    assert place.line is not None and place.column is not None
    line = lines[place.line - 1]
    old = line[place.column - 1 :]
    new = without(old, codes)
    if new == old or not old.startswith(written):
        return None
    start = place.column if new.strip() else len(line[: place.column - 1].rstrip()) + 1
    return Edit(
        *(place.line, start, place.line, len(line) + 1),
        new.strip(),
        f"Take {' and '.join(codes)} out of the comment",
    )


def _import(statement: Statement, fixes: Sequence[dict[str, str]]) -> Edit | None:
    """A statement with all that is known of its names; None where two plans do not agree."""
    paths: dict[str, str] = {}
    for fix in fixes:
        if any(paths.get(old, new) != new for old, new in fix.items()):
            return None
        paths.update(fix)
    new = mended(statement, paths)
    if new is None:
        return None
    start, end, text = changed(statement.text, new)
    homes = list(dict.fromkeys(path.rpartition(".")[0] or path for path in paths.values()))
    title = f"Import {'it' if len(paths) == 1 else 'them'} from {' and '.join(homes)}"
    return Edit(*_place(statement, start), *_place(statement, end), text, title)


def _place(statement: Statement, offset: int) -> tuple[int, int]:
    """The line and column of an offset in a statement."""
    before = statement.text[:offset]
    if "\n" not in before:
        return statement.line, statement.column + offset
    return statement.line + before.count("\n"), offset - before.rfind("\n")
