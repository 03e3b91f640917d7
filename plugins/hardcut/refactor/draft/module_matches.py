"""Where the code of each module that is gone is now: nowhere, in one module, or split over several."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping

import msgspec

from hardcut.refactor.draft.change import Change
from hardcut.refactor.draft.code_tokens import likeness
from hardcut.refactor.draft.code_tree import Definition, ModuleCode
from hardcut.refactor.draft.definition_matches import COMMON, Match

FILE_LIKENESS = 0.5
"""So alike are files of which the definitions alone do not tell."""
NAMED_LIKENESS = 0.3
"""The same for files of one name: a rewritten module keeps its name more often than not."""
SMALL = 40
"""Tokens of definitions below which the whole file is compared: constants are alike by accident."""
LEAST_SHARE = 0.1
"""So much of a split module a new home has to hold, and at least one of its definitions of some size."""
MOVED = 0.5
"""So much of a module's code is found again where it moved; of less, only definitions moved."""

SIBLINGS = 3
"""So many modules of a package have to move to another one, if a rewritten module is to be there too."""


class Home(msgspec.Struct, frozen=True):
    """A module that holds a share (0 to 1) of the code of a module that is gone."""

    module: str
    share: float
    definitions: tuple[str, ...] = ()


class ModuleMatch(msgspec.Struct, frozen=True):
    """What became of a module: its new homes, the one with the most of its code first.

    `found` is the share of its code that is in all of them, `lost` are the definitions that are in none.
    `is_ambiguous` says that another module is as good a match for the first home; `by_file` that whole
    files were compared, for there are too few definitions. `siblings` counts the modules beside it that
    moved to the same package, each under its own name.
    """

    module: str
    homes: tuple[Home, ...]
    found: float
    lost: tuple[str, ...]
    total: int
    is_ambiguous: bool = False
    by_file: bool = False
    siblings: int = 0


def is_namesake(old: str, new: str) -> bool:
    """Whether the last names of two modules are the same, but for words in front of one of them.

    `shop.view_rows` becomes `shop.views.rows`, `shop.rows` becomes `shop.common.base_rows`.
    """
    words, others = (module.rpartition(".")[2].strip("_").split("_") for module in (old, new))
    fewer = min(len(words), len(others))
    return words[-fewer:] == others[-fewer:]


def match_modules(change: Change, matches: Mapping[Definition, Match]) -> dict[str, ModuleMatch]:
    """What became of each module that is gone, and of those that are left as shims of another module."""
    files = _FileMatcher(change)
    found: dict[str, ModuleMatch] = {}
    for module in change.gone:
        code = change.old.code(module)
        match = _by_definitions(code, matches)
        if code.weight < SMALL or match.found < MOVED:
            match = files.match(code, match)
        found[module] = match
    return _with_siblings(change, found)


def _with_siblings(change: Change, found: dict[str, ModuleMatch]) -> dict[str, ModuleMatch]:
    """The same matches; a module that was rewritten is in the package to which those beside it moved.

    numpy.core._type_aliases was written anew as numpy._core._type_aliases while 20 modules beside it moved.
    """
    moved: Counter[tuple[str, str]] = Counter()
    for module, match in found.items():
        package, _, leaf = module.rpartition(".")
        if match.found >= MOVED and match.homes[0].module.rpartition(".")[2] == leaf:
            moved[package, match.homes[0].module.rpartition(".")[0]] += 1
    came = set(change.came)
    new_package: dict[str, tuple[str, int]] = {}
    for (package, other), count in sorted(moved.items(), key=lambda item: item[1]):
        if count >= SIBLINGS:
            new_package[package] = (other, count)
    answer: dict[str, ModuleMatch] = {}
    for module, match in found.items():
        package, _, leaf = module.rpartition(".")
        other, count = new_package.get(package, ("", 0))
        home = f"{other}.{leaf}"
        if count and home in came and (match.found < MOVED or match.homes[0].module == home):
            homes = match.homes
            if match.found < MOVED:
                known = next((one for one in homes if one.module == home), Home(home, 0.0))
                homes = (known, *(one for one in homes if one.module != home))
            match = msgspec.structs.replace(match, homes=homes, siblings=count)
        answer[module] = match
    return answer


def _by_definitions(code: ModuleCode, matches: Mapping[Definition, Match]) -> ModuleMatch:
    shares: Counter[str] = Counter()
    names: dict[str, list[str]] = defaultdict(list)
    doubtful: Counter[str] = Counter()
    lost: list[str] = []
    total = code.weight
    for name, definition in code.definitions.items():
        match = matches.get(definition)
        if match is None or match.new.module == code.module:
            lost.append(name)
            continue
        shares[match.new.module] += definition.size
        names[match.new.module].append(name)
        doubtful[match.new.module] += definition.size if match.is_ambiguous else 0
    homes = tuple(
        Home(module, share / total, tuple(names[module]))
        for module, share in sorted(shares.items(), key=lambda item: (-item[1], item[0]))
    )
    ambiguous = bool(homes) and doubtful[homes[0].module] > shares[homes[0].module] / 2
    return ModuleMatch(
        code.module, homes, sum(home.share for home in homes), tuple(lost), len(code.definitions), ambiguous
    )


class _FileMatcher:
    """Compares whole files, for modules whose definitions do not tell."""

    def __init__(self, change: Change) -> None:
        self._change = change
        self._by_leaf: dict[str, list[str]] = defaultdict(list)
        self._by_trigram: dict[int, list[str]] | None = None
        for module in change.came:
            self._by_leaf[module.rpartition(".")[2]].append(module)

    def match(self, code: ModuleCode, otherwise: ModuleMatch) -> ModuleMatch:
        """The file that is most like a module's, else what the definitions say."""
        scored = sorted(
            ((self._likeness(code, module), module) for module in self._candidates(code)),
            key=lambda pair: (-pair[0], pair[1]),
        )
        scored = [
            (like, module)
            for like, module in scored
            if like >= (NAMED_LIKENESS if is_namesake(code.module, module) else FILE_LIKENESS)
        ]
        if not scored or scored[0][0] <= otherwise.found:
            return otherwise
        best, module = scored[0]
        ambiguous = len(scored) > 1 and scored[1][0] >= best - 0.05
        if ambiguous:
            leaf = code.module.rpartition(".")[2]
            same = [name for like, name in scored if like >= best - 0.05 and name.rpartition(".")[2] == leaf]
            if len(same) == 1:
                module, ambiguous = same[0], False
        home = Home(module, best, tuple(code.definitions))
        return ModuleMatch(code.module, (home,), best, (), len(code.definitions), ambiguous, True)

    def _likeness(self, code: ModuleCode, module: str) -> float:
        return likeness(code.trigrams, self._change.new.code(module).trigrams)

    def _candidates(self, code: ModuleCode) -> set[str]:
        if code.size < SMALL:
            return set()
        found = set(self._by_leaf.get(code.module.rpartition(".")[2], ())[:COMMON])
        counted: Counter[str] = Counter()
        index = self._index()
        for trigram in code.trigrams:
            held = index.get(trigram, ())
            if len(held) <= COMMON:
                counted.update(held)
        return found | {module for module, _ in counted.most_common(5)}

    def _index(self) -> dict[int, list[str]]:
        if self._by_trigram is None:
            self._by_trigram = defaultdict(list)
            for module in self._change.came:
                for trigram in self._change.new.code(module).trigrams:
                    held = self._by_trigram[trigram]
                    if len(held) <= COMMON:
                        held.append(module)
        return self._by_trigram
