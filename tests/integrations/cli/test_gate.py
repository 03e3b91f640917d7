"""`hardcut gate run` with real commands, a real DataFusion session and a real pytest-benchmark."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

HEAD = """\
[plan]
name = "shop"
source = ["src"]
check = ["src"]

[[wave]]
id = "1"
state = "{state}"
"""
HARDCUT = [sys.executable, "-m", "hardcut"]


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "shop"
    (root / "src").mkdir(parents=True)
    (root / "src/shop.py").write_text("A = 1\n")
    monkeypatch.chdir(root)
    for name in ("VIRTUAL_ENV", "PYTEST_XDIST_WORKER", "PYTEST_XDIST_WORKER_COUNT"):
        monkeypatch.delenv(name, raising=False)
    return root


def plan(root: Path, gates: str, state: str = "active") -> None:
    (root / "cutover.toml").write_text(HEAD.format(state=state) + gates, encoding="utf-8")


def findings(run: Callable[..., Any]) -> list[dict[str, Any]]:
    done = run("check", "--format", "json")
    found: list[dict[str, Any]] = json.loads(done.out)["findings"]
    return found


def evidence(root: Path, name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((root / "cutover.evidence" / name).read_text())
    return found


def test_check_runs_nothing_and_gate_run_runs_all(shop: Path, run: Callable[..., Any]) -> None:
    plan(
        shop, '[[wave.quality]]\ncommands = ["touch ran", "! grep -rn legacy src", "grep -q A src/shop.py"]\n'
    )
    (shop / ".gitignore").write_text("ran\n")
    (one,) = findings(run)
    assert (one["code"], one["form"], one["severity"]) == ("CUT804", "missing", "warning")
    assert not (shop / "ran").exists()
    dry = run("gate", "run", "quality", "--dry-run")
    assert dry.code == 0 and "touch ran" in dry.out and not (shop / "ran").exists()
    done = run("gate", "run", "quality")
    assert done.code == 0 and (shop / "ran").exists()
    assert (
        "touch ran ... passed" in done.out and "passed; kept in cutover.evidence/1-quality.json" in done.out
    )
    kept = evidence(shop, "1-quality.json")
    assert [step["exit"] for step in kept["steps"]] == [0, 1, 0] and kept["passed"]
    assert findings(run) == []
    (shop / "src/shop.py").write_text("A = 2\n")
    (one,) = findings(run)
    assert (one["form"], one["severity"]) == ("stale", "warning")
    plan(
        shop,
        '[[wave.quality]]\ncommands = ["touch ran", "! grep -rn legacy src", "grep -q A src/shop.py"]\n',
        "landed",
    )
    assert findings(run) == []


def test_a_failure_is_shown_kept_and_found(shop: Path, run: Callable[..., Any]) -> None:
    code = "import sys; print('why it failed'); sys.exit(3)"
    plan(
        shop,
        f'[[wave.quality]]\ncommands = ["true", \'\'\'"{sys.executable}" -c "{code}"\'\'\', "touch never"]\n',
    )
    done = run("gate", "run", "quality:1")
    assert done.code == 1 and "    | why it failed" in done.out and not (shop / "never").exists()
    steps = evidence(shop, "1-quality.json")["steps"]
    assert [step["passed"] for step in steps] == [True, False, False]
    assert (steps[1]["exit"], steps[1]["output"]) == (3, "why it failed\n")
    (one,) = findings(run)
    assert (one["form"], one["severity"]) == ("failed", "error")
    assert re.search(r"failed \(exit code 3\), on \S+Z; 1 after it was not run; ", one["message"])
    run("gate", "run", "quality:1", "--keep-going")
    assert (shop / "never").exists()
    (one,) = findings(run)
    assert re.search(r"failed \(exit code 3\), on \S+Z; the output is in ", one["message"])


def test_a_run_that_changes_the_checked_files_fails(shop: Path, run: Callable[..., Any]) -> None:
    plan(shop, '[[wave.quality]]\ncommands = ["cp src/shop.py src/more.py"]\n')
    done = run("gate", "run", "quality")
    assert done.code == 1 and "they were changed by what was run" in done.out
    assert run("gate", "run", "quality").code == 0


def test_names_that_do_not_exist(shop: Path, run: Callable[..., Any]) -> None:
    plan(shop, '[[wave.quality]]\ncommands = ["true"]\n', "planned")
    for argv, said in {
        ("qualty",): 'unknown gate "qualty"; did you mean "quality"?',
        ("quality:9",): 'unknown wave "9"',
        ("quality",): "no wave is active: name one, as quality:ID or with --wave",
        ("snapshot:1",): "no snapshot gate in wave 1",
    }.items():
        done = run("gate", "run", *argv)
        assert done.code == 2 and said in done.err
    assert run("gate", "run", "quality", "--wave", "1").code == 0


@pytest.mark.parametrize("command", ["a && b", "a | b", "a > b", "a; b", 'a "b', "", "! "])
def test_what_only_a_shell_understands_is_refused_with_its_place(
    shop: Path, run: Callable[..., Any], command: str
) -> None:
    plan(shop, f"[[wave.quality]]\ncommands = ['true', '{command}']\n")
    done = run("check")
    assert done.code == 2 and "cutover.toml:10:21: wave.quality.commands" in done.err


def test_nothing_is_written_through_a_link(shop: Path, run: Callable[..., Any], tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (shop / "cutover.evidence").symlink_to(outside)
    plan(shop, '[[wave.quality]]\ncommands = ["touch ran"]\n')
    done = run("gate", "run", "quality")
    assert done.code == 2 and "symbolic link" in done.err
    assert list(outside.iterdir()) == [] and not (shop / "ran").exists()


def test_waves_with_odd_names_each_have_a_file(shop: Path, run: Callable[..., Any]) -> None:
    gates = "".join(
        f'[[wave]]\nid = "{name}"\nstate = "active"\n[[wave.quality]]\ncommands = ["true"]\n'
        for name in ("a/b", "a_b", "A_B", "../..", "x" * 300)
    )
    plan(
        shop, f'[[wave.quality]]\ncommands = ["true"]\n[[wave.quality]]\ncommands = ["true", "true"]\n{gates}'
    )
    assert run("gate", "run", "all").code == 0
    names = sorted(one.name for one in (shop / "cutover.evidence").iterdir())
    assert len(names) == 7 and {"1-quality.json", "1-quality-2.json", "a_b-quality.json"} <= set(names)
    assert findings(run) == []


def test_an_interrupt_ends_the_program_and_keeps_nothing(shop: Path) -> None:
    code = "import time; open('began', 'w').close(); time.sleep(60)"
    plan(shop, f"[[wave.quality]]\ncommands = ['''\"{sys.executable}\" -c \"{code}\"''']\n")
    started = subprocess.Popen(
        [*HARDCUT, "gate", "run", "quality"],
        cwd=shop,
        stdout=subprocess.PIPE,
        # A shell that runs the tests in the background has told them to ignore it.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    until = time.monotonic() + 120
    while not (shop / "began").exists() and time.monotonic() < until:
        time.sleep(0.05)
    started.send_signal(signal.SIGINT)
    started.communicate(timeout=50)
    assert started.returncode == 130
    assert not (shop / "cutover.evidence").exists()


def test_timeout_is_for_each_command(shop: Path, run: Callable[..., Any]) -> None:
    plan(shop, '[[wave.quality]]\ncommands = ["true", "sleep 60"]\n')
    done = run("gate", "run", "quality", "--timeout", "1")
    assert done.code == 1 and "sleep 60 ... failed, took longer than 1 s" in done.out


def test_a_question_imports_only_the_module_from_the_project(shop: Path, run: Callable[..., Any]) -> None:
    for name in ("json", "importlib"):
        (shop / f"{name}.py").write_text("raise SystemExit(0)\n")
    (shop / "local_engine.py").write_text("def run(): ...\n")
    plan(shop, '[[wave.entrypoint]]\nmodule = "local_engine"\nnames = ["run"]\n')
    done = run("gate", "run", "entrypoint", "--python", sys.executable)
    assert done.code == 0, done.out + done.err


def test_entry_points_are_asked_of_another_python(shop: Path, run: Callable[..., Any]) -> None:
    plan(shop, '[[wave.entrypoint]]\nmodule = "math"\nnames = ["sqrt", "nothing"]\n')
    done = run("gate", "run", "entrypoint", "--python", sys.executable)
    assert done.code == 1 and "math:nothing: failed, math has no such name" in done.out
    (one,) = findings(run)
    assert (one["code"], one["form"], one["severity"]) == ("CUT806", "failed", "error")
    plan(shop, '[[wave.entrypoint]]\nmodule = "collections"\nnames = ["OrderedDict.popitem", "deque"]\n')
    assert run("gate", "run", "entrypoint", "--python", sys.executable).code == 0
    assert findings(run) == []
    plan(shop, '[[wave.entrypoint]]\nmodule = "no_such_native"\nnames = ["x"]\n')
    done = run("gate", "run", "entrypoint", "--python", sys.executable)
    assert done.code == 1 and "No module named 'no_such_native'" in done.out
    before = evidence(shop, "1-entrypoint.json")
    done = run("gate", "run", "entrypoint", "--python", "no-such-python")
    assert done.code == 2 and "no-such-python cannot be started" in done.err
    assert evidence(shop, "1-entrypoint.json") == before


def test_the_founding_plans_commands_can_be_run(run: Callable[..., Any]) -> None:
    example = Path(__file__).resolve().parents[3] / "examples" / "datafusion_engine"
    done = run("gate", "run", "all", "--wave", "0,1,2,3,4,5", "--dry-run", "--root", str(example))
    assert done.code == 0
    for command in ("ruff check", "pyrefly check", "pyright", "pytest -q", 'pytest tests/ -m "not e2e" -q'):
        assert done.out.count(f"  uv run {command}\n") == 6
    assert "  datafusion_ext:register_codeanatomy_udfs\n" in done.out


SESSION = """\
from datafusion import SessionConfig, SessionContext


