"""A session: one file at a time, with what an editor holds, and told of changes."""

from __future__ import annotations

from pathlib import Path

from engine_project import write
from plans import load_plan

from hardcut.engine.session import Session, Sessions
from hardcut.finding import Finding

FILES = {
    "src/shop/__init__.py": "",
    "src/shop/prices.py": "def tax():\n    return 1\n",
    "src/shop/main.py": "from shop.prices import tax\n",
}


def session(root: Path) -> Session:
    write(root, FILES)
    return Session([load_plan(root / "cutover.toml", root)], str(root), cache=False)


def said(findings: list[Finding]) -> list[tuple[str, int | None]]:
    return [(one.code, one.place.line) for one in findings]


def test_what_an_editor_holds_counts_for_every_file(tmp_path: Path) -> None:
    asked = session(tmp_path)
    assert said(asked.check("src/shop/main.py")) == []
    asked.check("src/shop/prices.py", b"def levy():\n    return 1\n")
    assert said(asked.check("src/shop/main.py")) == [("CUT105", 1)]
    asked.take_back("src/shop/prices.py")
    assert said(asked.check("src/shop/main.py")) == []


def test_files_that_come_and_go_are_seen_once_it_is_told(tmp_path: Path) -> None:
    asked = session(tmp_path)
    main, new = "src/shop/main.py", tmp_path / "src" / "shop" / "fresh.py"
    source = b"import shop.fresh\n"
    assert said(asked.check(main, source)) == [("CUT105", 1)]
    new.write_text("", encoding="utf-8")
    asked.changed()
    assert said(asked.check(main)) == []
    new.unlink()
    asked.changed()
    assert said(asked.check(main)) == [("CUT105", 1)]


def test_a_file_outside_of_the_plan_says_nothing(tmp_path: Path) -> None:
    asked = session(tmp_path)
    assert asked.check("docs/conf.py", b"import legacy\n") == []
    assert said(asked.check("tests/test_a.py", b"import legacy\n")) == [("CUT101", 1)]


def test_plans_that_were_loaded_anew_begin_a_new_session(tmp_path: Path) -> None:
    write(tmp_path, FILES)
    plans = [load_plan(tmp_path / "cutover.toml", tmp_path)]
    sessions = Sessions()
    assert sessions.of(plans) is sessions.of(plans)
    assert sessions.of(plans) is not sessions.of(list(plans))
