from __future__ import annotations

from typing import Any

import pytest

from hardcut.api.errors import Unusable
from hardcut.api.names import codes, words
from hardcut.rules.registry import RULES


def test_words_of_lists() -> None:
    assert words(["a, b", "", "c,,", " "]) == ["a", "b", "c"]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_each_rule_by_name_and_code_in_any_case(rule: Any) -> None:
    for word in (rule.name, rule.code, rule.name.upper(), rule.code.lower()):
        assert codes([word]) == {rule.code}


def test_the_beginning_of_a_code_is_a_family() -> None:
    assert codes(["CUT"]) == {rule.code for rule in RULES}
    assert codes(["cut1"]) == {rule.code for rule in RULES if rule.code.startswith("CUT1")}
    assert len(codes(["CUT1"])) > 1


@pytest.mark.parametrize("word", ["CU", "C", "CUT99", "CUT1012", "1", "CUT-1", "deleted"])
def test_what_is_none_of_these_is_refused(word: str) -> None:
    with pytest.raises(Unusable, match="unknown rule"):
        codes([word])


def test_nothing_selects_nothing() -> None:
    assert codes([]) == codes([" , "]) == frozenset()
