"""Loading is light: what only a broken manifest or an editor needs is not imported."""

from __future__ import annotations

import subprocess
import sys
import time
import tomllib
from collections.abc import Callable
from pathlib import Path

from plans import load_plan

HEAVY = (
    "tree_sitter",
    "tree_sitter_toml",
    "difflib",
    "jsonschema",
    "tomlkit",
    "rich",
    "click",
    "hardcut.plan.type_validation",
)
GATES = """
[[wave]]
id = "{0}"
title = "A step of the plan"

[[wave.delete]]
module = "shop.old{0}"           # the package and all below it
reason = "replaced by shop.new, which has been in use since spring"
decision = {{ question = "delete or wire in?", chosen = "delete" }}

[[wave.remove]]
module = "shop.tools{0}"
symbols = ["_is_available", "_build_fallback", "_SOFT_FAIL_LOGGED"]

[[wave.keep]]
module = "shop.schemas"
symbols = ["schema_for"]

[[wave.move]]
from = "shop.registry"
to = "shop.schemas"
symbols = ["schema_for"]
"""


def modules_after(code: str) -> set[str]:
    """The heavy modules that are loaded once some code has run in a fresh interpreter."""
    code += f"\nimport sys\nprint(*(name for name in {HEAVY} if name in sys.modules))"
    path = str(Path(sys.modules["hardcut"].__path__[0]).parent)
    run = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path.insert(0, {path!r})\n{code}"],
        capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    return set(run.stdout.split())


def test_importing_loads_nothing_heavy() -> None:
    assert modules_after("import hardcut.plan.load") == set()


def test_a_good_manifest_needs_only_the_parser(tmp_path: Path) -> None:
    (tmp_path / "cutover.toml").write_text('[plan]\nname = "x"\n' + GATES.format(0))
    code = "from pathlib import Path\nfrom hardcut.plan.load import load_plans\n"
    code += f"assert load_plans(Path({str(tmp_path)!r}))"
    assert modules_after(code) == {"tree_sitter", "tree_sitter_toml"}


def cpu_seconds(work: Callable[[], object]) -> float:
    times: list[float] = []
    for _ in range(7):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


def test_six_hundred_lines_load_in_no_time(tmp_path: Path) -> None:
    """Three to four times what the standard library's parser needs, which keeps no places."""
    text = '[plan]\nname = "x"\n' + "".join(GATES.format(number) for number in range(28))
    assert text.count("\n") >= 600
    path = tmp_path / "cutover.toml"
    path.write_text(text)
    assert len(load_plan(path).gates) == 112
    assert cpu_seconds(lambda: load_plan(path)) < 15 * cpu_seconds(lambda: tomllib.loads(text))
