"""CUT105: a first-party import whose module or name exists nowhere."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterator

from hardcut.rules.context import RuleContext
from hardcut.rules.rule import Rule, Violation, place, plan_gate
from hardcut.source.facts import Facts, Import, Span
from hardcut.source.offers import Offer

GENERATED = (
    "_version",
    "version",
    "__version__",
    "_build*",
    "*_pb2",
    "*_pb2_grpc",
    "*_generated",
    "_generated*",
)
"""Names of modules that builds commonly write."""
OF_EVERY_MODULE = frozenset(
    [
        "__annotations__",
        "__builtins__",
        "__cached__",
        "__class__",
        "__dict__",
        "__doc__",
        "__file__",
        "__loader__",
        "__name__",
        "__package__",
        "__path__",
        "__spec__",
    ]
)


def check(facts: Facts, run: RuleContext) -> Iterator[Violation]:
    """Imports that nothing guards; the finding of a gate replaces this one if its rule is selected."""
    seen: set[tuple[Span, str]] = set()
    for entry in facts.imports:
        if entry.module is None or entry.guarded or _is_replaced(entry, run):
            continue
        missing = dangling(entry.module, entry.name, run)
        if missing is None:
            continue
        span = entry.span if missing == entry.path else entry.module_span
        if (span, missing) in seen:
            continue
        seen.add((span, missing))
        known = run.targets.moved.get(missing.rsplit(".", 1)[-1], ())
        new = next((one.new[0] for one in known if one.new and one.home == entry.module), None)
        yield Violation(
            gate=plan_gate(run.plans[0]),
            place=place(facts, span),
            subject=missing,
            form="module" if missing != entry.path or entry.name is None else "name",
            message=f"`{missing}` does not exist, neither here nor at a new home",
            help=f"the plan moves it to `{new}`"
            if new
            else "import it from where it lives now, or remove the import",
        )


def dangling(module: str, name: str | None, run: RuleContext) -> str | None:
    """The missing part of a first-party import, None where all of it exists or cannot be judged."""
    project = run.project
    if not project.roots.is_first_party(module):
        return None
    if not project.exists(module):
        parts = module.split(".")
        first = next(
            part for count in range(1, len(parts) + 1) if not project.exists(part := ".".join(parts[:count]))
        )
        return first if project.offers.module(first) is Offer.NO and not _is_generated(first) else None
    if name is None or name == "*" or name in OF_EVERY_MODULE:
        return None
    path = f"{module}.{name}"
    return path if project.offers.name(module, name) is Offer.NO and not _is_generated(path) else None


def _is_generated(path: str) -> bool:
    """Whether the last name of a path is one that builds commonly give to what they write."""
    name = path.rpartition(".")[2]
    return any(fnmatch.fnmatchcase(name, pattern) for pattern in GENERATED)


def _is_replaced(entry: Import, run: RuleContext) -> bool:
    """Whether the rule of a deletion, removal or move reports an import, or would if it were not ignored."""
    if _is_selected("CUT101", run) and run.targets.deleted_by(entry.path) is not None:
        return True
    last = entry.name or ""
    symbols = [
        *(run.targets.removed.get(last, ()) if _is_selected("CUT202", run) else ()),
        *(run.targets.moved.get(last, ()) if _is_selected("CUT204", run) else ()),
    ]
    return any(
        entry.module in (*symbol.homes, *symbol.facades) and entry.module not in symbol.new
        for symbol in symbols
    )


def _is_selected(code: str, run: RuleContext) -> bool:
    return not run.selected or code in run.selected


RULE = Rule(
    code="CUT105",
    name="dangling-import",
    family="deleted",
    gates=("plan",),
    file=check,
    summary="a first-party import whose module or name exists nowhere",
)
