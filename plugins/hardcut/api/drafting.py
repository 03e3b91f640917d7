"""From the sides of a change to the plan that it implies, as a manifest or to be checked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import msgspec

from hardcut.api.draft_sides import Sides
from hardcut.api.errors import plain, unusable
from hardcut.engine.report_data import Report
from hardcut.finding import Finding, Unfixed
from hardcut.plan.discover import MANIFEST, PROJECT, find_manifests
from hardcut.plan.edit import with_waves
from hardcut.plan.errors import ManifestError
from hardcut.plan.gates import LoadedPlan
from hardcut.plan.load import load_plans, load_text
from hardcut.refactor.draft.change import Change
from hardcut.refactor.draft.code_tree import CodeTree
from hardcut.refactor.draft.draft_entries import (
    Confidence,
    Draft,
    DraftAbsent,
    DraftDelete,
    DraftEntry,
    DraftKeep,
    DraftMove,
    DraftRemove,
    DraftWave,
)
from hardcut.refactor.draft.draft_text import Target, manifest_text, waves_text
from hardcut.refactor.draft.infer import change_between, draft
from hardcut.refactor.draft.infer_symbols import imports_of
from hardcut.refactor.draft.merge import fresh_ids, without_known
from hardcut.refactor.draft.wave_grouping import is_guess
from hardcut.source.decode import decode
from hardcut.source.git import git, top

EXAMPLES = 5
"""So many modules are named in the note about what was inferred."""
DRAFTED = "<draft>"
"""Stands for the file of a plan that has none."""
ENFORCED = frozenset({"CUT101", "CUT102", "CUT103", "CUT104", "CUT105", "CUT201", "CUT202", "CUT204"})
"""The rules about what is deleted, moved and removed, and about imports of what is not there."""
UNASKED = frozenset({"CUT205"})
"""The rule about what lives on under another name: the draft has looked for that itself."""
QUOTES = ('"', "'")
NO_REFERENCE = frozenset(
    [
        Unfixed.LOGGER,
        Unfixed.LABEL,
        Unfixed.KEY,
        Unfixed.COMPARED,
        Unfixed.ABSENCE,
        Unfixed.TEST_CASE,
        Unfixed.OLD_NAME,
        Unfixed.COMPOSED,
        Unfixed.PROSE,
    ]
)
"""What strings are that nobody follows to a module."""
DANGLING = "CUT105"
MENTIONED = "CUT103"
NO_SETTINGS = frozenset({"rust", "shell", "cython"})
"""Languages of text files in which a name like a module's may be a variable, or words of a message."""
UNREADABLE = "CUT907"
EMPTIED = (
    f"{MANIFEST} is empty, but not in the last commit: restore it (`git checkout {MANIFEST}`) "
    "and use `--merge`, which keeps its comments"
)


class Drafted(msgspec.Struct, frozen=True):
    """A change and the plan that it implies."""

    change: Change
    draft: Draft


def drafted(sides: Sides, sources: Sequence[str] = ()) -> Drafted:
    """The plan that the change between two sides implies; `sources` are import roots, if they are known."""
    change = change_between(sides.old, sides.new, sides.is_same, sources)
    return Drafted(change, draft(change))


def existing_plans(start: Path, files: Sequence[str]) -> list[LoadedPlan]:
    """The plans of the manifests that are given or found upward; an empty manifest counts for none.

    Raises:
        Unusable: a manifest cannot be used, or was emptied by the redirection of a draft into it.
    """
    try:
        if not files:
            found = find_manifests(start)
            paths = [path for path in found.files if path.name == PROJECT or path.stat().st_size]
            emptied = [path for path in found.files if path not in paths]
            if emptied and git(emptied[0].parent, "cat-file", "blob", f"HEAD:./{emptied[0].name}"):
                raise plain(EMPTIED)
            return load_plans(start, found.root, paths) if paths else []
        return load_plans(start, None, [Path(file) for file in files])
    except (ManifestError, OSError, ValueError) as problem:
        raise unusable(problem) from None


def as_manifest(found: Drafted, sides: Sides, name: str) -> str:
    """The draft as a whole manifest."""
    return manifest_text(found.draft, name, f"the change between {sides.said}", sides.base)


def merged(found: Drafted, plan: LoadedPlan) -> bytes | None:
    """The manifest of a plan with the draft's waves at its end; None if it says all but guesses already.

    Raises:
        Unusable: the manifest cannot be edited, or the result would be no valid one.
    """
    rest = without_known(found.draft, plan)
    if all(map(is_guess, rest.entries)):
        return None
    prefix = "tool.hardcut." if plan.path.endswith(PROJECT) else ""
    text = waves_text(rest, Target(prefix=prefix, ids=fresh_ids(rest, plan)))
    try:
        return with_waves(plan, text)
    except ManifestError as problem:
        raise unusable(problem) from None


def enforced(found: Draft) -> Draft:
    """What of a draft is certain.

    A module whose new home is not certain is gone all the same. Absent files are no matter of references.
    """
    entries = tuple(filter(None, map(_certain, found.entries)))
    waves = (DraftWave(title="the change", entries=entries),) if entries else ()
    return msgspec.structs.replace(found, waves=waves)


