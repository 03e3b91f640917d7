"""What the rules about deleted modules share."""

from __future__ import annotations

from collections.abc import Iterable

from hardcut.finding import Unfixed
from hardcut.plan.gates import Gate
from hardcut.plan.implied import Moved
from hardcut.plan.model import Delete
from hardcut.rules.context import RuleContext
from hardcut.rules.fixing import Fix, import_fix, string_fix, why_not
from hardcut.source.facts import Facts, Import, Span, Text


def advice(gate: Gate[Delete], run: RuleContext | None, fix: Fix | None = None) -> str:
    """The legal ways out for a use of a deleted module, whose names may have moved to homes of their own."""
    if isinstance(fix, dict) and not gate.entry.to:
        homes = dict.fromkeys(new.rpartition(".")[0] for new in fix.values())
        return f"import {'it' if len(fix) == 1 else 'them'} from {' and '.join(f'`{one}`' for one in homes)}"
    if gate.entry.to:
        home = run.targets.last_home(gate.entry.to) if run is not None else gate.entry.to
        if home is None:
            return f"remove the use: its new home `{gate.entry.to}` is deleted, too"
        via = f"; `{gate.entry.to}`, its first new home, is deleted, too" if home != gate.entry.to else ""
        return f"import `{home}` instead{via}"
    if isinstance(gate.entry, Moved):
        return f"import it from {' or '.join(f'`{home}`' for home in gate.entry.homes)}"
    return "remove the use; if the module has to come back, add a `[[revive]]` entry with a reason"


def fate(gate: Gate[Delete]) -> str:
    """What becomes of a gate's module, in a word."""
    return "moved" if isinstance(gate.entry, Moved) else "deleted"


def is_rebound(module: str, run: RuleContext) -> bool:
    """Whether a module is gone and its package binds its name to something else, of its own or imported."""
    package, _, leaf = module.rpartition(".")
    bound = (run.project.names(package) or {}).get(leaf) if package else None
    if bound is None or run.project.file(module) is not None:
        return False
    if bound.kind in ("function", "class", "assign"):
        return True
    targets = run.project.resolve(module)
    return module not in targets and all(run.targets.deleted_by(target) is None for target in targets)


def is_own(facts: Facts, module: str) -> bool:
    """Whether a file is (a part of) the deleted module itself, which another rule reports as present."""
    return facts.module is not None and (facts.module == module or facts.module.startswith(module + "."))


class Statements:
    """The imports of one file by their statement, and its references by the imported path they start from."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self._entries: dict[Span, list[Import]] = {}
        for entry in facts.imports:
            self._entries.setdefault(entry.module_span, []).append(entry)
        self._used: dict[str, dict[str, None]] = {}
        for reference in facts.references:
            if reference.path != reference.imported:
                below = reference.path.removeprefix(f"{reference.imported}.").split(".", 1)[0]
                self._used.setdefault(reference.imported, {})[below] = None

    def together(self, entry: Import) -> list[Import]:
        """The imports of an import's own statement."""
        return self._entries[entry.module_span]

    def used(self, path: str) -> Iterable[str]:
        """The names that the file uses of an imported path."""
        return self._used.get(path, ())


def imported_instead(
    statements: Statements, entry: Import, module: str, gate: Gate[Delete], run: RuleContext
) -> Fix:
    """Where all that a statement imports from a deleted module is now; a reason if a name has no place."""
    below = run.targets.deleted_by(entry.module or "") is not None
    entries = statements.together(entry) if below else [entry]
    if any(one.name == "*" for one in entries):
        return Unfixed.STAR_IMPORT
    if any(one.name is None and one.alias == one.path.split(".", 1)[0] for one in entries):
        return Unfixed.PLAIN_IMPORT
    paths = {one.path: _instead(one.path, module, gate, run) for one in entries}
    for path, new in paths.items():
        used = statements.used(path) if isinstance(new, str) and run.project.exists(new) else ()
        for name in used:
            if (reason := why_not(f"{new}.{name}", run)) is not None:
                return reason
    return import_fix(statements.facts, entry, paths, run)


def named_instead(text: Text, module: str, gate: Gate[Delete], facts: Facts, run: RuleContext) -> Fix:
    """The text of a string that is the name of a deleted module, or goes on from it, with the new name."""
    return string_fix(text, module, _replacement(module, gate, run), facts, run)


def _instead(path: str, module: str, gate: Gate[Delete], run: RuleContext) -> str | Unfixed:
    """Where the plan sends the users of a name: that name's own new home, or the module's.

    A path that is not below the module reaches it through the re-export of another module. That
    module's import is what has to change.
    """
    name = path.rpartition(".")[2]
    moved = run.targets.moved_to(path)
    if len(moved) == 1:
        (homes,) = moved
        return f"{homes[0]}.{name}" if len(homes) == 1 else Unfixed.SEVERAL_HOMES
    if moved:
        return Unfixed.SEVERAL_HOMES
    if path != module and not path.startswith(f"{module}."):
        return Unfixed.RE_EXPORT
    new = _replacement(module, gate, run)
    return new if isinstance(new, Unfixed) else new + path[len(module) :]


def _replacement(module: str, gate: Gate[Delete], run: RuleContext) -> str | Unfixed:
    """The new home of a deleted module; a reason if the plans name none or several."""
    if len(run.targets.replacements(module)) > 1:
        return Unfixed.SEVERAL_HOMES
    return gate.entry.to or Unfixed.NO_NEW_HOME
