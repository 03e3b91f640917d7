"""Notes about entries that match nothing now, if the known history is not complete."""

from __future__ import annotations

from collections.abc import Sequence

from hardcut.engine.report_data import Undetermined

SHOWN = 5


def undetermined_notes(undetermined: Sequence[Undetermined]) -> list[str]:
    """One note for each reason why the history is not complete, with the entries concerned."""
    by_reason: dict[str, list[Undetermined]] = {}
    for one in undetermined:
        by_reason.setdefault(one.reason, []).append(one)
    return [f"{listed(entries)} cannot be verified: {reason}" for reason, entries in by_reason.items()]


def listed(entries: Sequence[Undetermined]) -> str:
    """The entries for a message: `2 names of the plan that match nothing now (delete shop.old, ...)`."""
    shown = "; ".join(
        f"{one.kind} {one.subject}, {one.declared.path}:{one.declared.line}" for one in entries[:SHOWN]
    )
    more = f"; and {len(entries) - SHOWN:,} more" if len(entries) > SHOWN else ""
    what = (
        "1 name of the plan that matches"
        if len(entries) == 1
        else f"{len(entries):,} names of the plan that match"
    )
    return f"{what} nothing now ({shown}{more})"
