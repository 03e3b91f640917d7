"""What git sees: its index, its ignores, its hooks' environment."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from folders import git, lay

from hardcut.source.files import listing


def tree(root: Path, *paths: str) -> None:
    lay(root, dict.fromkeys(paths, "x\n"))


def repository(root: Path, *paths: str) -> Path:
    root.mkdir(exist_ok=True)
    tree(root, *paths)
    git(root, "init", "-q")
    return root


def test_git_s_index_and_work_tree(tmp_path: Path) -> None:
    root = repository(tmp_path, "tracked.py", "deleted.py", "ignored.py", "forced.py", "became/a.py")
    (root / ".gitignore").write_text("ignored.py\nforced.py\n")
    git(root, "add", "-f", "tracked.py", "deleted.py", "forced.py", "became/a.py")
    git(root, "commit", "-q", "-m", "x")
    (root / "deleted.py").unlink()
    tree(root, "untracked.py", "elsewhere/a.py")
    shutil.rmtree(root / "became")
    os.symlink("elsewhere", root / "became")
    (root / ".git" / "info" / "exclude").write_text("untracked.*\n")
    tree(root, "untracked.md", "other.md")
    assert listing(root, ["."]).files == ["elsewhere/a.py", "forced.py", "other.md", "tracked.py"]


def test_other_repositories_inside_are_not_entered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repository(tmp_path / "inner", "a.py", "deep/a.py")
    git(tmp_path / "inner", "add", ".")
    git(tmp_path / "inner", "commit", "-q", "-m", "x")
    root = repository(tmp_path / "root", "b.py", "d/e.py")
    git(root, "submodule", "--quiet", "add", str(tmp_path / "inner"), "module")
    repository(root / "nested", "c.py")
    assert listing(root, ["."]).files == ["b.py", "d/e.py"]
    assert listing(root / "nested", ["."]).files == ["c.py"]
    (root / ".gitignore").write_text("forced.py\n")
    tree(root, "d/forced.py")
    git(root, "add", "-f", "d/forced.py")
    found = listing(root, ["module", "nested", "module/deep", "d"])
    assert (found.files, found.unmatched) == (["d/e.py", "d/forced.py"], ["module", "nested", "module/deep"])
    monkeypatch.setenv("PATH", str(tmp_path))
    found = listing(root, ["module", "nested", "module/deep", "d"])
    assert (found.files, found.unmatched) == (["d/e.py"], ["module", "nested", "module/deep"])
    assert listing(root, ["."]).files == ["b.py", "d/e.py"]


def test_without_a_repository_above_inner_ones_are_entered(tmp_path: Path) -> None:
    repository(tmp_path / "one", "a.py")
    assert listing(tmp_path, ["."]).files == ["one/a.py"]


def test_a_hook_s_variables_do_not_mislead(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = repository(tmp_path / "other", "b.py")
    root = repository(tmp_path / "root", "a.py", "ignored.py")
    (root / ".gitignore").write_text("ignored.py\n")
    for name, value in {
        "GIT_DIR": str(other / ".git"),
        "GIT_WORK_TREE": str(other),
        "GIT_INDEX_FILE": "nowhere/index",
        "GIT_PREFIX": "x/",
        "GIT_LITERAL_PATHSPECS": "0",
        "GIT_GLOB_PATHSPECS": "1",
        "GIT_NAMESPACE": "x",
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "core.excludesFile",
        "GIT_CONFIG_VALUE_0": str(tmp_path / "excludes"),
    }.items():
        monkeypatch.setenv(name, value)
    (tmp_path / "excludes").write_text("personal.py\n")
    tree(root, "personal.py")
    assert listing(root, [".", "*.py"]).files == ["a.py"]


def test_nothing_of_the_repository_s_configuration_is_run(tmp_path: Path) -> None:
    root = repository(tmp_path / "root", "a.py")
    script = tmp_path / "run"
    script.write_text(f"#!/bin/sh\necho ran >> {tmp_path}/ran\n")
    script.chmod(0o755)
    for key in ("core.fsmonitor", "core.pager", "pager.ls-files", "alias.ls-files"):
        git(root, "config", key, str(script))
    hooks = tmp_path / "hooks"
    hooks.mkdir()
    shutil.copy(script, hooks / "post-index-change")
    git(root, "config", "core.hooksPath", str(hooks))
    (tmp_path / "ran").unlink(missing_ok=True)
    assert listing(root, ["."]).files == ["a.py"]
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("broken", ["missing", "failing", "config"])
def test_without_a_working_git_the_tree_is_walked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    root = repository(tmp_path / "root", "a.py", "out/b.py", "info.py")
    (root / ".gitignore").write_text("out/\n")
    (root / ".git" / "info" / "exclude").write_text("/info.py\n")
    folder = tmp_path / "bin"
    folder.mkdir()
    if broken == "failing":
        (folder / "git").write_text("#!/bin/sh\nexit 128\n")
        (folder / "git").chmod(0o755)
    if broken == "config":
        (root / ".git" / "config").write_text("[core\n")
    else:
        monkeypatch.setenv("PATH", str(folder))
    assert listing(root, ["."]).files == ["a.py"]
