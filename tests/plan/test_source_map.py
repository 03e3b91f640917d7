"""Every key and value is found where a person sees it: `«` marks a key, `»` the value of the same path."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest

from hardcut.plan.source_map import Locations, Path, Spot

CASES: list[tuple[str, Path]] = [
    ("«a = »1\n", ("a",)),
    ("  «a  =  »'x'\n", ("a",)),
    ("\t«a\t=\t»1\n", ("a",)),
    ("x = 1\n«a = »1", ("a",)),
    ("a.«b = »1\n", ("a", "b")),
    ("«»a.b = 1\n", ("a",)),
    ("a . «b . c = 1\n", ("a", "b")),
    ('«"a.b" = »1\n', ("a.b",)),
    ("'a b'.«c = »1\n", ("a b", "c")),
    ('«"\\u00e4" = »1\n', ("ä",)),
    ('«"" = »1\n', ("",)),
    ("\"äöü\".«b = »'ö'\n", ("äöü", "b")),
    ("a = { b = 'äö𝕏', «c = »2 }\n", ("a", "c")),
    ("a = {b={c.«d=»1}}\n", ("a", "b", "c", "d")),
    ("a = [1, «»2, 3]\n", ("a", 1)),
    ("a = [ # one\n  1, # two\n\n  «»2,\n]\n", ("a", 1)),
    ("a = [[1], [2, «»3]]\n", ("a", 1, 1)),
    ("a = [{x = 1}, {«x = »2}]\n", ("a", 1, "x")),
    ("a = [{x = 1}, «»{x = 2}]\n", ("a", 1)),
    ('a = """\nb = 1\n"""\n«b = »2\n', ("b",)),
    ("a = 1\r\n«b = »[\r\n 1]\r\n", ("b",)),
    ("a = 1\r\nb = [\r\n  1,\r\n  «»2]\r\n", ("b", 1)),
    ("# [a]\n»[«a]\n", ("a",)),
    ("»[ «a ] # x\nb = 1\n", ("a",)),
    ("[a]\n«b = »1\n", ("a", "b")),
    ("[a]\nb = 1\n»[a.«c]\nd = 1\n", ("a", "c")),
    ("[«»a.b]\n", ("a",)),
    ("[a.b]\n»['a'.«'c.d']\n", ("a", "c.d")),
    ("»[[«a]]\n[[a]]\n", ("a",)),
    ("[[a]]\n«»[[a]]\nb = 1\n", ("a", 1)),
    ("[[a]]\n[[a]]\n«b = »1\n", ("a", 1, "b")),
    ("[[a]]\n[[a.b]]\n[[a]]\n[[a.b]]\n  «»[[a.b]]\n", ("a", 1, "b", 1)),
    ("[[a]]\n[[a]]\n»[[ a . «b ]]\n[[a.b]]\nx = 1\n", ("a", 1, "b")),
    ("[[a]]\n[[a.b]]\n[a.b.c]\n«d = »1\n", ("a", 0, "b", 0, "c", "d")),
    ("[[a]]\nb = [{c = 1},\n {«c = »2}]\n", ("a", 0, "b", 1, "c")),
    ("[a]\nb = 1\n[c]\n[a.d]\n«e = »1\n", ("a", "d", "e")),
]


@pytest.mark.parametrize(("marked", "path"), CASES)
def test_places(marked: str, path: Path) -> None:
    text = marked.replace("«", "").replace("»", "")
    assert _holds(tomllib.loads(text), path), "the test's own path is wrong"
    locations = Locations(text)
    assert marked.count("«") == 1
    assert locations.key(path) == _spot(marked, "«")
    if "»" in marked:
        assert locations.value(path) == _spot(marked, "»")


def test_what_is_not_there_has_the_place_of_what_it_would_lie_in() -> None:
    locations = Locations("# x\n[a]\nb = [\n 1]\n")
    assert locations.key(("a", "b", 7, "c")) == locations.key(("a", "b")) == Spot(3, 1)
    assert locations.value(("a", "none")) == Spot(2, 1)
    assert locations.value(("none",)) == Spot(1, 1)


@pytest.mark.parametrize(
    "broken",
    [
        "a = {\n  b = 1,\n  c = 2,\n}\n[d]\ne = [1, 2]\n",
        "a = 1 1\n\n\n\n[d]\ne = [1, 2]\n",
        "a = [[[\n]]]\n\n= 1\n[d]\ne = [1, 2]\n",
        'a = "\\e"\n\n\n\n[d]\ne = [1, 2]\n',
    ],
)
def test_what_the_grammar_does_not_know_spoils_only_itself(broken: str) -> None:
    """Newer TOML than the grammar's (line breaks in inline tables) must not move other places."""
    assert Locations(broken).value(("d",)) == Spot(5, 1)
    assert Locations(broken).value(("d", "e", 1)) == Spot(6, 9)


def test_newer_toml_is_placed_as_well_as_it_can_be() -> None:
    locations = Locations("a = {\n  b = 1,\n  c = [{d = 1}],\n}\n")
    assert locations.key(("a", "b")) == Spot(2, 3)
    assert locations.key(("a", "c", 0, "d")) == Spot(3, 9)


def test_columns_of_one_long_line_in_any_order() -> None:
    text = "a = [" + ", ".join(["'ä'"] * 300) + "]\n"
    locations = Locations(text)
    for index in (299, 0, 150, 151, 3):
        assert locations.value(("a", index)) == Spot(1, 6 + 5 * index)


@pytest.mark.parametrize(
    "text", ["a = [" + "1," * 1_000_000 + "]", "[[a]]\n" * 400_000, "a = " + "[" * 500_000, "a=1\n" * 500_000]
)
def test_hostile_texts_are_given_up_soon(text: str) -> None:
    assert Locations(text).value(("a", 0, "b")).line <= text.count("\n") + 1


def _spot(marked: str, mark: str) -> Spot:
    before = marked.partition(mark)[0].replace("«", "").replace("»", "")
    return Spot(before.count("\n") + 1, len(before) - before.rfind("\n"))


def _holds(value: Any, path: Path) -> bool:
    for part in path:
        if part not in (range(len(value)) if isinstance(value, list) else value):
            return False
        value = value[part]
    return True
