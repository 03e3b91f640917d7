"""The functions that a run's plans want to delegate, where each is defined."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hardcut.plan.gates import Gate, LoadedPlan
from hardcut.plan.model import Delegate
from hardcut.rules.ownership.delegating import Delegating
from hardcut.rules.ownership.leading import Leading
from hardcut.source.facts import Span
from hardcut.source.project import Project

Function = tuple[str, str]


class Delegation:
    """One `delegate` entry.

    `functions` and `helpers` are the definitions behind its names, each as module and name;
    `elsewhere` are the places (module, name, span) that bind the function to something else.
    """

    def __init__(self, gate: Gate[Delegate], project: Project, others: frozenset[Function]) -> None:
        self.gate = gate
        leading = Leading(project, gate.entry.to)
        self.helpers = [one for name in gate.entry.through for one in _homes(leading, name)]
        self.judge = Delegating(project, gate.entry.to, others.union(self.helpers))
        self.functions = _homes(leading, gate.entry.function)
        self.elsewhere = list(self._elsewhere(leading, project))

    def _elsewhere(self, leading: Leading, project: Project) -> Iterator[tuple[str, str, Span]]:
        """The name's last definition, where it is no function and nothing native."""
        ends = leading.ends(self.gate.entry.function)
        if self.functions or any(leading.is_native_end(one) for one in ends):
            return
        found = leading.written(self.gate.entry.function)
        definitions = project.defined(found[0], found[1]) if found is not None else []
        if found is None or not definitions:
            return
        bodies = project.bodies(*found)
        if not any(self.judge.way(one) is not None for one in bodies):
            yield found[0], found[1], definitions[-1].span

    def modules(self) -> list[str]:
        """The modules whose files have to be read."""
        every = [*self.functions, *self.helpers, *((at, name) for at, name, _ in self.elsewhere)]
        return [module for module, _ in every]


class Delegates:
    """All `delegate` entries of the plans of a run."""

    def __init__(self, plans: Sequence[LoadedPlan], project: Project) -> None:
        self.all: list[Delegation] = []
        for plan in plans:
            gates = plan.of(Delegate)
            homes = frozenset(
                home
                for gate in gates
                for home in _homes(Leading(project, gate.entry.to), gate.entry.function)
            )
            self.all += [Delegation(gate, project, homes) for gate in gates]

    def modules(self) -> list[str]:
        """The modules whose files have to be read."""
        return [module for one in self.all for module in one.modules()]


def _homes(leading: Leading, name: str) -> list[Function]:
    """The functions of the project that a dotted name leads to."""
    found = (leading.home(one) for one in leading.ends(name))
    return list(dict.fromkeys(one for one in found if one is not None))
