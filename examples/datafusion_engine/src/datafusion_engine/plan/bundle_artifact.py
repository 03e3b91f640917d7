"""Plan bundles."""

from __future__ import annotations

import datafusion
import datafusion_ext


def plan_bytes(plan: object) -> bytes:
    """A plan in bytes: first through one surface, then through the other."""
    encoded = _internal_bytes(plan)
    if encoded is not None:
        return encoded
    return datafusion_ext.encode(plan)


def _internal_bytes(plan: object) -> bytes | None:
    internal = getattr(datafusion, "_internal", None)
    return None if internal is None else internal.encode(plan)
