"""The bytes of a text that an integration holds, as its file would have them."""

from __future__ import annotations

import tokenize


def as_written(text: str) -> bytes:
    """A text in the encoding that its first lines declare, else UTF-8."""
    text = text.removeprefix("\ufeff")
    lines = text.split("\n", 2)[:2]
    first = iter([f"{line}\n".encode("utf-8", "replace") for line in lines])
    try:
        encoding = tokenize.detect_encoding(lambda: next(first, b""))[0]
        return text.encode(encoding)
    except (SyntaxError, UnicodeError, LookupError):
        return text.encode("utf-8", "surrogatepass")
