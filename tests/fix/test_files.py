"""Lines to bytes and back: unchanged lines keep their ends, also if others are gone."""

from __future__ import annotations

import pytest

from hardcut.fix.files import content_of

MIXED = b"a\r\nb\nc\r\nd\n"


@pytest.mark.parametrize(
    ("lines", "data"),
    [
        (["a", "b", "c", "d", ""], MIXED),
        (["b", "c", "d", ""], b"b\nc\r\nd\n"),
        (["a", "b", ""], b"a\r\nb\n"),
        (["a", "d", ""], b"a\r\nd\n"),
        (["c"], b"c"),
        ([""], b""),
        (["a", "x", "y", "d", ""], b"a\r\nx\ny\r\nd\n"),
        (["a", "b", "c", "d", "e"], b"a\r\nb\nc\r\nd\ne"),
    ],
)
def test_lines_become_bytes(lines: list[str], data: bytes) -> None:
    content = content_of(MIXED)
    assert content is not None
    assert content.encoded(lines) == data
