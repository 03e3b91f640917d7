"""What makes a well-formed manifest unusable: names and numbers that do not fit together."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Collection, Iterable, Iterator
from math import inf
from typing import Any

from hardcut.plan import model
from hardcut.plan.commands import words_of
from hardcut.plan.errors import quoted, suggestion
from hardcut.plan.gates import Problem
from hardcut.plan.manifest_source import Located, Places, entries
from hardcut.plan.model import Entry, Manifest, Table
from hardcut.plan.source_map import Path
from hardcut.plan.waves import check_waves, known_waves

PATHS: dict[type[Table], tuple[str, ...]] = {
    model.Plan: ("source", "check", "exclude"),
    model.Keep: ("files",),
    model.Surface: ("allow",),
    model.Ceiling: ("path",),
    model.Shrink: ("paths",),
    model.Align: ("in",),
    model.Absent: ("paths",),
    model.Benchmark: ("result", "baseline"),
    model.Snapshot: ("file", "previous"),
    model.Waiver: ("path",),
    model.Ignore: ("path",),
}
"""The keys of each table that hold paths."""

SYMBOLS: dict[type[Table], tuple[str, ...]] = {
    model.Remove: ("symbols",),
    model.Keep: ("symbols",),
    model.Move: ("symbols",),
    model.EntryPoint: ("names",),
}
"""The keys of each table that hold names of a module."""

Complaint = tuple[Path, str]
"""Where something is wrong, and what."""

ABSOLUTE = re.compile(r"~?/|[A-Za-z]:[\\/]|\\\\")
DATE = re.compile(r"\d{4}-\d\d-\d\d")


def check(
    manifest: Manifest, places: Places, named: bool = True, hurt: Collection[Path] = ()
) -> list[Problem]:
    """All that is wrong with a well-formed manifest.

    Of a manifest that lost what was not well-formed, `hurt` are the tables that lost a key, and not
    `named` means that some waves' ids are unknown: what that may have caused is not reported.
    """
    located = list(entries(manifest))
    return [
        *check_waves(manifest, places, named),
        *_twice(manifest, places),
        *(places.problem(at, text) for at, text in _texts(manifest, located)),
        *(
            places.problem((*found.path, *at), text)
            for found in located
            if found.path not in hurt
            for at, text in _entry(found.entry)
        ),
        *(places.problem(at, text) for at, text in _exceptions(manifest, named)),
    ]


def _texts(manifest: Manifest, located: Iterable[Located]) -> Iterator[Complaint]:
    """Paths and names of all tables that cannot be any."""
    tables: list[tuple[Path, Table]] = [(("plan",), manifest.plan)]
    tables += [(("plan", "ignore", index), ignore) for index, ignore in enumerate(manifest.plan.ignore)]
    tables += [(("waiver", index), waiver) for index, waiver in enumerate(manifest.waiver)]
    tables += [(found.path, found.entry) for found in located]
    for path, table in tables:
        for keys, complaint_of in ((PATHS, path_complaint), (SYMBOLS, symbol_complaint)):
            for at, text in _strings(path, table, keys):
                if complaint := complaint_of(text):
                    yield at, complaint


def _exceptions(manifest: Manifest, named: bool) -> Iterator[Complaint]:
    """Waivers, ignored files and records of weakened plans that say too little."""
    for index, waiver in enumerate(manifest.waiver):
        if complaint := _until(waiver.until, manifest, named):
            yield ("waiver", index, "until"), complaint
    for index, ignore in enumerate(manifest.plan.ignore):
        if complaint := _no_reason(ignore.reason):
            yield ("plan", "ignore", index, "reason"), complaint
    for index, record in enumerate(manifest.weakened):
        if complaint := _record(record):
            yield ("weakened", index), complaint


def _record(record: model.Weakened) -> str | None:
    """Why a record names no change or gives no reason, if so."""
    if complaint := _no_reason(record.reason):
        return complaint
    if record.plan is not None:
        others = record.wave or record.entry or record.key or record.was or record.now
        return 'a plan that is gone is named by "plan" and "reason" alone' if others else None
    if record.entry is not None and record.wave is None:
        return 'an entry without its wave: give "wave"'
    if record.wave is None and record.key is None:
        return 'names no change: give "plan", "wave" or "key"'
    if record.key is None and (record.was or record.now):
        return 'values without their key: give "key"'
    if record.key is not None and not (record.was or record.now):
        return 'names no value: give "was" or "now"'
    return None


def _no_reason(reason: str) -> str | None:
    return None if any(map(str.isalnum, reason)) else f"{quoted(reason)} is no reason"


def path_complaint(path: str) -> str | None:
    """Why a text is no path or glob below the root, if it is none."""
    if not path.isprintable():
        return f"{quoted(path)} holds a character that no path should have"
    if ABSOLUTE.match(path):
        return f"{quoted(path)} is absolute; paths here are relative to the root"
    if re.search(r"\\\w", path):
        return f"{quoted(path)} has a backslash; write / between folders"
    depth = 0
    for part in path.split("/"):
        depth += {"": 0, ".": 0, "..": -1}.get(part, 1)
        if depth < 0:
            return f"{quoted(path)} leaves the root"
    return None


def symbol_complaint(name: str) -> str | None:
    """Why a text is no name of a module, if it is none."""
    parts = name.split(".")
    if len(parts) <= 2 and all(part.isidentifier() for part in parts):
        return None
    plain = name.strip().split("(")[0]
    if plain != name and symbol_complaint(plain) is None:
        return f"{quoted(name)} is not a name; did you mean {quoted(plain)}?"
    if len(parts) > 2 and all(part.isidentifier() for part in parts):
        return f"{quoted(name)} has too many parts; expected a name of the module, or Class.member"
    return f"{quoted(name)} is not a name; expected a name of the module, or Class.member"


def paths_of(table: Table) -> Iterator[tuple[str, str]]:
    """Each path in a table, with its key as the manifest writes it."""
    for at, text in _strings((), table, PATHS):
        yield str(at[0]), text


def _strings(
    path: Path, table: Table, keys: dict[type[Table], tuple[str, ...]]
) -> Iterator[tuple[Path, str]]:
    for key in keys.get(type(table), ()):
        value: Any = getattr(table, "in_" if key == "in" else key)
        if isinstance(value, str):
            yield (*path, key), value
        elif value is not None:
            yield from (((*path, key, index), text) for index, text in enumerate(value))


def _twice(manifest: Manifest, places: Places) -> Iterator[Problem]:
    first: dict[str, Located] = {}
    for found in entries(manifest):
        if isinstance(found.entry, model.Delete):
            before = first.setdefault(found.entry.module, found)
            if before is not found:
                text = f"{found.entry.module} is deleted already, in line {places.line(before.path)}"
                yield places.problem((*found.path, "module"), text)


def _until(until: str, manifest: Manifest, named: bool) -> str | None:
    if until.startswith("wave "):
        ids = [wave.id for wave in manifest.wave]
        wave = until.removeprefix("wave ").strip()
        if wave in ids or not named:
            return None
        return f"no wave {quoted(wave)}{suggestion(wave, ids) or known_waves(ids)}"
    try:
        if DATE.fullmatch(until) and datetime.date.fromisoformat(until):
            return None
    except ValueError:
        return f"{quoted(until)} is no day of the calendar"
    return f'expected "wave ID" or a date such as 2030-12-31, got {quoted(until)}'


def _entry(entry: Entry) -> Iterator[Complaint]:
    """What is wrong within one gate's table."""
    decision = entry.decision
    if decision and decision.chosen and decision.options and decision.chosen not in decision.options:
        near = suggestion(decision.chosen, decision.options)
        yield ("decision", "chosen"), f"{quoted(decision.chosen)} is none of the options{near}"
    validate = _VALIDATORS.get(type(entry))
    if validate is not None:
        yield from validate(entry)


