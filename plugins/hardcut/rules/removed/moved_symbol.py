"""CUT204: a moved name is imported, used or patched through its old home or a facade."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from hardcut.finding import Severity, Unfixed
from hardcut.plan.model import Move
from hardcut.rules.context import RuleContext, why
from hardcut.rules.fixing import Fix, import_fix, pair_fix, string_fix, text_reason
from hardcut.rules.removed.symbols import composed_paths, hands_on, text_paths
from hardcut.rules.removed.text_names import named_in
from hardcut.rules.rule import Rule, Violation, place
from hardcut.rules.targets import Symbol
from hardcut.rules.text_references import part
from hardcut.source.facts import Facts, Span, Text


def check(facts: Facts, run: RuleContext) -> Iterator[Violation]:
    """Import statements, chains and strings that reach the name anywhere but at its new home."""
    for entry in facts.imports:
        if entry.module is not None and entry.name not in (None, "*"):
            where = (
                "type-checking"
                if entry.type_checking
                else "function-level"
                if entry.scope
                else "module-level"
            )
            for symbol, through in _old(entry.path, facts, run):
                hit = _violation(facts, symbol, through, entry.span, f"{_kind(symbol, through)}:{where}")
                # `from shop import prices.Money` is no import: what goes on from the name is an attribute.
                below = entry.path != hit.subject
                paths = {entry.path: _new(symbol, run)}
                fix = Unfixed.ATTRIBUTE if below else import_fix(facts, entry, paths, run)
                yield msgspec.structs.replace(hit, fix=fix)
    starred = {entry.module for entry in facts.imports if entry.name == "*"}
    for reference in facts.references:
        for symbol, through in _old(reference.path, facts, run):
            after = reference.imported.startswith(f"{through}.{symbol.name}")
            if after and not (through in starred and reference.root == symbol.name):
                continue
            if reference.form in ("instance", "inherited") and "." not in symbol.name:
                continue
            if facts.module not in symbol.homes:
                hit = _violation(
                    facts, symbol, through, reference.span, f"{_kind(symbol, through)}:{reference.form}"
                )
                yield msgspec.structs.replace(hit, fix=Unfixed.ATTRIBUTE)
    handed = {entry.alias for entry in facts.imports if not entry.scope}
    for definition in facts.definitions:
        if definition.name in handed:
            continue
        for symbol in run.targets.moved.get(definition.name.rsplit(".", 1)[-1], ()):
            if definition.kind in ("function", "class", "assign") and _has_stayed(
                definition.name, symbol, facts
            ):
                yield _stayed(facts, symbol, definition.span)
    for text in facts.texts:
        if run.is_label(text):
            continue
        if text.kind == "string":
            for path in text_paths(text, facts):
                if text.role == "all":
                    continue
                for symbol, through in _old(path, facts, run):
                    form = "registry-string" if text.pair else "string"
                    hit = _violation(facts, symbol, through, text.span, form)
                    yield msgspec.structs.replace(hit, fix=_text_fix(text, hit.subject, symbol, facts, run))
            if text_paths(text, facts):
                continue
        for symbol, start, end in named_in(text, run.targets.moved):
            if not run.replaced(symbol.home, symbol.gate):
                counts, severity = run.severity_in_text(symbol.gate, text, facts.language)
                if counts:
                    span, form = part(text, start, end), f"{text.kind}-reference"
                    hit = _violation(facts, symbol, symbol.home, span, form, severity)
                    yield msgspec.structs.replace(hit, fix=text_reason(text, facts, run))
    for path, span in composed_paths(facts, run):
        for symbol, through in _old(path, facts, run):
            hit = _violation(facts, symbol, through, span, "computed-string")
            yield msgspec.structs.replace(hit, fix=Unfixed.COMPOSED)


def _old(path: str, facts: Facts, run: RuleContext) -> Iterator[tuple[Symbol, str]]:
    """Moved symbols that a path reaches through the old home, or through a package that may not hand on."""
    for symbol, through in run.targets.symbols(run.targets.moved, path):
        if through in symbol.new or run.replaced(path, symbol.gate):
            continue
        if through in symbol.homes or (through in run.targets.closed and hands_on(run, through, symbol)):
            yield symbol, through


def _has_stayed(name: str, symbol: Symbol, facts: Facts) -> bool:
    """Whether a name that the plan moves by name is defined at its old home."""
    entry = symbol.gate.entry
    listed = isinstance(entry, Move) and symbol.name in entry.symbols
    return listed and symbol.name == name and facts.module == symbol.home and symbol.home not in symbol.new


def _stayed(facts: Facts, symbol: Symbol, span: Span) -> Violation:
    new = " or ".join(f"`{home}`" for home in symbol.new)
    return Violation(
        gate=symbol.gate,
        place=place(facts, span),
        subject=symbol.path,
        form="old-home:definition",
        message=f"`{symbol.name}` moves to {new}, but is defined here{why(symbol.gate)}",
        help=f"move the definition to {new}, and leave nothing behind",
    )


def _text_fix(text: Text, old: str, symbol: Symbol, facts: Facts, run: RuleContext) -> Fix:
    """The fix of a string that is a path, or of one that is paired with its home."""
    new = _new(symbol, run)
    fix = string_fix(text, old, new, facts, run)
    return pair_fix(text, old, new, run) if text.pair == old and isinstance(fix, Unfixed) else fix


def _new(symbol: Symbol, run: RuleContext) -> str | Unfixed:
    """Where a name is now, if the plans name one such place."""
    if len(symbol.new) != 1 or len(run.targets.moved_to(symbol.path)) > 1:
        return Unfixed.SEVERAL_HOMES
    return f"{symbol.new[0]}.{symbol.name}"


def _kind(symbol: Symbol, through: str) -> str:
    return "old-home" if through in symbol.homes else "facade"


def _violation(
    facts: Facts, symbol: Symbol, through: str, span: Span, form: str, severity: Severity | None = None
) -> Violation:
    new = " or ".join(f"`{home}`" for home in symbol.new)
    single = symbol.new[0] if len(symbol.new) == 1 else None
    return Violation(
        gate=symbol.gate,
        place=place(facts, span),
        subject=f"{through}.{symbol.name}",
        form=form,
        severity=severity,
        message=f"`{symbol.name}` moves to {new}, but is reached through `{through}`{why(symbol.gate)}",
        help=f"from {single} import {symbol.name}" if single else f"import it from {new}",
    )


RULE = Rule(
    code="CUT204",
    name="moved-symbol-old-home",
    family="removed",
    gates=("move",),
    file=check,
    exempts_absence=True,
    summary="a moved name is reached through its old home or a facade",
)