def make():
    config = SessionConfig().with_information_schema(True)
    return SessionContext(config{changes})


def broken():
    raise RuntimeError("no native module")
"""
SNAPSHOTS = """
[[wave.snapshot]]
file = "benchmarks/wave0.settings.csv"
of = "datafusion"
session = "session.make"

[[wave.snapshot]]
file = "benchmarks/wave1.settings.json"
of = "datafusion"
session = "session.make"
previous = "benchmarks/wave0.settings.csv"
"""


def test_the_settings_of_a_real_datafusion_session(shop: Path, run: Callable[..., Any]) -> None:
    datafusion = pytest.importorskip("datafusion")
    (shop / "session.py").write_text(SESSION.format(changes=""))
    plan(shop, SNAPSHOTS)
    assert [one["form"] for one in findings(run)] == ["missing", "missing"]
    done = run("gate", "run", "snapshot", "--python", sys.executable)
    assert done.code == 0, done.out + done.err
    first = (shop / "benchmarks/wave0.settings.csv").read_text()
    assert first.startswith(f"name,value\nversion,{datafusion.__version__}\n")
    assert "\ndatafusion.execution.batch_size,8192\n" in first
    assert findings(run) == []

    (shop / "session.py").write_text(
        SESSION.format(changes=".with_batch_size(4096).with_target_partitions(3)")
    )
    plan(shop, SNAPSHOTS.replace('wave0.settings.csv"\nof', 'other.csv"\nof'))
    done = run("gate", "run", "snapshot", "--python", sys.executable)
    assert done.code == 1
    changed = {one["subject"]: one["message"] for one in findings(run)}
    assert (
        "`datafusion.execution.batch_size` of datafusion went from `8192` to `4096`"
        in (changed["datafusion.execution.batch_size"])
    )
    assert set(changed) <= {"datafusion.execution.batch_size", "datafusion.execution.target_partitions"}

    older = first.replace(f"version,{datafusion.__version__}", "version,51.0.0")
    (shop / "benchmarks/wave0.settings.csv").write_text(older)
    assert any("with 51.0.0" in one["message"] for one in findings(run))

    plan(shop, SNAPSHOTS.replace("session.make", "session.broken"))
    done = run("gate", "run", "snapshot", "--python", sys.executable)
    assert done.code == 1 and "no answer: RuntimeError: no native module" in done.out


BENCH = """\
def work(count):
    return sum(number * number for number in range(count))


