"""Edits of a manifest, for the commands that make them: which plan, and writing it."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence

from hardcut.api.errors import plain, unknown, unusable
from hardcut.integrations.cli.output import write_file
from hardcut.plan.errors import ManifestError, listing, quoted
from hardcut.plan.gates import LoadedPlan
from hardcut.plan.model import Wave

ONE = "name its manifest with --plan"


def wave_of(plans: Sequence[LoadedPlan], wave: str) -> tuple[LoadedPlan, Wave]:
    """The one plan that has a wave, and the wave.

    Raises Unusable where none has it, or several.
    """
    found = [(plan, one) for plan in plans for one in plan.manifest.wave if one.id == wave]
    if not found:
        raise unknown("wave", wave, (one.id for plan in plans for one in plan.manifest.wave))
    if len(found) > 1:
        raise plain(f"wave {quoted(wave)} is in {listing(plan.path for plan, _ in found)}; {ONE}")
    return found[0]


def place_of(plan: LoadedPlan, wave: str) -> str:
    """Where a wave stands in its manifest."""
    at = next(at for at, one in enumerate(plan.manifest.wave) if one.id == wave)
    return f"{plan.path}:{plan.waves[at].line}"


def edit(plan: LoadedPlan, change: Callable[[LoadedPlan], bytes]) -> None:
    """Write a plan's manifest anew, in one step; a link stays, and what it leads to is written.

    Raises Unusable where the edit cannot be made, or the file cannot be written.
    """
    path = writable(plan)
    try:
        data = change(plan)
    except ManifestError as problem:
        raise unusable(problem) from None
    write_file(path, data, plan.root)


def writable(plan: LoadedPlan) -> str:
    """The place of a plan's manifest, which may be written.

    Raises Unusable where it is read-only, or a link in the project leads out of it.
    """
    path = os.path.join(plan.root, plan.path)
    if not os.path.isabs(plan.path) and not _below(os.path.realpath(path), os.path.realpath(plan.root)):
        raise plain(f"cannot write {plan.path}: a symbolic link leads out of the project; edit it by hand")
    if os.path.exists(path) and not os.access(path, os.W_OK):
        raise plain(f"cannot write {plan.path}: it is read-only")
    return path


def _below(path: str, folder: str) -> bool:
    return path.startswith(os.path.join(folder, ""))
