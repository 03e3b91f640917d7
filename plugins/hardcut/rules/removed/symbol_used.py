"""CUT202: a removed name is used: imported, reached through an alias, listed, patched or looked up."""

from __future__ import annotations

from collections.abc import Iterator

from hardcut.finding import Severity
from hardcut.rules.context import RuleContext, why
from hardcut.rules.removed.symbols import composed_paths, reached, text_paths
from hardcut.rules.removed.text_names import named_in
from hardcut.rules.rule import Rule, Violation, place
from hardcut.rules.targets import Symbol
from hardcut.rules.text_references import part
from hardcut.source.facts import Facts, Span, Text

HELP = "remove the use together with the name; if it is needed, take it off the plan's `remove` list"


def check(facts: Facts, run: RuleContext) -> Iterator[Violation]:
    """Imports, references, strings that stand for the name, and text that names it."""
    for entry in facts.imports:
        if entry.module is not None and entry.name not in (None, "*"):
            form = (
                "import:type-checking"
                if entry.type_checking
                else "import:function-level"
                if entry.scope
                else "import"
            )
            yield from _violations(facts, run, entry.path, entry.span, form)
    for reference in facts.references:
        of_object = reference.form in ("instance", "inherited")
        if (
            reference.path.startswith(f"{facts.module}.")
            and reference.form == "name"
            and _is_own(facts, reference.path)
        ):
            form = "use-in-module"
        else:
            form = {"name": "use", "attribute": "attribute"}.get(reference.form, reference.form)
        yield from _violations(facts, run, reference.path, reference.span, form, of_object=of_object)
    for text in facts.texts:
        if text.kind == "string" and not run.is_label(text):
            for path in text_paths(text, facts):
                yield from _violations(facts, run, path, _entry(facts, text), _form(text.role), text)
        yield from _named(facts, run, text)
    for path, span in composed_paths(facts, run):
        yield from _violations(facts, run, path, span, "computed-string")


def _entry(facts: Facts, text: Text) -> Span:
    """The whole entry of a registry that a string belongs to; a member of a listing stands for itself."""
    if text.role == "member":
        return text.span
    entries = (one.span for one in facts.definitions if one.kind == "lazy" and _covers(one.span, text.span))
    return next(entries, text.span)


def _named(facts: Facts, run: RuleContext, text: Text) -> Iterator[Violation]:
    if run.is_label(text) or (text.kind == "string" and text_paths(text, facts)):
        return
    for symbol, start, end in named_in(text, run.targets.removed):
        whole = text.kind == "string" and text.value is not None
        if whole and run.replaced(symbol.home, symbol.gate):
            continue
        counts, severity = run.severity_in_text(symbol.gate, text, facts.language)
        if counts:
            yield _violation(facts, symbol, part(text, start, end), f"{text.kind}-reference", severity)


def _violations(
    facts: Facts,
    run: RuleContext,
    path: str,
    span: Span,
    form: str,
    text: Text | None = None,
    of_object: bool = False,
) -> Iterator[Violation]:
    for symbol, _ in reached(path, run.targets.removed, run, text):
        # What is read of an object names a member, and not the class or function that made the object.
        is_maker = of_object and "." not in symbol.name
        if not is_maker and not run.replaced(path, symbol.gate):
            yield _violation(facts, symbol, span, form, None)


def _violation(facts: Facts, symbol: Symbol, span: Span, form: str, severity: Severity | None) -> Violation:
    return Violation(
        gate=symbol.gate,
        place=place(facts, span),
        subject=symbol.path,
        form=form,
        help=HELP,
        severity=severity,
        message=f"`{symbol.name}` is removed from `{symbol.home}` but used here{why(symbol.gate)}",
    )


def _is_own(facts: Facts, path: str) -> bool:
    return facts.module is not None and path.startswith(facts.module + ".")


def _covers(outer: Span, inner: Span) -> bool:
    return (outer.line, outer.column) <= (inner.line, inner.column) and (
        inner.end_line,
        inner.end_column,
    ) <= (outer.end_line, outer.end_column)


def _form(role: str) -> str:
    return {
        "all": "all-entry",
        "pair": "registry-string",
        "key": "registry-string",
        "member": "registry-string",
    }.get(role, "string")


RULE = Rule(
    code="CUT202",
    name="removed-symbol-used",
    family="removed",
    gates=("remove",),
    file=check,
    exempts_absence=True,
    summary="a removed name is imported, used, listed, patched or looked up",
)
