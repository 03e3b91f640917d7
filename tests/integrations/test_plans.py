from __future__ import annotations

import os
from pathlib import Path

import pytest

from hardcut.integrations.plans import Plans
from hardcut.plan.errors import ManifestError

MANIFEST = '[plan]\nname = "shop"\nsource = ["src"]\n\n[[wave]]\nid = "0"\n'


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "src/shop").mkdir(parents=True)
    (tmp_path / "src/shop/__init__.py").write_text("")
    (tmp_path / "cutover.toml").write_text(MANIFEST)
    return tmp_path


def test_found_upward_from_the_file_and_kept(root: Path) -> None:
    plans = Plans()
    first = plans.for_file(str(root / "src/shop/a.py"))
    assert [(plan.name, plan.root) for plan in first] == [("shop", str(root))]
    assert plans.for_file(str(root / "src/b.py")) is first


def test_none_where_no_manifest_lies_above(tmp_path: Path) -> None:
    assert Plans().for_file(str(tmp_path / "a.py")) == []


def test_an_edit_is_seen_and_the_same_bytes_are_the_same_plans(root: Path) -> None:
    plans = Plans()
    file = str(root / "src/a.py")
    first = plans.for_file(file)
    os.utime(root / "cutover.toml", ns=(1, 1))
    assert plans.for_file(file) is first
    (root / "cutover.toml").write_text(MANIFEST.replace("shop", "shed"))
    os.utime(root / "cutover.toml", ns=(2, 2))
    assert [plan.name for plan in plans.for_file(file)] == ["shed"]


def test_a_manifest_that_goes_or_breaks_is_an_error_then(root: Path) -> None:
    plans = Plans()
    file = str(root / "src/a.py")
    plans.for_file(file)
    (root / "cutover.toml").write_text("[plan\n")
    with pytest.raises(ManifestError):
        plans.for_file(file)
    (root / "cutover.toml").unlink()
    with pytest.raises(ManifestError):
        plans.for_file(file)


def test_a_named_manifest_is_looked_for_upward_only_where_its_name_is_bare(root: Path) -> None:
    (root / "other.toml").write_text(MANIFEST.replace("shop", "other"))
    file = str(root / "src/shop/a.py")
    assert [plan.name for plan in Plans().for_file(file, ["other.toml"])] == ["other"]
    assert [plan.name for plan in Plans().for_file(file, [str(root / "other.toml")])] == ["other"]
    with pytest.raises(ManifestError) as caught:
        Plans().for_file(file, ["nowhere.toml"])
    (problem,) = caught.value.problems
    assert "no such file" in problem.message


def test_another_root(root: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    (elsewhere / "src").mkdir(parents=True)
    (elsewhere / "src" / "a.py").write_text("")
    (plan,) = Plans().for_file(str(elsewhere / "a.py"), [str(root / "cutover.toml")], str(elsewhere))
    assert plan.root == str(elsewhere)
