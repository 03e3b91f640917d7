"""`hardcut burndown` over real repositories: each commit counts as a check of its checkout does."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import folders
import pytest

from hardcut.engine.cachefolder import CacheFolder
from hardcut.engine.history.burndown import of_the_plan
from hardcut.engine.options import Options
from hardcut.engine.run import check
from hardcut.plan.load import load_plans

Run = Callable[..., Any]
HOSTILE = "</script><script>alert(1)</script> <img src=x onerror=alert(2)> \x1b[31m\u202e &amp;"
MANIFEST = """\
[plan]
name = "shop <b>"
source = ["src"]
check = ["src", "docs"]

[[wave]]
id = "0"
title = "Carts"
state = "landed"

[[wave.delete]]
module = "shop.old"

[[wave]]
id = "1"

[[wave.remove]]
module = "shop.cart"
symbols = ["open_legacy"]

[[wave.remove]]
module = "shop.cart"
symbols = ["maybe"]
contested = "someone needs it"
"""


def git(root: Path, *words: str, when: str = "2026-01-01T00:00:00Z") -> str:
    return folders.git(root, "-c", "user.name=A <b>", *words, when=when)


@pytest.fixture
def repository(project: Path) -> Path:
    """Five commits on the first parents: use, rewrite, nothing, a merge, the deletion."""
    git(project, "init", "-q", "-b", "main")
    (project / ".git/info/exclude").write_text("cutover.toml\n")
    days = iter(f"2026-01-{day:02}T12:00:00Z" for day in range(1, 30))

    def commit(files: dict[str, str | None], subject: str) -> None:
        folders.lay(project, files)
        git(project, "add", "-A")
        git(project, "commit", "-q", "--allow-empty", "-m", subject, when=next(days))

    cart = "def open_legacy(): ...\n\n\ndef maybe(): ...\n"
    commit(
        {
            "src/shop/old.py": "X = 1\n",
            "src/shop/cart.py": cart,
            "src/shop/main.py": "import shop.old\nfrom shop.cart import open_legacy\n",
            "src/shop/other.py": "from shop import old\n",
            "docs/use.md": "see `shop.old`\n",
        },
        "use",
    )
    commit({"src/shop/other.py": "X = 1\n"}, "rewrite")
    commit({}, "nothing")
    git(project, "checkout", "-q", "-b", "side")
    commit({"src/shop/side.py": "import shop.old\nimport shop.old.x\n"}, "side one")
    commit({"src/shop/side.py": "from shop.cart import open_legacy\n"}, "side two")
    git(project, "checkout", "-q", "main")
    git(project, "merge", "-q", "--no-ff", "-m", HOSTILE, "side", when=next(days))
    commit(
        {"src/shop/old.py": None, "src/shop/main.py": "", "docs/use.md": None, "src/shop/side.py": None}, "go"
    )
    (project / "cutover.toml").write_text(MANIFEST)
    return project


def steps(run: Run, *arguments: str) -> list[dict[str, Any]]:
    ended = run("burndown", "--format", "json", *arguments)
    assert (ended.code, ended.err) == (0, "")
    found: list[dict[str, Any]] = json.loads(ended.out)["steps"]
    return found


def test_each_commit_counts_as_a_check_of_its_checkout(run: Run, repository: Path, tmp_path: Path) -> None:
    found = steps(run)
    assert [one["subject"] for one in found][:3] == ["use", "rewrite", "nothing"]
    assert len(found) == 5
    checkout = tmp_path / "checkout"
    git(repository, "worktree", "add", "-q", "--detach", str(checkout))
    for one in found:
        git(checkout, "checkout", "-q", "--detach", one["commit"])
        plans = load_plans(checkout, checkout, [repository / "cutover.toml"])
        options = Options(root=str(checkout), plans=plans, ignore=of_the_plan(), cache=False, jobs=1)
        report = check(options)
        for findings, counts in ((report.findings, "counts"), (report.contested, "contested")):
            assert one[counts] == [sum(f.wave == wave for f in findings) for wave in ("0", "1")]
        assert one["files"] == report.files
    assert [one["counts"] for one in found] == [[4, 2], [3, 2], [3, 2], [3, 3], [0, 1]]
    assert found[-1]["contested"] == [0, 1]


def test_cold_warm_uncached_and_parallel_runs_say_the_same(run: Run, repository: Path) -> None:
    cold = steps(run, "--jobs", "2")
    folder = CacheFolder(repository, "").path
    assert folder is not None
    stored = folder / "history"
    written = stored.stat().st_mtime_ns
    assert steps(run) == cold
    assert stored.stat().st_mtime_ns == written
    assert steps(run, "--no-cache", "--jobs", "1") == cold
    stored.write_bytes(b"\x93garbage")
    assert steps(run) == cold


def test_a_changed_plan_is_counted_anew(run: Run, repository: Path) -> None:
    assert steps(run)[0]["counts"] == [4, 2]
    (repository / "cutover.toml").write_text(MANIFEST.replace('module = "shop.old"', 'module = "shop.none"'))
    assert steps(run)[0]["counts"] == [0, 2]


def test_a_range_begins_with_the_state_that_it_starts_from(run: Run, repository: Path) -> None:
    names = [one["commit"] for one in steps(run)]
    assert [one["commit"] for one in steps(run, "--since", names[1][:10])] == names[1:]
    assert [one["commit"] for one in steps(run, "--since", "2026-01-03")] == names[1:]
    assert [one["commit"] for one in steps(run, "--since", "2030-01-01")] == names[-1:]
    assert [one["commit"] for one in steps(run, "--since", "2000-01-01")] == names
    assert [one["commit"] for one in steps(run, "--until", names[2])] == names[:3]
    assert [one["commit"] for one in steps(run, "--commits", "3")] == [names[0], names[2], names[4]]
    side = git(repository, "rev-parse", "side")
    assert [one["commit"] for one in steps(run, "--since", side)] == [side, *names[3:]]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--since", "nowhere"), "'nowhere' is no commit that git knows, and no date"),
        (("--since", "--all"), "is no commit"),
        (("--until", "nowhere"), "git knows no commit 'nowhere'"),
        (("--output", "burn.gif"), "ends in none of .svg, .png, .html, .json"),
        (("--output", "burn.svg", "--format", "json"), "decides the format by its ending"),
        (("--wave", "9"), "unknown wave"),
    ],
)
def test_what_is_not_there_is_said(run: Run, repository: Path, arguments: tuple[str, ...], said: str) -> None:
    ended = run("burndown", *arguments)
    assert ended.code == 2
    assert said in ended.err


def test_without_history(run: Run, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ended = run("burndown")
    assert ended.code == 2
    assert "in no git repository" in ended.err
    git(project, "init", "-q")
    assert "has no commits yet" in run("burndown").err
    monkeypatch.setenv("PATH", "")
    assert "git is not installed" in run("burndown").err


def test_a_shallow_clone_and_missing_objects_are_said(run: Run, repository: Path, tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", "--depth", "2", f"file://{repository}", str(clone))
    found = run("burndown", "--root", str(clone), "--plan", str(repository / "cutover.toml"))
    assert found.code == 0
    assert "this clone is shallow" in found.out
    blob = git(repository, "rev-parse", "HEAD~1:src/shop/main.py")
    (repository / ".git/objects" / blob[:2] / blob[2:]).unlink()
    assert "some files (up to 1 of one commit) were taken for empty" in run("burndown").out


def test_a_folder_of_a_repository(run: Run, repository: Path) -> None:
    inner = repository / "src"
    manifest = MANIFEST.replace('source = ["src"]', 'source = ["."]').replace('["src", "docs"]', '["."]')
    (inner / "cutover.toml").write_text(manifest)
    found = steps(run, "--root", str(inner), "--plan", str(inner / "cutover.toml"))
    assert [one["counts"] for one in found] == [[3, 2], [2, 2], [2, 2], [2, 3], [0, 1]]


def test_the_chart(run: Run, repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "90")
    shown = run("burndown").out
    assert "█" in shown
    assert "wave 0: Carts" in shown
    assert "5 commits, 2026-01-01 12:00 to 2026-01-07 12:00 (UTC); 1 remaining" in shown
    assert "\x1b" not in shown and "\u202e" not in shown
    assert "wave 0 -3, wave 1 -2" in shown
    assert max(map(len, shown.splitlines()[:12])) <= 90


def test_the_pictures_and_the_page_hold_hostile_text_as_text(run: Run, repository: Path) -> None:
    for name in ("burn.svg", "burn.html", "burn.png", "burn.json"):
        ended = run("burndown", "--output", name)
        assert (ended.code, ended.out, ended.err) == (0, "", "")
    picture = (repository / "burn.svg").read_text()
    kinds = {element.tag.rpartition("}")[2] for element in ElementTree.fromstring(picture).iter()}
    assert kinds == {"svg", "title", "rect", "path", "line", "text"}
    assert (repository / "burn.png").read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
    page = (repository / "burn.html").read_text()
    outside = re.sub(r'<script type="application/json".*?</script>', "", page, flags=re.DOTALL)
    assert len(re.findall("<script", page)) == 2
    assert "<img" not in page and "<b>" not in page and "\x1b" not in page and "\u202e" not in page
    assert re.findall(r"""(?:src|href)\s*=|url\(|@import|https?://""", outside) == ["http://"] * page.count(
        "http://www.w3.org/2000/svg"
    )
    (data,) = re.findall(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert json.loads(data)["steps"][3]["subject"].startswith("</script><script>alert(1)")


def test_png_without_pillow_is_said_before_the_work(
    run: Run, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import importlib.util

    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    ended = run("burndown", "--output", "burn.png")
    assert ended.code == 2
    assert "pip install 'hardcut[png]'" in ended.err
    folder = CacheFolder(repository, "").path
    assert folder is not None and not folder.exists()
