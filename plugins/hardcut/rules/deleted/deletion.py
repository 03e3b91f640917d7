"""What the rules about deleted modules share."""

from __future__ import annotations

from hardcut.plan.gates import Gate
from hardcut.plan.model import Delete
from hardcut.source.facts import Facts


def advice(gate: Gate[Delete]) -> str:
    """The legal ways out for a use of a deleted module."""
    if gate.entry.to:
        return f"import `{gate.entry.to}` instead"
    return "remove the use; if the module has to come back, add a `[[revive]]` entry with a reason"


def is_own(facts: Facts, module: str) -> bool:
    """Whether a file is (a part of) the deleted module itself, which another rule reports as present."""
    return facts.module is not None and (facts.module == module or facts.module.startswith(module + "."))
