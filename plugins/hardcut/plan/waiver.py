"""Waivers: which findings they hold for, and whether they have come to their end."""

from __future__ import annotations

import datetime

from hardcut.plan.gates import LoadedPlan
from hardcut.plan.model import Ignore, Waiver


def ended(plan: LoadedPlan, waiver: Waiver, today: datetime.date) -> str | None:
    """Since when a waiver holds no longer, for people: `since wave 5 landed`; None while it holds.

    A date is the last day on which it holds.
    """
    if waiver.until.startswith("wave "):
        wanted = waiver.until.removeprefix("wave ").strip()
        landed = any(wave.id == wanted and wave.state == "landed" for wave in plan.manifest.wave)
        return f"since wave {wanted} landed" if landed else None
    last = datetime.date.fromisoformat(waiver.until)
    return f"since {last + datetime.timedelta(days=1)}" if last < today and last < datetime.date.max else None


def speaks_of(waiver: Waiver | Ignore, code: str, name: str, subject: str) -> bool:
    """Whether a waiver is about a rule's findings with a subject: that name, or one below it."""
    if waiver.rule.strip().lower() not in (code.lower(), name):
        return False
    return waiver.subject is None or f"{subject}.".startswith(f"{waiver.subject}.")
