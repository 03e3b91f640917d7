"""The findings of today's plan in each commit of the history, counted by wave."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from hardcut.engine.cache import own_version
from hardcut.engine.gather import Sources
from hardcut.engine.history.blobs import BlobCache
from hardcut.engine.history.burndown_data import Burndown, Line, Step
from hardcut.engine.listing import listing_of
from hardcut.engine.options import Options
from hardcut.engine.runner import judge
from hardcut.plan.gates import LoadedPlan
from hardcut.rules.registry import RULES
from hardcut.source.git import Objects
from hardcut.source.log import Commit, commits, is_shallow
from hardcut.source.revision import RevisionTree

OF_THE_PLAN = frozenset({"manifest", "evidence"})
"""Families of rules about the plan itself, and about what was measured outside of the tree."""
OF_A_TREE = frozenset({"version-drift"})
"""Rules of these families that ask a tree alone."""
COMPARING = frozenset({"not-shrunk", "renamed-survivor"})
"""Rules that compare with the revision where a wave began: they mean nothing before it."""
WORTH = 4
"""Commits to read from which a second process pays for its start."""
AT_HAND = 128 * 1024 * 1024
"""Bytes of files that are held, so that neighbouring commits read each of them once."""
Tick = Callable[[int, int], None]


class _Counted(msgspec.Struct, frozen=True, array_like=True):
    counts: list[int]
    contested: list[int]
    files: int
    missing: int = 0


class _Objects(Objects):
    """Objects that are kept at hand."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self._held: dict[str, bytes] = {}
        self._bytes = 0

    def read(self, name: str) -> bytes | None:
        """An object's content; None where the repository does not hold it."""
        found = self._held.get(name)
        if found is not None:
            return found
        found = super().read(name)
        if found is None:
            return None
        if self._bytes > AT_HAND:
            self._held.clear()
            self._bytes = 0
        self._held[name] = found
        self._bytes += len(found)
        return found


def burndown(
    options: Options, until: str, since: str | None, most: int | None, tick: Tick = lambda done, of: None
) -> Burndown:
    """The counts of every commit in the range, or of at most `most` of them, evenly chosen.

    Each commit's tree is judged by the plans as they are now. `tick` is told how many commits are done.

    Raises:
        LogError: there is no history, or no such revision or date.
    """
    root = Path(options.root)
    every = commits(root, until, since)
    chosen = sample(every, most)
    options = msgspec.structs.replace(
        options,
        plans=[_without_waivers(plan) for plan in options.plans],
        ignore=options.ignore | of_the_plan(),
        compare=False,
    )
    lines = lines_of(options)
    cache = BlobCache(root, options.cache)
    counter = _Counter(root, options, lines, cache)
    found = counter.count(chosen, tick)
    cache.write()
    steps = [
        Step(one.name, one.when, one.author, one.subject, done.counts, done.contested, done.files)
        for one, done in zip(chosen, found, strict=True)
    ]
    notes = []
    if is_shallow(root):
        notes.append(
            f"this clone is shallow: the history before {chosen[0].name[:8]} is not there "
            "(`git fetch --unshallow` brings it)"
        )
    missing = max((one.missing for one in found), default=0)
    if missing:
        notes.append(
            f"some files (up to {missing:,} of one commit) were taken for empty: "
            "this clone lacks their objects"
        )
    return Burndown(lines=lines, steps=steps, commits=len(every), notes=notes)


def sample(every: Sequence[Commit], most: int | None) -> list[Commit]:
    """At most so many commits, the first and the last among them, as evenly as can be."""
    if most is None or len(every) <= most:
        return list(every)
    if most == 1:
        return [every[-1]]
    return [every[round(at * (len(every) - 1) / (most - 1))] for at in range(most)]


def lines_of(options: Options) -> list[Line]:
    """The waves that are counted, in the manifests' order."""
    return [
        Line(plan.name, wave.id, wave.title, wave.state)
        for plan in options.plans
        for wave in plan.manifest.wave
        if options.waves is None or wave.id in options.waves
    ]


def _without_waivers(plan: LoadedPlan) -> LoadedPlan:
    """The plan without waivers: what is let pass today remains, and a date would change old counts."""
    manifest = msgspec.structs.replace(plan.manifest, waiver=[])
    return msgspec.structs.replace(plan, manifest=manifest, waivers=[])


