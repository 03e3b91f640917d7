"""Programs that are run for evidence, and the digest of the files that it is about."""

from __future__ import annotations

import os
import shutil
import sys
import time
from pathlib import Path

import pytest
from engine_project import run, write
from folders import commit, git
from plans import load_plan

from hardcut.engine.evidence.asking import python_of
from hardcut.engine.evidence.commands import Limits, run_command, run_commands
from hardcut.engine.evidence.process import HELD, TAIL
from hardcut.engine.evidence.process import run as run_program
from hardcut.engine.evidence.take import tree_digest
from hardcut.source.evidence import FORMAT, Evidence, Step, read_evidence, write_evidence

PLAN = """
[plan]
name = "test"
source = ["src"]
check = ["."]
exclude = ["notes"]

[[wave]]
id = "0"
state = "active"

[[wave.quality]]
commands = ["true"]

[[wave.benchmark]]
result = "bench/new*.json"
baseline = "bench/old.json"
"""


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def test_output_is_bounded_and_its_end_is_kept(tmp_path: Path) -> None:
    lines = f"for n in range({3 * HELD // 8}): sys.stdout.write('1234567\\n')"
    code = f"import sys\n{lines}\nprint('the end', file=sys.stderr)"
    seen = bytearray()
    ran = run_program(python(code), tmp_path, 60, seen.extend)
    assert ran.exit == 0 and len(ran.output) <= 2 * HELD + 100
    assert (
        len(ran.tail) <= TAIL + 10
        and ran.tail.endswith("the end\n")
        and ran.tail.startswith("[...]\n1234567")
    )
    assert len(seen) > 3 * HELD


def test_time_is_bounded_and_children_end_too(tmp_path: Path) -> None:
    child = "import time, os; open('pid', 'w').write(str(os.getpid())); time.sleep(60)"
    code = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    began = time.monotonic()
    ticks: list[float] = []
    ran = run_program(python(code), tmp_path, 2.5, tick=ticks.append)
    assert ran.exit is None and ran.said == "took longer than 2.5 s" and ticks
    assert time.monotonic() - began < 50
    pid = int((tmp_path / "pid").read_text())
    for _ in range(50):
        if not alive(pid):
            return
        time.sleep(0.1)
    pytest.fail("the program's own child still runs")


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
        state = Path(f"/proc/{pid}/stat")
        return not (state.exists() and state.read_text().rsplit(")", 1)[1].split()[0] == "Z")
    except OSError:
        return False


