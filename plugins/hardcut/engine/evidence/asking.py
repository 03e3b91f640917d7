"""Questions to the user's own Python environment, each in a process of its own."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import msgspec

from hardcut.engine.evidence.commands import Limits, clipped
from hardcut.engine.evidence.process import Ran, run
from hardcut.plan.model import EntryPoint
from hardcut.source.evidence import Step

MARK = "hardcut-answer:"
STANDARD = """\
import sys
here = sys.path.pop(0) if sys.path[:1] == [""] else None
import importlib, importlib.metadata, json
if here is not None:
    sys.path.insert(0, here)
"""
"""The beginning of each script: its own imports are not to come from the project's folder."""
_EXPORTS = f"""\
{STANDARD}
module, *names = sys.argv[1:]
loaded = importlib.import_module(module)
found = {{}}
for name in names:
    value, there = loaded, True
    for part in name.split("."):
        there = there and hasattr(value, part)
        value = getattr(value, part, None)
    found[name] = there
print()
print({MARK!r} + json.dumps({{"found": found, "file": str(getattr(loaded, "__file__", ""))}}))
"""


def python_of(root: Path, given: str | None, module: str) -> list[str]:
    """The words that start the Python to ask for a module.

    That is what was given, else the active environment's, the one in `.venv`, hardcut's own where the
    module is installed beside it, or the first on the PATH. Raises ValueError where there is none, or the
    given one cannot be split into words.
    """
    if given:
        return shlex.split(given)
    inside = "Scripts/python.exe" if os.name == "nt" else "bin/python"
    for folder in (os.environ.get("VIRTUAL_ENV"), root / ".venv"):
        if folder and (Path(folder) / inside).is_file():
            return [str(Path(folder) / inside)]
    if find_spec(module.partition(".")[0]) is not None:
        return [sys.executable]
    found = shutil.which("python3") or shutil.which("python")
    if found is None:
        raise ValueError("no Python found; --python names one")
    return [found]


def ask(python: Sequence[str], script: str, arguments: Sequence[str], root: Path, limits: Limits) -> Any:
    """What a script prints behind the mark, read as JSON; the whole `Ran` where it gives no answer.

    Raises ValueError where there is no such Python: that says nothing about the gate.
    """
    ran = run([*python, "-c", script, *arguments], root, limits.seconds, limits.watch, limits.tick)
    if ran.exit is None and not ran.seconds:
        raise ValueError(ran.said)
    _, mark, answer = ran.output.rpartition(f"\n{MARK}")
    if ran.exit != 0 or not mark:
        return ran
    try:
        return msgspec.json.decode(answer.split("\n", 1)[0].encode())
    except (msgspec.DecodeError, RecursionError, UnicodeEncodeError):
        return ran


def ask_exports(entry: EntryPoint, python: Sequence[str], root: Path, limits: Limits) -> list[Step]:
    """A step for each name that the native module has to export."""
    answer = ask(python, _EXPORTS, [entry.module, *entry.names], root, limits)
    wanted = [f"{entry.module}:{name}" for name in entry.names]
    if isinstance(answer, Ran):
        said = answer.said or f"{entry.module} cannot be imported: {last_line(answer)}"
        return [
            Step(
                what=what,
                passed=False,
                said=said,
                exit=answer.exit,
                seconds=answer.seconds,
                output=clipped(answer),
            )
            for what in wanted
        ]
    found = answer.get("found") if isinstance(answer, dict) else None
    there = [isinstance(found, dict) and found.get(name) is True for name in entry.names]
    return [
        Step(what=what, passed=passed, said="" if passed else f"{entry.module} has no such name")
        for what, passed in zip(wanted, there, strict=True)
    ]


def last_line(ran: Ran) -> str:
    """The last line that says something, such as an exception's."""
    lines = [line.strip() for line in clipped(ran).splitlines() if line.strip()]
    return lines[-1][:300] if lines else f"exit code {ran.exit}"
