"""Child processes: no wait without an end, no pipe in a worker."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from hardcut.source import git, processes
from hardcut.source.processes import Child, run, workers

PACKAGE = Path(processes.__file__).parents[1]
SILENT = [sys.executable, "-c", "import time; time.sleep(60)"]
HOLDER = [sys.executable, "-c", "import os, time; os.close(0); time.sleep(60)"]
ECHO = [sys.executable, "-u", "-c", "import sys\nfor line in sys.stdin: print(line, end='')"]
posix = pytest.mark.skipif(os.name == "nt", reason="programs are shell scripts")
OWNERS = {"source/processes.py", "integrations/server/whole.py"}
"""The owner, and the language server's event loop, which has its own way to start a process."""


def test_nothing_else_starts_processes() -> None:
    starting = re.compile(
        r"^\s*(import|from) (subprocess|multiprocessing)|os\.(fork|spawn|posix_spawn|popen|exec)|_exec\(",
        re.M,
    )
    found = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        if starting.search(path.read_text(encoding="utf-8"))
    }
    assert found == OWNERS


def test_a_command_ends_in_time() -> None:
    began = time.monotonic()
    with pytest.raises(TimeoutError, match=r"took longer than 0\.3 s"):
        run(SILENT, 0.3)
    assert time.monotonic() - began < 30
    with pytest.raises(OSError, match="null byte"):
        run(["git", "a\0b"])
    with pytest.raises(OSError):
        run(["no-such-program-here"])
    answer = run([sys.executable, "-c", "import sys; print(input()); sys.exit(3)"], given=b"given\n")
    assert (answer.exit, answer.output.split()) == (3, [b"given"])


@posix
def test_a_program_is_not_taken_from_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The working directory may be a checkout that brings a `git` of its own."""
    for folder in (".", "bin", "absolute"):
        program = tmp_path / folder / "git"
        program.parent.mkdir(exist_ok=True)
        program.write_text(f"#!/bin/sh\necho {folder}\n", encoding="utf-8")
        program.chmod(0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", f":.:bin:{tmp_path / 'absolute'}")
    assert run(["git"]).output == b"absolute\n"
    monkeypatch.setenv("PATH", ":.:bin")
    with pytest.raises(FileNotFoundError):
        run(["git"])


@posix
def test_objects_are_not_read_from_a_git_that_was_silent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "git"
    program.write_text("#!/bin/sh\nexec sleep 60\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr(Child.__init__, "__defaults__", (None, 0.2))
    objects, before = git.Objects(tmp_path), processes.started["git"]
    assert [objects.read(name) for name in ("a", "b", "c")] == [None] * 3
    assert processes.started["git"] == before + 1


def test_a_silent_child_is_ended() -> None:
    child = Child(SILENT, seconds=0.3)
    for read in (lambda: child.until(b"\n"), lambda: child.exactly(1)):
        with pytest.raises((TimeoutError, OSError)):
            read()
            raise OSError("a killed child has an end of output")
    assert child.exit() != 0


def test_a_child_that_reads_nothing_does_not_block_its_writer() -> None:
    child = Child(SILENT, seconds=0.3)
    with pytest.raises(OSError):
        child.write(b"x" * 10_000_000)
    assert child.exit() != 0


def test_a_child_that_survives_the_end_of_its_input_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "GRACE", 0.3)
    began = time.monotonic()
    assert Child(HOLDER).exit() != 0
    assert time.monotonic() - began < 30


def test_what_a_child_prints_is_read_in_pieces() -> None:
    child = Child(ECHO)
    child.write(b"first\nsecond\n")
    assert child.until(b"\n") == b"first"
    assert child.exactly(3) + child.exactly(4) == b"second\n"
    assert child.exit() == 0


@pytest.mark.skipif(not hasattr(os, "fork"), reason="workers are forked")
def test_a_worker_inherits_no_descriptor() -> None:
    reader, writer = os.pipe()

    def work() -> Iterator[bytes]:
        yield repr([os.path.samestat(os.fstat(writer), os.stat(os.devnull)), os.read(reader, 1)]).encode()

    with workers([work]) as (worker,):
        assert list(worker.answers(30)) == [b"[True, b'']"]
    os.close(writer)
    assert os.read(reader, 1) == b""
    os.close(reader)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="workers are forked")
def test_a_worker_that_dies_or_hangs_ends_its_answers() -> None:
    def dies() -> Iterator[bytes]:
        yield b"first"
        os._exit(9)

    def fails() -> Iterator[bytes]:
        yield b"first"
        raise RuntimeError

    def hangs() -> Iterator[bytes]:
        yield b"first"
        time.sleep(60)

    began = time.monotonic()
    with workers([dies, fails, hangs]) as running:
        assert [list(worker.answers(0.5)) for worker in running] == [[b"first"]] * 3
    assert time.monotonic() - began < 30


@pytest.mark.skipif(not hasattr(os, "fork"), reason="workers are forked")
def test_a_worker_whose_answers_no_thread_can_take_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refused)
    with workers([lambda: [b"answer"]]) as (worker,):
        assert list(worker.answers(30)) == []


@pytest.mark.skipif(not hasattr(os, "fork"), reason="workers are forked")
def test_no_fork_beside_other_threads() -> None:
    assert processes.can_fork()
    wait = threading.Event()
    other = threading.Thread(target=wait.wait)
    other.start()
    assert not processes.can_fork()
    wait.set()
    other.join()


DEADLOCK = """
import sys
from hardcut.engine.workers import spread
from hardcut.source.git import Objects

held = [Objects(sys.argv[1])]
assert held[0].read("HEAD")

def work(item):
    if item == "own":
        held.clear()  # what a collection of garbage does to a base's tree
        return b""
    return b"x" * 1_000_000  # more than a pipe holds

answers = [(item, len(answer)) for item, answer in spread([["own"], ["other", "another"]], work)]
assert answers == [("own", 0), ("other", 1_000_000), ("another", 1_000_000)], answers
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="workers are forked")
def test_no_deadlock_when_git_is_closed_beside_a_worker(tmp_path: Path) -> None:
    """git waits for the end of its input, the parent for git, the worker for its reader: none of them may.

    The bound on the wait for git is out of reach here, so that it cannot hide the deadlock.
    """
    commands = (
        ["init", "-q"],
        ["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-q", "--allow-empty", "-m", "x"],
    )
    for command in commands:
        subprocess.run(["git", *command], cwd=tmp_path, check=True)
    patience = "import hardcut.source.processes\nhardcut.source.processes.GRACE = 600\n"
    subprocess.run([sys.executable, "-c", patience + DEADLOCK, str(tmp_path)], check=True, timeout=60)


def test_started_processes_are_counted(tmp_path: Path) -> None:
    before = processes.started["git"]
    git.head(tmp_path)
    assert processes.started["git"] == before + 1
