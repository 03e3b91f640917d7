"""The folder of kept answers: whose it is, where it is, and what a write leaves behind."""

from __future__ import annotations

import errno
import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hardcut.engine import cachefolder
from hardcut.engine.cachefolder import CacheFolder

MOST = 1 << 20
posix = pytest.mark.skipif(sys.platform == "win32", reason="owner and mode of POSIX")


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HARDCUT_CACHE_DIR", str(tmp_path / "caches"))
    (tmp_path / "project").mkdir()
    return tmp_path / "project"


def folder_of(root: Path) -> CacheFolder:
    return CacheFolder(root, "1.0")


def place(root: Path) -> Path:
    found = folder_of(root).path
    assert found is not None
    return found


def kept(root: Path, name: str = "answers") -> bytes | None:
    found = folder_of(root).read(name, MOST)
    return None if found is None else bytes(found)


def test_written_data_is_read_again(root: Path) -> None:
    assert kept(root) is None
    for data in (b"first", b"second" * 1000, b""):
        assert folder_of(root).write("answers", data)
        assert kept(root) == data
    assert [path.name for path in place(root).iterdir()] == ["answers"]
    assert folder_of(root).read("answers", -1) is None
    assert CacheFolder(root, "1.1").read("answers", MOST) is None


@posix
def test_only_the_user_can_read_what_is_written(root: Path) -> None:
    folder_of(root).write("answers", b"x")
    for path, mode in ((place(root).parent, 0o700), (place(root), 0o700), (place(root) / "answers", 0o600)):
        assert path.stat().st_mode & 0o777 == mode


def flipped(data: bytes) -> Iterator[bytes]:
    for at in range(len(data)):
        yield data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


def test_damaged_files_are_no_files_and_are_replaced(root: Path) -> None:
    folder_of(root).write("answers", b"some data")
    stored = place(root) / "answers"
    whole = stored.read_bytes()
    for damaged in (*flipped(whole), *(whole[:size] for size in range(len(whole))), whole + b"x", b"\0" * 99):
        stored.write_bytes(damaged)
        assert kept(root) is None
    assert folder_of(root).write("answers", b"other")
    assert kept(root) == b"other"


def test_a_file_of_another_name_or_project_is_no_file(root: Path) -> None:
    folder_of(root).write("answers", b"x")
    (place(root) / "stamps").write_bytes((place(root) / "answers").read_bytes())
    assert kept(root, "stamps") is None
    other = root.parent / "other"
    other.mkdir()
    assert place(other) != place(root)
    folder_of(other).write("answers", b"y")
    (place(other) / "answers").write_bytes((place(root) / "answers").read_bytes())
    assert kept(other) is None


def test_the_real_path_names_the_project(root: Path) -> None:
    (root.parent / "link").symlink_to(root, target_is_directory=True)
    folder_of(root.parent / "link").write("answers", b"x")
    assert kept(root) == b"x"


INSIDE = {
    "in the root": ("project", "project/cache"),
    "the root": ("project", "project"),
    "in the repository": ("project/packages/one", "project/cache"),
    "in the repository of a submodule": ("project/modules/sub/src", "project/.cache"),
    "by way of a link": ("project", "link/cache"),
}


@pytest.mark.parametrize(("checked", "caches"), INSIDE.values(), ids=list(INSIDE))
def test_a_folder_inside_the_checkout_is_never_used(
    root: Path, monkeypatch: pytest.MonkeyPatch, checked: str, caches: str
) -> None:
    (root / ".git").mkdir()
    (root / "modules/sub/src").mkdir(parents=True)
    (root / "modules/sub/.git").write_text("gitdir: ../../.git/modules/sub\n", encoding="utf-8")
    (root / "packages/one").mkdir(parents=True)
    (root.parent / "link").symlink_to(root, target_is_directory=True)
    monkeypatch.setenv("HARDCUT_CACHE_DIR", str(root.parent / caches))
    folder = folder_of(root.parent / checked)
    assert "is inside the checked project" in folder.note and "HARDCUT_CACHE_DIR" in folder.note
    assert (folder.path, folder.write("answers", b"x"), folder.read("answers", MOST)) == (None, False, None)
    assert not (root / "cache").exists()


