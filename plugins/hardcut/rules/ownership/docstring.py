"""CUT603: a module's docstring does not state what the plan wants it to state."""

from __future__ import annotations

import re
from collections.abc import Iterator

from hardcut.finding import Place
from hardcut.plan.model import Document
from hardcut.rules.context import RuleContext, why
from hardcut.rules.rule import Rule, Violation, place
from hardcut.source.facts import Facts


def check(facts: Facts, run: RuleContext) -> Iterator[Violation]:
    """Each word that a documented module's docstring lacks, in one finding."""
    for plan in run.plans:
        for gate in plan.of(Document):
            if gate.entry.module != facts.module or run.project.file(facts.module) != facts.path:
                continue
            outline = run.project.outline(facts.module)
            said = outline.docstring if outline is not None else None
            missing = [one for one in gate.entry.must_mention if not _states(said.name if said else "", one)]
            if not missing:
                continue
            words = ", ".join(f"`{one}`" for one in missing)
            yield Violation(
                gate=gate,
                place=place(facts, said.span) if said is not None else Place(facts.path),
                subject=facts.module,
                form="silent" if said is not None else "no-docstring",
                message=f"`{facts.module}` "
                + (f"does not state {words} in its docstring" if said else f"has no docstring: state {words}")
                + why(gate),
                help="say so in the module's docstring, in words that hold today",
            )


def _states(text: str, words: str) -> bool:
    """Whether a text holds words whole, in any case, over any line breaks."""
    pattern = r"\s+".join(re.escape(one) for one in words.split())
    return re.search(rf"(?<!\w){pattern}(?!\w)", text, re.IGNORECASE) is not None


RULE = Rule(
    code="CUT603",
    name="ownership-docstring",
    family="ownership",
    gates=("document",),
    file=check,
    summary="a module's docstring does not state what it must",
)
