"""CUT102: an import function that is given the name of a deleted module."""

from __future__ import annotations

from collections.abc import Iterator

from hardcut.rules.deleted.deletion import advice, is_own, named_instead
from hardcut.rules.rule import Hit, Rule, place
from hardcut.rules.run import Run, why
from hardcut.source.facts import Facts, Sink, Span


def check(facts: Facts, run: Run) -> Iterator[Hit]:
    """Strings that reach an import function, written whole or put together."""
    for text in facts.texts:
        if text.kind != "string" or text.value is None:
            continue
        called = (
            text.sinks[0].function if text.sinks else text.callee if run.imports_its_argument(text) else None
        )
        name = text.value.replace(":", ".")
        found = run.targets.deleted_by(name) if called else None
        if (
            found is not None
            and not is_own(facts, found[0])
            and not _is_asserted(facts, text.sinks, text.span, found[0], run)
        ):
            yield Hit(
                gate=found[1],
                place=place(facts, text.span),
                subject=name,
                form=text.sinks[0].way if text.sinks else "wrapper",
                message=f"`{called}` is given `{name}`, but `{found[0]}` is deleted{why(found[1])}",
                help=advice(found[1]),
                fix=named_instead(text, *found, run),
            )
    for computed in facts.computed:
        if not computed.sinks:
            continue
        name = computed.value.replace(":", ".")
        found = run.targets.deleted_by(name if computed.exact else name.rstrip("."))
        if (
            found is None
            or is_own(facts, found[0])
            or not (computed.exact or name.startswith(found[0] + "."))
            or _is_asserted(facts, computed.sinks, computed.span, found[0], run)
        ):
            continue
        shown = name if computed.exact else f"{name}..."
        called = computed.sinks[0].function
        yield Hit(
            gate=found[1],
            place=place(facts, computed.span),
            subject=shown,
            form=computed.sinks[0].way,
            message=f"`{called}` is given `{shown}`, but `{found[0]}` is deleted{why(found[1])}",
            help=advice(found[1]),
        )


def _is_asserted(facts: Facts, sinks: list[Sink], span: Span, module: str, run: Run) -> bool:
    """Whether wherever a name is imported, a test asserts that this fails."""
    places = [sink.span for sink in sinks] or [span]
    return all(run.project.asserts_absence(facts.path, one, module) for one in places)


RULE = Rule(
    code="CUT102",
    name="deleted-module-dynamic-import",
    family="deleted",
    gates=("delete",),
    file=check,
    summary="an import function that is given the name of a deleted module",
)
