"""An open document takes edits as the protocol says, however its lines end."""

from __future__ import annotations

import random

import pytest
from lsprotocol import types
from pygls.workspace import PositionCodec, TextDocument

from hardcut.integrations.server.positions import Document

SIGNS = ["a", "é", "𝄞", " ", "\n", "\n", "\r\n", "\r", "(", '"']
CODECS = [
    types.PositionEncodingKind.Utf8,
    types.PositionEncodingKind.Utf16,
    types.PositionEncodingKind.Utf32,
]


@pytest.mark.parametrize("encoding", CODECS)
@pytest.mark.parametrize("seed", range(5))
def test_random_edits_end_where_pygls_ends(seed: int, encoding: types.PositionEncodingKind) -> None:
    chance = random.Random(seed)
    text = "".join(chance.choices(SIGNS, k=200))
    codec = PositionCodec(encoding)
    kept = TextDocument("file:///x.py", text, position_codec=codec)
    ours = Document("file:///x.py", text, position_codec=codec)
    for _ in range(200):
        ends = sorted((chance.randrange(60), chance.randrange(8)) for _ in range(2))
        where = types.Range(*(types.Position(*one) for one in ends))
        typed = "".join(chance.choices(SIGNS, k=chance.randrange(6)))
        for document in (kept, ours):
            document.apply_change(types.TextDocumentContentChangePartial(where, typed))
        assert ours.source == kept.source


def test_a_form_feed_ends_no_line() -> None:
    document = Document("file:///x.py", "a\x0cb\nc\n")
    at = types.Position(1, 0)
    document.apply_change(types.TextDocumentContentChangePartial(types.Range(at, at), "new "))
    assert document.source == "a\x0cb\nnew c\n"


def test_a_whole_text_takes_the_place_of_another() -> None:
    document = Document("file:///x.py", "a\n")
    document.apply_change(types.TextDocumentContentChangeWholeDocument("b\n"))
    assert document.source == "b\n"
