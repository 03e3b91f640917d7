"""CUT103: any other string or text that names a deleted module."""

from __future__ import annotations

import re
from collections.abc import Iterator

from hardcut.rules.deleted.deletion import advice, is_own, named_instead
from hardcut.rules.mentions import Mention
from hardcut.rules.rule import Hit, Rule, place
from hardcut.rules.run import Run, why
from hardcut.source.facts import Facts, Text

DOTTED = re.compile(r"\w+(?:[.:]\w+)*[.:]|\w+(?:[.:]\w+)+")
"""A dotted name of two parts or more, or its head up to a dot."""


def check(facts: Facts, run: Run) -> Iterator[Hit]:
    """Mentions in strings, docstrings, comments and text files."""
    for text in facts.texts:
        if run.is_label(text) or (text.kind == "string" and (text.sinks or run.imports_its_argument(text))):
            continue
        for mention in run.deleted_mentions.within(text):
            found = run.targets.deleted_by(_dotted(mention))
            if found is None or is_own(facts, found[0]):
                continue
            module, gate = found
            counts, severity = run.mention(gate, text, facts.language)
            if counts:
                yield Hit(
                    gate=gate,
                    place=place(facts, mention.span),
                    subject=module,
                    form=_form(text, mention.form, facts),
                    message=f"`{mention.name}` names the deleted module `{module}`{why(gate)}",
                    help=advice(gate),
                    severity=severity,
                    fix=named_instead(text, module, gate, run),
                )
    for computed in facts.computed:
        if not DOTTED.fullmatch(computed.value):
            continue
        name = computed.value.replace(":", ".")
        found = run.targets.deleted_by(name if computed.exact else name.rstrip("."))
        if computed.sinks or found is None or is_own(facts, found[0]):
            continue
        if not computed.exact and not name.startswith(found[0] + "."):
            continue
        if any(
            _same_line(text, computed.span.line) and any(run.deleted_mentions.within(text))
            for text in facts.texts
        ):
            continue
        if computed.callee is not None and computed.callee.rsplit(".", 1)[-1] in run.labels:
            continue
        yield Hit(
            gate=found[1],
            place=place(facts, computed.span),
            subject=found[0],
            form="computed-string",
            message=f"the string `{name}` names the deleted module `{found[0]}`{why(found[1])}",
            help=advice(found[1]),
        )


def _same_line(text: Text, line: int) -> bool:
    return text.kind == "string" and text.span.line <= line <= text.span.end_line


def _form(text: Text, kind: str, facts: Facts) -> str:
    if text.kind != "string":
        base = facts.language if text.kind == "text" else text.kind
        return f"{base}-path" if kind == "path" else base
    if text.role in ("pair", "key", "value") or text.pair is not None:
        return "registry-string"
    return "path-string" if kind == "path" else "string"


def _dotted(mention: Mention) -> str:
    """The dotted name that a mention stands for; of a path, with what is named below the module."""
    if mention.form == "dotted":
        return mention.name.replace(":", ".")
    _, _, tail = mention.name.partition(mention.module.replace(".", "/"))
    below = tail.removesuffix(".pyi").removesuffix(".py").removesuffix("/__init__").rstrip("/")
    return mention.module + below.replace("/", ".")


RULE = Rule(
    code="CUT103",
    name="deleted-module-mention",
    family="deleted",
    gates=("delete",),
    file=check,
    summary="a string, comment or text that names a deleted module",
)
