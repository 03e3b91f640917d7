"""Hover over findings, and quick fixes for them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lsprotocol import types

from hardcut.finding import Finding
from hardcut.fix.edit import Edit
from hardcut.fix.planning import edits
from hardcut.integrations.server.diagnostics import Writer
from hardcut.plan.gates import Gate, LoadedPlan
from hardcut.rules.registry import find


def overlaps(one: types.Range, other: types.Range) -> bool:
    """Whether two ranges touch."""
    return _at(one.start) <= _at(other.end) and _at(other.start) <= _at(one.end)


def hover(
    findings: Sequence[Finding],
    plans: Sequence[LoadedPlan],
    lines: Sequence[str],
    at: types.Position,
    writer: Writer,
) -> types.Hover | None:
    """What there is to know about the findings at a place: rule, wave, reason, new home, ways out."""
    point = types.Range(at, at)
    here = [one for one in findings if overlaps(writer.range_of(one, lines), point)]
    if not here:
        return None
    text = "\n\n---\n\n".join(_told(one, plans) for one in here)
    return types.Hover(types.MarkupContent(types.MarkupKind.Markdown, text), writer.range_of(here[0], lines))


def actions(
    findings: Sequence[Finding],
    lines: Sequence[str],
    asked: types.CodeActionParams,
    version: int | None,
    writer: Writer,
) -> list[types.CodeAction]:
    """The quick fixes of the findings in a range, and one for all that can be fixed in the file."""
    found: list[types.CodeAction] = []
    uri = asked.text_document.uri
    given = [one for one in asked.context.diagnostics if one.source == "hardcut"]
    changes = edits(findings, lines)
    fixes: dict[Edit, list[Finding]] = {}
    for one, change in zip(findings, changes, strict=True):
        if change is not None and overlaps(writer.range_of(one, lines), asked.range):
            fixes.setdefault(change, []).append(one)
    for change, fixed in fixes.items() if _wanted(types.CodeActionKind.QuickFix, asked) else ():
        about = [each for each in given if any(_is_about(each, one, lines, writer) for one in fixed)]
        found.append(
            types.CodeAction(
                title=change.title,
                kind=types.CodeActionKind.QuickFix,
                diagnostics=about or None,
                is_preferred=True,
                edit=_workspace_edit(uri, version, [writer.edit_of(change, lines)]),
            )
        )
    fixable = [finding for finding in findings if finding.unfixed is None]
    every = sorted({edit for edit in edits(fixable, lines) if edit is not None})
    kind = types.CodeActionKind.SourceFixAll
    if every and _wanted(kind, asked):
        label = f"hardcut: fix what can be fixed here ({len(every)})"
        whole = [writer.edit_of(one, lines) for one in every]
        found.append(types.CodeAction(label, kind=kind, edit=_workspace_edit(uri, version, whole)))
    return found


def _is_about(given: types.Diagnostic, one: Finding, lines: Sequence[str], writer: Writer) -> bool:
    return given.code == one.code and overlaps(given.range, writer.range_of(one, lines))


def _wanted(kind: types.CodeActionKind, asked: types.CodeActionParams) -> bool:
    only = asked.context.only
    return not only or any(f"{kind.value}.hardcut.".startswith(f"{_name(one)}.") for one in only)


def _name(kind: types.CodeActionKind | str) -> str:
    return kind.value if isinstance(kind, types.CodeActionKind) else kind


def _workspace_edit(uri: str, version: int | None, edits: list[types.TextEdit]) -> types.WorkspaceEdit:
    if version is None:
        return types.WorkspaceEdit(changes={uri: edits})
    document = types.OptionalVersionedTextDocumentIdentifier(uri, version)
    return types.WorkspaceEdit(document_changes=[types.TextDocumentEdit(document, list(edits))])


def _told(one: Finding, plans: Sequence[LoadedPlan]) -> str:
    rule = find(one.code)
    plan = next((each for each in plans if each.name == one.plan), None)
    wave = next((each for each in plan.manifest.wave if each.id == one.wave), None) if plan else None
    gate = next((each for each in plan.gates if each.declared == one.declared), None) if plan else None
    lines = [f"**{one.code} {one.rule}**" + (f": {rule.summary}" if rule is not None else ""), one.message]
    if wave is not None:
        named = f" {wave.title}" if wave.title else ""
        lines.append(f"*Wave {wave.id}* ({one.state}){':' if named else ''}{named}")
    reason = gate.entry.reason if gate is not None else None
    if reason:
        lines.append(f"*Why:* {reason}")
    if (home := new_home(gate)) is not None:
        lines.append(f"*New home:* {home}")
    if one.help.strip():
        lines.append(f"*Ways out:* {one.help}")
    if one.contested is not None:
        lines.append(f"*Contested:* {one.contested}")
    lines.append(f"*Plan:* `{one.declared.path}`, line {one.declared.line}")
    return "\n\n".join(lines)


def new_home(gate: Gate[Any] | None) -> str | None:
    """Where a gate's entry sends its users, as Markdown."""
    to = getattr(gate.entry, "to", None) if gate is not None else None
    homes = [to] if isinstance(to, str) else to
    return " or ".join(f"`{one}`" for one in homes) if homes else None


def _at(position: types.Position) -> tuple[int, int]:
    return position.line, position.character
