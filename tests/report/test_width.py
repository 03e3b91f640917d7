from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from hardcut.report.escape import is_hostile
from hardcut.report.width import cut, width_of


def columns(text: str) -> int:
    return sum(width_of(char) for char in text)


def test_a_line_that_fits_is_shown_whole() -> None:
    shown = cut("x" * 160, 10, 20)
    assert shown.text == "x" * 160
    assert (shown.offset, shown.length) == (10, 10)


def test_a_line_that_is_one_too_long_is_cut_at_its_end() -> None:
    shown = cut("x" * 161, 0, 3)
    assert shown.text == "x" * 157 + "..."
    assert (shown.offset, shown.length) == (0, 3)


def test_the_end_of_a_long_line_is_shown_up_to_its_end() -> None:
    shown = cut("x" * 400 + "old", 400, 403)
    assert shown.text.startswith("...x") and shown.text.endswith("xold")
    assert len(shown.text) > 140
    assert shown.text[shown.offset : shown.offset + shown.length] == "old"


def test_a_place_beyond_the_line_is_one_column() -> None:
    shown = cut("ab", 7, 9)
    assert (shown.text, shown.offset, shown.length) == ("ab", 2, 1)


def test_a_span_longer_than_the_limit_is_marked_as_far_as_shown() -> None:
    shown = cut("x" * 1000, 5, 900)
    assert shown.offset == 5
    assert shown.offset + shown.length <= 160


def test_widths() -> None:
    assert [width_of(char) for char in "aé名\u0301\u200d\uff21한"] == [1, 1, 2, 0, 0, 2, 2]


@settings(max_examples=200, deadline=None)
@given(
    st.text(st.characters(exclude_categories=[]), max_size=600),
    st.integers(0, 700),
    st.integers(0, 700),
    st.integers(40, 200),
)
def test_whatever_the_line_it_stays_within_the_limit(line: str, start: int, end: int, limit: int) -> None:
    shown = cut(line, start, end, limit)
    assert columns(shown.text) <= limit
    assert shown.length >= 1
    assert shown.offset + shown.length <= max(columns(shown.text), shown.offset + 1)
    assert not any(is_hostile(char) for char in shown.text)
