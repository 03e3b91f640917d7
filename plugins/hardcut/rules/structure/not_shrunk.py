"""CUT702: paths that did not lose the lines that the plan counts on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from hardcut.finding import Place, Severity
from hardcut.plan.gates import Gate
from hardcut.plan.model import Shrink
from hardcut.rules.context import RuleContext, why
from hardcut.rules.history import Past, Unknown
from hardcut.rules.rule import Rule, Violation
from hardcut.source.project import Project

SHOWN = 3
UNKNOWN = "unknown"
"""The form of a finding that says that nobody can tell; a warning if the history is not complete."""


def check(run: RuleContext) -> Iterator[Violation]:
    """Each gate's paths, all together, against the revision where its wave began."""
    for plan in run.plans:
        for gate in plan.of(Shrink):
            past = run.history.began(plan.name, gate.entry.since)
            if not isinstance(past, Past):
                reason = past.reason if isinstance(past, Unknown) else past
                hit = _violation(
                    gate,
                    gate.entry.paths[0],
                    UNKNOWN,
                    f"cannot tell whether {_listed(gate.entry.paths)} shrank: {reason}",
                    "name the revision where the wave began (`since` or `plan.base`), and fetch its history",
                )
                # What a clone lacks is no fault of the code: it fails no check, and `land` refuses.
                severity: Severity | None = "warning" if isinstance(past, Unknown) else None
                yield msgspec.structs.replace(hit, severity=severity)
            else:
                yield from _measured(gate, past, run)


def _measured(gate: Gate[Shrink], past: Past, run: RuleContext) -> Iterator[Violation]:
    entry = gate.entry
    before, now = _lines(past.project, entry.paths), _lines(run.project, entry.paths)
    first, last = sum(before.values()), sum(now.values())
    gone = first - last
    less = f"{gone:,} lines fewer" if gone >= 0 else f"{-gone:,} lines more"
    said = f"{_listed(entry.paths)}: {less} than at `{past.name}` ({first:,} then, {last:,} now)"
    grown = sorted(
        ((lines - before.get(path, 0), path) for path, lines in now.items() if lines > before.get(path, 0)),
        key=lambda one: (-one[0], one[1]),
    )
    path = next(iter(sorted(now) or sorted(before)), entry.paths[0])
    if entry.at_least is not None and gone < entry.at_least:
        told = f"; grown: {_growth(grown)}" if grown else ""
        yield _violation(
            gate,
            grown[0][1] if grown else path,
            "grown" if gone < 0 else "too-little",
            f"{said}; the plan wants at least {entry.at_least:,} fewer{told}",
            f"remove {entry.at_least - gone:,} more, or correct the figure in the plan",
        )
    if entry.at_most is not None and gone > entry.at_most:
        yield _violation(
            gate,
            path,
            "too-much",
            f"{said}; the plan wants at most {entry.at_most:,} fewer",
            "see what else went, or correct the figure in the plan",
        )


def _lines(project: Project, paths: Sequence[str]) -> dict[str, int]:
    """The lines of each file that the paths name; of folders, their Python files."""
    files: dict[str, int] = {}
    for path in paths:
        for found in project.matching(path):
            inside = [found]
            if project.tree.kind(found) == "folder":
                inside = [one for sign in ("py", "pyi") for one in project.matching(f"{found}/**/*.{sign}")]
            for one in inside:
                if one not in files:
                    files[one] = project.measure(one, False).lines
    return files


def _growth(grown: list[tuple[int, str]]) -> str:
    more = f" and {len(grown) - SHOWN:,} more" if len(grown) > SHOWN else ""
    return ", ".join(f"`{path}` by {lines:,}" for lines, path in grown[:SHOWN]) + more


def _listed(paths: Sequence[str]) -> str:
    more = f" and {len(paths) - SHOWN:,} more" if len(paths) > SHOWN else ""
    return ", ".join(f"`{path}`" for path in paths[:SHOWN]) + more


def _violation(gate: Gate[Shrink], path: str, form: str, said: str, help_: str) -> Violation:
    return Violation(
        gate=gate,
        place=Place(path),
        subject=gate.entry.paths[0],
        form=form,
        message=f"{said}{why(gate)}",
        help=help_,
    )


RULE = Rule(
    code="CUT702",
    name="not-shrunk",
    family="structure",
    gates=("shrink",),
    project=check,
    summary="paths did not lose the lines that the plan counts on, or grew",
)
