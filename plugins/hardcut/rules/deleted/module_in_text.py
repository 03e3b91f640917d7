"""CUT103: any other string or text that names a deleted module."""

from __future__ import annotations

import re
from collections.abc import Iterator

from hardcut.finding import Unfixed
from hardcut.rules.context import RuleContext, why
from hardcut.rules.deleted.deletion import advice, fate, is_own, is_rebound, named_instead
from hardcut.rules.rule import Rule, Violation, place
from hardcut.rules.text_references import TextReference
from hardcut.source.facts import Computed, Facts, Text

DOTTED = re.compile(r"\w+(?:[.:]\w+)*[.:]|\w+(?:[.:]\w+)+")
"""A dotted name of two parts or more, or its head up to a dot."""


def check(facts: Facts, run: RuleContext) -> Iterator[Violation]:
    """Textual references in strings, docstrings, comments and text files."""
    named: set[int] = set()
    for text in facts.texts:
        references = list(run.deleted_references.within(text))
        if references and text.kind == "string":
            named.update(range(text.span.line, text.span.end_line + 1))
        if run.is_label(text) or (text.kind == "string" and (text.sinks or run.imports_its_argument(text))):
            continue
        for reference in references:
            yield from _named(facts, text, reference, run)
    for computed in facts.computed:
        if not DOTTED.fullmatch(computed.value) or computed.sinks or computed.span.line in named:
            continue
        if computed.callee is None or computed.callee.rsplit(".", 1)[-1] not in run.labels:
            yield from _computed(facts, computed, run)


def _named(facts: Facts, text: Text, reference: TextReference, run: RuleContext) -> Iterator[Violation]:
    for module, gate in run.targets.deletions(_dotted(reference)):
        # Where a package binds the name of its module to something else, the bare name may stay.
        is_other = reference.form == "dotted" and reference.name == module and is_rebound(module, run)
        if is_other or is_own(facts, module):
            continue
        counts, severity = run.severity_in_text(gate, text, facts.language)
        if counts:
            yield Violation(
                gate=gate,
                place=place(facts, reference.span),
                subject=module,
                form=_form(text, reference.form, facts),
                message=f"`{reference.name}` names the {fate(gate)} module `{module}`{why(gate)}",
                help=advice(gate, run),
                severity=severity,
                fix=named_instead(text, module, gate, facts, run),
            )


def _computed(facts: Facts, computed: Computed, run: RuleContext) -> Iterator[Violation]:
    """A string that is put together; of one that is not known to its end, the head has to name the module."""
    name = computed.value.replace(":", ".")
    for module, gate in run.targets.deletions(name if computed.exact else name.rstrip(".")):
        if is_own(facts, module) or not (computed.exact or name.startswith(module + ".")):
            continue
        yield Violation(
            gate=gate,
            place=place(facts, computed.span),
            subject=module,
            form="computed-string",
            message=f"the string `{name}` names the {fate(gate)} module `{module}`{why(gate)}",
            help=advice(gate, run),
            fix=Unfixed.COMPOSED,
        )


def _form(text: Text, kind: str, facts: Facts) -> str:
    if text.kind != "string":
        base = facts.language if text.kind == "text" else text.kind
        return f"{base}-path" if kind == "path" else base
    if text.role in ("pair", "key", "value") or text.pair is not None:
        return "registry-string"
    return "path-string" if kind == "path" else "string"


def _dotted(reference: TextReference) -> str:
    """The dotted name that a reference stands for; of a path, with what is named below the module."""
    if reference.form == "dotted":
        return reference.name.replace(":", ".")
    _, _, tail = reference.name.partition(reference.module.replace(".", "/"))
    below = tail.removesuffix(".pyi").removesuffix(".py").removesuffix("/__init__").rstrip("/")
    return reference.module + below.replace("/", ".")


RULE = Rule(
    code="CUT103",
    name="deleted-module-in-text",
    family="deleted",
    gates=("delete", "move"),
    file=check,
    exempts_absence=True,
    summary="a string, comment or text that names a deleted module",
)
