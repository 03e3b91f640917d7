"""Which definition of the new tree is one that the old tree lost: by name and by code.

Pairs are found through indexes, of names and of trigrams, so that the work grows with the size of the change.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from hardcut.refactor.draft.code_tokens import likeness
from hardcut.refactor.draft.code_tree import Definition

SAME_NAME = 0.3
"""So alike are the codes of two definitions of one name that may be the same; rewritten ones are less."""
OTHER_NAME = 0.75
"""The same for definitions of different names."""
OTHER_NAME_BESIDE = 0.6
"""The same where both are in one module: a name that was changed and a body that was edited."""
TELLING = 20
"""Tokens of a definition that is known again by its code alone; shorter ones are alike by accident."""
COMMON = 30
"""A trigram, or a name, of more definitions tells nothing."""
NEAR = 0.05
"""Two candidates whose likenesses differ by less are equally good."""
CERTAIN = 0.6
"""A likeness from which nobody doubts that two definitions of one name are the same."""

_NAME_BONUS = 0.3
_PRIVATE_BONUS = 0.25
_AFFINITY_BONUS = 0.2


class Match(msgspec.Struct, frozen=True, eq=False):
    """A definition that was lost, where it is now, and how alike the two are.

    `is_ambiguous` says that another definition, in another module, is as good a match.
    """

    old: Definition
    new: Definition
    likeness: float
    is_ambiguous: bool = False

    @property
    def is_renamed(self) -> bool:
        """Whether the name is another one."""
        return self.old.name != self.new.name

    @property
    def is_made_private(self) -> bool:
        """Whether the name differs in leading underscores only."""
        return self.is_renamed and self.old.name.lstrip("_") == self.new.name.lstrip("_")


def match_definitions(lost: Sequence[Definition], fresh: Sequence[Definition]) -> dict[Definition, Match]:
    """The best match of each lost definition that has one.

    A fresh definition is taken once, by the best of all pairs; after that it may stand for further lost
    definitions of the same name and code, which were duplicates.
    """
    pairs = _pairs(lost, fresh)
    affinity = _affinity(pairs)
    scored = sorted(pairs, key=lambda pair: (-_score(pair, affinity), *_order(pair)))
    found: dict[Definition, Match] = {}
    taken: set[Definition] = set()
    for pair in scored:
        if pair.old not in found and pair.new not in taken:
            found[pair.old] = pair
            taken.add(pair.new)
    for pair in scored:
        if pair.old not in found and not pair.is_renamed and pair.likeness >= CERTAIN:
            found[pair.old] = pair
    rivals: dict[Definition, list[Match]] = defaultdict(list)
    for pair in pairs:
        rivals[pair.old].append(pair)
    return {old: _judged(match, rivals[old], affinity) for old, match in found.items()}


def _judged(match: Match, rivals: Iterable[Match], affinity: dict[tuple[str, str], float]) -> Match:
    """A match, marked as ambiguous if another module has as good a candidate."""
    own = _score(match, affinity) - NEAR
    ambiguous = any(
        rival.new.module != match.new.module and _score(rival, affinity) >= own for rival in rivals
    )
    return msgspec.structs.replace(match, is_ambiguous=True) if ambiguous else match


def _order(pair: Match) -> tuple[str, str, str, str]:
    return pair.old.module, pair.old.name, pair.new.module, pair.new.name


def _score(pair: Match, affinity: dict[tuple[str, str], float]) -> float:
    bonus = _NAME_BONUS if not pair.is_renamed else _PRIVATE_BONUS if pair.is_made_private else 0.0
    return pair.likeness + bonus + _AFFINITY_BONUS * affinity.get((pair.old.module, pair.new.module), 0.0)


def _affinity(pairs: Iterable[Match]) -> dict[tuple[str, str], float]:
    """How much of what a module lost is in another one: the share of its tokens, for each two modules.

    Where a definition has several candidates, its tokens are shared among them.
    """
    candidates: dict[Definition, list[Match]] = defaultdict(list)
    for pair in pairs:
        candidates[pair.old].append(pair)
    shares: dict[tuple[str, str], float] = defaultdict(float)
    totals: dict[str, float] = defaultdict(float)
    for old, found in candidates.items():
        totals[old.module] += old.size
        for pair in found:
            shares[old.module, pair.new.module] += old.size * pair.likeness / len(found)
    return {key: share / totals[key[0]] for key, share in shares.items() if totals[key[0]]}


def _pairs(lost: Sequence[Definition], fresh: Sequence[Definition]) -> list[Match]:
    """All pairs that may be the same definition."""
    by_name: dict[str, list[Definition]] = defaultdict(list)
    by_trigram: dict[int, list[Definition]] = defaultdict(list)
    for one in fresh:
        by_name[one.name.lstrip("_")].append(one)
        if one.size >= TELLING:
            for trigram in one.trigrams:
                held = by_trigram[trigram]
                if len(held) <= COMMON:
                    held.append(one)
    return [pair for one in lost for pair in _candidates(one, by_name, by_trigram)]


def _candidates(
    old: Definition, by_name: dict[str, list[Definition]], by_trigram: dict[int, list[Definition]]
) -> Iterator[Match]:
    named = by_name.get(old.name.lstrip("_"), [])
    for new in named if len(named) <= COMMON else ():
        like = likeness(old.trigrams, new.trigrams)
        if new.kind is old.kind and like >= SAME_NAME and not _is_itself(old, new):
            yield Match(old, new, like)
    if old.size < TELLING:
        return
    counted: Counter[Definition] = Counter()
    for trigram in old.trigrams:
        held = by_trigram.get(trigram, ())
        if len(held) <= COMMON:
            counted.update(held)
    alike = {new for new in named if len(named) <= COMMON}
    for new, common in counted.most_common(5):
        least = OTHER_NAME_BESIDE if new.module == old.module else OTHER_NAME
        if new in alike or new.kind is not old.kind or common < least * len(old.trigrams) / 2:
            continue
        like = likeness(old.trigrams, new.trigrams)
        if like >= least:
            yield Match(old, new, like)


def _is_itself(old: Definition, new: Definition) -> bool:
    return old.module == new.module and old.name == new.name