def _keep(entry: model.Keep) -> Iterator[Complaint]:
    if not entry.symbols and not entry.files:
        yield (), 'keeps nothing: give "symbols" or "files"'
    if entry.symbols and not entry.module:
        yield ("symbols",), 'names without their home: give "module"'
    if entry.module and not entry.symbols:
        yield ("module",), 'a home without names: give "symbols"'


def _ceiling(entry: model.Ceiling) -> Iterator[Complaint]:
    if entry.max_lines is None and entry.min_lines is None and entry.max_definitions is None:
        yield (), 'limits nothing: give "max_lines", "min_lines" or "max_definitions"'
    if (entry.min_lines or 0) > (entry.max_lines if entry.max_lines is not None else inf):
        yield ("min_lines",), f"{entry.min_lines} is more than max_lines, {entry.max_lines}"


def _shrink(entry: model.Shrink) -> Iterator[Complaint]:
    if entry.at_least is None and entry.at_most is None:
        yield (), 'asks for nothing: give "at_least" or "at_most"'
    if (entry.at_least or 0) > (entry.at_most if entry.at_most is not None else inf):
        yield ("at_least",), f"{entry.at_least} is more than at_most, {entry.at_most}"


def _align(entry: model.Align) -> Iterator[Complaint]:
    if len(set(entry.in_)) < 2:
        yield ("in",), "one file only: a version is aligned between two or more"
    for file in entry.names:
        if file not in entry.in_:
            yield ("names", file), f'{quoted(file)} is not in "in"{suggestion(file, entry.in_)}'


def _surface(entry: model.Surface) -> Iterator[Complaint]:
    for index, module in enumerate(entry.banned):
        if module == entry.only:
            yield ("banned", index), f"{module} is the one allowed module"


def _benchmark(entry: model.Benchmark) -> Iterator[Complaint]:
    if entry.result == entry.baseline:
        yield ("result",), "the result is its own baseline"
    yield from _command(("run",), entry.run)


def _snapshot(entry: model.Snapshot) -> Iterator[Complaint]:
    if entry.file == entry.previous:
        yield ("previous",), "the snapshot is its own predecessor"
    if entry.session and (entry.of != "datafusion" or entry.run or "." not in entry.session):
        yield ("session",), 'expected package.module.function, of = "datafusion", and no "run"'
    yield from _command(("run",), entry.run)


def _quality(entry: model.Quality) -> Iterator[Complaint]:
    for index, command in enumerate(entry.commands):
        yield from _command(("commands", index), command)


_VALIDATORS: dict[type[Entry], Callable[[Any], Iterator[Complaint]]] = {
    model.Keep: _keep,
    model.Ceiling: _ceiling,
    model.Shrink: _shrink,
    model.Align: _align,
    model.Surface: _surface,
    model.Benchmark: _benchmark,
    model.Snapshot: _snapshot,
    model.Quality: _quality,
}


def _command(at: Path, command: str | None) -> Iterator[Complaint]:
    try:
        words_of(command) if command is not None else None
    except ValueError as wrong:
        yield at, f"{quoted(command or '')}: {wrong}"