@pytest.mark.parametrize("name", [".hg", ".jj", ".svn"])
def test_a_committed_folder_of_another_tool_ends_no_checkout(
    root: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    (root / ".git").mkdir()
    (root / "sub" / name).mkdir(parents=True)
    monkeypatch.setenv("HARDCUT_CACHE_DIR", str(root / "cache"))
    assert "is inside the checked project" in folder_of(root / "sub").note


def test_a_relative_folder_is_below_the_working_directory(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HARDCUT_CACHE_DIR", "caches")
    monkeypatch.chdir(root)
    assert "inside the checked project" in folder_of(root).note
    monkeypatch.chdir(root.parent)
    assert folder_of(root).note == ""


@posix
@pytest.mark.parametrize("mode", [0o770, 0o777, 0o707, 0o750, 0o755])
def test_a_project_folder_that_others_reach_is_not_used(root: Path, mode: int) -> None:
    folder_of(root).write("answers", b"x")
    place(root).chmod(mode)
    assert kept(root) is None
    assert "mode 0700" in folder_of(root).note
    assert not folder_of(root).write("answers", b"y")


@posix
@pytest.mark.parametrize("mode", [0o770, 0o777, 0o1777])
def test_a_folder_that_others_can_write_to_is_not_used(root: Path, mode: int) -> None:
    (root.parent / "caches").mkdir()
    (root.parent / "caches").chmod(mode)
    assert "current user alone can write" in folder_of(root).note
    assert not folder_of(root).write("answers", b"x")
    (root.parent / "caches").chmod(0o755)
    assert folder_of(root).write("answers", b"x")


@posix
def test_a_folder_or_file_of_another_user_is_not_used(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder_of(root).write("answers", b"x")
    other = os.geteuid() + 1
    monkeypatch.setattr(os, "geteuid", lambda: other)
    assert "current user alone" in folder_of(root).note
    assert kept(root) is None
    monkeypatch.undo()


@posix
def test_links_and_other_kinds_of_files_are_not_read(root: Path) -> None:
    folder_of(root).write("answers", b"x")
    stored = place(root) / "answers"
    stored.rename(root.parent / "away")
    stored.symlink_to(root.parent / "away")
    assert kept(root) is None
    stored.unlink()
    os.mkfifo(stored)
    assert kept(root) is None
    stored.unlink()
    (root.parent / "away").rename(stored)
    assert kept(root) == b"x"
    stored.chmod(0o666)
    assert kept(root) is None
    moved = root.parent / "moved"
    place(root).rename(moved)
    place(root).symlink_to(moved, target_is_directory=True)
    assert kept(root) is None
    assert "remove it" in folder_of(root).note


def test_a_linked_folder_of_all_projects_is_where_it_leads_to(root: Path) -> None:
    """Many people link their cache folder to another disk."""
    disk = root.parent / "disk"
    disk.mkdir(mode=0o700)
    (root.parent / "caches").symlink_to(disk, target_is_directory=True)
    assert folder_of(root).write("answers", b"x")
    assert place(root).parent == disk.resolve()


CALLS = {"mkdir": "mkdir", "create": "open", "write": "write", "replace": "replace"}


@pytest.mark.parametrize("call", CALLS.values(), ids=list(CALLS))
@pytest.mark.parametrize("filled", [False, True], ids=["first", "again"])
def test_a_full_disk_leaves_nothing_behind(
    root: Path, monkeypatch: pytest.MonkeyPatch, call: str, filled: bool
) -> None:
    if filled:
        folder_of(root).write("answers", b"old")
    folder, real = folder_of(root), getattr(os, call)

    def full(*arguments: object, **options: object) -> object:
        if call == "write" and len(arguments[1]) < 2_000:  # type: ignore[arg-type]
            return real(*arguments, **options)
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, call, full)
        assert folder.write("answers", b"new" * 1000) is (filled and call == "mkdir")
    files = list(place(root).iterdir()) if place(root).exists() else []
    assert [path.name for path in files] == (["answers"] if filled else [])
    if call != "mkdir":
        assert kept(root) == (b"old" if filled else None)


def test_an_interrupted_write_leaves_nothing_behind(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*arguments: object) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(os, "write", interrupted)
        with pytest.raises(KeyboardInterrupt):
            folder_of(root).write("answers", b"x")
    assert list(place(root).iterdir()) == []


NOWHERE: dict[str, Callable[[Path], str]] = {
    "below a file": lambda root: f"{root.parent}/file/caches",
    "a file": lambda root: f"{root.parent}/file",
    "a null device": lambda root: os.devnull,
}


@pytest.mark.parametrize("where", NOWHERE.values(), ids=list(NOWHERE))
def test_without_a_folder_there_is_no_cache(
    root: Path, monkeypatch: pytest.MonkeyPatch, where: Callable[[Path], str]
) -> None:
    (root.parent / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv("HARDCUT_CACHE_DIR", where(root))
    assert not folder_of(root).write("answers", b"x")
    assert kept(root) is None
    folder_of(root).sweep()


@posix
def test_the_conventions_of_the_systems(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def base() -> str:
        return str(place(root).parent)

    home = root.parent.resolve() / "home"
    monkeypatch.setenv("HARDCUT_CACHE_DIR", "")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    assert base() == f"{home}/.cache/hardcut"
    monkeypatch.setenv("XDG_CACHE_HOME", f"{home}/xdg")
    assert base() == f"{home}/xdg/hardcut"
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    assert base() == f"{home}/.cache/hardcut"
    monkeypatch.setattr(sys, "platform", "darwin")
    assert base() == f"{home}/Library/Caches/hardcut"
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setenv("LOCALAPPDATA", f"{home}/local")
    assert base() == f"{home}/local/hardcut"
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("HOME", "nowhere")
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert folder_of(root).path is None
    monkeypatch.setenv("HOME", "")
    assert folder_of(root).path is None


def test_old_and_excess_projects_are_swept(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    projects = [root.parent / f"project{number}" for number in range(4)]
    now = time.time()
    for age, project in enumerate(projects):
        project.mkdir()
        folder_of(project).write("answers", b"x" * 1000)
        os.utime(place(project), (now, now - age * cachefolder.DAY))
    folder_of(root).write("answers", b"x" * 1000)
    foreign = place(root).parent / "notes"
    foreign.mkdir()
    os.utime(foreign, (0, 0))

    def left() -> list[int]:
        return [at for at, project in enumerate(projects) if place(project).exists()]

    folder_of(root).sweep()
    assert left() == [0, 1, 2, 3]
    os.utime(place(projects[3]), (now, now - cachefolder.MONTH - 60))
    folder_of(root).sweep()
    assert left() == [0, 1, 2]
    monkeypatch.setattr(cachefolder, "ROOM", 2500)
    folder_of(root).sweep()
    assert left() == [0]
    assert kept(root) is not None and foreign.exists()


def test_folders_of_other_programs_are_not_swept(root: Path) -> None:
    """Others name folders by digests too, and may share the folder that HARDCUT_CACHE_DIR names."""
    folder_of(root).write("answers", b"x")
    for number, name in enumerate(("answers", "notes.tmp", "answers.1.0123abcd.tmp")):
        other = place(root).parent / f"{number:032x}"
        other.mkdir()
        (other / name).write_text("a file of another program", encoding="utf-8")
        os.utime(other, (0, 0))
    folder_of(root).sweep()
    assert [(place(root).parent / f"{number:032x}").exists() for number in range(3)] == [True, True, False]


def test_a_project_that_is_read_stays(root: Path) -> None:
    folder_of(root).write("answers", b"x")
    os.utime(place(root), (0, 0))
    assert kept(root) == b"x"
    assert place(root).stat().st_mtime > time.time() - cachefolder.DAY


def test_what_a_killed_run_left_is_swept(root: Path) -> None:
    folder_of(root).write("answers", b"x")
    old, fresh = place(root) / "answers.1.ab.tmp", place(root) / "answers.2.ab.tmp"
    for path in (old, fresh):
        path.write_bytes(b"half")
    os.utime(old, (0, 0))
    folder_of(root).sweep()
    assert (old.exists(), fresh.exists(), kept(root)) == (False, True, b"x")


def test_the_journal_of_an_interrupted_change_is_not_swept(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = root.parent / "other"
    other.mkdir()
    folder_of(other).write("answers", b"x" * 1000)
    folder_of(other).write(cachefolder.JOURNAL, b"what files were")
    os.utime(place(other), (0, 0))
    monkeypatch.setattr(cachefolder, "ROOM", 100)
    folder_of(root).sweep()
    assert folder_of(other).read(cachefolder.JOURNAL, 100) == b"what files were"
