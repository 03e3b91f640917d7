"""CUT801: files that do not state one version."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from hardcut.finding import Place
from hardcut.plan.gates import Gate
from hardcut.plan.model import Align
from hardcut.rules.context import RuleContext, why
from hardcut.rules.rule import Rule, Violation
from hardcut.source.versions.stated import Release, Stated

PARTS = {"major": 1, "minor": 2, "patch": 3}
SHOWN = 6


class Said(NamedTuple):
    """One statement and its file."""

    path: str
    stated: Stated


def check(run: RuleContext) -> Iterator[Violation]:
    """Each gate's files: those that say nothing, those that say something else, those that leave it open."""
    for plan in run.plans:
        for gate in plan.of(Align):
            said, problems = gather(gate, run)
            yield from (_violation(gate, Place(path), form, text) for path, form, text in problems)
            yield from _differing(gate, said)


def gather(gate: Gate[Align], run: RuleContext) -> tuple[list[Said], list[tuple[str, str, str]]]:
    """What the files state; and of those that state nothing: path, form, and what is wrong."""
    said: list[Said] = []
    problems: list[tuple[str, str, str]] = []
    inheriting: list[str] = []
    for pattern in gate.entry.in_:
        name = gate.entry.names.get(pattern, gate.entry.name)
        paths = run.project.matching(pattern)
        if not paths:
            problems.append((pattern, "no-file", f"there is no `{pattern}` that could state `{name}`"))
        for path in paths:
            found = run.project.versions(path, name)
            if found.problem:
                problems.append((path, "unreadable", f"`{path}` {found.problem}"))
            elif not found.stated:
                problems.append((path, "not-stated", f"`{path}` does not state `{name}`"))
            elif all(one.inherits for one in found.stated):
                inheriting.append(path)
            said += [Said(path, one) for one in found.stated if not one.inherits]
    workspace = any(one.path.endswith("Cargo.toml") for one in said)
    for path in inheriting if not workspace else ():
        problems.append((path, "inherited", f"`{path}` leaves the version to its workspace's Cargo.toml"))
    return said, problems


def agreed(said: list[Said], parts: int) -> Release | None:
    """The version that most files fix, locks first; where none fixes one, that most begin at."""
    for chosen in (
        [one.stated.exact for one in said],
        [one.stated.spans[0][0] for one in said if one.stated.spans],
    ):
        counts = Counter(release[:parts] for release in chosen if release is not None)
        if counts:
            best = max(counts.values())
            locked = {one.stated.exact[:parts] for one in said if one.stated.lock and one.stated.exact}
            top = [release for release, count in counts.items() if count == best]
            return next((release for release in top if release in locked), top[0])
    return None


def _differing(gate: Gate[Align], said: list[Said]) -> Iterator[Violation]:
    parts = PARTS[gate.entry.to]
    version = agreed(said, parts)
    if version is None:
        return
    locked = {one.stated.system for one in said if one.stated.lock}
    marks = Counter(
        one.stated.pre for one in said if one.stated.exact and one.stated.exact[:parts] == version
    )
    mark = marks.most_common(1)[0][0] if marks else ""
    for one in said:
        found = _wrong(one.stated, version, mark if parts == 3 else None, one.stated.system in locked)
        if found is not None:
            form, text = found
            place = Place(one.path, one.stated.line, one.stated.column, one.stated.line, one.stated.end)
            rest = _others(one, said)
            yield _violation(gate, place, form, f"`{one.path}` says `{one.stated.text}`, {text}{rest}")


def _wrong(stated: Stated, version: Release, mark: str | None, locked: bool) -> tuple[str, str] | None:
    """The form and the words for a statement that is not in step with a version."""
    if not stated.spans:
        return "open", "which names no version that could be compared"
    exact, shown = stated.exact, dotted(version)
    if exact is not None:
        other = exact[: len(version)] != version or (mark is not None and stated.pre != mark)
        return ("differs", f"not {shown}{mark or ''}") if other else None
    if not any(_meets(low, high, version) for low, high in stated.spans):
        return "differs", f"which does not admit {shown}"
    low, high = stated.spans[0][0], max((high for _, high in stated.spans if high), default=None)
    if high is None or any(end is None for _, end in stated.spans):
        return "open", f"which admits every version from {dotted(low)} on, not {shown} alone"
    if high > (low[0] + 1, 0, 0):
        return "open", f"which admits every version from {dotted(low)} to {dotted(high)}, not {shown} alone"
    if not locked and low[: len(version)] != version and high > _after(low, len(version)):
        level = {1: "major", 2: "minor", 3: "patch"}[len(version)]
        return "open", f"which begins elsewhere and leaves the {level} open, and no lock file tells more"
    return None


def _meets(low: Release, high: Release | None, version: Release) -> bool:
    """Whether a span holds any version that begins with the given numbers."""
    first = version + (0,) * (3 - len(version))
    return low < _after(first, len(version)) and (high is None or high > first)


def _after(release: Release, parts: int) -> Release:
    """The first version that no longer shares so many numbers with the given one."""
    kept = (*release[: parts - 1], release[parts - 1] + 1)
    return kept + (0,) * (3 - len(kept))


def _others(one: Said, said: list[Said]) -> str:
    rest = [
        f"{other.path}:{other.stated.line} says `{other.stated.text}`" for other in said if other is not one
    ]
    more = f", and {len(rest) - SHOWN} more" if len(rest) > SHOWN else ""
    return f"; {', '.join(rest[:SHOWN])}{more}" if rest else ""


def dotted(release: Release) -> str:
    """A version as people write it."""
    return ".".join(map(str, release[:3]))


def _violation(gate: Gate[Align], place: Place, form: str, text: str) -> Violation:
    return Violation(
        gate=gate,
        place=place,
        subject=gate.entry.name,
        form=form,
        message=f"`{gate.entry.name}` has to be one version to the {gate.entry.to}: {text}{why(gate)}",
        help="state the same version in every file of the list, or take a file that has no say off it",
    )


RULE = Rule(
    code="CUT801",
    name="version-drift",
    family="evidence",
    gates=("align",),
    project=check,
    summary="files that state different versions of one thing, or leave it open",
)
