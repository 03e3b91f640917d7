"""What tells a candidate list from a mere set of names."""

from __future__ import annotations

from hardcut.plan.gates import Gate
from hardcut.plan.model import Surface
from hardcut.rules.surface.surfaces import candidates
from hardcut.source.facts import Text


def is_candidate(text: Text, gate: Gate[Surface]) -> bool:
    """Whether a banned name stands in an ordered list beside the allowed one, to be tried in turn.

    A set of both names is a block list unless it reaches an import function.
    """
    if text.kind != "string" or not candidates(text.siblings, gate):
        return False
    return text.container in ("tuple", "list") or bool(text.sinks)
