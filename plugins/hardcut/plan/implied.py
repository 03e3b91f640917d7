"""The deletions of a plan: its `delete` entries, and those that the move of a whole module implies."""

from __future__ import annotations

from hardcut.plan.gates import Gate, LoadedPlan
from hardcut.plan.model import Delete, Move
from hardcut.plan.waves import ranks


class Moved(Delete, frozen=True, kw_only=True):
    """The deletion of a module that moves as a whole: `homes` are its new homes."""

    homes: tuple[str, ...]


def deletions(plan: LoadedPlan) -> list[Gate[Delete]]:
    """Every deletion of a plan; an implied one has the wave, state and place of its move.

    A module that moves as a whole leaves nothing behind, as if a `delete` with `to` stood beside the
    move. Not if its name stays in use: a new home is the module itself or below it, or the plan moves
    something else there, in the same wave or a later one. What a `delete` of the same wave says already
    is not implied again.
    """
    explicit = plan.of(Delete)
    said = {(gate.wave, gate.entry.module) for gate in explicit}
    implied = [
        _implied(move)
        for move in plan.of(Move)
        if not move.entry.symbols and (move.wave, move.entry.from_) not in said and not _stays(move, plan)
    ]
    return [*explicit, *implied]


def new_homes(move: Move) -> tuple[str, ...]:
    """The new home of a move, or the homes of a split module."""
    return (move.to,) if isinstance(move.to, str) else tuple(move.to)


def _implied(move: Gate[Move]) -> Gate[Delete]:
    entry, homes = move.entry, new_homes(move.entry)
    moved = Moved(
        module=entry.from_,
        to=homes[0] if len(homes) == 1 else None,
        homes=homes,
        reason=entry.reason,
        contested=entry.contested,
        decision=entry.decision,
    )
    return Gate(moved, move.plan, move.wave, move.state, move.declared)


def _stays(move: Gate[Move], plan: LoadedPlan) -> bool:
    """Whether the old name of a moved module is the name of something after the move.

    A planned move does not count where this one has begun: the name is free until that move is made.
    """
    turns = dict(zip((wave.id for wave in plan.manifest.wave), ranks(plan.manifest), strict=True))
    later = [
        home
        for other in plan.of(Move)
        if turns[other.wave] >= turns[move.wave] and (other.state != "planned" or move.state == "planned")
        for home in new_homes(other.entry)
    ]
    return any(f"{home}.".startswith(f"{move.entry.from_}.") for home in later)
