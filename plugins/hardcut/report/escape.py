"""Foreign text made harmless: what could command a terminal is spelled out."""

from __future__ import annotations

import re

_HOSTILE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff]"
)
_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def clean(text: str) -> str:
    """Text on one line, with control, direction and surrogate characters written as escapes.

    A byte of a file name that is no UTF-8 (a surrogate in Python) becomes `\\xNN`.
    """
    if text.isascii() and text.isprintable():
        return text
    return _HOSTILE.sub(lambda match: spell(match[0]), text)


def tame(text: str) -> str:
    """Text of one or more lines: as `clean`, but with line ends (as `\\n`) and tabs kept."""
    text = text.replace("\r\n", "\n")
    return _HOSTILE.sub(lambda match: match[0] if match[0] in "\n\t" else spell(match[0]), text)


def encodable(text: str) -> str:
    """Text with nothing changed but lone surrogates, which no encoding can write."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return "".join(spell(char) if "\ud800" <= char <= "\udfff" else char for char in text)
    return text


def spell(char: str) -> str:
    """The escape of one character, as Python would write it."""
    short = _SHORT.get(char)
    if short:
        return short
    number = ord(char)
    if 0xDC80 <= number <= 0xDCFF:
        number -= 0xDC00
    return f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}"


def is_hostile(char: str) -> bool:
    """Whether a character has to be spelled out."""
    return _HOSTILE.match(char) is not None
