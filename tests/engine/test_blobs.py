"""The cache of runs over history: kept by content, handed over between processes, bounded."""

from __future__ import annotations

from pathlib import Path

import pytest

from hardcut.engine.cachefolder import CacheFolder
from hardcut.engine.history import blobs
from hardcut.engine.history.blobs import BlobCache

ONE, TWO = b"1" * 16, b"2" * 16


def test_answers_outlive_the_process(tmp_path: Path) -> None:
    first = BlobCache(tmp_path)
    assert first.get(ONE, list[str]) is None
    first.put(ONE, ["a"])
    assert first.digest_of_blob("ab12", "x.py", lambda path: b"content") != b""
    first.save()
    folder = CacheFolder(tmp_path, "").path
    assert folder is not None and not folder.exists()
    first.write()
    assert [path.name for path in folder.iterdir()] == ["history"]
    again = BlobCache(tmp_path)
    assert again.get(ONE, list[str]) == ["a"]
    assert again.digest_of_blob("ab12", "x.py", lambda path: b"never read") == first.digest_of_blob(
        "ab12", "x.py", lambda path: b"never read"
    )
    assert BlobCache(tmp_path, use=False).get(ONE, list[str]) is None


def test_the_results_of_another_process_are_added(tmp_path: Path) -> None:
    child, parent = BlobCache(tmp_path), BlobCache(tmp_path)
    child.put(TWO, ["b"])
    parent.put(ONE, ["a"])
    parent.add(child.used())
    parent.write()
    assert [BlobCache(tmp_path).get(key, list[str]) for key in (ONE, TWO)] == [["a"], ["b"]]


def test_too_much_is_given_up_but_for_what_was_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = BlobCache(tmp_path)
    first.put(ONE, ["a"])
    first.write()
    monkeypatch.setattr(blobs, "ROOM", 1)
    second = BlobCache(tmp_path)
    second.put(TWO, ["b"])
    second.write()
    third = BlobCache(tmp_path)
    assert (third.get(ONE, list[str]), third.get(TWO, list[str])) == (None, ["b"])


def test_a_broken_or_foreign_file_is_no_answer(tmp_path: Path) -> None:
    first = BlobCache(tmp_path)
    first.put(ONE, ["a"])
    first.write()
    folder = CacheFolder(tmp_path, "").path
    assert folder is not None
    stored = folder / "history"
    whole = stored.read_bytes()
    for broken in (b"", whole[:-3], b"\x93\xa1x\x80\x80", b"{}"):
        stored.write_bytes(broken)
        assert BlobCache(tmp_path).get(ONE, list[str]) is None
    stored.write_bytes(whole)
    assert BlobCache(tmp_path).get(ONE, list[str]) == ["a"]
