"""Violations of gates about files and sizes, and of those that evidence is kept for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from hardcut.engine.selftest.plant import NAME, Ground, Plant, Unplantable, Want, lost
from hardcut.plan.evidence import path_of
from hardcut.plan.gates import Gate
from hardcut.plan.model import Absent, Align, Benchmark, Ceiling, Document, Quality, Shrink, Snapshot

MOST = 2_000_000
"""Lines that are planted at most."""
LONG = 200_000
"""Lines that nothing which is to shrink has lost."""


def ceiling(gate: Gate[Ceiling], ground: Ground) -> Iterator[Plant]:
    """A file that is too long, one with too many definitions, and one that is empty."""
    entry = gate.entry
    path = next(iter(ground.project.matching(entry.path)), _filled(entry.path))
    folder = not path.endswith((".py", ".pyi")) and ground.sources.tree.kind(path) == "folder"
    file = f"{path}/{ground.fresh()}.py" if folder else path
    before = ground.read(file)
    before += b"" if before.endswith(b"\n") or not before else b"\n"
    for most, line, what in (
        (entry.max_lines, f"{NAME} = 0\n", "lines"),
        (entry.max_definitions, f"def {NAME}_{{}}(): pass\n", "definitions"),
    ):
        if most is not None and most < MOST:
            long = before + "".join(line.format(number) for number in range(most + 1)).encode()
            yield Plant({file: long}, [Want(f"{file} with {most + 1:,} more {what}", ("CUT701",), path)])
        elif most is not None:
            raise Unplantable(f"{most:,} {what} are more than would be planted")
    if entry.min_lines:
        files = [path] if not folder else ground.project.matching(f"{path}/**/*.py")
        yield Plant(dict.fromkeys(files, b""), [Want(f"{path} emptied", ("CUT703",), path)])


def shrink(gate: Gate[Shrink], ground: Ground) -> Iterator[Plant]:
    """So many more lines that nothing has shrunk, then none left at all."""
    entry = gate.entry
    files = [
        one
        for path in entry.paths
        for one in ground.files(path)
        if one == path or one.endswith((".py", ".pyi"))
    ]
    if entry.at_least is not None:
        path = _filled(entry.paths[0])
        made = path if path.endswith((".py", ".pyi")) else f"{path}/{ground.fresh()}.py"
        file = files[0] if files else made
        long = ground.read(file) + b"\n" * LONG
        yield Plant({file: long}, [Want(f"{file} with {LONG:,} more lines", ("CUT702",))])
    if entry.at_most is not None:
        yield Plant(dict.fromkeys(files, b""), [Want(f"{', '.join(entry.paths)} emptied", ("CUT702",))])


def document(gate: Gate[Document], ground: Ground) -> Iterator[Plant]:
    """The module without a docstring."""
    path = ground.project.file(gate.entry.module)
    if path is None:
        yield lost(f"`{gate.entry.module}` does not exist")
        return
    yield Plant({path: f"{NAME} = 0\n".encode()}, [Want(f"{path} without a docstring", ("CUT603",), path)])


def absent(gate: Gate[Absent], ground: Ground) -> Iterator[Plant]:
    """Each path there again."""
    for pattern in gate.entry.paths:
        path = _filled(pattern)
        want = Want(f"{path} there again", ("CUT104",), subject=pattern)
        yield Plant({path: b""}, [want]) if not ground.project.matching(pattern) else Plant({}, [want])


def align(gate: Gate[Align], ground: Ground) -> Iterator[Plant]:
    """Another version in one of the files after the other."""
    for pattern in gate.entry.in_:
        for path in ground.project.matching(pattern) or [pattern]:
            before = ground.read(path)
            changed = re.sub(rb"(?<![\w.])\d+\.\d+(?:\.\d+)?", b"9876.54.3", before)
            if changed == before:
                yield Plant({}, [Want(f"no version in {path}", ("CUT801",), path)])
            else:
                yield Plant({path: changed}, [Want(f"another version in {path}", ("CUT801",))])


def evidence(gate: Gate[Any], ground: Ground) -> Iterator[Plant]:
    """The kept evidence, or the file that the gate judges, taken away."""
    entry = gate.entry
    match entry:
        case Benchmark():
            code, paths = "CUT802", ground.project.matching(entry.result)
        case Snapshot():
            code, paths = "CUT803", ground.project.matching(entry.file)
        case _:
            code = "CUT804" if isinstance(entry, Quality) else "CUT806"
            paths = [path_of(ground.plan_of(gate), gate)]
    said = ", ".join(paths) or "it"
    yield Plant(dict.fromkeys(paths), [Want(f"{said} taken away", (code,))])


def _filled(pattern: str) -> str:
    """A path that a glob matches."""
    plain = re.sub(r"\[!?(.)[^]]*\]", r"\1", pattern.rstrip("/")).replace("**", NAME)
    return plain.replace("*", NAME).replace("?", "x")
