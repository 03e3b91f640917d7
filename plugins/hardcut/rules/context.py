"""What a rule may ask while it runs: the targets, the project, and the plan's settings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

from hardcut.finding import Severity
from hardcut.plan.gates import Gate, LoadedPlan
from hardcut.plan.model import Document, Native, Surface
from hardcut.rules.history import History, NoHistory
from hardcut.rules.manifest.matching import Matcher, Matching
from hardcut.rules.ownership.delegates import Delegates
from hardcut.rules.shims.new_homes import Homes
from hardcut.rules.string_role import LOGGERS, StringRole, is_logger, role_of
from hardcut.rules.targets import Targets
from hardcut.rules.text_references import TextReferences
from hardcut.source.catching import Catching
from hardcut.source.facts import Facts, Text
from hardcut.source.project import Project


class RuleContext:
    """One run's context; the same for every rule and every file."""

    def __init__(self, plans: Sequence[LoadedPlan], project: Project, whole: bool) -> None:
        self.plans = plans
        self.project = project
        self.targets = Targets(plans, project)
        self.catching = Catching(project)
        self.whole = whole
        self.replaces = True
        self.selected: frozenset[str] = frozenset()
        """Codes of the rules that the user selected; empty for all rules."""
        self.words = self.targets.words()
        self.re_exported: frozenset[str] = frozenset()
        self.imported: frozenset[str] = frozenset()
        self.listed: list[str] = []
        self.unmatched: dict[str, list[str]] = {}
        self.earlier: dict[str, LoadedPlan] = {}
        self.gone: list[LoadedPlan] = []
        self.fresh: frozenset[str] = frozenset()
        self.history: History = NoHistory()
        self.tree: Callable[[str], str] = lambda plan: ""
        self._levels = {plan.name: plan.manifest.plan.text_references for plan in plans}
        self.labels = LOGGERS | {
            name.rsplit(".", 1)[-1] for plan in plans for name in plan.manifest.plan.loggers
        }
        self.importers = frozenset(name for plan in plans for name in plan.manifest.plan.importers)

    @cached_property
    def deleted_references(self) -> TextReferences:
        """Finds the dotted names and file paths of deleted modules in text."""
        return TextReferences(list(self.targets.deleted), self._sources())

    @cached_property
    def matching(self) -> list[Matching]:
        """Every name that the plans' entries look up, and whether it matches something."""
        return Matcher(self.plans, self.targets, self.project, self.history).all()

    @cached_property
    def shims(self) -> Homes:
        """The modules that may not hand names on, by moves and by `no_shims`."""
        return Homes(self.plans, self.targets, self.project)

    @cached_property
    def delegates(self) -> Delegates:
        """The functions that are to delegate to the native side."""
        return Delegates(self.plans, self.project)

    @cached_property
    def banned_references(self) -> TextReferences:
        """Finds the dotted names of banned modules in text."""
        banned = [module for gate in self.targets.surfaces for module in gate.entry.banned]
        return TextReferences(banned, ())

    def _sources(self) -> tuple[str, ...]:
        return tuple(
            dict.fromkeys(one.strip("/") for plan in self.plans for one in plan.manifest.plan.source)
        )

    def asked_about(self) -> list[str]:
        """The modules whose files have to be read, whatever words they hold."""
        documented = [gate.entry.module for plan in self.plans for gate in plan.of(Document)]
        return [*self.shims.modules(), *documented, *self.delegates.modules()]

    def is_owned(self, module: str | None) -> bool:
        """Whether a module is held to hold no implementation of its own of what is native."""
        return any(f"{module}.".startswith(f"{one}.") for one in self._owned)

    @cached_property
    def _owned(self) -> list[str]:
        return [one for plan in self.plans for gate in plan.of(Native) for one in gate.entry.within]

    def replaced(self, path: str, gate: Gate[Any]) -> bool:
        """Whether the deletion of a module on a path is reported instead of what a gate would report.

        Never where the user selected a wave or a rule, or asked about a gate or a name (`replaces`), unless
        the gate asks for that deletion itself, as the move of a whole module does.
        """
        if self.targets.asks_deletion(path, gate):
            return True
        return self.replaces and self.targets.covers(path, gate)

    def leads_to(self, path: str) -> tuple[str, ...]:
        """Where a path leads through re-exports, as far as its words or a known re-export hint at a target.

        Modules that re-export under other names are known in whole-project runs only.
        """
        if path in self.re_exported or not self.words.isdisjoint(path.split(".")):
            return self.project.resolve(path)
        return (path,)

    def is_label(self, text: Text) -> bool:
        """Whether a string is provably a label (a logger's name), not a module."""
        return is_logger(text, self.labels)

    def role(self, text: Text, language: str) -> StringRole:
        """What a string or text is; what is no reference is reported and never edited."""
        return role_of(text, language, self.labels, self.is_imported, self.targets.new_names)

    def is_imported(self, text: Text) -> bool:
        """Whether an import function is given a string, here or by way of a function of the project."""
        return bool(text.sinks) or self.imports_its_argument(text)

    def severity_in_text(self, gate: Gate[Any], text: Text, language: str) -> tuple[bool, Severity | None]:
        """Whether a textual reference counts, and as what; code strings follow the wave's state.

        A surface's own `text_references` speaks about strings too, any other level about prose only.
        """
        # The role of a string is never prose, and costs more to tell.
        prose = text.kind != "string" and self.role(text, language).is_prose
        level = getattr(gate.entry, "text_references", None)
        if not prose and (level is None or not isinstance(gate.entry, Surface)):
            return True, None
        level = level or self._levels.get(gate.plan, "warning")
        if level == "off":
            return False, None
        return True, (None if level == "error" else "warning")

    def imports_its_argument(self, text: Text) -> bool:
        """Whether a string is handed to a function of the project that imports what it is given."""
        if text.callee is None or text.argument is None:
            return False
        if text.callee in self.importers:
            return True
        module, _, name = text.callee.rpartition(".")
        facts: Facts | None = self.project.facts(module) if module else None
        wrapper = facts.wrappers.get(name) if facts is not None else None
        return wrapper is not None and text.argument in (wrapper[0], str(wrapper[1]))


def why(gate: Gate[Any]) -> str:
    """The manifest's reason as the tail of a message."""
    reason: str | None = gate.entry.reason
    return f" ({reason})" if reason else ""
