"""Limits on work that must not hang: in CPU time of this process, so that a busy machine breaks none."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Fail if what is done inside takes this process longer; what hangs takes far longer than any limit.

    Raises:
        AssertionError: it did.
    """
    began = time.process_time()
    yield
    assert time.process_time() - began < seconds