def of_the_plan() -> frozenset[str]:
    """The codes of rules that say nothing about a tree, and so have no course over old ones."""
    return frozenset(
        one.code
        for one in RULES
        if (one.family in OF_THE_PLAN and one.name not in OF_A_TREE) or one.name in COMPARING
    )


class _Counter:
    """Counts trees, each once; results for one content are reused for the next tree."""

    def __init__(self, root: Path, options: Options, lines: list[Line], cache: BlobCache) -> None:
        self._root = root
        self._options = options
        self._lines = {(line.plan, line.wave): at for at, line in enumerate(lines)}
        self._cache = cache
        self._objects = _Objects(root)
        self._folders = list(
            dict.fromkeys(one for plan in options.plans for one in plan.manifest.plan.source)
        )
        self._label = self._name_of_question()

    def count(self, chosen: Sequence[Commit], tick: Tick) -> list[_Counted]:
        """The counts of each commit, from two processes where that is faster."""
        known: dict[str, _Counted] = {}
        for one in chosen:
            stored = self._cache.get(self._key(one), _Counted)
            if stored is not None:
                known[one.tree] = stored
        waiting = list({one.tree: one for one in chosen if one.tree not in known}.values())
        ready = len(chosen) - len(waiting)
        tick(ready, len(chosen))
        jobs = self._options.jobs if self._options.jobs is not None else min(2, os.cpu_count() or 1)
        if jobs > 1 and len(waiting) >= WORTH:
            self._spread(waiting, known, lambda done: tick(ready + done, len(chosen)))
        for at, one in enumerate(waiting):
            if one.tree not in known:
                known[one.tree] = self._counted(one)
                tick(ready + at + 1, len(chosen))
        return [known[one.tree] for one in chosen]

    def _spread(self, waiting: list[Commit], known: dict[str, _Counted], tick: Callable[[int], None]) -> None:
        """The older half in this process, the newer in another: neighbours share most of their files."""
        from hardcut.engine.workers import spread

        older, newer = halves(waiting)
        mine = {commit.tree for commit in older}
        done = 0
        for commit, answer in spread([older, newer], self._packed, self._cache.used):
            if commit is None:
                self._cache.add(answer)
                continue
            known[commit.tree] = msgspec.msgpack.decode(answer, type=_Counted)
            if commit.tree in mine:
                done += 1
                tick(round(done * len(waiting) / len(older)))

    def _packed(self, commit: Commit) -> bytes:
        return msgspec.msgpack.encode(self._counted(commit))

    def _counted(self, one: Commit) -> _Counted:
        tree = RevisionTree(self._root, one.name, self._objects)
        sources = Sources(tree, self._folders, self._cache)
        options = msgspec.structs.replace(self._options, jobs=1)
        listed, unmatched = listing_of(tree, options)
        report = judge(sources, options, listed, unmatched)
        counts, contested = [0] * len(self._lines), [0] * len(self._lines)
        for findings, sums in ((report.findings, counts), (report.contested, contested)):
            for finding in findings:
                at = self._lines.get((finding.plan, finding.wave or ""))
                if at is not None:
                    sums[at] += 1
        found = _Counted(counts, contested, len(listed), len(tree.missing))
        if not tree.missing:  # What is missing now may be fetched.
            self._cache.put(self._key(one), found)
        return found

    def _key(self, one: Commit) -> bytes:
        return self._cache.key("counts", one.tree.encode("ascii", "replace"), "", self._label, "")

    def _name_of_question(self) -> str:
        """What else than a tree decides its counts: the plans, the options, hardcut itself."""
        options = self._options
        parts = [own_version(), os.path.realpath(self._root)]
        for values in (
            [plan.digest for plan in options.plans],
            [plan.path for plan in options.plans],
            sorted(options.waves or ()),
            sorted(options.select),
            sorted(options.ignore),
            options.exclude,
        ):
            parts += ["|", *values]
        return hashlib.blake2b(
            "\0".join(parts).encode("utf-8", "surrogateescape"), digest_size=16
        ).hexdigest()


def halves(waiting: list[Commit]) -> tuple[list[Commit], list[Commit]]:
    """An older and a newer part that cost about the same: trees grow, so that the newer has fewer commits."""
    cut = max(1, round(len(waiting) * 0.6))
    return waiting[:cut], waiting[cut:]
