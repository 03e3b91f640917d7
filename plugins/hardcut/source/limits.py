"""Bounds that an analysis reached: noted where that was, so that nothing is left out in silence."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from hardcut.source.facts import Limit

MOST = 1_000
"""So many places are kept of one reading; the finding that they give names the first ones."""


class _Local(threading.local):
    """What the reading of one file has noted so far, in this thread; None where nobody collects."""

    noted: dict[Limit, None] | None = None


_LOCAL = _Local()


def note(limit: Limit) -> None:
    """Note that an analysis stopped at a bound."""
    if _LOCAL.noted is not None and len(_LOCAL.noted) < MOST:
        _LOCAL.noted[limit] = None


@contextmanager
def collected() -> Iterator[dict[Limit, None]]:
    """Collect what the analyses of one file note, in their order."""
    before, found = _LOCAL.noted, dict[Limit, None]()
    _LOCAL.noted = found
    try:
        yield found
    finally:
        _LOCAL.noted = before
