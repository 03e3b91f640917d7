"""Whatever a file may be, it is read or a clear problem."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest
from plans import load_plan

from hardcut.plan.errors import ManifestError
from hardcut.plan.gates import LoadedPlan, Problem
from hardcut.plan.read import LIMIT

GOOD = '[plan]\nname = "x"\n'


def problem_of(path: Path) -> Problem:
    """The one problem of a file that cannot be read."""
    with pytest.raises(ManifestError) as caught:
        load_plan(path)
    (problem,) = caught.value.problems
    return problem


def problem_in(folder: Path, data: bytes) -> tuple[int, int, str]:
    """Line, column and message of the one problem in these bytes."""
    path = folder / "cutover.toml"
    path.write_bytes(data)
    problem = problem_of(path)
    assert (problem.path, problem.key) == ("cutover.toml", "")
    return problem.line, problem.column, problem.message


@pytest.mark.parametrize(
    ("data", "line", "column", "message"),
    [
        (b"[plan]\nname = 'caf\xe9'\n", 2, 12, "not UTF-8, as TOML must be: byte 0xe9"),
        ("é = 1\nü = 'ö".encode() + b"\xff'\n", 2, 7, "not UTF-8, as TOML must be: byte 0xff"),
        (b"\xef\xbb\xbfa\xff", 1, 2, "not UTF-8, as TOML must be: byte 0xff"),
        (GOOD.encode("utf-16"), 1, 1, "not UTF-8, as TOML must be: this looks like UTF-16"),
        (b"[plan]\nname = 'a\x00b'\n", 2, 10, "not valid TOML: "),
        (b"[plan]\nname = \n", 2, 8, "not valid TOML: "),
        (
            b"[plan]\r\nname = 1 2\r\n",
            2,
            10,
            "not valid TOML: ",
        ),
        (
            "[plan]\nname = 'äö' x\n".encode(),
            2,
            13,
            "not valid TOML: ",
        ),
        (b"[plan]\nname = '''abc\n\n", 2, 14, "not valid TOML: "),
        (b"[plan]\n[plan]\n", 2, 6, "not valid TOML: "),
        (b"x = " + b"[" * 5000, 1, 1, "arrays or tables are nested too deeply"),
        (b"a = 1\nx = " + b"{a=" * 5000, 2, 1, "arrays or tables are nested too deeply"),
        (b"a = 1\nx = " + b"9" * 5000 + b"\n", 2, 5, "a number that is too long"),
        (b"a = 1\n" + b"b." * 500 + b"c = 1\n", 2, 1, "a key with more than 300 parts"),
        (b"[" + b'"b" . ' * 500 + b"c]\n", 1, 2, "a key with more than 300 parts"),
    ],
)
def test_contents(tmp_path: Path, data: bytes, line: int, column: int, message: str) -> None:
    """Where a message ends in a colon, tomllib says the rest, in words that differ between versions."""
    found = problem_in(tmp_path, data)
    assert found[:2] == (line, column)
    if message.endswith(": "):
        assert found[2].startswith(message)
        assert len(found[2]) > len(message)
    else:
        assert found[2] == message


def test_hostile_keys_take_no_time(tmp_path: Path) -> None:
    """In tomllib a key takes time quadratic in its parts: these would take hours."""
    assert problem_in(tmp_path, b"a." * 2_000_000 + b"b = 1")[2] == "a key with more than 300 parts"
    assert "not valid TOML" in problem_in(tmp_path, b"a" * 4_000_000)[2]
    assert "not valid TOML" in problem_in(tmp_path, b"'\"" * 1_000_000 + b".")[2]


def test_too_large(tmp_path: Path) -> None:
    assert problem_in(tmp_path, b"#" * (LIMIT + 1))[2] == "too large for a manifest: more than 4 MiB"
    assert "missing key" in problem_in(tmp_path, b"#" * LIMIT)[2]


def test_a_byte_order_mark_and_crlf_are_fine(load: Callable[[str], LoadedPlan]) -> None:
    plan = load(
        "\ufeff" + GOOD.replace("\n", "\r\n") + '[[wave]]\r\nid = "0"\r\n[[wave.delete]]\r\nmodule = "a"\r\n'
    )
    assert [gate.declared.line for gate in plan.gates] == [5]


def test_a_missing_file(tmp_path: Path) -> None:
    assert problem_of(tmp_path / "none.toml") == Problem("none.toml", 1, 1, "", "no such file")
    assert problem_of(tmp_path / "none" / "none.toml").message == "no such file"


def test_a_folder(tmp_path: Path) -> None:
    assert problem_of(tmp_path).message == "this is a folder, not a manifest"


def test_a_link_to_nothing_and_a_loop_of_links(tmp_path: Path) -> None:
    (tmp_path / "dead.toml").symlink_to(tmp_path / "none.toml")
    assert problem_of(tmp_path / "dead.toml").message == "this is a symbolic link to a file that is not there"
    (tmp_path / "loop.toml").symlink_to(tmp_path / "loop.toml")
    assert problem_of(tmp_path / "loop.toml").message.startswith("cannot be read: ")


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.toml")
    assert problem_of(tmp_path / "pipe.toml").message == "this is not a regular file"


def test_a_socket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as unix:
        unix.bind("s.toml")
        assert problem_of(Path("s.toml")).message == "this is not a regular file"


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests may run as root, for whom every file can be read: the refusal is made up."""
    path = tmp_path / "cutover.toml"
    path.write_text(GOOD)

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("builtins.open", refuse)
    assert problem_of(path).message == "cannot be read: Permission denied"


def test_a_name_that_no_file_has() -> None:
    assert problem_of(Path("/a\0b.toml")).message.startswith("cannot be read: ")
    assert problem_of(Path("/" + "x" * 5000)).message.startswith("cannot be read: ")


def test_a_working_directory_that_is_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert problem_of(Path("cutover.toml")).message == "the working directory is gone"
