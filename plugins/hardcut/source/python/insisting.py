"""Loops that ask a helper again until it answers: one that gives None or False where something failed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hardcut.flow.conditions import NONE, SOME, TRUE
from hardcut.source.python.contexts import Contexts
from hardcut.source.python.failure_flow import Question, Touch
from hardcut.source.python.retries import Retry, header
from hardcut.source.python.tree import climb, field, inside

if TYPE_CHECKING:
    from tree_sitter import Node


def insists(contexts: Contexts, call: Node, paths: tuple[str, ...], missing: int) -> Retry | None:
    """The loop around a helper's call that an answer ends, and `missing` does not."""
    present = SOME if missing == NONE else TRUE
    for loop in climb(call):
        if loop.type in ("function_definition", "lambda"):
            return None
        if loop.type not in ("for_statement", "while_statement") or inside(call, field(loop, "right")):
            continue
        failing = contexts.flow.rounds(loop, (), {0: Question(call, missing, present)})
        if not failing.again:
            continue
        answering = contexts.flow.rounds(loop, (), {0: Question(call, present, missing)})
        if answering.leaving and not answering.again:
            return Retry(loop, header(loop), Touch(call, paths, "helper", ()), "loop")
    return None
