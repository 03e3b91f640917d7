"""What a file tells other files about failures: the names through which a guarded thing is reached."""

from __future__ import annotations

from typing import Literal as OneOf

import msgspec


class Told(msgspec.Struct, frozen=True, array_like=True):
    """A name of a file, and what it has to do with the guarded `paths`.

    kind: `escapes` a function from which their failure reaches the caller as one of `types` (`above`
    gives the base classes of those that the file defines), `gives` a function that answers `missing`
    (None or False) where they are not there, `flag` a name that then holds `missing`, and otherwise
    `present`; both are values of `hardcut.flow.conditions`, 0 if unknown. `asked` tells that a `gives`
    rests on questions alone, not on a handler that swallows.
    """

    name: str
    kind: OneOf["escapes", "gives", "flag"]
    paths: list[str]
    types: list[str] = []
    above: dict[str, list[str]] = {}
    missing: int = 0
    present: int = 0
    asked: bool = False


class Known(msgspec.Struct, frozen=True, array_like=True):
    """What a file may know of others: what they tell, by the path it is reached by, and paths that are one.

    `same` maps the path under which this file names an exception to the path where it is defined; `ends`
    functions that never return to what they raise.
    """

    told: dict[str, list[Told]] = {}
    same: dict[str, str] = {}
    ends: dict[str, list[str]] = {}
