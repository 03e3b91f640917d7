"""Several files as one change: all of them, or none, also if the process dies in between."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from hardcut.engine.journal import JournalError, Rollback, roll_back, write_all

BEFORE = {"a.py": b"a = 1\n", "gone/b.py": b"b = 1\n"}
AFTER: dict[str, bytes | None] = {"a.py": b"a = 2\n", "new/c.py": b"c = 1\n", "gone/b.py": None}


def write(path: str, data: bytes) -> None:
    Path(path).write_bytes(data)


def files(root: Path) -> dict[str, bytes]:
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for path, data in BEFORE.items():
        (tmp_path / "project" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "project" / path).write_bytes(data)
    return tmp_path / "project"


def test_all_files_are_written_and_the_journal_is_gone(root: Path) -> None:
    write_all(str(root), AFTER, write)
    assert files(root) == {"a.py": b"a = 2\n", "new/c.py": b"c = 1\n"}
    assert not (root / "gone").exists()
    assert roll_back(str(root), write) is None


def test_an_error_restores_what_was_written(root: Path) -> None:
    def fails(path: str, data: bytes) -> None:
        if path.endswith("c.py"):
            raise OSError("full")
        write(path, data)

    with pytest.raises(OSError, match="full"):
        write_all(str(root), AFTER, fails)
    assert files(root) == BEFORE
    assert roll_back(str(root), write) is None


KILLED = """
import os, sys
from hardcut.engine.journal import write_all
written = []
def write(path, data):
    if len(written) == int(sys.argv[2]):
        os._exit(9)
    written.append(path)
    with open(path, "wb") as file:
        file.write(data)
write_all(sys.argv[1], {"a.py": b"a = 2\\n", "new/c.py": b"c = 1\\n", "gone/b.py": None}, write)
"""


@pytest.mark.parametrize("written", [0, 1])
def test_the_next_run_restores_what_a_killed_one_wrote(root: Path, written: int) -> None:
    code = subprocess.run(
        [sys.executable, "-c", KILLED, str(root), str(written)], env=os.environ, timeout=60, check=False
    ).returncode
    assert code == 9
    assert (files(root) == BEFORE) == (written == 0)
    (root / "new").rmdir() if (root / "new").exists() else None
    found = roll_back(str(root), write)
    assert found == Rollback(["a.py"] if written else [], [])
    assert files(root) == BEFORE
    assert roll_back(str(root), write) is None


def test_what_was_changed_since_is_left_alone(root: Path) -> None:
    subprocess.run([sys.executable, "-c", KILLED, str(root), "1"], env=os.environ, timeout=60, check=False)
    (root / "a.py").write_bytes(b"a = 3\n")
    assert roll_back(str(root), write) == Rollback([], ["a.py"])
    assert (root / "a.py").read_bytes() == b"a = 3\n"


def test_without_a_place_for_the_journal_nothing_is_written(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HARDCUT_CACHE_DIR", str(root / "cache"))
    with pytest.raises(JournalError, match="without which nothing is written"):
        write_all(str(root), AFTER, write)
    assert files(root) == BEFORE
