"""Removed and moved names in prose: `home.name`, and `from home import name` in an example."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from hardcut.rules.targets import Symbol
from hardcut.source.facts import Text


@lru_cache(maxsize=2048)
def _pattern(homes: tuple[str, ...], name: str) -> re.Pattern[str]:
    where = "|".join(re.escape(home) for home in homes)
    return re.compile(
        rf"(?<![\w.\-])(?:{where})[.:]{re.escape(name)}(?!\w)"
        rf"|\bfrom\s+(?:{where})\s+import\s[^#\n]*?(?<![\w.]){re.escape(name)}(?!\w)"
    )


def named_in(text: Text, where: dict[str, list[Symbol]]) -> Iterator[tuple[Symbol, int, int]]:
    """Each symbol that a text names through one of its homes, with the offsets of the place."""
    for home, symbols in _by_home(where).items():
        if home not in text.text:
            continue
        for symbol in symbols:
            if symbol.name in text.text:
                for match in _pattern(symbol.homes, symbol.name).finditer(text.text):
                    yield symbol, match.start(), match.end()


_known: dict[int, tuple[dict[str, list[Symbol]], dict[str, list[Symbol]]]] = {}


def _by_home(where: dict[str, list[Symbol]]) -> dict[str, list[Symbol]]:
    """The symbols by each of their homes, made once for a table of symbols."""
    known = _known.get(id(where))
    if known is not None and known[0] is where:
        return known[1]
    found: dict[str, list[Symbol]] = {}
    for symbols in where.values():
        for symbol in symbols:
            for home in symbol.homes:
                found.setdefault(home, []).append(symbol)
    _known.clear()
    _known[id(where)] = (where, found)
    return found
