"""Which words stand in a file: one pass over its bytes, before any parsing."""

from __future__ import annotations

from collections.abc import Iterable

IDENTIFIER = frozenset(b"_0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") | frozenset(
    range(128, 256)
)
STAR = "import *"


class Prefilter:
    """Finds whole words in bytes with one Aho-Corasick automaton."""

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
            if number in found:
                continue
            if (start == 0 or data[start - 1] not in IDENTIFIER) and (
                end == size or data[end] not in IDENTIFIER
            ):
                found.add(number)
        return frozenset(self.words[number] for number in found)
