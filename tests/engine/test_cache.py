"""A warm run says what a cold one says, whatever happened in between."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from engine_project import run, said, write

FILES = {
    "src/shop/__init__.py": "",
    "src/shop/prices.py": "def tax(x): return x\n",
    "src/shop/money.py": "class Money: ...\n",
    "src/app.py": "from shop.prices import tax\n",
    "tests/test_app.py": "import app\n",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write(tmp_path, FILES)
    run(tmp_path, cache=True)
    return tmp_path


def agree(root: Path) -> list[tuple[str, int | None, str, str]]:
    warm, again, cold = said(run(root, cache=True)), said(run(root, cache=True)), said(run(root))
    assert warm == again == cold
    return warm


def test_nothing_changed(root: Path) -> None:
    assert agree(root) == []


def test_edit_within_the_same_second(root: Path) -> None:
    for text, count in [("import legacy\n", 1), ("import legicy\n", 0), ("import legacy\n", 1)]:
        (root / "src/app.py").write_text(text, encoding="utf-8")
        assert len(agree(root)) == count


def test_edit_that_no_stamp_shows(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a file system that counts whole seconds, an edit within one leaves size and time as they were."""
    whole = os.stat

    def coarse(path: object, **options: object) -> SimpleNamespace:
        state = whole(path, **options)
        second = int(time.time()) * 1_000_000_000
        return SimpleNamespace(
            st_mtime_ns=second, st_ctime_ns=second, st_size=state.st_size, st_ino=state.st_ino
        )

    monkeypatch.setattr(
        "hardcut.engine.cache.os",
        SimpleNamespace(stat=coarse, replace=os.replace, walk=os.walk, path=os.path),
    )
    monkeypatch.setattr(
        "hardcut.engine.cache.time", SimpleNamespace(time_ns=lambda: int(time.time()) * 1_000_000_000)
    )
    monkeypatch.setattr(time, "time", lambda: 1_800_000_000.0)
    for text, count in [("import legacy\n", 1), ("import legicy\n", 0), ("import legacy\n", 1)]:
        (root / "src/app.py").write_text(text, encoding="utf-8")
        assert len(said(run(root, cache=True))) == count


def test_deletion_and_resurrection(root: Path) -> None:
    (root / "src/legacy.py").write_text("x = 1\n", encoding="utf-8")
    assert [one[2] for one in agree(root)] == ["CUT104"]
    (root / "src/legacy.py").unlink()
    assert agree(root) == []
    (root / "src/shop/prices.py").unlink()
    assert {one[2] for one in agree(root)} == {"CUT105", "CUT203"}
    (root / "src/shop/prices.py").write_text(FILES["src/shop/prices.py"], encoding="utf-8")
    assert agree(root) == []


def test_a_listed_folder_that_is_not_checked_fills_and_empties(tmp_path: Path) -> None:
    plan = '[[wave]]\nid = "0"\nstate = "landed"\n\n[[wave.absent]]\npaths = ["left/**", "left"]\n'
    head = '[plan]\nname = "test"\nsource = ["src"]\ncheck = ["src"]\n\n'
    write(tmp_path, FILES | {"left/inner/__pycache__/x.pyc": ""}, head + plan)
    hollow = [(one.place.path, one.severity) for one in run(tmp_path, cache=True).findings]
    assert hollow == [("left", "warning"), ("left", "warning")]
    for name in ("left/inner/a.txt", "left/inner/.gitkeep"):
        (tmp_path / name).write_text("", encoding="utf-8")
        assert len(agree(tmp_path)) > 2
        (tmp_path / name).unlink()
        assert len(agree(tmp_path)) == 2
    shutil.rmtree(tmp_path / "left")
    assert agree(tmp_path) == []


def test_module_that_no_listing_shows(root: Path) -> None:
    """A compiled module answers an import, though it is no file to check."""
    (root / "src/app.py").write_text("from shop import native\n", encoding="utf-8")
    assert [one[2] for one in agree(root)] == ["CUT105"]
    (root / "src/shop/native.abi3.so").write_bytes(b"")
    assert agree(root) == []
    (root / "src/shop/native.abi3.so").unlink()
    assert [one[2] for one in agree(root)] == ["CUT105"]


def test_manifest_changes(root: Path) -> None:
    (root / "src/app.py").write_text("import gone\n", encoding="utf-8")
    assert agree(root) == []
    plan = (root / "cutover.toml").read_text(encoding="utf-8")
    (root / "cutover.toml").write_text(plan + '\n[[wave.delete]]\nmodule = "gone"\n', encoding="utf-8")
    assert ("src/app.py", 1, "CUT101", "gone") in agree(root)


def test_facade_changes_what_its_users_mean(root: Path) -> None:
    (root / "src/shop/api.py").write_text("from shop.money import cart\n", encoding="utf-8")
    (root / "src/shop/money.py").write_text("class Money: ...\ncart = 1\n", encoding="utf-8")
    (root / "src/app.py").write_text("from shop.api import cart\n", encoding="utf-8")
    assert agree(root) == []
    (root / "src/shop/api.py").write_text("from shop.old import cart\n", encoding="utf-8")
    assert [(path, code) for path, _, code, _ in agree(root)] == [
        ("src/app.py", "CUT101"),
        ("src/shop/api.py", "CUT101"),
    ]


def test_broken_cache_is_no_cache(root: Path) -> None:
    (root / "src/app.py").write_text("import legacy\n", encoding="utf-8")
    expected = agree(root)
    for name in ("answers", "stamps"):
        for content in (b"", b"\xff\x00garbage", b"\x93" * 100):
            (root / ".hardcut_cache" / name).write_bytes(content)
            assert agree(root) == expected


def test_cache_ignores_itself(root: Path) -> None:
    assert (root / ".hardcut_cache/.gitignore").read_text(encoding="utf-8") == "*\n"


def test_linked_cache_folder_is_left_alone(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    root = tmp_path / "project"
    write(root, FILES)
    (root / ".hardcut_cache").symlink_to(outside, target_is_directory=True)
    assert said(run(root, cache=True)) == []
    assert list(outside.iterdir()) == []


def test_parallel_runs(root: Path) -> None:
    for number in range(30):
        (root / f"src/mod{number}.py").write_text(f"import legacy\nx = {number}\n", encoding="utf-8")
    command = [sys.executable, "-m", "hardcut", "check", "--format", "concise"]
    runs = [
        subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(6)
    ]
    printed = {one.communicate(timeout=60)[0] for one in runs}
    assert [one.returncode for one in runs] == [1] * 6
    assert len(printed) == 1
    assert len(agree(root)) == 30
