"""Python source as bags of token trigrams, which stay the same where code is moved, formatted or renamed."""

from __future__ import annotations

import re

OWN_NAME = b"\0"
"""Stands for the name of a definition in its own code, so that renamed code has the same tokens."""

_TOKEN = re.compile(
    rb"""[ \t\f\r\n\\]++|\#[^\n]*+
      | (\"{3}(?:[^"\\]|\\.|"(?!""))*+(?:\"{3})? | '{3}(?:[^'\\]|\\.|'(?!''))*+(?:'{3})?
        | "(?:[^"\\\n]|\\.)*+"? | '(?:[^'\\\n]|\\.)*+'?
        | [A-Za-z0-9_\x80-\xff]++ | [^,])
      | ,""",
    re.VERBOSE | re.DOTALL,
)
_QUOTES = b"\"'"
_BITS = 21
_MASK = (1 << _BITS) - 1


class Vocabulary:
    """Numbers for tokens, so that a trigram is one integer. Both sides of a comparison share one."""

    def __init__(self) -> None:
        self._numbers: dict[bytes, int] = {}

    def trigrams(self, source: bytes, name: str = "") -> tuple[frozenset[int], int]:
        """The trigrams of a piece of source, and how many tokens it has.

        Comments, layout, commas and kinds of quotes do not count: formatters change them. `name` is that
        of the definition that the source is.
        """
        numbers = self._numbers
        own = name.encode()
        found: set[int] = set()
        first = second = 0
        size = 0
        for token in _TOKEN.findall(source):
            if not token:
                continue
            if token == own:
                token = OWN_NAME
            elif token[0] in _QUOTES:
                token = b'"' + token.strip(_QUOTES)
            third = numbers.setdefault(token, len(numbers) + 1)
            found.add((((first << _BITS) | second) << _BITS) | (third & _MASK))
            first, second = second, third & _MASK
            size += 1
        return frozenset(found), size


def likeness(one: frozenset[int], other: frozenset[int]) -> float:
    """The Jaccard similarity of two bags, from 0 to 1."""
    common = len(one & other)
    together = len(one) + len(other) - common
    return common / together if together else 0.0