def test_steps_tell_how_a_command_ended(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("old\n")
    limits = Limits(seconds=20)
    cases = {
        "! grep -n old b.txt": (False, "exit code 2"),
        "! grep -n new a.txt": (True, ""),
        "! grep -n old a.txt": (False, "it had to find nothing, and found something"),
        "grep -n old a.txt": (True, ""),
        "no-such-program --x": (False, "no-such-program cannot be started: No such file or directory"),
        f"{sys.executable} -c 'import os; os.kill(os.getpid(), 9)'": (False, "ended by signal 9"),
    }
    for command, (passed, said) in cases.items():
        step = run_command(command, tmp_path, limits)
        assert (step.passed, step.said) == (passed, said), command


def test_escapes_are_not_kept(tmp_path: Path) -> None:
    step = run_command(
        f"{sys.executable} -c 'print(\"\\x1b[31mred\\a\\r\\nnext\\ttab\"); exit(1)'", tmp_path, Limits()
    )
    assert step.output == "[31mred\nnext\ttab\n"


def test_the_first_failure_ends_the_commands_unless_they_are_to_go_on(tmp_path: Path) -> None:
    commands = ["true", "false", "touch made"]
    for keep_going in (False, True):
        begun: list[str] = []
        steps = list(run_commands(commands, tmp_path, Limits(keep_going=keep_going), begun.append))
        assert [step.passed for step in steps] == [True, False, keep_going]
        assert begun == commands[: 3 if keep_going else 2]
        assert (tmp_path / "made").exists() is keep_going


def test_evidence_is_read_as_it_was_written() -> None:
    evidence = Evidence(
        hardcut=FORMAT, plan="p", wave="0", kind="quality", asked=["a"], tree="t", taken="now", passed=True,
        steps=[Step(what="a", passed=True, exit=0, output="ü\n")],
    )  # fmt: skip
    assert read_evidence(write_evidence(evidence)).evidence == evidence
    assert read_evidence(b"").evidence is None and not read_evidence(b"").problem
    for data in (b"{", b"[]", b"[" * 100_000, b"\xff", b'{"hardcut": 1}', write_evidence(evidence) + b"}"):
        assert "no evidence" in read_evidence(data).problem, data[:20]
    other = write_evidence(evidence).replace(b'"hardcut": 1', b'"hardcut": 2')
    assert "format 2" in read_evidence(other).problem


def test_the_digest_is_about_what_is_checked(tmp_path: Path) -> None:
    write(tmp_path, {"src/a.py": "A = 1\nB = 2\n", "notes/n.md": "x"}, PLAN)

    def now() -> str:
        return tree_digest(load_plan(tmp_path / "cutover.toml", tmp_path))

    first = now()
    (tmp_path / "src/a.py").write_bytes(b"A = 1\r\nB = 2\r\n")
    (tmp_path / "notes/n.md").write_text("y")
    write(
        tmp_path,
        {"cutover.evidence/0-quality.json": "{}", "bench/new1.json": "{}", "bench/old.json": "{}"},
        PLAN,
    )
    write(tmp_path, {}, PLAN.replace('"active"', '"landed"'))
    assert now() == first
    for path, text in {"src/a.py": "A = 1\nB = 3\n", "src/b.py": "", "bench/other.json": "{}"}.items():
        write(tmp_path, {path: text}, PLAN)
        assert now() != first
        first = now()
    (tmp_path / "src/b.py").rename(tmp_path / "src/c.py")
    assert now() != first


@pytest.mark.parametrize("cache", [False, True])
def test_evidence_goes_stale_with_the_files_and_comes_back(tmp_path: Path, cache: bool) -> None:
    plan = PLAN[: PLAN.index("[[wave.benchmark]]")]
    write(tmp_path, {"src/a.py": "A = 1\n"}, plan)
    path = tmp_path / "cutover.evidence/0-quality.json"

    def forms() -> list[str]:
        return [one.form for one in run(tmp_path, cache=cache).findings if one.code == "CUT804"]

    assert forms() == forms() == ["missing"]
    evidence = Evidence(
        hardcut=FORMAT, plan="test", wave="0", kind="quality", asked=["true"],
        tree=tree_digest(load_plan(tmp_path / "cutover.toml", tmp_path)), taken="now", passed=True,
    )  # fmt: skip
    path.parent.mkdir()
    path.write_bytes(write_evidence(evidence))
    assert forms() == forms() == []
    (tmp_path / "src/b.py").write_text("B = 1\n")
    assert forms() == forms() == ["stale"]
    (tmp_path / "src/b.py").unlink()
    assert forms() == []
    (tmp_path / "src/a.py").write_text("A = 2\n")
    assert forms() == ["stale"]
    write(tmp_path, {}, plan.replace('"active"', '"landed"'))
    assert forms() == []
    write(tmp_path, {}, plan.replace('"true"', '"true", "false"'))
    assert forms() == ["other-demand"]
    path.write_text("{")
    assert forms() == ["unreadable"]
    path.unlink()
    assert forms() == ["missing"]


def test_a_run_that_leaves_files_out_by_itself_does_not_forget_them(tmp_path: Path) -> None:
    from hardcut.engine.options import Options
    from hardcut.engine.run import check

    plan = PLAN[: PLAN.index("[[wave.benchmark]]")]
    write(tmp_path, {"src/a.py": "A = 1\n"}, plan)
    loaded = load_plan(tmp_path / "cutover.toml", tmp_path)
    evidence = Evidence(
        hardcut=FORMAT, plan="test", wave="0", kind="quality", asked=["true"],
        tree=tree_digest(loaded), taken="now", passed=True,
    )  # fmt: skip
    write(tmp_path, {"cutover.evidence/0-quality.json": write_evidence(evidence).decode()}, plan)
    options = Options(root=str(tmp_path), plans=[loaded], exclude=["src/left"], jobs=1)
    assert not check(options).findings
    write(tmp_path, {"src/left/b.py": "B = 1\n"}, plan)
    assert [one.form for one in check(options).findings] == ["stale"]


def test_evidence_and_open_decisions_are_never_old(tmp_path: Path) -> None:
    decided = '[[wave.keep]]\nmodule = "a"\nsymbols = ["A"]\ndecision = { question = "which?" }\n'
    write(tmp_path, {"src/a.py": "A = 1\n"}, PLAN[: PLAN.index("[[wave.benchmark]]")] + decided)
    git(tmp_path, "init", "-qb", "main")
    commit(tmp_path)
    found = {one.code: one.severity for one in run(tmp_path).findings}
    assert found == {"CUT804": "warning", "CUT805": "error"}


FILES = """
[plan]
name = "test"
source = ["src"]
check = ["src"]

[[wave]]
id = "0"
state = "landed"

[[wave.align]]
name = "df"
in = ["uv.lock", "Cargo.lock"]

[[wave.benchmark]]
result = "bench/new*.json"
baseline = "bench/old.json"

[[wave.snapshot]]
file = "bench/new.csv"
of = "df"
previous = "bench/old.csv"
"""
LOCK = '[[package]]\nname = "df"\nversion = "{}"\n'
GOOD = {
    "src/a.py": "",
    "uv.lock": LOCK.format("1.0.0"),
    "Cargo.lock": LOCK.format("1.0.0"),
    "bench/old.json": '{"x": [1, 1, 1, 1]}',
    "bench/new.json": '{"x": [1, 1, 1, 1]}',
    "bench/old.csv": "name,value\nversion,1.0.0\na,1\n",
    "bench/new.csv": "name,value\nversion,1.0.0\na,1\n",
}


@pytest.mark.parametrize(
    ("path", "text", "code"),
    [
        ("Cargo.lock", LOCK.format("1.0.1"), "CUT801"),
        ("bench/new.json", '{"x": [2, 2, 2, 2]}', "CUT802"),
        ("bench/old.json", '{"x": [0.5, 0.5, 0.5]}', "CUT802"),
        ("bench/new2.json", '{"x": [9, 9, 9, 9]}', "CUT802"),
        ("bench/new.csv", "name,value\nversion,1.0.0\na,2\n", "CUT803"),
        ("bench/old.csv", "name,value\nversion,0.9.0\na,1\n", "CUT803"),
        ("bench/new.csv", None, "CUT803"),
        ("uv.lock", None, "CUT801"),
    ],
)
def test_a_warm_run_sees_what_has_changed(tmp_path: Path, path: str, text: str | None, code: str) -> None:
    write(tmp_path, GOOD, FILES)
    for _ in range(2):
        assert run(tmp_path, cache=True).findings == []
    if text is None:
        (tmp_path / path).unlink()
    else:
        write(tmp_path, {path: text}, FILES)
    for _ in range(2):
        assert code in {one.code for one in run(tmp_path, cache=True).findings}
    if path in GOOD:
        write(tmp_path, GOOD, FILES)
    else:
        (tmp_path / path).unlink()
    assert run(tmp_path, cache=True).findings == []


def test_the_users_python_is_the_given_the_active_the_local_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("VIRTUAL_ENV", raising=False)
    assert python_of(tmp_path, "uv run python", "m") == ["uv", "run", "python"]
    assert python_of(tmp_path, None, "msgspec.json") == [sys.executable]
    assert python_of(tmp_path, None, "no_such_module") == [shutil.which("python3") or shutil.which("python")]
    for folder in (".venv", "active"):
        (tmp_path / folder / "bin").mkdir(parents=True)
        (tmp_path / folder / "bin/python").write_text("")
    assert python_of(tmp_path, None, "msgspec") == [str(tmp_path / ".venv/bin/python")]
    monkeypatch.setenv("VIRTUAL_ENV", str(tmp_path / "active"))
    assert python_of(tmp_path, None, "msgspec") == [str(tmp_path / "active/bin/python")]
    with pytest.raises(ValueError, match="closing quotation"):
        python_of(tmp_path, '"python', "m")
