"""The edits that would fix the findings about one file, before anything is verified; no file is parsed."""

from __future__ import annotations

from collections.abc import Sequence

from hardcut.finding import Finding, Unfixed
from hardcut.fix.comments import without
from hardcut.fix.edit import Claim, ClaimKind, Edit, PlannedEdit, overlapping
from hardcut.fix.imports import changed, rewritten
from hardcut.fix.pairs import paired
from hardcut.source.statement import Statement, statement_at

Plan = PlannedEdit | Unfixed


def edits(findings: Sequence[Finding], lines: Sequence[str]) -> list[Edit | None]:
    """For each finding about a file with these lines, the edit that fixes it, if there is one.

    Of findings that a run or a session gave, the edits are verified: those that were not have no `fix`.
    """
    return [plan.edit if isinstance(plan, PlannedEdit) else None for plan in planned(findings, lines)]


def planned(findings: Sequence[Finding], lines: Sequence[str]) -> list[Plan]:
    """For each finding about a file with these lines, the planned edit or the reason that there is none.

    Several names of one import statement share an edit, which fixes all of them.
    """
    found: dict[int, Plan] = {}
    imported: dict[tuple[int, int], tuple[Statement, list[int]]] = {}
    statement: Statement | None = None
    for index, finding in enumerate(findings):
        if not finding.fix:
            found[index] = finding.unfixed or Unfixed.DECISION
            continue
        written = _written(finding, lines)
        if isinstance(written, Unfixed):
            found[index] = written
        elif written.startswith("#"):
            found[index] = _comment(finding, lines, written)
        elif (plan := _string(finding, lines, written)) is not None:
            found[index] = plan
        else:
            at = finding.place.line or 1, finding.place.column or 1
            if statement is None or not statement.covers(*at):
                statement = statement_at(lines, *at)
            if statement is None:
                found[index] = Unfixed.LAYOUT
                continue
            key = (statement.line, statement.column)
            imported.setdefault(key, (statement, []))[1].append(index)
    for statement, indexes in imported.values():
        plan = _import(statement, [findings[index].fix or {} for index in indexes])
        found.update(dict.fromkeys(indexes, plan))
    return _without_overlaps([found[index] for index in range(len(findings))])


def _without_overlaps(plans: list[Plan]) -> list[Plan]:
    late = overlapping(plan.edit for plan in plans if isinstance(plan, PlannedEdit))
    return [
        Unfixed.CONFLICT if isinstance(plan, PlannedEdit) and plan.edit in late else plan for plan in plans
    ]


def _written(finding: Finding, lines: Sequence[str]) -> str | Unfixed:
    """What is written at the place of a finding that has a fix."""
    place = finding.place
    if place.cell is not None or not place.path.endswith((".py", ".pyi")):
        return Unfixed.FILE_TYPE
    if place.line is None or place.column is None or place.end_column is None or place.line > len(lines):
        return Unfixed.LAYOUT
    if place.end_line not in (None, place.line):
        return Unfixed.LAYOUT
    return lines[place.line - 1][place.column - 1 : place.end_column - 1]


def _string(finding: Finding, lines: Sequence[str], written: str) -> Plan | None:
    """A whole string, between its quotes, or the home that is beside a name; None for no string."""
    place, fix = finding.place, finding.fix or {}
    assert place.line is not None and place.column is not None and place.end_column is not None
    line = lines[place.line - 1]
    around = line[place.column - 2 : place.column - 1], line[place.end_column - 1 : place.end_column]
    if around not in (("'", "'"), ('"', '"')):
        return None
    new = fix.get(written)
    if new is not None:
        edit = Edit(place.line, place.column, place.line, place.end_column, new, f"Name {new} instead")
        return PlannedEdit(edit, (_claim(edit, written, new, new.replace(":", ".")),))
    beside = paired(place, lines, fix)
    if beside is None:
        return Unfixed.COMPOSED
    edit, home = beside
    path = next((new for new in fix.values() if new == f"{edit.text}.{written}"), "")
    return PlannedEdit(edit, (_claim(edit, home, edit.text, path),))


def _claim(edit: Edit, old: str, new: str, path: str) -> Claim:
    return Claim(ClaimKind.STRING, edit.line, edit.column, old, new, path)


def _comment(finding: Finding, lines: Sequence[str], written: str) -> Plan:
    """A comment without the codes of the fix."""
    place, codes = finding.place, list(finding.fix or {})
    assert place.line is not None and place.column is not None
    line = lines[place.line - 1]
    old = line[place.column - 1 :]
    new = without(old, codes)
    if new == old or not old.startswith(written):
        return Unfixed.LAYOUT
    start = place.column if new.strip() else len(line[: place.column - 1].rstrip()) + 1
    return PlannedEdit(
        Edit(
            *(place.line, start, place.line, len(line) + 1),
            new.strip(),
            f"Take {' and '.join(codes)} out of the comment",
        )
    )


def _import(statement: Statement, fixes: Sequence[dict[str, str]]) -> Plan:
    """A statement with all that is known of its names; a reason if two plans do not agree."""
    paths: dict[str, str] = {}
    for fix in fixes:
        if any(paths.get(old, new) != new for old, new in fix.items()):
            return Unfixed.SEVERAL_HOMES
        paths.update(fix)
    new = rewritten(statement, paths)
    if isinstance(new, Unfixed):
        return new
    start, end, text = changed(statement.text, new.text)
    homes = list(dict.fromkeys(path.rpartition(".")[0] or path for path in paths.values()))
    title = f"Import {'it' if len(paths) == 1 else 'them'} from {' and '.join(homes)}"
    claims = tuple(
        Claim(ClaimKind.IMPORT, *_place(statement, statement.names[index].start), before, after, after)
        for index, before, after in new.names
    )
    return PlannedEdit(Edit(*_place(statement, start), *_place(statement, end), text, title), claims)


def _place(statement: Statement, offset: int) -> tuple[int, int]:
    """The line and column of an offset in a statement."""
    before = statement.text[:offset]
    if "\n" not in before:
        return statement.line, statement.column + offset
    return statement.line + before.count("\n"), offset - before.rfind("\n")
