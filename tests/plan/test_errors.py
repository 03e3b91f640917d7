"""Problems in words."""

from __future__ import annotations

import pickle

import pytest

from hardcut.plan.errors import ManifestError, describe, dotted_key, listing, nearest, quoted
from hardcut.plan.gates import Problem

ONE = Problem("a.toml", 2, 3, "wave.delete", "no")
TWO = Problem("a.toml", 1, 9, "", "never")


def test_an_error_says_all_in_order_and_each_once() -> None:
    error = ManifestError([ONE, TWO, ONE])
    assert error.problems == [TWO, ONE]
    assert str(error) == "a.toml:1:9: never\na.toml:2:3: wave.delete: no"
    assert describe(ONE) == "a.toml:2:3: wave.delete: no"


def test_an_error_may_cross_processes() -> None:
    copy = pickle.loads(pickle.dumps(ManifestError([ONE, TWO])))
    assert copy.problems == [TWO, ONE]


@pytest.mark.parametrize(
    ("text", "shown"), [("a", '"a"'), ("ä", '"ä"'), ("a\nb", '"a\\u000ab"'), ("x" * 99, f'"{"x" * 77}..."')]
)
def test_quoted(text: str, shown: str) -> None:
    assert quoted(text) == shown


def test_dotted_key() -> None:
    assert dotted_key(("wave", 3, "delete", 0, "module")) == "wave.delete.module"
    assert dotted_key(("a.b", "", "c-d_1")) == '"a.b"."".c-d_1'


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("modul", "module"),
        ("Module", "module"),
        ("fail-fast", "fail_fast"),
        ("colour", None),
        ("x" * 9999, None),
    ],
)
def test_nearest(name: str, found: str | None) -> None:
    assert nearest(name, ["module", "fail_fast", "keep"]) == found


def test_listing() -> None:
    assert listing([]) == ""
    assert listing(["a"]) == '"a"'
    assert listing(["a", "b"], "or") == '"a" or "b"'
    assert listing("abc") == '"a", "b" and "c"'
    assert listing("abcd", limit=2) == '"a", "b" and 2 more'
