"""How big a file is: lines, lines of code, functions and classes."""

from __future__ import annotations

import msgspec


class Measure(msgspec.Struct, frozen=True, array_like=True):
    """`lines` of any kind, `code` lines, and the `definitions` at module level."""

    lines: int = 0
    code: int = 0
    definitions: int = 0

    def __add__(self, other: Measure) -> Measure:
        """The size of both together."""
        return Measure(self.lines + other.lines, self.code + other.code, self.definitions + other.definitions)
