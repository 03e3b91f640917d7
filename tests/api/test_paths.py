from __future__ import annotations

from pathlib import Path

import pytest

from hardcut.api.paths import relative


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "project/src").mkdir(parents=True)
    (tmp_path / "project/src/a.py").write_text("")
    (tmp_path / "project/src/out.py").symlink_to(tmp_path / "elsewhere.py")
    (tmp_path / "link").symlink_to(tmp_path / "project")
    return tmp_path


@pytest.mark.parametrize(
    ("root", "path", "expected"),
    [
        ("project", "project/src/a.py", "src/a.py"),
        ("project", "project", "."),
        ("project", "project/src/../src/a.py", "src/a.py"),
        ("project", "project/not/there.py", "not/there.py"),
        ("project", "link/src/a.py", "src/a.py"),
        ("link", "project/src/a.py", "src/a.py"),
        ("project", "link", "."),
        ("project", "project/src/out.py", "src/out.py"),
        ("project", "link/src/out.py", "src/out.py"),
        ("project", "project/..hidden", "..hidden"),
        ("project", "projector/a.py", None),
        ("project", ".", None),
        ("project", "project/../elsewhere.py", None),
    ],
)
def test_relative_to_the_root(tree: Path, root: str, path: str, expected: str | None) -> None:
    assert relative(str(tree / root), str(tree / path)) == expected


def test_relative_paths_start_at_the_working_directory(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tree / "project/src")
    assert relative(str(tree / "project"), "a.py") == "src/a.py"
    assert relative(str(tree / "project"), "..") == "."
    assert relative("..", "a.py") == "src/a.py"


def test_a_name_that_no_file_can_have_is_outside(tree: Path) -> None:
    assert relative(str(tree / "project"), "a\0b") is None
