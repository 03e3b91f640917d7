"""Which words stand in a file: one pass over its bytes, before any parsing."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

IDENTIFIER = frozenset(b"_0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") | frozenset(
    range(128, 256)
)
DOT = ord(".")
STAR = "import *"
LEADS = (".", "/", "'", '"')
"""What stands before the last part of a module's name, wherever it is not a name that an import binds."""


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

    def words_in(self, data: bytes) -> frozenset[str]:
        """The words that stand whole in `data` (no identifier byte on either side)."""
        if self._automaton is None:
            return frozenset()
        found: set[int] = set()
        size = len(data)
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


@lru_cache(maxsize=4)
def prefilter_of(words: frozenset[str]) -> Prefilter:
    """The prefilter for these words; the last few are kept, for each costs time to make."""
    return Prefilter(words)
