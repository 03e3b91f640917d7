"""CUT304: a banned module named in a string, message, comment or text."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from hardcut.rules.rule import Hit, Rule
from hardcut.rules.run import Run
from hardcut.rules.surface.banned_probe import is_probe
from hardcut.rules.surface.dual import is_candidate
from hardcut.rules.surface.surfaces import banned, hit
from hardcut.source.facts import Facts


def check(facts: Facts, run: Run) -> Iterator[Hit]:
    """Every mention that is neither a probe nor a candidate."""
    for text in facts.texts:
        if run.is_label(text):
            continue
        for mention in run.banned_mentions.within(text):
            found = banned(mention.module, facts, run)
            if found is None or (
                text.value == mention.name and (is_probe(text, run) or is_candidate(text, found[1]))
            ):
                continue
            counts, severity = run.mention(found[1], text, facts.language)
            if counts:
                form = facts.language if text.kind == "text" else text.kind
                said = f"names `{found[0]}`, which may not be reached"
                yield msgspec.structs.replace(hit(facts, found, mention.span, form, said), severity=severity)
    for computed in facts.computed:
        if computed.sinks or not computed.exact:
            continue
        found = banned(computed.value, facts, run)
        if found is not None and not any(
            text.kind == "string"
            and text.span.line <= computed.span.line <= text.span.end_line
            and any(run.banned_mentions.within(text))
            for text in facts.texts
        ):
            said = f"the string `{computed.value}` names `{found[0]}`, which may not be reached"
            yield hit(facts, found, computed.span, "computed-string", said)


RULE = Rule(
    code="CUT304",
    name="banned-surface-mention",
    family="surface",
    gates=("surface",),
    file=check,
    summary="a banned module named in a string, message, comment or text",
)
