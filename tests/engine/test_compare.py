"""Waves that have not landed, against a base in real git repositories."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from folders import commit, git, lay
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from plans import load_plan

import hardcut.source.git as git_module
from hardcut.engine import runner as judge
from hardcut.engine.history.base import find_base
from hardcut.engine.landing import lacks
from hardcut.engine.options import Options
from hardcut.engine.report_data import Report
from hardcut.engine.run import check
from hardcut.source.log import commits

PLAN = """\
[plan]
name = "shop"
source = ["src"]
check = ["src"]

[[wave]]
id = "1"
state = "STATE"

[[wave.delete]]
module = "shop.old"

[[wave.remove]]
module = "shop.prices"
symbols = ["tax"]
"""
USER = """\
from shop.old import buy


def first():
    return buy("x", 1)


def second():
    from shop.old import sell

    return sell
"""


class Repository:
    """A repository with a plan, and a module that is deleted while its users are left."""

    def __init__(self, root: Path, state: str = "active") -> None:
        self.root = root
        root.mkdir(parents=True, exist_ok=True)
        self.git("init", "-qb", "main")
        self.write("src/shop/old.py", "def buy(what, many): ...\n\n\ndef sell(): ...\n")
        self.commit("before the plan")
        (root / "src/shop/old.py").unlink()
        self.write("cutover.toml", PLAN.replace("STATE", state))
        self.write("src/shop/__init__.py", "")
        self.write("src/shop/prices.py", "def tax():\n    return 1\n")
        self.write("src/shop/user.py", USER)
        self.commit("base")

    def git(self, *words: str, cwd: Path | None = None) -> str:
        return git(cwd or self.root, *words)

    def write(self, path: str, text: str) -> None:
        lay(self.root, {path: text})

    def commit(self, message: str) -> str:
        return commit(self.root, subject=message)

    def run(self, base: str | None = None, paths: list[str] | None = None, cache: bool = False) -> Report:
        plan = load_plan(self.root / "cutover.toml", self.root)
        return check(
            Options(root=str(self.root), plans=[plan], cache=cache, jobs=1, base=base, paths=paths or [])
        )


def new(report: Report) -> list[tuple[str, int | None, str, str]]:
    return [
        (one.place.path, one.place.line, one.code, one.severity)
        for one in report.findings
        if one.baseline == "new"
    ]


def old(report: Report) -> int:
    return sum(one.baseline == "unchanged" for one in report.findings)


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    for name in ("GITHUB_BASE_REF", "CI_MERGE_REQUEST_DIFF_BASE_SHA", "CI_MERGE_REQUEST_TARGET_BRANCH_NAME"):
        monkeypatch.delenv(name, raising=False)
    repository = Repository(tmp_path / "shop")
    repository.git("checkout", "-qb", "feature")
    return repository


def test_nothing_changed(shop: Repository) -> None:
    report = shop.run()
    assert new(report) == [] and old(report) == 3
    assert {one.severity for one in report.findings} == {"info"} and not report.failed
    assert report.base is not None and "main" in report.base


def test_one_more_is_an_error(shop: Repository) -> None:
    shop.write("src/shop/other.py", "import shop.old\n")
    report = shop.run()
    assert new(report) == [("src/shop/other.py", 1, "CUT101", "error")] and old(report) == 3


def test_a_swap_does_not_pass(shop: Repository) -> None:
    mended = USER.replace("    from shop.old import sell\n\n    return sell\n", "    return None\n")
    shop.write("src/shop/user.py", mended + "\n\ndef third():\n    from shop.old import sell\n")
    report = shop.run()
    assert new(report) == [("src/shop/user.py", 13, "CUT101", "error")] and old(report) == 2


def test_the_same_once_more_in_one_place_is_counted(shop: Repository) -> None:
    shop.write("src/shop/user.py", USER + "    from shop.old import sell\n")
    assert len(new(shop.run())) == 1


def test_a_renamed_file(shop: Repository) -> None:
    shop.git("mv", "src/shop/user.py", "src/shop/customer.py")
    assert new(shop.run()) == []
    shop.write("src/shop/customer.py", USER + "    import shop.old\n")
    assert [one[1] for one in new(shop.run())] == [12]


def test_a_renamed_file_that_git_does_not_know(shop: Repository) -> None:
    (shop.root / "src/shop/user.py").rename(shop.root / "src/shop/customer.py")
    assert new(shop.run(cache=True)) == []
    shop.write("src/shop/copy.py", USER)
    added = [one[0] for one in new(shop.run(cache=True))]
    assert added == ["src/shop/customer.py"] * 2, "of two equal files one came from the old one"
    shop.git("add", "-A")
    assert [one[0] for one in new(shop.run(cache=True))] == added, "the same before `git add` and after it"
    shop.write("src/shop/customer.py", "import shop.old\n" * 9)
    assert [one[0] for one in new(shop.run())] == ["src/shop/customer.py"] * 9


def test_what_git_is_told_to_overlook_is_new_all_the_same(shop: Repository) -> None:
    shop.write(".gitattributes", "*.py filter=none diff=none\n")
    shop.write("src/shop/user.py", USER + "    import shop.old\n")
    shop.git("config", "filter.none.clean", "false")
    shop.git("config", "filter.none.required", "true")
    assert len(new(shop.run())) == 1


@pytest.mark.parametrize("mark", ["--assume-unchanged", "--skip-worktree"])
def test_what_git_is_told_not_to_look_at_is_judged_as_it_is(shop: Repository, mark: str) -> None:
    shop.git("update-index", mark, "src/shop/user.py")
    assert new(shop.run()) == []
    shop.write("src/shop/user.py", USER + "    import shop.old\n")
    assert len(new(shop.run())) == 1
    shop.git("commit", "--allow-empty", "-qm", "more")
    (shop.root / "src/shop/user.py").rename(shop.root / "src/shop/customer.py")
    assert len(new(shop.run())) == (1 if mark == "--assume-unchanged" else 3), (
        "what was left out is no rename"
    )


def test_a_comparison_runs_nothing_that_is_configured(shop: Repository, tmp_path: Path) -> None:
    spy = tmp_path / "spy.sh"
    spy.write_text(f"#!/bin/sh\necho ran >> {tmp_path}/ran\ncat\n", encoding="utf-8")
    spy.chmod(0o755)
    for key in ("filter.spy.clean", "filter.it.process", "gpg.program", "diff.spy.textconv", "diff.external"):
        shop.git("config", key, str(spy))
    shop.git("config", "filter.it.required", "true")
    shop.git("config", "log.showSignature", "true")
    tree = shop.git("rev-parse", "HEAD^{tree}").strip()
    signed = f"tree {tree}\nauthor a <a@b> 1 +0000\ncommitter a <a@b> 1 +0000\ngpgsig x\n\nsigned\n"
    (tmp_path / "commit").write_text(signed, encoding="utf-8")
    name = shop.git("hash-object", "-t", "commit", "-w", str(tmp_path / "commit")).strip()
    shop.git("update-ref", "HEAD", name)
    shop.write(".gitattributes", "user.py filter=spy diff=spy\nprices.py filter=it\n")
    shop.write("src/shop/user.py", USER.replace('"x"', '"y"') + "    import shop.old\n")
    shop.write("src/shop/prices.py", "def tax():\n    return 2\n")
    assert len(new(shop.run("HEAD"))) == 1
    assert [one.name for one in commits(shop.root, "HEAD", None)] == [name]
    assert not (tmp_path / "ran").exists()


def test_reformatting(shop: Repository) -> None:
    text = "import os\n\n# a comment\n" + USER.replace("import buy", "import (\n    buy,\n    pay,\n)")
    text = text.replace('buy("x", 1)', "buy(\n        'x',\n        1,\n    )")
    shop.write("src/shop/user.py", text)
    assert new(shop.run()) == []


def test_an_edited_body_of_what_is_to_go(shop: Repository) -> None:
    shop.write("src/shop/prices.py", "def tax(rate=2, *, more=None):\n    return rate\n")
    assert new(shop.run()) == []


def test_a_merge_from_the_default_branch(shop: Repository) -> None:
    shop.write("src/shop/feature.py", "x = 1\n")
    shop.commit("feature")
    shop.git("checkout", "-q", "main")
    shop.write("src/shop/late.py", "import shop.old\n")
    shop.commit("late")
    shop.git("checkout", "-q", "feature")
    shop.git("merge", "-q", "--no-edit", "main")
    report = shop.run()
    assert new(report) == [] and old(report) == 4


def test_some_files_only(shop: Repository) -> None:
    shop.write("src/shop/user.py", USER + "    import shop.old\n")
    shop.write("src/shop/other.py", "import shop.old\n")
    report = shop.run(paths=["src/shop/user.py"])
    assert [one[:2] for one in new(report)] == [("src/shop/user.py", 12)]


def test_planned_waves_warn_of_new_uses(tmp_path: Path) -> None:
    shop = Repository(tmp_path / "planned", "planned")
    shop.git("checkout", "-qb", "feature")
    shop.write("src/shop/other.py", "import shop.old\n")
    report = shop.run()
    assert new(report) == [("src/shop/other.py", 1, "CUT101", "warning")] and old(report) == 3
    assert not report.failed


def test_landed_waves_are_not_compared(tmp_path: Path) -> None:
    shop = Repository(tmp_path / "landed", "landed")
    report = shop.run()
    assert [one.baseline for one in report.findings] == [None] * 3 and report.failed


def test_a_deletion_elsewhere_is_new_in_a_file_that_did_not_change(shop: Repository) -> None:
    shop.write("src/shop/till.py", "from shop.coins import penny\n")
    shop.write("src/shop/coins.py", "penny = 1\n")
    shop.write("cutover.toml", PLAN.replace("STATE", "active") + '\n[[wave.delete]]\nmodule = "shop.coins"\n')
    base = shop.commit("coins")
    (shop.root / "src/shop/coins.py").unlink()
    report = shop.run(base)
    assert new(report) == []
    assert ("CUT104", "src/shop/coins.py") not in {(one.code, one.place.path) for one in report.findings}


def test_a_gate_that_is_new_matches_nothing_at_once(shop: Repository) -> None:
    shop.write(
        "cutover.toml", PLAN.replace("STATE", "active") + '\n[[wave.native]]\nwhat = "x"\nwithin = ["no"]\n'
    )
    assert [one.code for one in shop.run().findings if one.severity == "error"] == ["CUT905"]


def test_a_warm_run_sees_a_base_that_moved(shop: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.write("src/shop/other.py", "import shop.old\n")
    shop.commit("feature")
    assert len(new(shop.run(cache=True))) == 1
    with monkeypatch.context() as patch:
        patch.setattr("hardcut.engine.runner.judge", None)
        assert len(new(shop.run(cache=True))) == 1, "nothing is judged again"
    shop.git("branch", "-f", "main", "HEAD")
    assert new(shop.run(cache=True)) == []


def test_a_kept_answer_tells_why_there_is_no_base_now(tmp_path: Path) -> None:
    shop = Repository(tmp_path / "later")
    (shop.root / ".git").rename(tmp_path / "unused")
    assert any("no git repository" in note for note in shop.run(cache=True).notes)
    shop.git("init", "-qb", "main")
    assert any("no commit yet" in note for note in shop.run(cache=True).notes)


LISTED = '[tool.hardcut]\nplans = ["plans/*.toml"]\n'
GONE = '[[weakened]]\nplan = "two"\nreason = "it is done"\n'


def weakened(
    shop: Repository, *manifests: str, cache: bool = False, root: Path | None = None
) -> list[tuple[str, str, str]]:
    """The findings of CUT908: severity, path and message."""
    root = root or shop.root
    plans = [load_plan(root / one, root) for one in manifests]
    report = check(Options(root=str(root), plans=plans, jobs=1, cache=cache))
    return [
        (one.severity, one.place.path, one.message)
        for one in (*report.findings, *report.waived, *report.contested)
        if one.code == "CUT908"
    ]


def test_a_plan_that_is_taken_away_or_renamed(shop: Repository) -> None:
    (shop.root / "cutover.toml").unlink()
    one, two = PLAN.replace("STATE", "active"), PLAN.replace("STATE", "landed").replace('"shop"', '"two"')
    shop.write("pyproject.toml", LISTED)
    shop.write("plans/one.toml", one)
    shop.write("plans/two.toml", two)
    shop.git("branch", "-qf", "main", shop.commit("two plans"))
    assert weakened(shop, "plans/one.toml", "plans/two.toml") == []
    assert weakened(shop, "plans/one.toml") == [], "a run about one plan says nothing of the other"
    (shop.root / "plans/two.toml").rename(shop.root / "plans/other.toml")
    assert weakened(shop, "plans/one.toml", "plans/other.toml") == []
    shop.write("plans/other.toml", two.replace("landed", "planned"))
    assert weakened(shop, "plans/one.toml", "plans/other.toml") == [
        (
            "error",
            "plans/other.toml",
            "this change weakens what has landed: wave 1 was landed, and is planned",
        )
    ]
    assert weakened(shop, "plans/one.toml") == []
    (shop.root / "plans/other.toml").unlink()
    said = "this change weakens what has landed: the whole plan `two` is gone, no manifest has it any more"
    assert weakened(shop, "plans/one.toml") == [("error", "plans/two.toml", said)]
    shop.write("plans/one.toml", one + GONE)
    assert weakened(shop, "plans/one.toml") == [("warning", "plans/two.toml", f"{said} (it is done)")]
    shop.write("plans/one.toml", one + GONE.replace("two", "three"))
    assert [found[:2] for found in weakened(shop, "plans/one.toml")] == [
        ("error", "plans/one.toml"),
        ("error", "plans/two.toml"),
    ]
    shop.write("plans/one.toml", one)
    shop.write("plans/two.toml", two)
    shop.write("pyproject.toml", LISTED.replace("*", "one"))
    assert weakened(shop, "plans/one.toml") == [("error", "plans/two.toml", said)]


def test_a_plan_that_is_split_into_two_manifests(shop: Repository) -> None:
    """Under its own name and another, or under two other names."""
    plan = PLAN.replace("STATE", "landed")
    second = '\n[[wave]]\nid = "2"\nstate = "landed"\n\n[[wave.absent]]\npaths = ["lib"]\n'
    shop.write("plans/one.toml", plan + second)
    shop.write("pyproject.toml", LISTED)
    (shop.root / "cutover.toml").unlink()
    shop.git("branch", "-qf", "main", shop.commit("base"))
    head = plan.partition("[[wave]]")[0]
    for first, names in (("plans/one.toml", ("shop", "two")), ("plans/three.toml", ("three", "two"))):
        (shop.root / "plans/one.toml").unlink()
        shop.write(first, plan.replace('"shop"', f'"{names[0]}"', 1))
        shop.write("plans/two.toml", head.replace('"shop"', '"two"') + second)
        assert weakened(shop, first, "plans/two.toml") == []
        shop.write("plans/two.toml", head.replace('"shop"', '"two"') + second.replace("landed", "active"))
        assert [found[0] for found in weakened(shop, first, "plans/two.toml")] == ["error"]


def test_a_plan_of_waves_that_have_not_landed_is_taken_away(shop: Repository) -> None:
    shop.write("pyproject.toml", LISTED)
    one = PLAN.replace("STATE", "landed").replace('"shop"', '"one"')
    shop.write("plans/one.toml", one.replace("shop.old", "shop.other"))
    shop.git("branch", "-qf", "main", shop.commit("two plans"))
    (shop.root / "cutover.toml").unlink()
    ((severity, _, said),) = weakened(shop, "plans/one.toml")
    assert severity == "warning" and "weakens the plan: the whole plan `shop` is gone" in said


def test_a_plan_that_moves_into_the_pyproject(shop: Repository) -> None:
    (shop.root / "cutover.toml").unlink()
    moved = (
        PLAN.replace("STATE", "planned")
        .replace("[[", "[[tool.hardcut.")
        .replace("[plan]", "[tool.hardcut.plan]")
    )
    shop.write("pyproject.toml", moved)
    ((severity, path, message),) = weakened(shop, "pyproject.toml")
    assert (severity, path) == ("warning", "pyproject.toml")
    assert "wave 1 was active, and is planned" in message


@pytest.mark.parametrize("name", ["shop", "other"])
@pytest.mark.parametrize(("before", "now"), [(".", "inner"), ("inner", "."), ("inner", "outer")])
def test_a_plan_that_moves_to_another_root(tmp_path: Path, before: str, now: str, name: str) -> None:
    shop = Repository(tmp_path / "shop", "landed")
    if before != ".":
        (shop.root / before).mkdir()
        (shop.root / "cutover.toml").rename(shop.root / before / "cutover.toml")
        shop.commit("below")
    shop.git("checkout", "-qb", "feature")
    (shop.root / before / "cutover.toml").unlink()
    root = shop.root / now
    root.mkdir(exist_ok=True)
    (root / "cutover.toml").write_text(PLAN.replace("STATE", "active").replace('"shop"', f'"{name}"'))
    shop.commit("moved")
    found = weakened(shop, "cutover.toml", root=root)
    if now == "outer":
        # Neither folder is above the other: a run there knows nothing of the plan that was elsewhere.
        assert found == []
        return
    ((severity, _, said),) = found
    assert severity == "error"
    assert ("the plan moved here from" if name == "shop" else "the whole plan `shop` is gone") in said


def test_a_new_plan_below_another_that_stays_is_no_weaker_plan(tmp_path: Path) -> None:
    shop = Repository(tmp_path / "shop", "landed")
    shop.git("checkout", "-qb", "feature")
    shop.write("inner/cutover.toml", PLAN.replace("STATE", "active").replace('"shop"', '"inner"'))
    assert weakened(shop, "cutover.toml", root=shop.root / "inner") == []
    assert weakened(shop, "cutover.toml") == []


def test_a_revival_in_a_new_plan_is_reported(shop: Repository) -> None:
    """It lets a module come back that another plan deletes."""
    shop.write("cutover.toml", PLAN.replace("STATE", "landed"))
    shop.git("branch", "-qf", "main", shop.commit("base"))
    revive = '\n[[revive]]\nmodule = "shop.old"\nreason = "r"\n'
    shop.write("second.toml", PLAN.replace("STATE", "planned").replace('"shop"', '"second"') + revive)
    shop.commit("a second plan")
    found = weakened(shop, "cutover.toml", "second.toml")
    said = "this change weakens the plan: `shop.old` may come back"
    assert found == [("warning", "second.toml", said)]
    shop.write("second.toml", (shop.root / "second.toml").read_text().replace('"shop.old"', '"shop"'))
    ((severity, path, text),) = weakened(shop, "cutover.toml", "second.toml")
    assert (severity, path) == ("error", "second.toml")
    assert text.endswith("`shop` may come back, and with it what landed waves deleted: shop.old")


def test_a_waiver_for_a_folder_is_an_error_where_a_wave_has_landed(shop: Repository) -> None:
    plan = PLAN.replace("STATE", "landed")
    shop.write("cutover.toml", plan)
    shop.git("branch", "-qf", "main", shop.commit("base"))
    waiver = '[[waiver]]\nrule = "CUT101"\npath = "{}"\nreason = "r"\nuntil = "2999-12-31"\n'
    for path, severity in (("src/shop/user.py", "warning"), ("src", "error"), ("src/**", "error")):
        shop.write("cutover.toml", plan + waiver.format(path))
        assert [found[0] for found in weakened(shop, "cutover.toml")] == [severity], path


def test_a_manifest_outside_of_the_root_or_of_another_ending(shop: Repository) -> None:
    for path, root in (("plans/x.toml", shop.root / "src"), ("plan.cutover", shop.root)):
        shop.write(path, PLAN.replace("STATE", "landed"))
        shop.git("branch", "-qf", "main", shop.commit("base"))
        shop.write(path, PLAN.replace("STATE", "active"))
        plans = [load_plan(shop.root / path, root)]
        report = check(Options(root=str(root), plans=plans, jobs=1))
        assert [one.severity for one in report.findings if one.code == "CUT908"] == ["error"], path


def test_a_weakened_plan_is_recorded_in_the_same_change_and_compared_as_a_whole(shop: Repository) -> None:
    plan = PLAN.replace("STATE", "landed")
    shop.write("cutover.toml", plan)
    shop.git("branch", "-qf", "main", shop.commit("base"))
    weaker = plan.replace('check = ["src"]', 'check = ["src"]\nexclude = ["src/shop/user.py"]')
    waiver = '[[waiver]]\nrule = "CUT908"\npath = "cutover.toml"\nreason = "r"\nuntil = "2999-12-31"\n'
    record = '[[weakened]]\nkey = "exclude"\nnow = ["src/shop/user.py"]\nreason = "generated"\n'
    shop.write("cutover.toml", weaker)
    shop.commit("first the plan")
    shop.write("src/shop/user.py", "import shop.old\n")
    shop.commit("then the violation")
    said = "this change weakens what has landed: `plan.exclude` now has src/shop/user.py"
    for cache in (False, True, True):
        assert weakened(shop, "cutover.toml", cache=cache) == [("error", "cutover.toml", said)]
    shop.write("cutover.toml", weaker + waiver)
    assert ("error", "cutover.toml", said) in weakened(shop, "cutover.toml"), "no waiver lets it pass"
    for cache in (False, True, True):
        shop.write("cutover.toml", weaker + record)
        found = weakened(shop, "cutover.toml", cache=cache)
        assert found == [("warning", "cutover.toml", f"{said} (generated)")]
    # Merged: the default branch has the record, which says nothing about what comes next.
    shop.git("branch", "-qf", "main", shop.commit("recorded"))
    assert weakened(shop, "cutover.toml") == []
    shop.write("cutover.toml", (weaker + record).replace("user.py", "use*.py", 1))
    assert [found[0] for found in weakened(shop, "cutover.toml")] == ["error"]


def test_several_weakened_keys_at_one_line_are_all_reported(shop: Repository) -> None:
    plan = PLAN.replace("STATE", "landed")
    shop.write("cutover.toml", plan)
    shop.git("branch", "-qf", "main", shop.commit("base"))
    shop.write(
        "cutover.toml", plan.replace('check = ["src"]', 'check = ["src/a"]\nloggers = ["a"]\nexclude = ["b"]')
    )
    assert len(weakened(shop, "cutover.toml")) == 3


def test_a_clone_that_is_cut_off_says_that_a_weaker_plan_could_not_be_judged(
    shop: Repository, tmp_path: Path
) -> None:
    shop.git("branch", "-f", "main", "HEAD")
    shop.write("src/shop/new.py", "x = 1\n")
    shop.commit("more")
    clone = tmp_path / "clone"
    shop.git("checkout", "-q", "main")
    shop.git(
        "clone", "-q", "--depth=1", "--no-single-branch", "-b", "feature", f"file://{shop.root}", str(clone)
    )
    plans = [load_plan(clone / "cutover.toml", clone)]
    for _ in range(2):
        report = check(Options(root=str(clone), plans=plans, jobs=1))
        (note,) = [note for note in report.notes if "weakens" in note]
        assert note.startswith(
            "whether this change weakens the plan could not be judged, for there is no base:"
        )


@pytest.mark.parametrize("why", ["damaged", "no git"])
def test_a_repository_that_git_cannot_read_is_reported(
    shop: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, why: str
) -> None:
    """In a container the checkout often belongs to another user, and git refuses to read it."""
    if why == "damaged":
        (shop.root / ".git/HEAD").unlink()
    else:
        monkeypatch.setenv("PATH", str(tmp_path))
    found = find_base(shop.root, None, {})
    assert found.commit is None and found.lacks_history and "safe.directory" in found.said
    notes = shop.run().notes
    assert any("whether this change weakens the plan could not be judged" in note for note in notes)


def test_a_root_below_the_top_of_the_repository(tmp_path: Path) -> None:
    shop = Repository(tmp_path / "top" / "inner")
    top = tmp_path / "top"
    (top / "inner" / ".git").rename(tmp_path / "unused")
    shop.git("init", "-qb", "main", cwd=top)
    shop.git("add", "-A", cwd=top)
    shop.git("commit", "-qm", "all", cwd=top)
    shop.git("checkout", "-qb", "feature", cwd=top)
    shop.git("mv", "src/shop/user.py", "src/shop/customer.py")
    shop.write("src/shop/other.py", "import shop.old\n")
    assert [one[0] for one in new(shop.run())] == ["src/shop/other.py"]


def test_without_git_every_finding_counts_and_that_is_said(tmp_path: Path) -> None:
    shop = Repository(tmp_path / "bare")
    (shop.root / ".git").rename(tmp_path / "unused")
    report = shop.run()
    assert report.failed and sum(one.code != "CUT905" for one in report.findings) == 3
    assert any("no git repository" in note for note in report.notes)


def test_an_unborn_branch(tmp_path: Path) -> None:
    shop = Repository(tmp_path / "unborn")
    shop.git("checkout", "-q", "--orphan", "fresh")
    report = shop.run()
    assert report.failed and any("no commit yet" in note for note in report.notes)


def test_a_detached_head(shop: Repository) -> None:
    shop.write("src/shop/other.py", "import shop.old\n")
    shop.commit("more")
    shop.git("checkout", "-q", "--detach")
    assert len(new(shop.run())) == 1


def test_a_shallow_clone(shop: Repository, tmp_path: Path) -> None:
    shop.write("src/shop/other.py", "import shop.old\n")
    shop.commit("more")
    clone = tmp_path / "clone"
    source = f"file://{shop.root.as_posix()}"
    shop.git("checkout", "-q", "main")
    shop.git("clone", "-q", "--depth=1", "--no-single-branch", "-b", "feature", source, str(clone))
    found = find_base(clone, None, {})
    assert found.commit is None and "shallow" in found.said
    shop.git("fetch", "-q", "--unshallow", cwd=clone)
    assert find_base(clone, None, {}).commit == shop.git("rev-parse", "main")


def test_a_clone_without_the_contents_of_the_base(
    shop: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.git("config", "uploadpack.allowFilter", "true")
    shop.write("src/shop/user.py", USER + "    import shop.old\n")
    shop.commit("more")
    shop.git("checkout", "-q", "main")
    clone = tmp_path / "clone"
    source = f"file://{shop.root.as_posix()}"
    shop.git("clone", "-q", "--filter=blob:none", "--no-checkout", source, str(clone))
    shop.git("checkout", "-q", "feature", cwd=clone)
    shop.root = clone
    report = shop.run(cache=True)
    assert len(new(report)) == 3 and old(report) == 1
    (note,) = report.notes
    assert 'the base\'s content of "src/shop/user.py" is not in this clone' in note
    shop.git(*note.split("`")[1].split()[1:], cwd=clone)
    report = shop.run(cache=True)
    assert len(new(report)) == 1 and old(report) == 3 and report.notes == []


def test_git_that_cannot_tell_what_changed(shop: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.git("mv", "src/shop/user.py", "src/shop/customer.py")
    shop.write("src/shop/prices.py", "import shop.old\n\n\ndef tax():\n    return 1\n")
    monkeypatch.setattr("hardcut.engine.history.compare.changed", lambda root, base: None)
    report = shop.run()
    assert [one[:2] for one in new(report)] == [("src/shop/prices.py", 1)] and old(report) == 3


def test_what_ci_names(shop: Repository) -> None:
    release = shop.git("rev-parse", "main")
    shop.git("update-ref", "refs/remotes/origin/release", release)
    shop.write("src/shop/other.py", "import shop.old\n")
    here = shop.commit("more")
    shop.git("update-ref", "refs/remotes/origin/main", here)
    assert find_base(shop.root, None, {}).commit == here
    assert find_base(shop.root, None, {"GITHUB_BASE_REF": "release"}).commit == release
    assert find_base(shop.root, None, {"CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "release"}).commit == release
    assert find_base(shop.root, None, {"CI_MERGE_REQUEST_DIFF_BASE_SHA": release}).commit == release
    missing = find_base(shop.root, None, {"GITHUB_BASE_REF": "gone"})
    assert missing.commit is None and "gone" in missing.said
    assert find_base(shop.root, "-x", {}).commit is None


def test_the_merge_that_a_pull_request_is_tested_as(shop: Repository) -> None:
    target = shop.git("rev-parse", "main")
    shop.write("src/shop/other.py", "import shop.old\n")
    shop.commit("more")
    shop.git("checkout", "-q", "--detach", "main")
    shop.git("merge", "-q", "--no-ff", "--no-edit", "feature")
    shop.git("branch", "-D", "main", "feature")
    assert find_base(shop.root, None, {"GITHUB_BASE_REF": "main"}).commit == target
    assert [one[0] for one in new(shop.run(base=target))] == ["src/shop/other.py"]


STATEMENTS = st.sampled_from(
    [
        "import shop.old",
        "from shop.old import buy, sell",
        "from shop import old as gone",
        'NAMES = ["shop.old", "shop.new"]',
        'patch("shop.old.buy")',
        "from shop.prices import tax",
        "x = 1",
    ]
)
LAYOUT = st.sampled_from(["", "\n", "# shop is fine\n", "y = 2\n", "\n\n"])


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=st.lists(STATEMENTS, min_size=1, max_size=6), layout=st.lists(LAYOUT, min_size=6, max_size=6))
def test_layout_and_order_never_make_a_finding_new(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str], layout: list[str]
) -> None:
    shop = Repository(tmp_path_factory.mktemp("shop") / "r")
    more = "".join(f"value_{number} = {number}\n" for number in range(40))
    shop.write("src/shop/many.py", "".join(f"{line}\n" for line in lines) + more)
    base = shop.commit("many")
    moved = "".join(f"{gap}{line}\n" for gap, line in zip(layout, reversed(lines), strict=False))
    shop.write("src/shop/many.py", "import os\n" + moved + more)
    shop.git("mv", "src/shop/many.py", "src/shop/moved.py")
    report = shop.run(base)
    assert new(report) == []
    shop.write("src/shop/moved.py", "import os\n" + moved + more + lines[0] + "\n")
    added = [one for one in shop.run(base).findings if one.baseline == "new"]
    assert bool(added) is (lines[0] != "x = 1")


def test_several_about_one_file_that_is_missing(shop: Repository) -> None:
    keeps = '\n[[wave.keep]]\nfiles = ["src/shop/kept.py"]\n'
    shop.write("cutover.toml", PLAN.replace("STATE", "active") + keeps + keeps)
    base = shop.commit("two that keep one file")
    report = shop.run(base)
    assert new(report) == [] and old(report) == 5


def test_a_survivor_that_the_base_has_too(shop: Repository) -> None:
    body = "".join(
        f"def part_{n}(a, b):\n    total = a * {n} + b\n    return [total, a - b]\n\n\n" for n in range(12)
    )
    shop.write("src/shop/old.py", body)
    began = shop.commit("began")
    shop.git("mv", "src/shop/old.py", "src/shop/fresh.py")
    base = shop.commit("renamed")
    shop.write(
        "cutover.toml", PLAN.replace("STATE", "active").replace("[[wave]]", f'base = "{began}"\n\n[[wave]]')
    )
    survivors = [one for one in shop.run(base).findings if one.code == "CUT205"]
    assert [one.baseline for one in survivors] == ["unchanged"]


SURFACE = """\
[plan]
name = "shop"
source = ["src"]
check = ["src"]

