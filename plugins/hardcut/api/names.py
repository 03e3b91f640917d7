"""Rules, waves and lists as people name them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from hardcut.api.errors import Unusable, raise_all, unknown
from hardcut.plan.gates import LoadedPlan

_PREFIX = re.compile(r"CUT\d*", re.IGNORECASE)

Names = str | Iterable[str]
"""One name, or several; each may be a list with commas in it."""


def words(values: Names) -> list[str]:
    """The items of one or several comma-separated lists."""
    return [word.strip() for value in several(values) for word in value.split(",") if word.strip()]


def several(values: Names) -> list[str]:
    """The values themselves, also where only one was given; numbers count as their text."""
    return [values] if isinstance(values, str) else [str(value) for value in values]


def codes(values: Names) -> frozenset[str]:
    """The codes of rules given by name, code or the beginning of a code (`CUT1`).

    Raises Unusable for all that are none of these.
    """
    asked = words(values)
    if not asked:
        return frozenset()
    # The rules are loaded only where they are named: a run that is remembered asks none.
    from hardcut.rules.registry import RULES, find

    found: set[str] = set()
    wrong: list[Unusable] = []
    for word in asked:
        rule = find(word)
        begun = [rule.code for rule in RULES if rule.code.startswith(word.upper())]
        if rule:
            found.add(rule.code)
        elif begun and _PREFIX.fullmatch(word):
            found.update(begun)
        else:
            wrong.append(unknown("rule", word, rule_names()))
    raise_all(wrong)
    return frozenset(found)


def rule_names() -> list[str]:
    """Every name and code of a rule."""
    from hardcut.rules.registry import RULES

    return [name for rule in RULES for name in (rule.name, rule.code)]


def waves(values: Names, plans: Sequence[LoadedPlan]) -> frozenset[str]:
    """Wave ids; an id with a comma in it has to be given by itself.

    Raises Unusable for all ids that no plan has.
    """
    known = {wave.id for plan in plans for wave in plan.manifest.wave}
    given = [word for value in several(values) for word in ([value] if value in known else words(value))]
    raise_all(unknown("wave", word, known) for word in given if word not in known)
    return frozenset(given)
