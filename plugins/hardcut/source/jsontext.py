"""JSON of any origin: read without trust, with places for what it says."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable
from typing import Any

LARGEST = 64 * 1024 * 1024
REACH = 1e75
"""Larger numbers are no measurements, and their squares no numbers."""
_QUOTED = re.compile(r'"((?:[^"\\]++|\\.)*+)"')


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
    """A finite number that can be reckoned with, or None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        found = float(value)
    except OverflowError:
        return None
    return found if math.isfinite(found) and abs(found) < REACH else None


def places(text: str, words: Iterable[str], only: bool = False) -> dict[str, tuple[int, int]]:
    """Line and column of quoted words in a JSON text, the first of each; with `only`, of those with one."""
    wanted = {json.dumps(word, ensure_ascii=plain)[1:-1]: word for word in words for plain in (True, False)}
    found: dict[str, tuple[int, int]] = {}
    twice: set[str] = set()
    line, start = 1, 0
    for one in _QUOTED.finditer(text):
        word = wanted.get(one[1])
        if word is None:
            continue
        if word in found:
            twice.add(word)
            continue
        line += text.count("\n", start, one.start())
        start = one.start()
        found[word] = (line, start - text.rfind("\n", 0, start))
    return {word: place for word, place in found.items() if not (only and word in twice)}
