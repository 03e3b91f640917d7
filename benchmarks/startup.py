"""What each integration costs to start: with hardcut and without, on one small file of the example codebase.

    python -m benchmarks.startup [--runs 15]

The bare tool and the tool with hardcut run in turn; figures are medians, and a ratio is the median of the
ratios of neighbouring runs, which does not drift with the machine. CPU is user plus system time, of child
processes too. All caches are warm.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from benchmarks.compare import Cost, timed

PROJECT = Path(__file__).resolve().parent.parent
EXAMPLE = PROJECT / "examples" / "datafusion_engine"
FILE = "src/obs/logs.py"
FLAKE8 = """\
import importlib.metadata, sys
real = importlib.metadata.distributions
if sys.argv.pop(1) == "bare":
    importlib.metadata.distributions = lambda **of: (one for one in real(**of) if one.name != "hardcut")
from flake8.main.cli import main
sys.exit(main(sys.argv[1:]))
"""
LINT = """\
[importlinter]
root_package = obs
{types}
[importlinter:contract:bare]
name = bare
type = forbidden
source_modules = obs
forbidden_modules = json
{contract}
"""
TYPES = "contract_types =\n    cutover: hardcut.integrations.importlinter.CutoverContract\n"
CONTRACT = "[importlinter:contract:cutover]\nname = cutover\ntype = cutover\n"


SERVER = "from pygls.lsp.server import LanguageServer\nLanguageServer('bare', '1').start_io()"
TALK = """\
import json, subprocess, sys
server = subprocess.Popen(sys.argv[1:], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
params = {"processId": None, "rootUri": None, "capabilities": {}}
body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": params})
server.stdin.write(f"Content-Length: {len(body)}\\r\\n\\r\\n{body}".encode())
server.stdin.flush()
answer = server.stdout.readline()
server.kill()
server.wait()
sys.exit(0 if answer.startswith(b"Content-") else 3)
"""


class Pair(NamedTuple):
    """Two commands that differ in hardcut only; `ends` are the exit codes that they may end with."""

    name: str
    bare: list[str]
    own: list[str]
    ends: tuple[int, ...] = (0,)


def pairs(root: Path) -> Iterator[Pair]:
    """The integrations that are installed, over a project in `root`."""
    tools = Path(sys.executable).parent
    python = [sys.executable, "-c", "pass"]
    hardcut = [str(tools / "hardcut")]
    yield Pair("hardcut --version / python", python, [*hardcut, "--version"])
    yield Pair("hardcut check, warm / python", python, [*hardcut, "check"], (0, 1))
    yield Pair("hardcut check FILE / python", python, [*hardcut, "check", FILE], (0, 1))
    flake8 = [sys.executable, "-c", FLAKE8]
    yield Pair("flake8", [*flake8, "bare", "--select=CUT", FILE], [*flake8, "own", "--select=CUT", FILE])
    for name, types, contract in (("bare", "", ""), ("own", TYPES, CONTRACT)):
        text = LINT.format(types=types, contract=contract)
        (root / f"{name}.ini").write_text(text.replace("obs\n", "obs\ninclude_external_packages = True\n", 1))
    lint = [str(tools / "lint-imports"), "--config"]
    yield Pair("lint-imports", [*lint, "bare.ini"], [*lint, "own.ini"], (0, 1))
    (root / "test_one.py").write_text("def test_one():\n    pass\n")
    pytest = [sys.executable, "-m", "pytest", "-q", "-pno:cacheprovider", "--rootdir=.", "test_one.py"]
    bare = [*pytest, "-pno:hardcut"]
    yield Pair("pytest, idle", bare, pytest)
    yield Pair("pytest --cutover", bare, [*pytest, "--cutover"], (0, 1))
    yield Pair("pytest --cutover-guard", bare, [*pytest, "--cutover-guard"])
    talk = [sys.executable, "-c", TALK]
    yield Pair(
        "server, until it is initialized", [*talk, sys.executable, "-c", SERVER], [*talk, *hardcut, "server"]
    )
    if (tools / "ruff").exists():
        subprocess.run(
            [*hardcut, "sync", "ruff", "--wave", "0,1,2,3,4"], cwd=root, check=True, stdout=subprocess.DEVNULL
        )
        (root / "bare.toml").write_text('lint.select = ["TID251"]\n')
        (root / "own.toml").write_text('extend = "ruff-hardcut.toml"\nlint.select = ["TID251"]\n')
        ruff = [str(tools / "ruff"), "check", "-q", "--no-cache", FILE, "--config"]
        yield Pair("ruff", [*ruff, "bare.toml"], [*ruff, "own.toml"])


def run(argv: list[str], root: Path, ends: tuple[int, ...]) -> Cost:
    """What a command took.

    Raises:
        SystemExit: it ended otherwise than it should.
    """
    environment = os.environ | {"PYTHONPATH": "src", "NO_COLOR": "1"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # compiled modules are kept, as they are elsewhere
    cost, code, said = timed(argv, root, environment)
    if code not in ends:
        raise SystemExit(f"{argv} ended with {code}:\n{said.decode('utf-8', 'replace')}")
    return cost


def main() -> int:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--runs", type=int, default=15, help="measured rounds, after one that is not measured"
    )
    rounds: int = parser.parse_args().runs
    print("| tool | bare | with hardcut | wall time | CPU time |\n|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch) / "example"
        os.environ["HARDCUT_CACHE_DIR"] = str(Path(scratch) / "cache")
        shutil.copytree(EXAMPLE, root)
        for pair in pairs(root):
            taken = [
                (run(pair.bare, root, pair.ends), run(pair.own, root, pair.ends)) for _ in range(rounds + 1)
            ][1:]
            bare, own = (statistics.median(one.wall for one in column) for column in zip(*taken, strict=True))
            wall = statistics.median(own.wall / bare.wall for bare, own in taken)
            cpu = statistics.median(own.cpu / bare.cpu for bare, own in taken)
            print(
                f"| {pair.name} | {bare * 1e3:.0f} ms | {own * 1e3:.0f} ms | {wall:.2f} | {cpu:.2f} |",
                flush=True,
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
