"""What the rules about shims share: the file in question, the advice, the look of a test."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from hardcut.plan.gates import Gate
from hardcut.plan.implied import Moved, new_homes
from hardcut.plan.model import Move
from hardcut.rules.context import RuleContext, why
from hardcut.rules.rule import Violation, place
from hardcut.rules.shims.new_homes import Home
from hardcut.source.facts import Facts, Span
from hardcut.source.outline import Outline


class Asked(msgspec.Struct, frozen=True):
    """A file that a plan asks about shims, and what it hands on."""

    home: Home
    outline: Outline


def asked(facts: Facts, run: RuleContext) -> Asked | None:
    """The file's place in the plan and its outline; None for a file that no plan asks about."""
    if facts.language != "python" or facts.module is None:
        return None
    home = run.shims.of(facts.module, facts.path)
    outline = run.project.outline(facts.module, facts.path) if home is not None else None
    return Asked(home, outline) if home is not None and outline is not None else None


def is_test(path: str) -> bool:
    """Whether a file belongs to tests: there, a stand-in for a module is no shim."""
    *folders, name = path.split("/")
    return (
        name.startswith("test_")
        or name.endswith("_test.py")
        or name == "conftest.py"
        or any(one in ("test", "tests", "testing") for one in folders)
    )


def hit(facts: Facts, gate: Gate[Any], span: Span, subject: str, form: str, said: str) -> Violation:
    """A finding about a shim, with the ways out that fit its gate."""
    if isinstance(gate.entry, Move | Moved):
        homes = gate.entry.homes if isinstance(gate.entry, Moved) else new_homes(gate.entry)
        to = "` or `".join(homes)
        help_ = f"rewrite the callers to `{to}` and take this out; a hard cutover leaves no shim behind"
    else:
        help_ = "let callers import from the module that defines the name, and take this out; "
        help_ += "a name that has to stay needs a `keep` in the plan"
    return Violation(
        gate=gate,
        place=place(facts, span),
        subject=subject,
        form=form,
        message=f"{said}{why(gate)}",
        help=help_,
    )


def hits(
    facts: Facts, gates: Iterable[Gate[Any]], span: Span, subject: str, form: str, said: str
) -> Iterator[Violation]:
    """A finding for each of the gates that report a shim."""
    for gate in {one.declared: one for one in gates}.values():
        yield hit(facts, gate, span, subject, form, said)


def listed(names: list[str]) -> str:
    """Some names for a message: three of them, and how many more."""
    shown = ", ".join(f"`{name}`" for name in names[:3])
    return f"{shown} and {len(names) - 3} more" if len(names) > 3 else shown


def joined(first: Span, last: Span) -> Span:
    """The span from the start of one to the end of the other."""
    return Span(first.line, first.column, last.end_line, last.end_column, first.cell)
