"""Which words stand in a file: one pass over its bytes, before any parsing."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ahocorasick_rs import BytesAhoCorasick

IDENTIFIER = frozenset(b"_0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") | frozenset(
    range(128, 256)
)
DOT = ord(".")
STAR = "import *"
LEADS = (".", "/", "'", '"')
"""What stands before the last part of a module's name, wherever it is not a name that an import binds."""

WORTH_TABLE = 1_000_000
"""Bytes to search from which a faster automaton pays for the time to build it."""
MOST_IN_TABLE = 2_000
"""Words beyond which that automaton takes too much memory (some ten MiB for these)."""


def marked(word: str) -> list[str]:
    """A module's last name with each sign that may stand before it."""
    return [sign + word for sign in LEADS]


class Prefilter:
    """Finds whole words in bytes with one Aho-Corasick automaton.

    A word may begin with one of `LEADS`; `.word` right after `self` does not count, for a module is
    no attribute of an object.
    """

    def __init__(self, words: Iterable[str]) -> None:
        import ahocorasick_rs

        self.words = sorted(set(words))
        patterns = [word.encode("utf-8") for word in self.words]
        self._automaton = ahocorasick_rs.BytesAhoCorasick(patterns) if patterns else None
        self._passed = 0

    def words_in(self, data: bytes) -> frozenset[str]:
        """The words that stand whole in `data` (no identifier byte on either side)."""
        if self._automaton is None:
            return frozenset()
        found: set[int] = set()
        size = len(data)
        self._passed += size
        if self._passed - size < WORTH_TABLE <= self._passed and len(self.words) <= MOST_IN_TABLE:
            self._automaton = _table(self.words)
        for number, start, end in self._automaton.find_matches_as_indexes(data, overlapping=True):
            if number in found or (end < size and data[end] in IDENTIFIER):
                continue
            if data[start] in IDENTIFIER:
                if start and data[start - 1] in IDENTIFIER:
                    continue
            elif data[start] == DOT and data[start - 4 : start] == b"self":
                continue
            found.add(number)
        return frozenset(self.words[number] for number in found)


def _table(words: Iterable[str]) -> BytesAhoCorasick:
    import ahocorasick_rs

    table = ahocorasick_rs.Implementation.DFA
    return ahocorasick_rs.BytesAhoCorasick([word.encode("utf-8") for word in words], implementation=table)


@lru_cache(maxsize=4)
def prefilter_of(words: frozenset[str]) -> Prefilter:
    """The prefilter for these words; the last few are kept, for each costs time to make."""
    return Prefilter(words)
