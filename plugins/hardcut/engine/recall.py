"""The outcome of an earlier run, where nothing that it depended on has changed."""

from __future__ import annotations

import datetime
import hashlib

import msgspec

from hardcut.engine.cache import own_version, packed
from hardcut.engine.gather import Sources
from hardcut.engine.history.base import Base, find_base
from hardcut.engine.options import Options
from hardcut.engine.report_data import Report
from hardcut.source.git import commit, state


class Trace(msgspec.Struct, array_like=True):
    """Everything a run looked at: files by digest, folders by what they list, patterns, git's state."""

    files: dict[str, bytes]
    folders: dict[str, bytes]
    patterns: dict[str, list[str]]
    history: bytes | None
    base: Base | None
    revisions: dict[str, str]
    report: Report


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
    if any(sources.digest(path) != digest for path, digest in trace.files.items()):
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
    return trace.report


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
    )
    sources.cache.put_outcome(key, packed(trace))
