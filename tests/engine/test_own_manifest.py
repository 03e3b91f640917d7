"""A manifest names what is gone, and is no finding for that, however it is handed over."""

from __future__ import annotations

from pathlib import Path

from engine_project import PLAN, run, write

from hardcut.engine.options import Options
from hardcut.engine.run import check
from hardcut.engine.session import Session
from hardcut.plan.load import load_plans


def test_a_manifest_is_not_checked(tmp_path: Path) -> None:
    write(tmp_path, {"src/shop/__init__.py": ""}, PLAN.replace('check = ["src", "tests"]', 'check = ["."]'))
    assert not [one for one in run(tmp_path).findings if one.code == "CUT103"]
    assert run(tmp_path, paths=["cutover.toml"]).findings == []
    plans = load_plans(tmp_path)
    text = (tmp_path / "cutover.toml").read_bytes()
    options = Options(root=str(tmp_path), plans=plans, paths=["cutover.toml"], stdin=("cutover.toml", text))
    assert check(options).findings == []
    assert Session(plans, str(tmp_path)).check("cutover.toml", text) == []


def test_of_a_pyproject_the_rest_is(tmp_path: Path) -> None:
    write(tmp_path, {"src/shop/__init__.py": ""}, "")
    (tmp_path / "cutover.toml").unlink()
    plan = PLAN.replace('check = ["src", "tests"]', 'check = ["."]')
    plan = plan.replace("[plan]", "[tool.hardcut.plan]").replace("[[wave", "[[tool.hardcut.wave")
    (tmp_path / "pyproject.toml").write_text(f'[project]\nscripts = "shop.old.cart:main"\n{plan}')
    plans = load_plans(tmp_path)
    found = check(Options(root=str(tmp_path), plans=plans, paths=["pyproject.toml"], cache=False)).findings
    assert [(one.code, one.place.line) for one in found] == [("CUT103", 2)]
