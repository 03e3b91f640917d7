"""The settings of a DataFusion session in the user's own environment."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path

from hardcut.engine.evidence.asking import MARK, STANDARD, ask, last_line
from hardcut.engine.evidence.commands import Limits, clipped
from hardcut.engine.evidence.process import Ran
from hardcut.source.evidence import Step

_SETTINGS = f"""\
{STANDARD}
datafusion = importlib.import_module("datafusion")
from importlib.metadata import version
if sys.argv[1:]:
    module, _, name = sys.argv[1].rpartition(".")
    session = getattr(importlib.import_module(module), name)()
else:
    session = datafusion.SessionContext(datafusion.SessionConfig().with_information_schema(True))
settings = {{}}
for batch in session.sql("SHOW ALL").collect():
    rows = batch.to_pydict()
    settings.update(zip(rows["name"], rows["value"]))
print()
print({MARK!r} + json.dumps({{"version": version("datafusion"), "settings": settings}}))
"""


def capture(
    session: str | None, file: str, python: Sequence[str], root: Path, limits: Limits
) -> tuple[Step, bytes]:
    """Ask a session for all its settings (`SHOW ALL`); gives the step, and the snapshot to write.

    `session` is the dotted name of a function that makes the session; without it, a plain one is asked.
    The snapshot is JSON for a file of that ending, else CSV with the columns `name` and `value`; its
    first key is `version`, the version of the installed package.
    """
    what = f"SHOW ALL of {session or 'datafusion.SessionContext'}"
    answer = ask(python, _SETTINGS, [session] if session else [], root, limits)
    if isinstance(answer, Ran):
        said = answer.said or f"no answer: {last_line(answer)}"
        step = Step(
            what=what,
            passed=False,
            said=said,
            exit=answer.exit,
            seconds=answer.seconds,
            output=clipped(answer),
        )
        return step, b""
    settings = {str(key): value for key, value in sorted(answer["settings"].items())}
    said = f"datafusion {answer['version']}, {len(settings)} settings"
    return Step(what=what, passed=True, said=said), _written(str(answer["version"]), settings, file)


def _written(version: str, settings: dict[str, object], file: str) -> bytes:
    if file.lower().endswith(".json"):
        return (json.dumps({"version": version, "settings": settings}, indent=2) + "\n").encode()
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerows([("name", "value"), ("version", version)])
    rows.writerows((key, "" if value is None else value) for key, value in settings.items())
    return text.getvalue().encode()
