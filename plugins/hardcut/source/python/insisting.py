"""Loops that ask a helper again until it answers: one that gives None or False where something failed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hardcut.source.python.contexts import Contexts
from hardcut.source.python.retries import Retry, header
from hardcut.source.python.tree import climb, field, inside
from hardcut.source.python.values import NONE, SOME, TRUE, Probe, State
from hardcut.source.python.ways import Touch, Ways

if TYPE_CHECKING:
    from tree_sitter import Node


def insists(contexts: Contexts, call: Node, paths: tuple[str, ...], missing: str) -> Retry | None:
    """The loop around a helper's call that an answer ends, and `missing` does not."""
    present = SOME if missing == NONE else TRUE
    for loop in climb(call):
        if loop.type in ("function_definition", "lambda"):
            return None
        if loop.type not in ("for_statement", "while_statement") or inside(call, field(loop, "right")):
            continue
        _, goes_on = _ways(contexts, loop, call, Probe(0, missing, present))
        left, again = _ways(contexts, loop, call, Probe(0, present, missing))
        if goes_on and left and not again:
            return Retry(loop, header(loop), Touch(call, paths, "helper", ()), "loop")
    return None


def _ways(contexts: Contexts, loop: Node, call: Node, answer: Probe) -> tuple[bool, bool]:
    """Whether the answer that a probe marks may leave a loop, and whether it may go on to another round."""
    flow = contexts.flow([])
    flow.values.probes = {call.id: answer}
    condition = field(loop, "condition")
    states, left = {State(frozenset())}, set[State]()
    if condition is not None:
        states, left = flow._test(condition, states, Ways.empty())
    ways = flow._block(field(loop, "body"), states, None)
    again = ways.normal | ways.continued
    if condition is not None and not inside(call, condition):
        again, no = flow._test(condition, again, Ways.empty())
        left |= no
    left |= ways.broke | {state for state, _ in ways.returned}
    return any(one.hurt >= 0 for one in left), any(one.hurt >= 0 for one in again)
