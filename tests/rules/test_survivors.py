"""Shrinkage and survivors over real history: which revision is asked, and what a rename cannot hide."""

from __future__ import annotations

from pathlib import Path

import pytest
from folders import commit, git

from hardcut.engine.options import Options
from hardcut.engine.run import check
from hardcut.finding import Finding
from hardcut.plan.load import load_plans

BODY = "".join(
    f"""
def step_{n}(items, rate):
    found = []
    for item in items:
        if item.rate > rate + {n}:
            found.append((item.name, item.rate * {n}))
    return sorted(found, key=lambda one: one[{n % 2}])

"""
    for n in range(6)
)
DELETE = '[[wave.delete]]\nmodule = "shop.old"\n'
SHRINK = '[[wave.shrink]]\npaths = ["src/shop"]\nat_least = 5\n'


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    git(tmp_path, "init", "-q", "-b", "main")
    commit(tmp_path, {"src/shop/__init__.py": "", "src/shop/old.py": BODY})
    return tmp_path


def found(root: Path, gates: str, base: str | None = None, codes: str = "CUT205") -> list[Finding]:
    named = f'base = "{base}"\n' if base else ""
    manifest = (
        f'[plan]\nname = "p"\nsource = ["src"]\n{named}\n[[wave]]\nid = "0"\nstate = "landed"\n\n{gates}'
    )
    (root / "cutover.toml").write_text(manifest)
    report = check(
        Options(root=str(root), plans=load_plans(root), select=frozenset({codes}), cache=False, jobs=1)
    )
    return report.findings


def test_the_merge_base_is_asked_where_no_base_is_named(shop: Path) -> None:
    git(shop, "checkout", "-qb", "work")
    commit(shop, {"src/shop/old.py": None, "src/shop/new.py": BODY})
    (one,) = found(shop, DELETE)
    assert (one.place.path, one.subject, one.form) == ("src/shop/new.py", "shop.old", "module")
    assert "all of its lines, from `src/shop/old.py` at" in one.message
    assert found(shop, SHRINK, codes="CUT702")[0].form == "too-little"


def test_a_body_that_left_the_deleted_module_is_told_with_its_place(shop: Path) -> None:
    begin = git(shop, "rev-parse", "HEAD")
    one_step = "X = 1\n" + BODY[BODY.index("def step_3") : BODY.index("def step_4")]
    longer = one_step.replace("return sorted", "found.sort()\n    found.reverse()\n    return sorted")
    commit(shop, {"src/shop/old.py": None, "src/shop/new.py": longer.replace("step_3", "_other")})
    assert found(shop, DELETE, begin) == []
    big = BODY.replace(
        "    return sorted", "    if not found:\n        raise ValueError(rate)\n    return sorted"
    )
    big = big.replace("found = []", "found = list[tuple[str, float]]()\n    rate = rate or items[0].rate\n")
    git(shop, "checkout", "-q", "-B", "again", begin)
    begin = commit(shop, {"src/shop/old.py": big})
    commit(shop, {"src/shop/old.py": None, "src/shop/new.py": big[: big.index("def step_1")]})
    (one,) = found(shop, DELETE, begin)
    assert (one.subject, one.form, one.place.line) == ("shop.old.step_0", "function", 2)


def test_an_older_twin_is_no_survivor(shop: Path) -> None:
    begin = commit(shop, {"src/shop/twin.py": BODY})
    commit(shop, {"src/shop/old.py": None, "src/shop/twin.py": BODY + "Y = 1\n"})
    assert found(shop, DELETE, begin) == []


def test_shrinkage_against_a_revision_of_its_own(shop: Path) -> None:
    begin = git(shop, "rev-parse", "HEAD")
    lines = BODY.count("\n")
    commit(shop, {"src/shop/old.py": None})
    since = f'since = "{begin}"\n'
    assert found(shop, SHRINK + since, codes="CUT702") == []
    (one,) = found(shop, SHRINK + since + "at_most = 5\n", codes="CUT702")
    assert f"{lines} lines fewer" in one.message
    (one,) = found(shop, SHRINK + 'since = "nowhere"\n', codes="CUT702")
    assert (one.form, "git knows no revision `nowhere`" in one.message) == ("unknown", True)
    (one,) = found(shop, SHRINK + 'since = "--all"\n', codes="CUT702")
    assert one.form == "unknown"


def test_what_a_branch_says_tomorrow_is_asked_tomorrow(shop: Path) -> None:
    """An outcome that rests on a name which may move is not given again."""
    commit(shop, {"src/shop/old.py": None, "src/shop/more.py": "A = 1\n"})
    git(shop, "branch", "mark", "HEAD")
    gates = SHRINK + 'since = "mark"\n'
    manifest = f'[plan]\nname = "p"\nsource = ["src"]\n\n[[wave]]\nid = "0"\nstate = "landed"\n\n{gates}'
    (shop / "cutover.toml").write_text(manifest)
    options = Options(root=str(shop), plans=load_plans(shop), select=frozenset({"CUT702"}), jobs=1)
    assert len(check(options).findings) == 1
    git(shop, "branch", "-f", "mark", "HEAD~1")
    assert check(options).findings == []
