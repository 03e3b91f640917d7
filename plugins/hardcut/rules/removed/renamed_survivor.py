"""CUT205: what was to be deleted lives on under another name or in another file."""

from __future__ import annotations

from collections.abc import Iterator

from hardcut.finding import Place
from hardcut.rules.context import RuleContext, why
from hardcut.rules.removed.survivors import Found, Gone, apart, find, gone
from hardcut.rules.rule import Rule, Violation


def check(run: RuleContext) -> Iterator[Violation]:
    """Deleted modules and removed names that are known again; of other deleted modules, their bodies."""
    whole, parts = apart(gone(run))
    if not whole and not parts:
        return
    again = find(run, whole)
    lives = {
        (whole[at].path, found.path) for at, found in again.items() if whole[at].fingerprint.kind == "module"
    }
    for at in sorted(again):
        yield _violation(whole[at], again[at])
    survived = {path for path, _ in lives}
    rest = [body for body in parts if body.path not in survived]
    for at, found in sorted(find(run, rest).items()):
        yield _violation(rest[at], found)


def _violation(body: Gone, found: Found) -> Violation:
    there, was = found.fingerprint, body.fingerprint
    whole = was.kind == "module"
    subject = body.subject if whole or body.subject.endswith(f".{was.name}") else f"{body.subject}.{was.name}"
    span = there.span
    place = Place(found.path)
    if not whole:
        place = Place(found.path, span.line, span.column, span.end_line, span.end_column)
    likeness = "the same but for names" if found.same else f"{found.share:.0%} of its lines"
    if found.share == 1:
        likeness = "all of its lines"
    name = f"`{found.path}`" if whole else f"`{there.name}`"
    came = f"`{body.path}` at `{body.past.name}`"
    return Violation(
        gate=body.gate,
        place=place,
        subject=subject,
        form=was.kind,
        message=f"{name} is `{subject}` again: {likeness}, from {came}{why(body.gate)}",
        help="delete it here too; if it is to stay, say so in the plan: a `move` to this place, or a `keep`",
    )


RULE = Rule(
    code="CUT205",
    name="renamed-survivor",
    family="removed",
    gates=("delete", "move", "remove"),
    project=check,
    summary="what was to be deleted lives on under another name or in another file",
)
