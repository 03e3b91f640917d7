"""Random moves in generated packages: what the programs do is the same before and after."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

from hardcut.engine.applying import apply
from hardcut.engine.options import Options
from hardcut.refactor.comparison import DifferenceKind
from hardcut.refactor.moving_plan import NoteKind
from tests.helpers.folders import lay
from tests.helpers.plans import load_plan
from tests.refactor.moving.programs import Program, program

FIRST = int(os.environ.get("HARDCUT_TEST_SEED", "0"))
COUNT = int(os.environ.get("HARDCUT_TEST_PROGRAMS", "40"))

RUN = """
import importlib, json, sys
answers = {}
for folder in sys.argv[1:3]:
    sys.path.insert(0, folder)
    for name in sys.argv[3:]:
        try:
            answer = repr(importlib.import_module(f"{name}.show").show())
        except Exception as problem:
            answer = f"failed: {type(problem).__name__}: {problem}"
        answers.setdefault(name, []).append(answer)
    for name in [name for name in sys.modules if name.partition(".")[0] in sys.argv[3:]]:
        del sys.modules[name]
    sys.path.remove(folder)
    importlib.invalidate_caches()
print(json.dumps(answers))
"""


def manifest(programs: list[Program]) -> str:
    text = '[plan]\nname = "p"\nsource = ["."]\ncheck = ["."]\n\n[[wave]]\nid = "1"\n'
    for made in programs:
        for home, names in made.moves.items():
            text += f'\n[[wave.move]]\nfrom = "{made.name}.old"\nto = "{home}"\n'
            text += f'symbols = {json.dumps(names)}\nreason = "they belong together"\n'
    return text


NEW = ("if TYPE_CHECKING:", ")", "    )")
"""Lines of new imports that do not say so."""


def code_lines(text: str) -> list[str]:
    """The lines that are no imports."""
    found = re.sub(r"from [\w.]+ import \([^)]*\)", "", text).splitlines()
    return [line for line in found if line.strip() and "import" not in line]


def test_programs_do_the_same(tmp_path: Path) -> None:
    programs = [program(seed) for seed in range(FIRST, FIRST + COUNT)]
    before, after = tmp_path / "before", tmp_path / "after"
    files = {path: text for made in programs for path, text in made.files.items()}
    lay(before, {"cutover.toml": manifest(programs), **files})
    plan = load_plan(before / "cutover.toml", before)
    options = Options(root=str(before), plans=[plan], cache=False)
    found = apply(options, plan, "1")

    texts = {path: data.decode() for path, data in found.files.items() if data is not None}
    lay(after, {"cutover.toml": manifest(programs), **files, **texts})
    wrong = [one for one in found.comparison.differences if one.kind is not DifferenceKind.PLACE]
    assert not wrong
    assert not found.left
    names = [made.name for made in programs]
    done = subprocess.run(
        [sys.executable, "-c", RUN, str(before), str(after), *names],
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
    )
    answers = json.loads(done.stdout)
    assert {name: old for name, (old, new) in answers.items() if old != new} == {}
    assert not any(old.startswith("failed") for old, _ in answers.values())

    # The generator is worth something only if most moves are made.
    refused = {note.subject for note in found.moves.notes if note.kind is NoteKind.REFUSED}
    assert len(found.moves.names) > 2 * len(refused)

    for made in programs:
        for name in ("show.py", "lib.py"):
            path = f"{made.name}/{name}"
            assert code_lines(texts.get(path, files[path])) == code_lines(files[path]), path
        path = f"{made.name}/old.py"
        new = [line for line in code_lines(texts.get(path, "")) if line not in NEW]
        rest = iter(code_lines(files[path]))
        assert [line for line in new if line not in rest] == [], path

    plan = load_plan(after / "cutover.toml", after)
    again = apply(Options(root=str(after), plans=[plan], cache=False), plan, "1")
    assert not again.files
