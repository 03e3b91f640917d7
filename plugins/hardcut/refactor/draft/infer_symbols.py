"""From what became of names of modules that stay to entries: moves and removals of what others could use."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

import msgspec

from hardcut.refactor.draft.change import Change
from hardcut.refactor.draft.code_tree import CodeTree, Definition, DefinitionKind, ModuleCode
from hardcut.refactor.draft.definition_matches import CERTAIN, Match
from hardcut.refactor.draft.draft_entries import Confidence, DraftEntry, DraftKeep, DraftRemove, LeftOut
from hardcut.refactor.draft.infer_modules import symbol_move
from hardcut.source.importscan import scan
from hardcut.source.python.imports import absolute


class SymbolEntries:
    """The entries about names of modules that stay, and the count of those that are left out.

    `shims` maps modules that are left as shims to their new homes: their names are no entries of their own.
    """

    def __init__(self, change: Change, matches: Mapping[Definition, Match], shims: Mapping[str, str]) -> None:
        self._change = change
        self._matches = matches
        self._shims = shims
        self.left_out = LeftOut()
        self._used = used_names(change, {one.module for one in change.lost})

    def all(self) -> Iterator[DraftEntry]:
        """Every entry, module by module."""
        gone = set(self._change.gone)
        lost: dict[str, list[Definition]] = defaultdict(list)
        for definition in self._change.lost:
            if definition.module not in gone:
                lost[definition.module].append(definition)
        for module in sorted(lost):
            yield from self._of(module, lost[module])

    def _of(self, module: str, lost: list[Definition]) -> Iterator[DraftEntry]:
        code = self._change.old.code(module)
        moves: dict[tuple[str, Confidence], list[Match]] = defaultdict(list)
        removed: dict[Confidence, list[Definition]] = defaultdict(list)
        forwarded: dict[str, list[Match]] = defaultdict(list)
        for definition in lost:
            surface = self._surface(code, definition)
            match = self._matches.get(definition)
            if not self._is_gone(definition):
                if match is not None and surface is not None and self._is_forwarded(match):
                    forwarded[match.new.module].append(match)
                continue
            if match is not None and match.new.module == module and match.new.is_private:
                self.left_out.made_private += 1
            elif surface is None:
                self._leave_out(definition)
            elif match is not None and not match.is_renamed:
                moves[match.new.module, _certainty(match)].append(match)
            else:
                removed[surface].append(definition)
        for (home, confidence), found in sorted(moves.items()):
            yield symbol_move(module, home, found, confidence)
        for confidence in sorted(removed, reverse=True):
            yield self._removal(module, removed[confidence], confidence)
            yield from self._new_names(removed[confidence], confidence)
        for home, found in sorted(forwarded.items()):
            move = symbol_move(module, home, found, Confidence.LOW)
            evidence = (
                *move.evidence,
                "the old module still gives the names: as a facade, or for its own use",
            )
            yield msgspec.structs.replace(move, evidence=evidence)

    def _new_names(self, lost: list[Definition], confidence: Confidence) -> Iterator[DraftKeep]:
        """The new names of those that are removed because they are called otherwise now."""
        kept: dict[str, set[str]] = defaultdict(set)
        for definition in lost:
            match = self._matches.get(definition)
            if match is not None:
                kept[match.new.module].add(match.new.name)
        for module, names in sorted(kept.items()):
            evidence = ("the new names of names that are removed",)
            yield DraftKeep(
                module=module, symbols=tuple(sorted(names)), confidence=confidence, evidence=evidence
            )

    def _is_forwarded(self, match: Match) -> bool:
        if match.new.module == match.old.module or match.is_renamed or match.is_ambiguous:
            return False
        return self._shims.get(match.old.module) != match.new.module

    def _is_gone(self, definition: Definition) -> bool:
        """Whether the module does not give the name any more, by its source."""
        bound = self._change.new.binds(definition.module, definition.name)
        if bound:
            self.left_out.re_exported += 1
        elif bound is None:
            self.left_out.uncertain += 1
        return bound is False

    def _surface(self, code: ModuleCode, definition: Definition) -> Confidence | None:
        """How certain it is that others could use a name; None where they should not."""
        path = f"{code.module}.{definition.name}"
        exported = self._change.old.surface(code.module).exported
        if path in self._used or definition.name in (exported or ()):
            return Confidence.HIGH
        if exported is not None or definition.is_private or "._" in f".{code.module}":
            return None
        if definition.kind is DefinitionKind.VALUE and not definition.name.isupper():
            return None
        return Confidence.MEDIUM

    def _leave_out(self, definition: Definition) -> None:
        if definition.is_private:
            self.left_out.private += 1
        else:
            self.left_out.unexported += 1

    def _removal(self, module: str, lost: list[Definition], confidence: Confidence) -> DraftRemove:
        names = sorted(definition.name for definition in lost)
        evidence = ["defined there before, and not found again"]
        if confidence is Confidence.HIGH:
            evidence.append("it was imported elsewhere, or is in `__all__`")
        for definition in sorted(lost, key=lambda one: one.name):
            match = self._matches.get(definition)
            if match is not None:
                new = f"{match.new.module}.{match.new.name}"
                evidence.append(f"{definition.name} is {new} now: the code is alike to {match.likeness:.0%}")
        return DraftRemove(
            module=module, symbols=tuple(names), confidence=confidence, evidence=tuple(evidence)
        )


def _certainty(match: Match) -> Confidence:
    if match.is_ambiguous:
        return Confidence.LOW
    return Confidence.HIGH if match.likeness >= CERTAIN else Confidence.MEDIUM


def used_names(change: Change, modules: set[str]) -> frozenset[str]:
    """The names of some modules that any file of the old tree imports, tests too, as dotted paths."""
    found: set[str] = set()
    leaves = {module.rpartition(".")[2].encode() for module in modules}
    for path in change.old.files if modules else ():
        if not path.endswith((".py", ".pyi")):
            continue
        data = change.old.tree.read(path)
        if b"import" not in data or not any(leaf in data for leaf in leaves):
            continue
        own = change.old.roots.module_of(path)[0]
        for module, names in imports_of(change.old, path, data):
            if module in modules and module != own:
                found.update(f"{module}.{name}" for name in names)
    return frozenset(found)


def imports_of(tree: CodeTree, path: str, data: bytes) -> Iterator[tuple[str, list[str]]]:
    """The absolute modules that a file's import statements name, each with the names imported from it."""
    package = tree.roots.package_of(path)
    for written, names in scan(data).imports:
        bare = written.lstrip(".")
        module = absolute(bare, len(written) - len(bare), package)
        if module:
            yield module, names
