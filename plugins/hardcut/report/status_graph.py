"""Progress as a Mermaid graph of the waves, and as a checklist in Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hardcut.report.escape import clean
from hardcut.report.markdown import escape

if TYPE_CHECKING:
    from hardcut.engine.progress import GateProgress, Progress, WaveProgress

_LONGEST: Final = 100
_COLOURS: Final = {
    "landed": "fill:#d3f0d8,stroke:#2da44e,color:#1f2328",
    "active": "fill:#fff3c4,stroke:#bf8700,color:#1f2328",
    "planned": "fill:#eaeef2,stroke:#8c959f,color:#1f2328",
}
"""Light fills with dark text: they are readable in the light and the dark theme of GitHub and GitLab."""
_DONE: Final = frozenset({"done", "waived"})


def mermaid(progress: Progress) -> str:
    """A graph with a node for each wave, in the colour of its state, and an arrow for each `requires`."""
    lines = ["flowchart LR"]
    plans = list(progress.plan_findings)
    for number, plan in enumerate(plans):
        waves = [wave for wave in progress.waves if wave.plan == plan]
        nodes = {wave.id: f"p{number}w{place}" for place, wave in enumerate(waves)}
        indent = "  "
        if len(plans) > 1:
            lines.append(f'  subgraph p{number}["{_label(plan)}"]')
            indent = "    "
        lines += [f'{indent}{nodes[wave.id]}["{_node(wave)}"]:::{wave.state}' for wave in waves]
        if len(plans) > 1:
            lines.append("  end")
        lines += [
            f"  {nodes[name]} --> {nodes[wave.id]}"
            for wave in waves
            for name in wave.requires
            if name in nodes
        ]
    lines += [f"  classDef {state} {style}" for state, style in _COLOURS.items()]
    return "".join(f"{line}\n" for line in lines)


def checklist(progress: Progress) -> str:
    """A task list for each wave: an item for each gate, ticked if nothing is left of it."""
    parts: list[str] = []
    plans = list(progress.plan_findings)
    for plan in plans:
        lines = [f"# {escape(_cut(plan))}"] if len(plans) > 1 else []
        for wave in progress.waves:
            if wave.plan == plan:
                lines += [*([""] if lines else []), *_wave(wave)]
        parts.append("".join(f"{line}\n" for line in lines))
    return "\n".join(parts)


def _node(wave: WaveProgress) -> str:
    title = f"{wave.id}: {wave.title}" if wave.title else wave.id
    said = f"{wave.state}, {wave.done:,} of {len(wave.gates):,} done"
    if wave.remaining:
        said += f", {wave.remaining:,} left"
    return f"{_label(title)}<br/>{said}"


def _label(text: str) -> str:
    """Text of a manifest in a quoted label: Mermaid reads HTML and `#` entities in it."""
    shown = _cut(text)
    for sign, entity in (("#", "#35;"), ("&", "#amp;"), ('"', "#quot;"), ("<", "#lt;"), (">", "#gt;")):
        shown = shown.replace(sign, entity)
    return shown.replace("`", "#96;")


def _wave(wave: WaveProgress) -> list[str]:
    title = escape(_cut(wave.id)) + (f": {escape(_cut(wave.title))}" if wave.title else "")
    lines = [f"## Wave {title} ({wave.state})", ""]
    lines += [_item(gate) for gate in wave.gates]
    return lines if wave.gates else [*lines, "No gate yet."]


def _item(gate: GateProgress) -> str:
    said = f"{gate.kind} {escape(_cut(gate.subject))}"
    notes = [f"{gate.remaining:,} left in {gate.files:,} files"] if gate.remaining else []
    notes += [f"contested: {escape(_cut(gate.contested))}"] if gate.contested else []
    notes += [f"to decide: {escape(_cut(gate.decision))}"] if gate.decision else []
    notes += ["not checked"] if gate.state == "unchecked" else []
    mark = "x" if gate.state in _DONE and gate.decision is None else " "
    return f"- [{mark}] {said}" + (f" ({'; '.join(notes)})" if notes else "")


def _cut(text: str) -> str:
    shown = " ".join(text.split())
    return clean(shown if len(shown) <= _LONGEST else shown[: _LONGEST - 3] + "...")
