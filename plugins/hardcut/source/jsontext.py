"""JSON of any origin: read without trust, with places for what it says."""

from __future__ import annotations

import json
import math
from typing import Any

LARGEST = 64 * 1024 * 1024


class Unreadable(ValueError):
    """A file that is not what it should be; the text says why, and goes behind the file's name."""


def parse(data: bytes) -> tuple[Any, str]:
    """The value in a JSON file, and its text.

    NaN and infinities, which asv writes, are read as such. Raises Unreadable.
    """
    if len(data) > LARGEST:
        raise Unreadable(f"is larger than {LARGEST // 1024 // 1024} MiB")
    text = data.decode("utf-8-sig", "replace")
    try:
        return json.loads(text), text
    except json.JSONDecodeError as wrong:
        raise Unreadable(f"is no JSON: {wrong.msg} in line {wrong.lineno}") from None
    except RecursionError:
        raise Unreadable("is nested too deep") from None
    except ValueError as wrong:
        raise Unreadable(f"is no JSON: {str(wrong)[:100]}") from None


def number(value: Any) -> float | None:
    """A finite number, or None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        found = float(value)
    except OverflowError:
        return None
    return found if math.isfinite(found) else None


def spot(text: str, word: str, only: bool = False) -> tuple[int, int] | None:
    """Line and column of a quoted word in a JSON text; with `only`, None where it stands there twice."""
    for written in (json.dumps(word), json.dumps(word, ensure_ascii=False)):
        at = text.find(written)
        if at >= 0:
            if only and text.find(written, at + 1) >= 0:
                return None
            return text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
    return None
