"""Rules, waves and lists as they are named on the command line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from hardcut.hosts.cli.errors import unknown
from hardcut.plan.gates import LoadedPlan
from hardcut.rules.registry import RULES, find

_PREFIX = re.compile(r"CUT\d*", re.IGNORECASE)


def words(values: Iterable[str]) -> list[str]:
    """The items of repeated, comma-separated options."""
    return [word.strip() for value in values for word in value.split(",") if word.strip()]


def codes(values: Iterable[str]) -> frozenset[str]:
    """The codes of rules given by name, code or the beginning of a code (`CUT1`).

    Raises Unusable for what is none of these.
    """
    found: set[str] = set()
    for word in words(values):
        rule = find(word)
        begun = [rule.code for rule in RULES if rule.code.startswith(word.upper())]
        if rule:
            found.add(rule.code)
        elif begun and _PREFIX.fullmatch(word):
            found.update(begun)
        else:
            raise unknown("rule", word, rule_names())
    return frozenset(found)


def rule_names() -> list[str]:
    """Every name and code of a rule."""
    return [name for rule in RULES for name in (rule.name, rule.code)]


def waves(values: Iterable[str], plans: Sequence[LoadedPlan]) -> frozenset[str]:
    """Wave ids; an id with a comma in it has to be given by itself.

    Raises Unusable for an id that no plan has.
    """
    known = {wave.id for plan in plans for wave in plan.manifest.wave}
    found: set[str] = set()
    for value in values:
        for word in [value] if value in known else words([value]):
            if word not in known:
                raise unknown("wave", word, known)
            found.add(word)
    return frozenset(found)
