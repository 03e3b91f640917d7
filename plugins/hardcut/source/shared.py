"""What two versions of a text have in common."""

from __future__ import annotations

from typing import TypeVar

T = TypeVar("T", bytes, list[str])


def shared(one: T, other: T) -> int:
    """How many items two sequences have in common at their beginnings; slices are compared, not items."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low
