"""JSON that every parser reads and no terminal obeys."""

from __future__ import annotations

import re
from typing import cast

import msgspec

from hardcut.report.escape import encodable

_TERMINAL_BYTES = re.compile(rb"\xc2([\x80-\x9f])|\x7f")


def dump(data: object) -> str:
    """Structs, lists and strings as indented JSON with a line end; lone surrogates are spelled out."""
    try:
        encoded = msgspec.json.encode(data)
    except UnicodeEncodeError:
        encoded = msgspec.json.encode(_encodable(msgspec.to_builtins(data)))
    return _TERMINAL_BYTES.sub(_escape, msgspec.json.format(encoded, indent=2)).decode() + "\n"


def _encodable(data: object) -> object:
    if isinstance(data, str):
        return encodable(data)
    if isinstance(data, list):
        return [_encodable(item) for item in cast("list[object]", data)]
    if isinstance(data, dict):
        pairs = cast("dict[object, object]", data).items()
        return {_encodable(key): _encodable(value) for key, value in pairs}
    return data


def _escape(match: re.Match[bytes]) -> bytes:
    return b"\\u%04x" % (match[1][0] if match[1] else 0x7F)
