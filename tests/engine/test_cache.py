"""A warm run says what a cold one says, whatever happened in between."""

from __future__ import annotations

import errno
import hashlib
import os
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest
from engine_project import run, said, write

from hardcut.engine.cache import GENERATIONS, Cache, own_version
from hardcut.engine.cachefolder import CacheFolder
from hardcut.engine.reading import read_facts
from hardcut.source.facts import Facts

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
        SimpleNamespace(stat=coarse, walk=os.walk, path=os.path),
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


def stored(root: Path) -> Path:
    found = CacheFolder(root, "").path
    assert found is not None
    return found


def test_a_damaged_cache_is_no_cache(root: Path) -> None:
    """Random bytes once changed what a run found."""
    (root / "src/app.py").write_text("import legacy\n", encoding="utf-8")
    expected = agree(root)
    chance = random.Random(1)
    for name in ("answers", "stamps"):
        whole = (stored(root) / name).read_bytes()
        damaged = [b"", b"\xff\x00garbage", b"\x93" * 100, whole[:-1], whole[: len(whole) // 2]]
        for _ in range(8):
            at = chance.randrange(len(whole) - 4)
            damaged.append(whole[:at] + chance.randbytes(4) + whole[at + 4 :])
        for content in damaged:
            (stored(root) / name).write_bytes(content)
            assert said(run(root, cache=True)) == expected
        assert agree(root) == expected


def test_nothing_is_written_into_the_project(root: Path) -> None:
    assert sorted(path.name for path in root.iterdir()) == ["cutover.toml", "src", "tests"]
    assert sorted(path.name for path in stored(root).iterdir()) == ["answers", "stamps"]


def test_a_cache_that_came_with_the_checkout_is_not_read(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pull request commits forged facts, with the names and digests that hardcut would write itself."""
    (root / "src/app.py").write_text("import legacy\n", encoding="utf-8")
    expected = said(run(root))
    assert len(expected) == 1
    with monkeypatch.context() as forging:
        forging.setattr("hardcut.engine.gather.read_facts", lambda path, *more: Facts(path, None))
        assert said(run(root, cache=True)) == []
    assert said(run(root, cache=True)) == []  # in the user's own folder it is believed
    folders = [root / "caches", root / ".cache"]
    for folder in folders:
        shutil.copytree(stored(root), folder / stored(root).name)
    shutil.rmtree(stored(root))
    assert said(run(root, cache=True)) == expected
    for folder in folders:
        monkeypatch.setenv("HARDCUT_CACHE_DIR", str(folder))
        report = run(root, cache=True)
        assert said(report) == expected
        assert [note for note in report.notes if "inside the checked project" in note]


def test_a_full_disk_and_a_read_only_cache_change_nothing(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (root / "src/app.py").write_text("import legacy\n", encoding="utf-8")
    expected = said(run(root))
    before = {path.name: path.read_bytes() for path in stored(root).iterdir()}
    for call, error in (("write", errno.ENOSPC), ("open", errno.EROFS), ("replace", errno.EACCES)):
        real = getattr(os, call)

        def failing(*arguments: Any, call: str = call, error: int = error, real: Any = real) -> Any:
            if call == "open" and not arguments[1] & os.O_CREAT:
                return real(*arguments)
            raise OSError(error, os.strerror(error))

        with monkeypatch.context() as patched:
            patched.setattr(os, call, failing)
            assert said(run(root, cache=True)) == expected
        assert {path.name: path.read_bytes() for path in stored(root).iterdir()} == before
    assert agree(root) == expected


def keys(root: Path) -> list[set[bytes]]:
    """The keys of the kept answers, by generation."""
    data = CacheFolder(root, own_version()).read("answers", 1 << 30)
    assert data is not None
    return [set(generation) for generation in msgspec.msgpack.decode(data, type=list[Any])[0]]


def test_a_run_over_some_paths_keeps_the_answers_about_others(tmp_path: Path) -> None:
    """The hook on changed files once threw them away, if there were more than 50."""
    files = {f"src/mod{number}.py": f"import legacy as mod{number}\n" for number in range(60)}
    write(tmp_path, FILES | files)
    run(tmp_path, cache=True)
    before = set().union(*keys(tmp_path))
    some = sorted(files)[:55]
    for path in some:
        (tmp_path / path).write_text("import legacy as other\n", encoding="utf-8")
    run(tmp_path, cache=True, paths=some)
    assert before < set().union(*keys(tmp_path))
    left = next(path for path in files if path not in some)
    (tmp_path / left).write_text("import legacy as other\n", encoding="utf-8")
    parsed: list[str] = []
    whole = read_facts

    def counted(path: str, *more: Any) -> Facts:
        parsed.append(path)
        return whole(path, *more)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("hardcut.engine.gather.read_facts", counted)
        run(tmp_path, cache=True)
    assert parsed == [left]


def test_what_another_run_wrote_meanwhile_is_kept(root: Path) -> None:
    """A language server reads the cache when it starts, and writes it much later."""
    first, second = Cache(root), Cache(root)
    keys = [
        cache.key("kind", name.encode() * 16, name, "", "") for cache, name in ((first, "a"), (second, "b"))
    ]
    assert second.get(keys[0], str) is None
    for cache, key, path in ((first, keys[0], "src/app.py"), (second, keys[1], "src/shop/money.py")):
        cache.put(key, "answer")
        cache.digest(path, None, lambda path: b"content")
        cache.put_outcome(key, b"outcome")
        cache.save()
    third = Cache(root)
    assert [third.get(key, str) for key in keys] == ["answer", "answer"]
    assert [third.outcome(key) for key in keys] == [b"outcome", b"outcome"]


def test_answers_about_gone_contents_are_swept(root: Path) -> None:
    extra = root / "src/extra.py"
    extra.write_text("import legacy\n", encoding="utf-8")
    content = hashlib.blake2b(extra.read_bytes(), digest_size=16).digest()[:8]
    run(root, cache=True)

    def left() -> bool:
        return any(key.startswith(content) for generation in keys(root) for key in generation)

    assert left()
    extra.unlink()
    (root / "src/app.py").write_text("import legacy as other\n", encoding="utf-8")
    run(root, cache=True, paths=["src/app.py"])
    assert left()
    (root / "src/app.py").write_text("import legacy.x\n", encoding="utf-8")
    run(root, cache=True)
    assert not left()


def test_answers_that_no_whole_run_uses_are_dropped_in_time(root: Path) -> None:
    """Each edit of a plan leaves answers about the same files behind, for other words."""
    plan = (root / "cutover.toml").read_text(encoding="utf-8")
    sizes = []
    for number in range(GENERATIONS + 6):
        text = plan + f'\n[[wave.delete]]\nmodule = "shop.gone{number:02}"\n'
        (root / "cutover.toml").write_text(text, encoding="utf-8")
        run(root, cache=True)
        sizes.append(sum(map(len, keys(root))))
    assert len(keys(root)) == GENERATIONS
    assert sizes[1] > sizes[0]
    assert sizes[-1] == sizes[-2] == sizes[-3]


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


def test_another_python_or_library_trusts_no_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Installers link the same files of hardcut, with the same stamps, into several environments."""
    versions = set()
    for name in (
        None,
        "tree_sitter-0.25.0.dist-info",
        "tree_sitter-0.25.1.dist-info",
        "PyYAML-6.0.dist-info",
    ):
        folder = tmp_path / str(name)
        (folder / str(name)).mkdir(parents=True)
        monkeypatch.setattr(sys, "path", [str(folder)])
        versions.add(own_version.__wrapped__())
    monkeypatch.setattr(sys, "version_info", (3, 99, 0, "final", 0))
    versions.add(own_version.__wrapped__())
    assert len(versions) == 5