def _certain(entry: DraftEntry) -> DraftEntry | None:
    if isinstance(entry, DraftAbsent | DraftKeep):
        return None
    if entry.confidence is Confidence.HIGH:
        return entry
    if isinstance(entry, DraftMove) and not entry.symbols and entry.confidence is Confidence.MEDIUM:
        return DraftDelete(module=entry.module, confidence=Confidence.HIGH, evidence=entry.evidence)
    return None


def plan_of(found: Draft, sides: Sides, root: Path) -> LoadedPlan:
    """A plan without a file, to be checked; references in prose do not count.

    Raises:
        Unusable: the draft is no valid plan.
    """
    text = manifest_text(found, "draft", sides.said, sides.base)
    text = text.replace('\ncheck = ["."]\n', '\ncheck = ["."]\ntext_references = "off"\n', 1)
    try:
        plan = load_text(root / DRAFTED, root, text.encode())
    except ManifestError as problem:
        raise unusable(problem) from None
    return msgspec.structs.replace(plan, path=DRAFTED)


def of_change(report: Report, found: Drafted) -> Report:
    """The part of a report that is about the change: its own deletions and moves, and imports that it broke.

    Nothing of it can be fixed without a manifest.
    """
    findings = [
        msgspec.structs.replace(finding, fix=None, unfixed=None)
        for finding in report.findings
        if finding.code in ENFORCED and not _is_text(finding, found.change)
        if finding.code != DANGLING or _is_broken_by(finding, found.change)
    ]
    unread = sorted({one.place.path for one in report.findings if one.code == UNREADABLE})
    notes = []
    if unread:
        shown = ", ".join(unread[:3]) + (f" and {len(unread) - 3} more" if len(unread) > 3 else "")
        notes.append(f"not analysed in full: {shown}")
    return msgspec.structs.replace(
        report, findings=findings, contested=[], pending=[], notes=notes, undetermined=[], uncovered=[]
    )


def _is_text(finding: Finding, change: Change) -> bool:
    """Whether a finding is about a string that is no reference, such as a message about what is gone."""
    if finding.unfixed in NO_REFERENCE or finding.form.endswith("-reference"):
        return True
    if finding.code == MENTIONED and finding.form.partition("-")[0] in NO_SETTINGS:
        return True
    place = finding.place
    if finding.form not in ("string", "path-string") or not place.path.endswith(".py") or place.line is None:
        return False
    lines = decode(change.new.tree.read(place.path)).text.split("\n")
    line = lines[place.line - 1] if place.line <= len(lines) else ""
    start, end = (place.column or 1) - 1, (place.end_column or 1) - 1
    return line[start - 1 : start] not in QUOTES or line[end : end + 1] not in QUOTES


def _is_broken_by(finding: Finding, change: Change) -> bool:
    """Whether a dangling import is the change's doing: what it names was there before, or nobody named it.

    Imports of what only a build or an optional dependency provides dangle before and after a change.
    """
    old = change.old
    module, _, name = finding.subject.rpartition(".")
    if change.new.stub_binds(module, name):
        return False
    if module in change.new.paths and change.new.surface(module).is_open:
        return False
    if old.roots.exists(finding.subject) or (module in old.paths and old.binds(module, name)):
        return True
    return not _is_imported(old, finding.subject)


def _is_imported(tree: CodeTree, subject: str) -> bool:
    """Whether any file of a tree imports a module or name; the file of a finding may have moved."""
    leaf = subject.rpartition(".")[2].encode()
    for path in tree.files:
        data = tree.tree.read(path) if path.endswith((".py", ".pyi")) else b""
        if leaf in data and any(
            subject == target or subject in {f"{target}.{name}" for name in names}
            for target, names in imports_of(tree, path, data)
        ):
            return True
    return False


def inferred(found: Draft, certain: Draft) -> str:
    """What a draft has, for people: how many entries of each kind, and how many are not enforced."""
    counted: Counter[str] = Counter()
    for entry in certain.entries:
        counted[_kind(entry)] += len(entry.symbols) if isinstance(entry, DraftMove | DraftRemove) else 0
        if not isinstance(entry, DraftRemove) and not (isinstance(entry, DraftMove) and entry.symbols):
            counted[_kind(entry)] += 1
    said = [f"{number:,} {_noun(kind, number)}" for kind, number in sorted(counted.items())]
    said += [f"such as {', '.join(names)}"] if (names := _examples(certain)) else []
    rest = len(found.entries) - len(certain.entries)
    more = f"; {rest:,} more entries are less certain and not enforced" if rest else ""
    return f"{', '.join(said) or 'nothing that is certain'}{more}"


def _examples(found: Draft) -> list[str]:
    """The first entries about whole modules, as people name them."""
    names: list[str] = []
    for entry in found.entries:
        if isinstance(entry, DraftMove) and not entry.symbols:
            names.append(f"{entry.module} to {' and '.join(entry.to)}")
        elif isinstance(entry, DraftDelete):
            names.append(entry.module)
    return names[:EXAMPLES]


def _kind(entry: DraftEntry) -> str:
    if isinstance(entry, DraftDelete):
        return "deleted module"
    if isinstance(entry, DraftMove):
        return "moved name" if entry.symbols else "moved module"
    return "removed name"


def _noun(kind: str, number: int) -> str:
    return kind if number == 1 else f"{kind}s"


def latest_tag(root: Path) -> str | None:
    """The latest tag before the commit that is checked out."""
    if top(root) is None:
        return None
    found = git(root, "describe", "--tags", "--abbrev=0", "HEAD^") or b""
    return found.decode("utf-8", "replace").strip() or None
