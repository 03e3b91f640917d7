"""CUT304: a banned module named in a string, message, comment or text."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from hardcut.rules.context import RuleContext
from hardcut.rules.rule import Rule, Violation
from hardcut.rules.surface.banned_probe import is_probe
from hardcut.rules.surface.dual import is_candidate
from hardcut.rules.surface.surfaces import bans, hit
from hardcut.rules.text_references import TextReference
from hardcut.source.facts import Facts, Text


def check(facts: Facts, run: RuleContext) -> Iterator[Violation]:
    """Every reference that is neither a probe nor a candidate."""
    named: set[int] = set()
    for text in facts.texts:
        references = list(run.banned_references.within(text))
        if references and text.kind == "string":
            named.update(range(text.span.line, text.span.end_line + 1))
        for reference in references if not run.is_label(text) else ():
            yield from _named(facts, text, reference, run)
    for computed in facts.computed:
        if computed.sinks or not computed.exact or computed.span.line in named:
            continue
        for found in bans(computed.value, facts, run):
            said = f"the string `{computed.value}` names `{found[0]}`, which may not be reached"
            yield hit(facts, found, computed.span, "computed-string", said)


def _named(facts: Facts, text: Text, reference: TextReference, run: RuleContext) -> Iterator[Violation]:
    for found in bans(reference.module, facts, run):
        if text.value == reference.name and (is_probe(text, run) or is_candidate(text, found[1])):
            continue
        counts, severity = run.severity_in_text(found[1], text, facts.language)
        if counts:
            form = facts.language if text.kind == "text" else text.kind
            said = f"names `{found[0]}`, which may not be reached"
            yield msgspec.structs.replace(hit(facts, found, reference.span, form, said), severity=severity)


RULE = Rule(
    code="CUT304",
    name="banned-surface-in-text",
    family="surface",
    gates=("surface",),
    file=check,
    exempts_absence=True,
    summary="a banned module named in a string, message, comment or text",
)
