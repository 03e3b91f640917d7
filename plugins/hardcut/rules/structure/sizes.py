"""What a ceiling's path measures: files as they are, folders as the sum of their Python files."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from hardcut.plan.gates import Gate
from hardcut.plan.model import Ceiling
from hardcut.rules.context import RuleContext
from hardcut.source.measure import Measure


class Sized(msgspec.Struct, frozen=True):
    """One file or folder that a ceiling is about; `there` is False where nothing is."""

    gate: Gate[Ceiling]
    path: str
    size: Measure
    there: bool = True

    @property
    def lines(self) -> int:
        """The lines that the gate counts."""
        return self.size.code if self.gate.entry.count == "code" else self.size.lines

    @property
    def unit(self) -> str:
        """What the gate counts, for people."""
        return "lines of code" if self.gate.entry.count == "code" else "lines"


def sized(run: RuleContext) -> Iterator[Sized]:
    """Each file or folder that a ceiling names; a path that names nothing has a size of 0."""
    for plan in run.plans:
        for gate in plan.of(Ceiling):
            found = run.project.matching(gate.entry.path)
            deep = gate.entry.count == "code" or gate.entry.max_definitions is not None
            for path in found:
                yield Sized(gate, path, run.project.measure(path, deep))
            if not found:
                yield Sized(gate, gate.entry.path, Measure(), False)
