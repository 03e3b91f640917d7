"""Which files a waiver holds for."""

from __future__ import annotations

from hardcut.plan.model import Waiver
from hardcut.source.globs import Globs, globs


def files_of(waiver: Waiver) -> Globs:
    """A waiver's path as a glob that starts at the root; a folder's covers all below it."""
    return globs((f"/{waiver.path.removeprefix('./')}",))
