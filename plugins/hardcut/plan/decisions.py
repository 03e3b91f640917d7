"""What a plan's authors have not decided yet; a wave that rests on it cannot land."""

from __future__ import annotations

from typing import Literal

import msgspec

from hardcut.plan.errors import listing, quoted
from hardcut.plan.gates import Gate, LoadedPlan
from hardcut.plan.model import Entry


class Open(msgspec.Struct, frozen=True):
    """One open decision: the entry that rests on it, what is open, and in which way.

    `question` has no answer chosen yet; `contested` entries have authors who disagree.
    """

    gate: Gate[Entry]
    about: str
    kind: Literal["question", "contested"]

    @property
    def said(self) -> str:
        """What is open, in one line of plain text."""
        return f"{'not decided' if self.kind == 'question' else 'contested'}: {self.about}"


def open_decisions(plan: LoadedPlan, wave: str | None = None) -> list[Open]:
    """The open decisions of one wave, or of all, in the manifest's order.

    An entry that is both undecided and contested gives two.
    """
    found: list[Open] = []
    for gate in plan.gates:
        if wave is not None and gate.wave != wave:
            continue
        decision = gate.entry.decision
        if decision is not None and decision.chosen is None:
            options = f" ({listing(decision.options, 'or')})" if decision.options else ""
            found.append(Open(gate, f"{quoted(decision.question)}{options}", "question"))
        if gate.entry.contested is not None:
            found.append(Open(gate, quoted(gate.entry.contested), "contested"))
    return found
