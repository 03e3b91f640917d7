"""Removed and moved names in prose: `home.name`, and `from home import name` in an example."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from hardcut.rules.targets import Symbol
from hardcut.source.facts import Text


@lru_cache(maxsize=2048)
def _patterns(homes: tuple[str, ...], name: str) -> re.Pattern[str]:
    where = "|".join(re.escape(home) for home in homes)
    return re.compile(
        rf"(?<![\w.\-])(?:{where})[.:]{re.escape(name)}(?!\w)"
        rf"|\bfrom\s+(?:{where})\s+import\s[^#\n]*?(?<![\w.]){re.escape(name)}(?!\w)"
    )


def named_in(text: Text, where: dict[str, list[Symbol]]) -> Iterator[tuple[Symbol, int, int]]:
    """Each symbol that a text names through one of its homes, with the offsets of the place."""
    for last, symbols in where.items():
        if last not in text.text:
            continue
        for symbol in symbols:
            for match in _patterns(symbol.homes, symbol.name).finditer(text.text):
                yield symbol, match.start(), match.end()