def test_sum(benchmark):
    benchmark.pedantic(work, args=({count},), rounds=60, warmup_rounds=5)
"""


def test_a_real_pytest_benchmark_result_is_compared(shop: Path, run: Callable[..., Any]) -> None:
    pytest.importorskip("pytest_benchmark")
    folder = shop / "bench"
    folder.mkdir()
    command = (
        f"env PYTEST_DISABLE_PLUGIN_AUTOLOAD=1 {sys.executable} -m pytest -q -p no:cacheprovider "
        "-p pytest_benchmark.plugin bench/test_work.py --benchmark-json=benchmarks/{name}.json"
    )
    gate = (
        '[[wave.benchmark]]\nresult = "benchmarks/wave1.json"\nbaseline = "benchmarks/baseline.json"\n'
        'statistic = "median"\ntolerance = "{tolerance}"\nrun = """{run}"""\n'
    )
    (shop / "benchmarks").mkdir()
    (folder / "test_work.py").write_text(BENCH.format(count=2_000))
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    subprocess.run(command.format(name="baseline").split(), cwd=shop, check=True, env=environment)
    (folder / "test_work.py").write_text(BENCH.format(count=60_000))
    plan(shop, gate.format(tolerance="50%", run=command.format(name="wave1")))
    done = run("gate", "run", "benchmark")
    assert done.code == 1 and "passed; kept in cutover.evidence/1-benchmark.json" in done.out
    found = findings(run)
    assert [(one["code"], one["form"]) for one in found] == [("CUT802", "worse")], found
    (one,) = found
    assert "bench/test_work.py::test_sum" in one["message"] and one["path"] == "benchmarks/wave1.json"
    (folder / "test_work.py").write_text(BENCH.format(count=100))
    done = run("gate", "run", "benchmark")
    assert done.code == 0 and "compared: nothing is wrong" in done.out, done.out
    assert findings(run) == []