[[wave]]
id = "1"
state = "active"

[[wave.surface]]
only = "ext"
banned = ["ext._hidden"]
"""


@pytest.mark.parametrize("plan", ["base", "surface"])
def test_a_kept_outcome_is_used_until_a_revision_that_it_rests_on_moves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, plan: str
) -> None:
    shop = Repository(tmp_path / "shop", "landed")
    shop.git("branch", "began")
    shop.write("src/shop/other.py", "import ext._hidden\n")
    shop.commit("more")
    named = PLAN.replace("STATE", "landed").replace("[[wave]]", 'base = "began"\n\n[[wave]]', 1)
    shop.write("cutover.toml", named if plan == "base" else SURFACE)
    base = "began" if plan == "surface" else None
    judged: list[str] = []
    real = judge.judge

    def counted(*given: Any) -> Report:
        judged.append("once more")
        return real(*given)

    monkeypatch.setattr(judge, "judge", counted)
    first = shop.run(base, cache=True)
    assert shop.run(base, cache=True) == first and len(judged) == 1
    assert len(new(first)) == (plan == "surface")
    shop.git("branch", "-f", "began", "HEAD")
    assert new(shop.run(base, cache=True)) == [] and len(judged) == 2


def fake_git(folder: Path, monkeypatch: pytest.MonkeyPatch, command: str, does: str) -> None:
    """Put a git in front of PATH that does something else for one command."""
    real = shutil.which("git")
    folder.mkdir()
    program = folder / "git"
    program.write_text(f'#!/bin/sh\ncase " $* " in *" {command} "*) {does};; esac\nexec {real} "$@"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")


@pytest.mark.skipif(os.name == "nt", reason="a shell script stands in for git")
@pytest.mark.parametrize(
    ("does", "said"), [("exec sleep 60", "took longer than"), ("exec yes", "printed more than")]
)
def test_a_git_that_hangs_or_floods_is_reported(
    shop: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, does: str, said: str
) -> None:
    fake_git(tmp_path / "bin", monkeypatch, "diff", does)
    monkeypatch.setattr("hardcut.source.processes.MOST_OUTPUT", 1 << 20)
    seconds = git_module.run
    monkeypatch.setattr(git_module, "run", lambda words, limit, **more: seconds(words, min(limit, 2), **more))
    for cache in (False, True, True):
        (note,) = [note for note in shop.run(cache=cache).notes if note.startswith("`git diff`")]
        assert said in note and "could not be judged" in note


@pytest.mark.skipif(os.name == "nt", reason="a shell script stands in for the remote")
@pytest.mark.parametrize("forbidden", ["GIT_NO_LAZY_FETCH", ""])
def test_a_partial_clone_fetches_nothing(
    shop: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, forbidden: str
) -> None:
    """The protocols alone forbid it, too: git from before May 2024 does not know the other setting."""
    clone, mark = tmp_path / "partial", tmp_path / "fetched"
    shop.write("src/shop/prices.py", "def price(): ...\n")
    shop.commit("The content at the base is not in a partial clone.")
    shop.git("config", "uploadpack.allowFilter", "true")
    shop.git("clone", "-q", "--filter=blob:none", f"file://{shop.root}", str(clone))
    remote = tmp_path / "remote"
    remote.write_text(f"#!/bin/sh\ntouch {mark}\nexit 1\n")
    remote.chmod(0o755)
    shop.git("config", "remote.origin.uploadpack", str(remote), cwd=clone)
    environment = git_module._environment()
    if forbidden:
        del environment[forbidden]
        monkeypatch.setattr(git_module, "_environment", lambda: environment)
    plans = [load_plan(clone / "cutover.toml", clone)]
    check(Options(root=str(clone), plans=plans, jobs=1, cache=False))
    lacks(Options(root=str(clone), plans=plans, jobs=1, cache=False, compare=False), plans[0], "1")
    assert not mark.exists()
    for name in ("GIT_NO_LAZY_FETCH", "GIT_ALLOW_PROTOCOL"):
        environment.pop(name, None)
    monkeypatch.setattr(git_module, "_environment", lambda: environment)
    check(Options(root=str(clone), plans=plans, jobs=1, cache=False))
    assert mark.exists(), "without the settings, it would have fetched"
