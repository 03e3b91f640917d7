"""Which files a run checks."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import pytest
from folders import git, lay
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hardcut.source.files import PathError, expand, is_excluded, listing
from tests.limits import within

KINDS = pytest.mark.parametrize("kind", ["git", "walk"])


def tree(root: Path, *paths: str) -> None:
    lay(root, dict.fromkeys(paths, "x\n"))


def project(root: Path, kind: str, *paths: str) -> Path:
    root.mkdir(exist_ok=True)
    tree(root, *paths)
    if kind == "git":
        git(root, "init", "-q")
    return root


@KINDS
def test_only_files_that_can_be_read(tmp_path: Path, kind: str) -> None:
    project(
        tmp_path,
        kind,
        "a.py",
        "b.pyi",
        "c.ipynb",
        "d.toml",
        "e.md",
        "f.png",
        "uv.lock",
        "LICENSE",
        "Dockerfile",
        "g.so",
    )
    (tmp_path / "tool").write_text("#!/bin/sh\n")
    (tmp_path / "binary").write_bytes(b"\x7fELF")
    assert listing(tmp_path, ["."]).files == [
        "Dockerfile",
        "a.py",
        "b.pyi",
        "c.ipynb",
        "d.toml",
        "e.md",
        "tool",
    ]


@KINDS
def test_entries_are_files_folders_and_globs(tmp_path: Path, kind: str) -> None:
    project(
        tmp_path,
        kind,
        "src/a.py",
        "src/deep/b.py",
        "docs/x/y.md",
        "docs/z.txt",
        "top.md",
        ".github/workflows/ci.yml",
        ".claude/notes.md",
        "src2/c.py",
        "pyproject.toml",
    )
    for check, files in {
        ("src",): ["src/a.py", "src/deep/b.py"],
        ("src/",): ["src/a.py", "src/deep/b.py"],
        ("./src", "src/deep", "src/a.py"): ["src/a.py", "src/deep/b.py"],
        ("src/../docs/z.txt",): ["docs/z.txt"],
        ("docs/**/*.md",): ["docs/x/y.md"],
        ("*.md",): ["top.md"],
        ("*/*.py",): ["src/a.py", "src2/c.py"],
        ("s*/",): ["src/a.py", "src/deep/b.py", "src2/c.py"],
        (".github", ".claude"): [".claude/notes.md", ".github/workflows/ci.yml"],
        (str(tmp_path / "src"),): ["src/a.py", "src/deep/b.py"],
        (): [],
    }.items():
        assert listing(tmp_path, check).files == files, check
        assert listing(tmp_path, check).unmatched == []
    assert len(listing(tmp_path, ["."]).files) == 9
    assert listing(tmp_path, ["t*"]).files == ["top.md"]
    assert listing(tmp_path, ["t*/"]).unmatched == ["t*/"]
    assert listing(tmp_path, [""]).files == listing(tmp_path, ["."]).files


@KINDS
def test_entries_that_match_nothing(tmp_path: Path, kind: str) -> None:
    project(tmp_path / "root", kind, "src/a.py", "assets/x.png", "empty.bin")
    tree(tmp_path, "outside/b.py")
    check = [
        "src",
        "gone",
        "gone/*.py",
        "assets",
        "empty.bin",
        "../outside",
        "/",
        "..",
        "a\0b",
        "src/*.md",
        "src/a.py",
    ]
    found = listing(tmp_path / "root", check)
    assert found.files == ["src/a.py"]
    assert found.unmatched == check[1:-1]


@KINDS
def test_exclude_is_as_gitignore_reads_it(tmp_path: Path, kind: str) -> None:
    project(tmp_path, kind, "a.py", "gen/b.py", "x/gen/c.py", "x/d_pb2.py", "x/keep_pb2.py")
    exclude = ["gen/", "*_pb2.py", "!keep_pb2.py"]
    found = listing(tmp_path, [".", "gen"], exclude)
    assert found.files == ["a.py", "x/keep_pb2.py"]
    assert found.unmatched == []
    assert [is_excluded(path, exclude) for path in ("gen/b.py", "x/d_pb2.py", "a.py")] == [True, True, False]
    assert not is_excluded("a.py", [])


@KINDS
def test_gitignore(tmp_path: Path, kind: str) -> None:
    project(
        tmp_path,
        kind,
        "a.py",
        "build/b.py",
        "src/c.py",
        "src/out/d.py",
        "src/out/keep.py",
        "src/log.txt",
        "src/x/log.txt",
    )
    (tmp_path / ".gitignore").write_text("build/\n*.txt\n")
    (tmp_path / "src" / ".gitignore").write_text("out/*\n!out/keep.py\n!/log.txt\n")
    assert listing(tmp_path, ["."]).files == ["a.py", "src/c.py", "src/log.txt", "src/out/keep.py"]
    assert listing(tmp_path, ["build/b.py", "build"]).files == ["build/b.py"]
    assert listing(tmp_path, ["build"]).unmatched == ["build"]


@KINDS
def test_folders_of_tools_are_left_out_unless_named(tmp_path: Path, kind: str) -> None:
    project(
        tmp_path,
        kind,
        "a.py",
        ".venv/b.py",
        "env/pyvenv.cfg",
        "env/lib/c.py",
        "x/node_modules/d.py",
        "y/__pycache__/e.py",
        "p.egg-info/SOURCES.txt",
        ".hypothesis/f.json",
        "build/lib/g.py",
    )
    assert listing(tmp_path, ["."]).files == ["a.py", "build/lib/g.py"]
    assert listing(tmp_path, [".venv", "env/lib", "x/node_modules"]).files == [
        ".venv/b.py",
        "env/lib/c.py",
        "x/node_modules/d.py",
    ]
    assert listing(tmp_path, ["**/*.py"]).files == ["a.py", "build/lib/g.py"]


@KINDS
def test_links(tmp_path: Path, kind: str) -> None:
    root = project(tmp_path / "root", kind, "a.md", "docs/b.md", "hidden/c.png", "other/d.md")
    tree(tmp_path, "secret/e.md")
    for link, target in {
        "same.md": "a.md",
        "docs/out.md": "../../secret/e.md",
        "docs/other.md": "../other/d.md",
        "docs/z.md": "../other/d.md",
        "folder": "docs",
        "loop": "loop",
        "loop.md": "loop.md",
        "outer": "../secret",
        "docs/up": "..",
        "gone.md": "nowhere.md",
    }.items():
        os.symlink(target, root / link)
    assert listing(root, ["."]).files == ["a.md", "docs/b.md", "other/d.md"]
    assert listing(root, ["docs"]).files == ["docs/b.md", "docs/other.md"]
    found = listing(
        root, ["folder", "same.md", "outer", "docs/out.md", "gone.md", "loop", "outer/*.md", "folder/b.md"]
    )
    assert found.files == ["docs/b.md", "docs/other.md", "same.md"]
    assert found.unmatched == ["outer", "docs/out.md", "gone.md", "loop", "outer/*.md"]


@KINDS
def test_strange_names(tmp_path: Path, kind: str) -> None:
    names = [
        "-n.py",
        "a b.py",
        "new\nline.py",
        "tab\t.py",
        'quo"te.py',
        "ü.py",
        "[x].py",
        "*.py",
        os.fsdecode(b"\xff.py"),
    ]
    project(tmp_path, kind, *names, "x.py")
    assert listing(tmp_path, ["."]).files == sorted([*names, "x.py"])
    assert listing(tmp_path, names).files == sorted(names)


@KINDS
def test_folders_with_strange_names(tmp_path: Path, kind: str) -> None:
    names = ["-x", ":(top)y", "[ab]", "*", "a"]
    project(tmp_path, kind, *(f"{name}/m.py" for name in names))
    for name in names:
        assert listing(tmp_path, [name]).files == [f"{name}/m.py"]


@KINDS
def test_pipes_are_not_opened(tmp_path: Path, kind: str) -> None:
    project(tmp_path, kind, "a.py")
    os.mkfifo(tmp_path / "pipe.py")
    os.mkfifo(tmp_path / "pipe")
    assert listing(tmp_path, [".", "pipe.py", "pipe"]).files == ["a.py"]


@KINDS
def test_a_root_that_is_a_link_or_a_folder_of_a_repository(tmp_path: Path, kind: str) -> None:
    project(tmp_path / "root", kind, "sub/a.py", "sub/out/b.py", "c.py")
    (tmp_path / "root" / ".git").mkdir(exist_ok=True)
    (tmp_path / "root" / ".gitignore").write_text("out/\n/a.py\n")
    os.symlink(tmp_path / "root" / "sub", tmp_path / "link")
    assert listing(tmp_path / "root" / "sub", ["."]).files == ["a.py"]
    assert listing(tmp_path / "link", ["."]).files == ["a.py"]


@KINDS
def test_a_root_that_its_repository_ignores_is_a_tree_of_its_own(tmp_path: Path, kind: str) -> None:
    project(tmp_path / "root", kind, "out/x/a.py", "out/x/gone/b.py", "c.py")
    (tmp_path / "root" / ".git").mkdir(exist_ok=True)
    (tmp_path / "root" / ".gitignore").write_text("out/\n*.py\n")
    (tmp_path / "root" / "out" / "x" / ".gitignore").write_text("gone/\n")
    assert listing(tmp_path / "root" / "out" / "x", ["."]).files == ["a.py"]


def test_paths_of_the_command_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = project(tmp_path / "root", "git", "src/a.py", "src/gen/b.py", "ignored/c.py", "d.png", "*.py")
    (root / ".gitignore").write_text("ignored/\n")
    monkeypatch.chdir(root / "src")
    assert expand(root, ["."], ["gen/"]) == ["src/a.py"]
    assert expand(root, ["gen/b.py", "a.py"], ["gen/"]) == ["src/a.py", "src/gen/b.py"]
    assert expand(root, [str(root / "ignored" / "c.py"), "../d.png"]) == ["ignored/c.py"]
    assert expand(root, ["../*.py"]) == ["*.py"]
    assert expand(root, [".."]) == ["*.py", "src/a.py", "src/gen/b.py"]
    assert expand(root, []) == []
    os.symlink(root, tmp_path / "link")
    assert expand(tmp_path / "link", ["a.py", str(tmp_path / "link" / "src" / "gen")]) == [
        "src/a.py",
        "src/gen/b.py",
    ]
    assert expand(root, [str(tmp_path / "link" / "src" / "a.py")]) == ["src/a.py"]


def test_paths_that_cannot_be_checked_are_told_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = project(tmp_path / "root", "walk", "a.py")
    tree(tmp_path, "b.py")
    monkeypatch.chdir(root)
    with pytest.raises(PathError) as caught:
        expand(root, ["a.py", "../b.py", "gone.py", "x\0y", str(tmp_path)])
    assert (caught.value.missing, caught.value.outside) == (["gone.py", "x\0y"], ["../b.py", str(tmp_path)])
    assert str(caught.value).split("\n")[0] == "no such file or folder: gone.py"
    assert f"outside the root {root}: ../b.py" in str(caught.value)


def test_a_large_tree_is_listed_quickly(tmp_path: Path) -> None:
    tree(tmp_path, *(f"p{number % 50}/s{number % 7}/m{number}.py" for number in range(3000)))
    with within(5):
        assert len(listing(tmp_path, ["."], ["*.md", "docs/"]).files) == 3000


NAMES = ["a", "b", ".c", "out", "x.py", "y.md", "z.png", "node_modules"]
places = st.lists(st.sampled_from(NAMES), min_size=1, max_size=4).map("/".join)
ignores = st.lists(
    st.sampled_from(["out/", "*.md", "/a", "b/*", "!b/x.py", "!y.md", "a/**/x.py", "*", "!*/", "!*.py"]),
    max_size=4,
)


def reference(root: Path, check: Sequence[str]) -> list[str]:
    """The same by git's plumbing and plain string tests."""
    answer = git(root, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    return sorted(
        path
        for path in set(filter(None, answer.split("\0")))
        if path.endswith((".py", ".md"))
        and any(
            base in ("", path) or (path.startswith(base + "/") and "node_modules/" not in path[len(base) :])
            for base in check
        )
        and not ("" in check and "node_modules/" in path and not any(named(path, base) for base in check))
    )


def named(path: str, base: str) -> bool:
    return bool(base) and (
        path == base or (path.startswith(base + "/") and "node_modules/" not in path[len(base) :])
    )


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(places, max_size=10),
    ignores,
    ignores,
    st.lists(st.sampled_from(["", "a", "b", "a/b", ".c"]), min_size=1),
)
def test_git_and_walk_agree_with_a_naive_reference(
    tmp_path_factory: pytest.TempPathFactory,
    paths: list[str],
    top: list[str],
    inner: list[str],
    check: list[str],
) -> None:
    root = tmp_path_factory.mktemp("tree")
    for path in paths:
        try:
            tree(root, path)
        except OSError:
            continue
    (root / ".gitignore").write_text("\n".join(top))
    if (root / "a").is_dir():
        (root / "a" / ".gitignore").write_text("\n".join(inner))
    walked = listing(root, check)
    git(root, "init", "-q")
    seen = listing(root, check)
    assert seen.files == reference(root, check)
    assert (seen.files, seen.unmatched) == (walked.files, walked.unmatched)
