"""The outcome of an earlier run, if nothing that it depended on has changed, or no answer that it got."""

from __future__ import annotations

import datetime
import hashlib

import msgspec

from hardcut.engine.cache import own_version, packed
from hardcut.engine.dependencies import Dependencies, hold, recorded
from hardcut.engine.gather import Sources
from hardcut.engine.history.base import Base, find_base
from hardcut.engine.options import Options
from hardcut.engine.report_data import Report
from hardcut.source.git import commit, state

MOST_CHANGED = 50
"""Changed files that are asked again; after more, the run begins anew."""


class Trace(msgspec.Struct, array_like=True):
    """Everything a run looked at: files by digest, folders by what they list, patterns, git's state."""

    files: dict[str, bytes]
    folders: dict[str, bytes]
    patterns: dict[str, list[str]]
    history: bytes | None
    base: Base | None
    revisions: dict[str, str]
    report: Report
    dependencies: Dependencies


def key_of(options: Options, listed: list[str]) -> bytes:
    """What names a run: the plans, the options and the list of files."""
    parts = [
        own_version(),
        options.root,
        *(plan.digest for plan in options.plans),
        *(p.path for p in options.plans),
    ]
    for values in (options.waves or (), options.select, options.ignore, options.assume_landed):
        parts += ["|", *sorted(values)]
    parts += ["|", str(options.waves is None), *options.exclude, "|", *listed]
    parts += ["|", str(options.compare), options.base or "", str(options.every_gate)]
    if any(plan.manifest.waiver for plan in options.plans):
        parts.append(str(options.today or datetime.date.today()))
    return hashlib.blake2b("\x00".join(parts).encode("utf-8", "surrogateescape"), digest_size=16).digest()


def recall(sources: Sources, key: bytes, options: Options) -> Report | None:
    """The report of the same run, if every file, folder and pattern it looked at is as it was."""
    stored = sources.cache.outcome(key)
    trace = sources.cache.unpack(stored, Trace) if stored is not None else None
    if trace is None:
        return None
    now = {path: sources.digest(path) for path in trace.files}
    changed = [path for path, digest in now.items() if digest != trace.files[path]]
    if len(changed) > MOST_CHANGED or any(not (now[path] and trace.files[path]) for path in changed):
        return None
    if any(sources.roots.digest_of(folder) != digest for folder, digest in trace.folders.items()):
        return None
    if any(sources.project.matching(pattern) != paths for pattern, paths in trace.patterns.items()):
        return None
    if trace.base is not None and find_base(sources.root, options.base) != trace.base:
        return None
    for name, known in trace.revisions.items():
        if ((commit(sources.root, name) if name else find_base(sources.root).commit) or "") != known:
            return None
    if trace.history is not None and state(sources.root) != trace.history:
        return None
    if changed:
        if not _hold(sources, trace, changed):
            return None
        files = {**trace.files, **{path: now[path] for path in changed}}
        sources.cache.put_outcome(key, packed(msgspec.structs.replace(trace, files=files)))
    return trace.report


def _hold(sources: Sources, trace: Trace, changed: list[str]) -> bool:
    """Whether the outcome still holds after some files changed: every answer about them is what it was.

    A finding that was compared with the base was compared by what is around it in the file. Whether any TOML
    file differs from the base decides if the base's manifests are read.
    """
    report = trace.report
    compared = {
        one.place.path for one in (*report.findings, *report.contested, *report.waived) if one.baseline
    }
    if not compared.isdisjoint(changed) or any(path.endswith(".toml") for path in changed):
        return False
    return not sources.tree.unreadable(changed) and hold(sources, trace.dependencies, changed)


def remember(sources: Sources, key: bytes, report: Report) -> None:
    """Keep a report with the trace of its run."""
    trace = Trace(
        sources.cache.digests(),
        {folder: sources.roots.digest_of(folder) for folder in sources.roots.seen()},
        dict(sources.project.matched),
        state(sources.root) if sources.asked_git else None,
        sources.base,
        sources.revisions,
        report,
        recorded(sources),
    )
    sources.cache.put_outcome(key, packed(trace))
