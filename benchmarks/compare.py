"""Runs hardcut beside the linters that people already have, on one tree, and compares the costs.

    python benchmarks/compare.py [TREE] [--plan FILE] [--assume-landed 0,1,2] [--runs 5]

Every round runs each tool once, the order rotated from round to round; figures are medians. CPU is
user plus system time of the process and of all its children; memory is the peak of the largest
single process. A cold run has no cache of the tool's own and writes one; the operating system's
file cache is warm for all.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parent.parent
BASELINE = "ruff TID251"


@dataclass(frozen=True)
class Contender:
    """One tool's command.

    `prepare` runs before each run and is not timed; `proof` is what the output holds unless the tool
    gave up, where its exit code does not tell.
    """

    name: str
    argv: list[str]
    cwd: Path
    env: dict[str, str]
    prepare: Callable[[], None]
    proof: bytes = b""


@dataclass(frozen=True)
class Cost:
    """What one run took: seconds, seconds, bytes."""

    wall: float
    cpu: float
    memory: int


def main() -> int:
    """Measure, print a table, and write the raw figures where asked."""
    with tempfile.TemporaryDirectory(prefix="hardcut-cache-") as folder:
        os.environ["HARDCUT_CACHE_DIR"] = folder
        return compare()


def compare() -> int:
    """Measure with the cache folder that the environment names."""
    options = arguments()
    tree: Path = options.tree.resolve()
    plan: Path = (options.plan or tree / "cutover.toml").resolve()
    manifest = tomllib.loads(plan.read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as scratch:
        contenders = list(candidates(tree, plan, manifest, options.assume_landed, Path(scratch)))
        costs: dict[str, list[Cost]] = {contender.name: [] for contender in contenders}
        for turn in range(-1, options.runs):
            shift = turn % len(contenders)
            for contender in contenders[shift:] + contenders[:shift]:
                contender.prepare()
                cost = measure(contender)
                if turn >= 0:
                    costs[contender.name].append(cost)
    print(
        f"{tree.name}: {count_files(tree)} Python files, {options.runs} rounds, {os.cpu_count()} processors"
    )
    print(table(costs))
    if options.json:
        raw = {name: [vars(cost) for cost in runs] for name, runs in costs.items()}
        options.json.write_text(json.dumps(raw, indent=2) + "\n", encoding="utf-8")
    return 0


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    default = PROJECT / "examples" / "datafusion_engine"
    parser.add_argument("tree", nargs="?", type=Path, default=default, help="the project to check")
    parser.add_argument("--plan", type=Path, help="its manifest; TREE/cutover.toml unless given")
    parser.add_argument("--assume-landed", metavar="WAVES", help="waves to treat as landed, such as 0,1,2")
    parser.add_argument("--runs", type=int, default=5, help="measured rounds, after one that is not measured")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every single figure")
    return parser.parse_args()


def candidates(
    tree: Path, plan: Path, manifest: dict[str, Any], landed: str | None, scratch: Path
) -> Iterator[Contender]:
    """The tools that are installed, each with the same bans as far as it can express them."""
    env = os.environ | {"NO_COLOR": "1"}
    sources = [tree / root for root in manifest["plan"].get("source", ["."])]
    checked = [name for name in manifest["plan"].get("check", ["."]) if (tree / name).is_dir()]
    hardcut = [sys.executable, "-m", "hardcut", "check", "--root", str(tree), "--plan", str(plan)]
    hardcut += ["--format", "json", "--output-file", os.devnull, "--exit-zero"]
    hardcut += ["--assume-landed", landed] if landed else []

    def forget() -> None:
        for project in Path(env["HARDCUT_CACHE_DIR"]).iterdir():
            shutil.rmtree(project)

    yield Contender("hardcut cold", hardcut, tree, env, forget)
    yield Contender("hardcut warm", hardcut, tree, env, lambda: fill(tree, hardcut, env))
    if ruff := tool("ruff"):
        config = scratch / "ruff.toml"
        config.write_text(ruff_config(manifest), encoding="utf-8")
        argv = [ruff, "check", "--no-cache", "--quiet", "--exit-zero", "--select", "TID251"]
        yield Contender(BASELINE, [*argv, "--config", str(config), *checked], tree, env, nothing)
    if flake8 := tool("flake8"):
        argv = [flake8, "--isolated", "--select", "CUT", "--exit-zero"]
        argv += ["--hardcut-plan", str(plan), "--hardcut-root", str(tree), *checked]
        yield Contender("flake8 with hardcut", argv, tree, env, nothing)
    packages = sorted(path.parent.name for root in sources for path in root.glob("*/__init__.py"))
    if (lint_imports := tool("lint-imports")) and packages:
        config = scratch / "importlinter.ini"
        config.write_text(importlinter_config(manifest, packages, sources), encoding="utf-8")
        argv = [lint_imports, "--no-cache", "--config", str(config)]
        paths = os.pathsep.join(str(root) for root in sources)
        yield Contender("lint-imports", argv, tree, env | {"PYTHONPATH": paths}, nothing, b"Contracts: ")


def tool(name: str) -> str | None:
    """The command of a tool, looked for beside this interpreter first."""
    places = [str(Path(sys.executable).parent), os.environ.get("PATH", "")]
    return shutil.which(name, path=os.pathsep.join(places))


def nothing() -> None:
    """Prepare nothing."""


def fill(tree: Path, argv: list[str], env: dict[str, str]) -> None:
    """Make sure that the cache is there."""
    if not any(Path(env["HARDCUT_CACHE_DIR"]).iterdir()):
        subprocess.run(argv, cwd=tree, env=env, stdin=subprocess.DEVNULL, capture_output=True, check=True)


def banned(manifest: dict[str, Any]) -> list[str]:
    """Every dotted name that the manifest forbids somewhere."""
    names: set[str] = set()
    for wave in manifest.get("wave", []):
        names |= {entry["module"] for entry in wave.get("delete", [])}
        names |= {name for entry in wave.get("surface", []) for name in entry["banned"]}
        for key, home in (("remove", "module"), ("move", "from")):
            for entry in wave.get(key, []):
                names |= {f"{entry[home]}.{name}" for name in entry.get("symbols", [])} or {entry[home]}
    return sorted(names)


def ruff_config(manifest: dict[str, Any]) -> str:
    """The bans as TID251 knows them: no waves, no scopes, no strings."""
    rows = [f'{json.dumps(name)}.msg = "forbidden by the plan"' for name in banned(manifest)]
    return "\n".join(["[lint.flake8-tidy-imports.banned-api]", *rows, ""])


def importlinter_config(manifest: dict[str, Any], packages: list[str], sources: list[Path]) -> str:
    """One `forbidden` contract over the banned modules that exist: it aborts on any other."""
    inside = [name for name in banned(manifest) if any(exists(root, name) for root in sources)]
    outside = {name.partition(".")[0] for name in banned(manifest)} - set(packages)
    lines = ["[importlinter]", "include_external_packages = True", "root_packages ="]
    lines += [f"    {name}" for name in packages]
    lines += [
        "[importlinter:contract:bans]",
        "name = bans",
        "type = forbidden",
        "allow_indirect_imports = True",
    ]
    lines += ["as_packages = False", "source_modules ="]
    lines += [f"    {pattern}" for name in packages for pattern in (name, f"{name}.**")]
    lines += ["forbidden_modules =", *(f"    {name}" for name in [*inside, *sorted(outside)] or ["ast"])]
    return "\n".join([*lines, ""])


def exists(root: Path, module: str) -> bool:
    """Whether import-linter sees a module: below regular packages only, all the way up."""
    path = root.joinpath(*module.split("."))
    above = [folder for folder in path.parents if folder != root and folder.is_relative_to(root)]
    here = path.with_suffix(".py").is_file() or (path / "__init__.py").is_file()
    return here and all((folder / "__init__.py").is_file() for folder in above)


def measure(contender: Contender) -> Cost:
    """Run once; ends the comparison where the tool does not reach a verdict."""
    cost, code, said = timed(contender.argv, contender.cwd, contender.env)
    if code not in (0, 1) or contender.proof not in said:
        raise SystemExit(f"{contender.name} gave up:\n{said.decode('utf-8', 'replace')}")
    return cost


def timed(argv: list[str], folder: Path, env: dict[str, str]) -> tuple[Cost, int, bytes]:
    """A command's cost, its exit code, and all that it said."""
    with tempfile.TemporaryFile() as output:
        start = time.perf_counter()
        process = subprocess.Popen(
            argv, cwd=folder, env=env, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT
        )
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        said = output.read()
    unit = 1 if sys.platform == "darwin" else 1024
    return Cost(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * unit), process.returncode, said


def count_files(tree: Path) -> int:
    """How many Python files lie below a folder, hidden folders left out."""
    below = (path.relative_to(tree) for path in tree.rglob("*.py"))
    return sum(not any(part.startswith(".") for part in path.parts) for path in below)


def table(costs: dict[str, list[Cost]]) -> str:
    """Medians, and wall time and CPU as multiples of the baseline's."""
    middle = {
        name: (
            statistics.median(run.wall for run in runs),
            statistics.median(run.cpu for run in runs),
            statistics.median(run.memory for run in runs),
        )
        for name, runs in costs.items()
    }
    base = middle.get(BASELINE)
    rows = [f"{'tool':<20} {'wall s':>8} {'CPU s':>8} {'peak MiB':>9} {'wall x':>8} {'CPU x':>8}"]
    for name, (wall, cpu, memory) in middle.items():
        row = f"{name:<20} {wall:8.3f} {cpu:8.3f} {memory / 2**20:9.1f}"
        rows.append(row + (f" {wall / base[0]:8.2f} {cpu / base[1]:8.2f}" if base else ""))
    return "\n".join(rows)


if __name__ == "__main__":
    sys.exit(main())
