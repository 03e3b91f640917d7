"""A revision read from git's objects is the tree that a checkout of it would be."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from folders import git, lay

from hardcut.source.modules import Roots
from hardcut.source.revision import RevisionTree
from hardcut.source.tree import DiskTree, walk

FILES = {
    "src/shop/__init__.py": "",
    "src/shop/old/cart.py": "x = 1\n",
    "src/shop/old/data.json": "{}",
    "src/shop/native.pyi": "",
    "docs/a b/ünï.md": "text\n",
    "docs/[x].md": "text\n",
    "tool": "#!/usr/bin/env python3\n",
    "notes": "no script\n",
    "build/lib/out.py": "",
    ".gitignore": "*.log\n",
    ".github/workflows/ci.yml": "on: push\n",
}


@pytest.fixture
def both(tmp_path: Path) -> tuple[DiskTree, RevisionTree]:
    git(tmp_path, "init", "-q")
    lay(tmp_path, FILES)
    os.symlink("src/shop", tmp_path / "linked")
    os.symlink("shop/__init__.py", tmp_path / "src/init_link.py")
    os.symlink("/etc/passwd", tmp_path / "src/away.py")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-qm", "all")
    return DiskTree(tmp_path), RevisionTree(tmp_path, "HEAD")


@pytest.mark.parametrize("folder", ["", "src", "src/shop", "src/shop/old", "docs/a b", "linked", "none"])
def test_entries(both: tuple[DiskTree, RevisionTree], folder: str) -> None:
    disk, revision = both
    expected = {name: kind for name, kind in disk.entries(folder).items() if name != ".git"}
    assert revision.entries(folder) == expected


@pytest.mark.parametrize(
    "pattern",
    [
        "*",
        "src",
        "src/**",
        "src/**/*.py",
        "**/*.md",
        "docs/*",
        "docs/[[]x].md",
        "*.none",
        "src/shop/",
        "a/**/b",
    ],
)
def test_matching(both: tuple[DiskTree, RevisionTree], pattern: str) -> None:
    disk, revision = both
    # A link that leads out of the root is on disk, and in no tree.
    left_out = (".git", "src/away.py")
    expected = [path for path in disk.matching(pattern) if path not in left_out]
    assert revision.matching(pattern) == expected


@pytest.mark.parametrize(
    ("check", "exclude"),
    [
        (["."], []),
        (["src"], []),
        (["src", "docs/*.md"], []),
        (["tool", "gone"], []),
        (["."], ["docs/"]),
        (["src/shop/old/", "**/*.yml"], ["*.json"]),
    ],
)
def test_listing(both: tuple[DiskTree, RevisionTree], check: list[str], exclude: list[str]) -> None:
    disk, revision = both
    # A link beside its target is read once on disk; a commit lists both.
    found = [path for path in revision.listing(check, exclude).files if path != "src/init_link.py"]
    assert found == [path for path in disk.listing(check, exclude).files if path != "src/init_link.py"]
    assert revision.listing(check, exclude).unmatched == disk.listing(check, exclude).unmatched


def test_content_and_modules(both: tuple[DiskTree, RevisionTree]) -> None:
    disk, revision = both
    for path in walk(disk, ""):
        if not path.startswith(".git/"):
            assert revision.read(path) == disk.read(path), path
            assert revision.content_of(path)
    assert revision.read("src/away.py") == b"" and revision.content_of("src/away.py") == ""
    roots = [Roots(tree, ["src"]) for tree in both]
    for module in ("shop", "shop.old", "shop.old.cart", "shop.native", "init_link", "away", "none"):
        assert roots[0].kind(module) == roots[1].kind(module), module
        assert roots[0].leftover(module) == roots[1].leftover(module), module


def test_a_revision_below_the_top_and_an_unknown_one(both: tuple[DiskTree, RevisionTree]) -> None:
    disk, _ = both
    below = RevisionTree(disk.root / "src", "HEAD")
    assert below.there and below.read("shop/old/cart.py") == b"x = 1\n"
    assert not RevisionTree(disk.root, "no-such-revision").there
    assert not RevisionTree(disk.root, "--full-tree").there


class Near:
    """Another tree that holds one file as it is here."""

    def read(self, path: str) -> bytes | None:
        return b"near" if path == "tool" else None

    def digest(self, path: str) -> bytes | None:
        return b"digest" if path == "tool" else None


def test_what_is_near_is_not_read_from_git(both: tuple[DiskTree, RevisionTree]) -> None:
    disk, _ = both
    tree = RevisionTree(disk.root, "HEAD", near=Near())
    assert tree.read("tool") == b"near" and tree.read("notes") == b"no script\n"
    assert tree.digest_of("tool") == b"digest" and tree.digest_of("notes") is None
    assert tree.read("absent") == b"" and tree.digest_of("absent") is None
