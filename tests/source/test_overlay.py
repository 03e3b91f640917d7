"""An overlay answers as the disk would, had the files really been written or taken away."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hardcut.source.overlay import Overlay
from hardcut.source.tree import DiskTree

HERE = {
    "src/shop/__init__.py": b"",
    "src/shop/cart.py": b"class Cart: ...\n",
    "src/shop/old/__init__.py": b"",
    "src/shop/old/sub/deep.py": b"x = 1\n",
    "src/alone/only.py": b"y = 1\n",
    "docs/notes.md": b"# notes\n",
    "top.py": b"",
    "binary.bin": b"\0",
}
PATHS = [
    *HERE,
    "src/shop/new.py",
    "src/fresh/pkg/__init__.py",
    "docs/more/page.md",
    "src/shop/old/sub/other.txt",
    "src/shop/vendored/a.py",
]
FOLDERS = [
    "",
    "src",
    "src/shop",
    "src/shop/old",
    "src/shop/old/sub",
    "src/alone",
    "docs",
    "src/fresh",
    "gone",
]
PATTERNS = [
    "src/**/*.py",
    "src/*",
    "src/shop/old",
    "src/shop/old/",
    "*/*.md",
    "**/*.py",
    "src/sh?p/[a-d]*",
    "x",
]
CHANGES = st.dictionaries(st.sampled_from(PATHS), st.one_of(st.none(), st.sampled_from([b"", b"z = 2\n"])))


def lay(root: Path, files: dict[str, bytes]) -> None:
    for path, data in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(data)


def changed(root: Path, files: dict[str, bytes | None]) -> None:
    """The same changes on disk; a folder that loses its last file goes too."""
    for path, data in files.items():
        if data is not None:
            lay(root, {path: data})
    for path, data in files.items():
        if data is None and (root / path).exists():
            (root / path).unlink()
            above = (root / path).parent
            while above != root and not any(above.iterdir()):
                above.rmdir()
                above = above.parent


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(CHANGES)
def test_overlay_is_what_the_disk_would_be(tmp_path: Path, files: dict[str, bytes | None]) -> None:
    before, after = tmp_path / "before", tmp_path / "after"
    for root in (before, after):
        shutil.rmtree(root, ignore_errors=True)
        lay(root, HERE)
    changed(after, files)
    tree, disk = Overlay(DiskTree(before), files), DiskTree(after)
    for folder in FOLDERS:
        assert tree.entries(folder) == disk.entries(folder), folder
    for path in [*PATHS, *FOLDERS]:
        assert tree.kind(path) == disk.kind(path), path
        if tree.kind(path) != "folder":
            assert tree.read(path) == disk.read(path), path
    for pattern in PATTERNS:
        assert tree.matching(pattern) == disk.matching(pattern), pattern
    for check, exclude in ((["."], []), (["src", "top.py"], ["**/vendored/**"]), (["docs/*.md"], [])):
        assert tree.listing(check, exclude).files == disk.listing(check, exclude).files
    assert {path.relative_to(before).as_posix() for path in before.rglob("*") if path.is_file()} == set(HERE)


def test_content_has_a_name_that_changes_with_it(tmp_path: Path) -> None:
    lay(tmp_path, HERE)
    disk = DiskTree(tmp_path)
    one, other = Overlay(disk, {"top.py": b"1"}), Overlay(disk, {"top.py": b"2", "docs/notes.md": None})
    assert one.content_of("top.py") != other.content_of("top.py")
    assert one.content_of("top.py") == Overlay(disk, {"top.py": b"1"}).content_of("top.py")
    assert other.content_of("docs/notes.md") == ""
    assert one.content_of("docs/notes.md") == disk.content_of("docs/notes.md")


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="no symbolic links here")
def test_a_linked_folder_stays_a_link(tmp_path: Path) -> None:
    lay(tmp_path, HERE)
    os.symlink("shop", tmp_path / "src" / "linked")
    tree = Overlay(DiskTree(tmp_path), {"src/shop/new.py": b""})
    assert tree.entries("src")["linked"] == "link"
    assert tree.entries("src/shop")["new.py"] == "file"
