"""Progress for people and programs: a table of waves, and of the gates of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from hardcut import __version__
from hardcut.report.columns import aligned
from hardcut.report.escape import clean
from hardcut.report.markdown import escape
from hardcut.report.plain_json import dump
from hardcut.report.status_graph import checklist, mermaid
from hardcut.report.summary import count
from hardcut.report.terminal import PLAIN, Terminal

if TYPE_CHECKING:
    from hardcut.engine.progress import GateProgress, Progress, WaveProgress

SCHEMA_VERSION = 1
FORMATS = ("text", "markdown", "json", "mermaid", "checklist")
LONGEST = 100
_HEAD = ["wave", "state", "done", "remaining", "contested", "blocked by", "title"]
_NUMBERS = (2, 3, 4)
_STYLES = {"landed": "good", "active": "warning", "open": "warning", "contested": "info", "done": "good"}


class _Json(msgspec.Struct, kw_only=True):
    schema_version: int
    version: str
    files: int
    notes: list[str]
    plan_findings: dict[str, int]
    waves: list[WaveProgress]


def render(progress: Progress, form: str, every: bool = False, terminal: Terminal = PLAIN) -> str:
    """The progress in one of the formats.

    Text lists the gates that are done only if `every` is set; the others always do.
    """
    if form == "json":
        return _json(progress)
    if form in ("mermaid", "checklist"):
        return mermaid(progress) if form == "mermaid" else checklist(progress)
    return _markdown(progress) if form == "markdown" else _text(progress, every, terminal)


def _json(progress: Progress) -> str:
    return dump(
        _Json(
            schema_version=SCHEMA_VERSION,
            version=__version__,
            files=progress.files,
            notes=progress.notes,
            plan_findings=progress.plan_findings,
            waves=progress.waves,
        )
    )


def _text(progress: Progress, every: bool, terminal: Terminal) -> str:
    parts: list[str] = []
    several = len(progress.plan_findings) > 1
    for plan, waves in _by_plan(progress):
        parts.append(terminal.paint(clean(plan), "path") + "\n" if several else "")
        parts.append(_overview(waves, terminal))
        parts += [_gates(wave, every, terminal) for wave in waves]
        parts.append(_plan_line(progress, plan))
    parts.append("".join(f"note: {clean(note)}\n" for note in progress.notes))
    return "\n".join(filter(None, parts))


def _overview(waves: list[WaveProgress], terminal: Terminal) -> str:
    rows = aligned([_HEAD, *(_wave_cells(wave) for wave in waves)], _NUMBERS)
    lines = [terminal.paint("  ".join(rows[0]).rstrip(), "faint")]
    for wave, row in zip(waves, rows[1:], strict=True):
        row[1] = terminal.paint(row[1], _STYLES.get(wave.state, "faint"))
        lines.append("  ".join(row).rstrip())
    return "".join(f"{line}\n" for line in lines)


def _wave_cells(wave: WaveProgress) -> list[str]:
    return [
        _short(wave.id),
        wave.state,
        f"{wave.done:,} of {len(wave.gates):,}",
        f"{wave.remaining:,}",
        f"{wave.disputed:,}",
        _blocked(wave),
        _short(wave.title or ""),
    ]


def _blocked(wave: WaveProgress) -> str:
    """What has to happen first: gates at all, other waves, open decisions."""
    if wave.state == "landed":
        return ""
    said = [] if wave.gates else ["no gate yet"]
    said += [f"wave {_short(name)}" for name in wave.blocked_by]
    said += [count(wave.decisions, "decision")] if wave.decisions else []
    return ", ".join(said)


def _gates(wave: WaveProgress, every: bool, terminal: Terminal) -> str:
    shown = [gate for gate in wave.gates if every or gate.state != "done"]
    if not shown:
        return ""
    rows = aligned([_gate_cells(gate) for gate in shown], (1,))
    title = f"wave {_short(wave.id)}" + (f": {_short(wave.title)}" if wave.title else "")
    lines = [terminal.paint(title, "path")]
    for gate, row in zip(shown, rows, strict=True):
        row[0] = terminal.paint(row[0], _STYLES.get(gate.state, "faint"))
        lines.append("  " + "  ".join(row).rstrip())
    hidden = len(wave.gates) - len(shown)
    lines += [terminal.paint(f"  {count(hidden, 'more gate')} done", "faint")] if hidden else []
    return "".join(f"{line}\n" for line in lines)


def _gate_cells(gate: GateProgress) -> list[str]:
    left = gate.remaining + gate.disputed
    said = f"in {count(gate.files, 'file')}" if left else ""
    place = f"{clean(gate.declared.path)}:{gate.declared.line}"
    subject = f"{gate.kind} {_short(gate.subject)}" + (f" ({_remark(gate)})" if _remark(gate) else "")
    return [gate.state, f"{left:,}" if left else "", said, place, subject]


def _remark(gate: GateProgress) -> str:
    """What else stands in the way of a gate."""
    said = [f"to decide: {_short(gate.decision)}"] if gate.decision else []
    if gate.disputed and gate.remaining:
        said.append(f"{gate.disputed:,} contested")
    if gate.waived:
        said.append(f"{gate.waived:,} waived")
    return "; ".join(said)


def _plan_line(progress: Progress, plan: str) -> str:
    wrong = progress.plan_findings.get(plan, 0)
    return f"the plan itself: {count(wrong, 'finding')}, listed by `hardcut check`\n" if wrong else ""


def _markdown(progress: Progress) -> str:
    parts: list[str] = []
    for plan, waves in _by_plan(progress):
        lines = [f"## {escape(_short(plan))}\n", f"| {' | '.join(_HEAD)} |", "|---|---|--:|--:|--:|---|---|"]
        lines += [f"| {' | '.join(escape(cell) for cell in _wave_cells(wave))} |" for wave in waves]
        for wave in waves:
            if not wave.gates:
                continue
            title = escape(_short(wave.id)) + (f": {escape(_short(wave.title))}" if wave.title else "")
            lines += ["", f"### wave {title}\n"]
            lines += [
                "| gate | state | remaining | contested | files | declared |",
                "|---|---|--:|--:|--:|---|",
            ]
            lines += [_markdown_gate(gate) for gate in wave.gates]
        said = _plan_line(progress, plan)
        parts.append("\n".join([*lines, *(["", escape(said.strip())] if said else [])]) + "\n")
    parts += [f"> {escape(note)}\n" for note in progress.notes]
    return "\n".join(parts)


def _markdown_gate(gate: GateProgress) -> str:
    subject = f"{gate.kind} {_short(gate.subject)}" + (f" ({_remark(gate)})" if _remark(gate) else "")
    place = f"{gate.declared.path}:{gate.declared.line}"
    cells = [escape(subject), gate.state, *(f"{n:,}" for n in (gate.remaining, gate.disputed, gate.files))]
    return f"| {' | '.join([*cells, escape(place)])} |"


def _by_plan(progress: Progress) -> list[tuple[str, list[WaveProgress]]]:
    return [(plan, [wave for wave in progress.waves if wave.plan == plan]) for plan in progress.plan_findings]


def _short(text: str) -> str:
    """Text of a manifest on one line, cut where it is long."""
    return clean(text if len(text) <= LONGEST else text[: LONGEST - 3] + "...")
