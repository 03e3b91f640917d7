"""CUT101: an import statement, or a use through a module alias, that reaches a deleted module."""

from __future__ import annotations

from collections.abc import Iterator

from hardcut.finding import Declared, Unfixed
from hardcut.rules.context import RuleContext, why
from hardcut.rules.deleted.deletion import Statements, advice, fate, imported_instead, is_own, is_rebound
from hardcut.rules.rule import Rule, Violation, place
from hardcut.source.facts import Facts, Import, Span


def check(facts: Facts, run: RuleContext) -> Iterator[Violation]:
    """Import statements first, then uses of names that stand for a deleted module."""
    yield from _imports(facts, run)
    modules = {entry.module for entry in facts.imports if entry.name is None}
    for reference in facts.references:
        if reference.form in ("instance", "inherited"):
            continue
        inner = run.targets.deleted_by(reference.imported)
        for module, gate in run.targets.deletions(reference.path):
            if is_own(facts, module) or is_rebound(module, run):
                continue
            known = reference.imported == module or reference.imported in modules
            if inner is not None and not known and not run.project.exists(reference.imported):
                continue
            yield Violation(
                gate=gate,
                place=place(facts, reference.span),
                subject=reference.path,
                form="use-through-alias" if inner is not None else f"{reference.form}-chain",
                message=f"`{reference.path}` is in the {fate(gate)} module `{module}`{why(gate)}",
                help=advice(gate, run),
                fix=Unfixed.ATTRIBUTE,
            )


def _imports(facts: Facts, run: RuleContext) -> Iterator[Violation]:
    """One finding for a statement and a gate: the first path that reaches the gate's module."""
    statements = Statements(facts)
    seen: set[tuple[Span, str, Declared]] = set()
    for entry in facts.imports:
        for path in reaches(entry, run) if entry.module is not None else ():
            hits = list(_imported(statements, entry, path, seen, run))
            yield from hits
            if hits:
                break


def _imported(
    statements: Statements, entry: Import, path: str, seen: set[tuple[Span, str, Declared]], run: RuleContext
) -> Iterator[Violation]:
    """The findings about an import that leads to a path, for statements and gates not `seen` before."""
    facts, home = statements.facts, entry.module or ""
    below = run.targets.deleted_by(home) is not None
    span = entry.module_span if below else entry.span
    for module, gate in run.targets.deletions(path):
        key = (span, module, gate.declared)
        if key in seen:
            continue
        seen.add(key)
        subject = home if below else path
        fix = imported_instead(statements, entry, module, gate, run)
        yield Violation(
            gate=gate,
            place=place(facts, span),
            subject=subject,
            form=_form(entry, below),
            message=f"imports `{subject}`, but `{module}` is {fate(gate)}{why(gate)}",
            help=advice(gate, run, fix),
            fix=fix,
        )


def reaches(entry: Import, run: RuleContext) -> list[str]:
    """The paths an import leads to: its own, unless the parent binds that name to something else."""
    path = entry.path
    found = run.targets.deleted_by(path)
    if entry.name in (None, "*") or run.targets.deleted_by(entry.module or "") is not None:
        return [path]
    if found is None:
        stays = run.targets.deleted.get(entry.module or "")
        return [path] if stays is not None and run.project.file(path) is None else list(run.leads_to(path))
    if run.project.file(path) is not None:
        return [path]
    return [] if is_rebound(path, run) else list(run.leads_to(path))


def _form(entry: Import, below: bool) -> str:
    base = "star-import" if entry.name == "*" else "import" if entry.name is None else "from-import"
    if base == "from-import" and not below:
        base = "from-parent-import"
    where = "type-checking" if entry.type_checking else "function-level" if entry.scope else ""
    return f"{base}:{where}" if where else base


RULE = Rule(
    code="CUT101",
    name="deleted-module-import",
    family="deleted",
    gates=("delete", "move"),
    file=check,
    exempts_absence=True,
    summary="an import statement that reaches a deleted module, or a use through its alias",
)
