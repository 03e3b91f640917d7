from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hardcut.report.escape import clean, is_hostile, tame

ANY = st.text(st.characters(codec=None))


def test_tame_keeps_lines_and_tabs_and_spells_the_rest() -> None:
    assert tame("a\r\nb\n\tc\rd\x1b\udce9\ud800\u202e é") == "a\nb\n\tc\\rd\\x1b\\xe9\\ud800\\u202e é"


@given(ANY)
def test_nothing_hostile_is_left(text: str) -> None:
    assert not any(map(is_hostile, clean(text)))
    assert not any(char not in "\n\t" and is_hostile(char) for char in tame(text))
