"""What `--cutover-guard` costs: one generated test suite, with and without it, in turn.

    python benchmarks/guard.py [--imports 1000] [--runs 5]

The suite has a module of its own for each import, in tests of ten imports each, so that every import finds,
reads and runs a file; and then each again a hundred times, found in `sys.modules`. Half of the modules lie
in a package that a gate names, where the guard has to look twice. Figures are medians of CPU time, and
their ratios to the bare run; `start` is a suite of one test without any import; `loop` is the time of one
import statement for a module that is loaded already.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

MANIFEST = """\
[plan]
name = "suite"

[[wave]]
id = "0"
state = "landed"
delete = [{ module = "shop.old" }, { module = "shop.gone.deeper" }]
surface = [{ only = "engine", banned = ["native._internal"] }]
"""
TEST = """\
def test_{number}():
{imports}

def test_{number}_again():
    for _ in range(100):
{again}
"""
LOOP = """\
import time, shop.m0, other.m1, statistics

def test_loop():
    def took(run):
        start = time.process_time()
        for _ in range(20_000):
            run()
        return (time.process_time() - start) / 20_000 * 1e9
    def watched():
        import shop.m0
    def plain():
        import other.m1
    def nothing():
        pass
    for run in (watched, plain):
        print("loop", run.__name__, statistics.median(took(run) - took(nothing) for _ in range(9)))
"""


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--imports", type=int, default=1000)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        build(root, options.imports)
        suites = {
            "bare": ["."],
            "guard": [".", "--cutover-guard"],
            "bare, start": ["test_nothing.py"],
            "guard, start": ["test_nothing.py", "--cutover-guard"],
        }
        times: dict[str, list[float]] = {name: [] for name in suites}
        loops: dict[str, str] = {}
        for turn in range(-1, options.runs):
            for name in sorted(suites, reverse=bool(turn % 2)):
                took, said = run(root, suites[name])
                loops[name] = said
                if turn >= 0:
                    times[name].append(took)
    report(options.imports, times, loops)
    return 0


def build(root: Path, imports: int) -> None:
    """Write the suite."""
    (root / "cutover.toml").write_text(MANIFEST, encoding="utf-8")
    (root / "pytest.ini").write_text("[pytest]\npythonpath = .\n", encoding="utf-8")
    for package in ("shop", "other"):
        (root / package).mkdir()
        (root / package / "__init__.py").write_text("", encoding="utf-8")
    names: list[str] = []
    for number in range(imports):
        package = "shop" if number % 2 == 0 else "other"
        (root / package / f"m{number}.py").write_text(f"VALUE = {number}\n", encoding="utf-8")
        names.append(f"{package}.m{number}")
    tests: list[str] = []
    for first in range(0, imports, 10):
        lines = [f"import {name}" for name in names[first : first + 10]]
        once = "\n".join(f"    {line}" for line in lines)
        again = "\n".join(f"        {line}" for line in lines)
        tests.append(TEST.format(number=first, imports=once, again=again))
    (root / "test_suite.py").write_text("\n\n".join(tests), encoding="utf-8")
    (root / "test_loop.py").write_text(LOOP, encoding="utf-8")
    (root / "test_nothing.py").write_text("def test_nothing():\n    pass\n", encoding="utf-8")


def run(root: Path, options: list[str]) -> tuple[float, str]:
    """CPU seconds of one run, and what it printed; no byte code is kept, so that each import compiles."""
    before = os.times()
    ended = subprocess.run(
        [sys.executable, "-B", "-m", "pytest", "-q", "-s", "-p", "no:cacheprovider", *options],
        cwd=root,
        env=os.environ | {"PYTEST_ADDOPTS": "", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    after = os.times()
    took = sum(after[2:4]) - sum(before[2:4])
    if ended.returncode:
        raise SystemExit(ended.stdout + ended.stderr)
    return took, ended.stdout


def report(imports: int, times: dict[str, list[float]], loops: dict[str, str]) -> None:
    """Print medians and ratios."""
    print(f"{imports} imports, {imports * 100} more of loaded modules, {len(times['bare'])} rounds")
    for name, runs in times.items():
        middle = statistics.median(runs)
        ratio = middle / statistics.median(times["bare, start" if "start" in name else "bare"])
        print(f"{name:12} {middle:.3f} s  ratio {ratio:.3f}  (from {min(runs):.3f} to {max(runs):.3f})")
    for name, said in loops.items():
        for line in said.splitlines():
            if line.lstrip(".").startswith("loop "):
                _, kind, figure = line.lstrip(".").split()
                print(f"{name:12} loop, {kind}: {float(figure):.0f} ns")


if __name__ == "__main__":
    sys.exit(main())
