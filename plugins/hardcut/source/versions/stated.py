"""A version as one file states it, and what it admits."""

from __future__ import annotations

from typing import Literal

import msgspec

Release = tuple[int, ...]
"""Numbers of a version, at least three; `(1, 2, 3, 1)` is the smallest that comes after `(1, 2, 3)`."""
Span = tuple[Release, Release | None]
"""From a version on, up to another that is no part of it; None for no end."""
System = Literal["python", "cargo", "npm"]


class Stated(msgspec.Struct, frozen=True, array_like=True):
    """One statement: `text` as it is written, at a line and columns from 1, and the `spans` it admits.

    `pre` is a pre-release's mark. A `lock` says what is installed, `inherits` that a Cargo workspace
    decides. No spans: it admits nothing that can be told (a link to a repository, a tag).
    """

    line: int
    column: int
    end: int
    text: str
    system: System
    spans: list[Span]
    pre: str = ""
    lock: bool = False
    inherits: bool = False

    @property
    def exact(self) -> Release | None:
        """The one version that is admitted, if it is one."""
        if len(self.spans) != 1:
            return None
        low, high = self.spans[0]
        return low if high == (*low, 1) else None


class Versions(msgspec.Struct, frozen=True, array_like=True):
    """All that a file says of one name; `problem` tells why it cannot be read."""

    stated: list[Stated] = []
    problem: str = ""
