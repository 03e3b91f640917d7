"""From what became of modules to entries: moves, splits and deletions, of whole packages where possible."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from hardcut.refactor.draft.change import Change
from hardcut.refactor.draft.code_tree import Definition
from hardcut.refactor.draft.definition_matches import CERTAIN, TELLING, Match
from hardcut.refactor.draft.draft_entries import Confidence, DraftDelete, DraftEntry, DraftMove
from hardcut.refactor.draft.module_matches import (
    LEAST_SHARE,
    MOVED,
    NAMED_LIKENESS,
    SMALL,
    Home,
    ModuleMatch,
    is_namesake,
)
from hardcut.refactor.draft.outside_names import OutsideNames

HIGH_SHARE = 0.6
"""A module certainly moved where so much of its code is in its new homes."""
FEW = 5
"""So many names are listed as evidence."""


class ModuleEntries:
    """The entries about the modules that are gone."""

    def __init__(
        self, change: Change, matched: Mapping[str, ModuleMatch], matches: Mapping[Definition, Match]
    ) -> None:
        self._change = change
        self._matched = matched
        self._matches = matches
        self._outside = OutsideNames(change.new.tree)
        self._below: dict[str, list[str]] = {}
        for module in change.gone:
            parts = module.split(".")
            for count in range(1, len(parts)):
                self._below.setdefault(".".join(parts[:count]), []).append(module)

    def all(self) -> Iterator[DraftEntry]:
        """Every entry, package by package."""
        tops = dict.fromkeys(self._top(module) for module in self._change.gone)
        for top in tops:
            yield from self._of(top, is_covered=False)
        for package in sorted(self._below):
            if self._became_module(package):
                yield self._submodules_gone(package)

    def _top(self, module: str) -> str:
        """The outermost package above a module that is gone as a whole, or the module."""
        parts = module.split(".")
        for count in range(1, len(parts)):
            package = ".".join(parts[:count])
            if not self._change.new.roots.exists(package) and not self._is_left(package):
                return package
        return module

    def _is_left(self, package: str) -> bool:
        """Whether the folder of a namespace package is still there, with files that are not Python."""
        path = self._change.old.roots.find(package)
        is_namespace = self._change.old.roots.kind(package) == "namespace"
        return is_namespace and path is not None and bool(self._change.new.tree.entries(path))

    def _of(self, module: str, is_covered: bool) -> Iterator[DraftEntry]:
        """The entries of a module or package; `is_covered` says that a package above it is deleted."""
        below = self._below.get(module, ())
        if not below:
            yield from self._of_module(module, is_covered)
            return
        whole = self._whole_package(module, [*below, *([module] if module in self._matched else [])])
        if whole is not None:
            yield whole
            return
        if not is_covered:
            yield self._deleted_package(module, below)
        depth = module.count(".") + 2
        for child in dict.fromkeys(".".join(one.split(".")[:depth]) for one in below):
            yield from self._of(child, is_covered=True)
        if module in self._matched:
            yield from self._moved_symbols(self._matched[module])

    def _whole_package(self, package: str, modules: list[str]) -> DraftMove | None:
        """The move of a package with all below it, if each of its modules moved to the same place."""
        homes: dict[str, int] = {}
        confidence = Confidence.HIGH
        for module in modules:
            move = self._move(self._matched[module])
            if move is None:
                if self._change.old.code(module).size >= SMALL:
                    return None
                continue
            suffix = module[len(package) :]
            if len(move.to) != 1 or not move.to[0].endswith(suffix):
                return None
            home = move.to[0].removesuffix(suffix)
            homes[home] = homes.get(home, 0) + 1
            if self._change.old.code(module).size >= SMALL:
                confidence = min(confidence, move.confidence)
        if len(homes) != 1 or sum(homes.values()) < 2 or confidence is Confidence.LOW:
            return None
        (home,) = homes
        if home == package or not self._change.new.roots.exists(home):
            return None
        evidence = f"{homes[home]} of its {len(modules)} modules are in {home} under their own names"
        return DraftMove(module=package, to=(home,), confidence=confidence, evidence=(evidence,))

    def _deleted_package(self, package: str, below: list[str]) -> DraftDelete:
        moved = sum(self._move(self._matched[module]) is not None for module in below)
        evidence = [f"the package and its {_count(len(below), 'module')} are gone"]
        if moved:
            evidence.append(f"{moved} of them moved, see the entries about them")
        confidence, doubt = self._certainty(package, f"{package.replace('.', '/')}/__init__.py")
        return DraftDelete(module=package, confidence=confidence, evidence=(*evidence, *doubt))

    def _certainty(self, module: str, path: str) -> tuple[Confidence, tuple[str, ...]]:
        """How certain it is that a module which is gone is not provided by something else."""
        if self._change.new.gives_otherwise(module):
            return Confidence.LOW, ("its package binds the name to something else",)
        if self._outside.is_built(module, path):
            return Confidence.LOW, ("a build may make it",)
        if "." not in module and self._outside.is_another_projects(module):
            return Confidence.MEDIUM, ("the name may be that of another project from now on",)
        return Confidence.HIGH, ()

    def _became_module(self, package: str) -> bool:
        old, new = self._change.old.roots, self._change.new.roots
        return old.kind(package) in ("package", "namespace") and new.kind(package) == "module"

    def _submodules_gone(self, package: str) -> DraftDelete:
        count = _count(len(self._below[package]), "module")
        return DraftDelete(
            module=package,
            submodules_only=True,
            confidence=Confidence.HIGH,
            evidence=(f"the package is a module now; the {count} below it are gone",),
        )

    def _of_module(self, module: str, is_covered: bool) -> Iterator[DraftEntry]:
        match = self._matched.get(module)
        if match is None:
            return
        move = self._move(match)
        if move is not None and move.confidence > Confidence.LOW:
            yield move
            yield from self._moved_symbols(match, move.to)
            return
        if not is_covered and not self._became_module(module.rpartition(".")[0]):
            confidence, doubt = self._certainty(module, self._change.old.paths[module])
            yield DraftDelete(
                module=module, confidence=confidence, evidence=(*self._gone_evidence(match), *doubt)
            )
        if move is not None:
            yield move
        else:
            yield from self._moved_symbols(match)

    def _gone_evidence(self, match: ModuleMatch) -> list[str]:
        if not match.total:
            return ["it is gone; it defined nothing"]
        if match.found < LEAST_SHARE:
            return [f"it is gone, and so is the code of its {_count(match.total, 'definition')}"]
        return [f"it is gone; {match.found:.0%} of its code is elsewhere"]

    def _move(self, match: ModuleMatch) -> DraftMove | None:
        """The move of a module, if its code is elsewhere."""
        homes = [home for home in match.homes if home.share >= LEAST_SHARE]
        if match.siblings and match.homes[0] not in homes:
            homes = [match.homes[0]]
        least = 0.0 if match.siblings else MOVED
        if homes and not match.siblings and is_namesake(match.module, homes[0].module):
            least = NAMED_LIKENESS if match.by_file else MOVED / 2
        if not homes or match.found < least:
            return None
        if homes[0].module == match.module:
            return None
        confidence = self._confidence(match)
        evidence = [self._share(match, home) for home in homes if home.share]
        if match.siblings:
            evidence.append(
                f"{match.siblings} modules beside it are in the same package under their own names"
            )
        if match.is_ambiguous:
            evidence.append("another module is as much like it")
        if match.lost:
            evidence.append(f"not found again: {_some(match.lost)}")
        return DraftMove(
            module=match.module,
            to=tuple(home.module for home in homes),
            confidence=confidence,
            evidence=tuple(evidence),
        )

    def _confidence(self, match: ModuleMatch) -> Confidence:
        weight = self._change.old.code(match.module).weight
        if match.siblings and (match.found < MOVED or weight < TELLING):
            return Confidence.MEDIUM
        if match.is_ambiguous or (weight < TELLING and not match.by_file):
            return Confidence.LOW
        certain = match.found >= HIGH_SHARE
        if len(match.homes[0].definitions) < 2 and not match.by_file:
            certain = certain and weight >= SMALL
        return Confidence.HIGH if certain else Confidence.MEDIUM

    def _share(self, match: ModuleMatch, home: Home) -> str:
        if match.by_file:
            return f"the files are alike to {home.share:.0%}: {home.module}"
        names = f"{len(home.definitions)} of {_count(match.total, 'definition')}"
        return f"{names} ({home.share:.0%} of the code) are in {home.module}"

    def _moved_symbols(self, match: ModuleMatch, said: tuple[str, ...] = ()) -> Iterator[DraftMove]:
        """The names of a module that moved to other homes than those of the module."""
        definitions = self._change.old.code(match.module).definitions
        for home in match.homes:
            if home.module in said or match.by_file:
                continue
            found = [self._matches[definitions[name]] for name in home.definitions]
            kept = [one for one in found if not one.is_renamed and not one.is_ambiguous]
            # Of a module that is gone, what is only a little alike elsewhere is alike by accident.
            for confidence in (Confidence.HIGH, Confidence.MEDIUM if said else Confidence.LOW):
                symbols = [
                    one for one in kept if (one.likeness >= CERTAIN) == (confidence is Confidence.HIGH)
                ]
                if symbols:
                    yield symbol_move(match.module, home.module, symbols, confidence)


def symbol_move(module: str, home: str, found: list[Match], confidence: Confidence) -> DraftMove:
    """The move of some names from a module to another one."""
    ordered = sorted(found, key=lambda match: match.old.name)
    least = min(match.likeness for match in ordered)
    return DraftMove(
        module=module,
        to=(home,),
        symbols=tuple(match.old.name for match in ordered),
        confidence=confidence,
        evidence=(f"defined there under the same name; the code is alike to {least:.0%} or more",),
    )


def _some(names: tuple[str, ...]) -> str:
    shown = ", ".join(names[:FEW])
    return f"{shown} and {len(names) - FEW} more" if len(names) > FEW else shown


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
