"""`hardcut sync pre-commit`: the configuration it writes, read and run by real pre-commit and prek."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from folders import git
from hypothesis import given
from hypothesis import strategies as st

from hardcut.integrations.sync.precommit import FILE, Hook, Source, edited

Run = Callable[..., Any]
BIN = Path(sys.executable).parent
OURS = """\
# what we run
default_language_version:
  python: python3   # any

repos:
# the formatter
- repo: https://example.org/format
  rev: "1.2"   # pinned
  hooks:
  - id: format
    args: [--quiet,
           --fix]
  # - id: other
- repo: local
  hooks:
  - id: say
    name: say
    entry: |
      echo
    language: system   # last

ci:
  autofix_prs: false
"""
WIDE = """\
repos:
    - repo: https://example.org/hardcut
      rev: v0.1
      hooks:
        - id: hardcut-files

        - id: hardcut  # the whole project
          verbose: true
"""


@pytest.fixture
def shop(project: Path) -> Path:
    git(project, "init", "-q")
    return project


def added(before: str, after: str) -> str:
    """What was added to a text, in one piece; nothing else may differ."""
    start = next((at for at, sign in enumerate(before) if after[at] != sign), len(before))
    end = len(before) - start
    assert before[:start] == after[:start]
    assert after.endswith(before[start:])
    return after[start : len(after) - end]


def test_a_new_configuration(shop: Path, run: Run) -> None:
    done = run("sync", "pre-commit", "--check")
    assert (done.code, done.out) == (1, f"{FILE} is not there; `hardcut sync pre-commit` writes them\n")
    assert run("sync", "pre-commit").out == f"{FILE} written\n"
    (entry,) = yaml.safe_load((shop / FILE).read_text())["repos"]
    assert entry["repo"] == "local"
    whole, manifest = entry["hooks"]
    assert whole["always_run"] is True
    assert whole["pass_filenames"] is False
    assert re.search(manifest["files"], "cutover.toml")
    assert run("sync", "pre-commit", "--check").code == 0
    assert run("sync", "pre-commit").out == f"{FILE} is as it should be\n"


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_layout_and_comments_stay(shop: Path, run: Run, ends: str) -> None:
    before = OURS.replace("\n", ends)
    (shop / FILE).write_bytes(before.encode())
    assert run("sync", "pre-commit", "--repo", "https://example.org/hardcut", "--rev", "v1").code == 0
    after = (shop / FILE).read_bytes().decode()
    assert after.count("\n") == after.count(ends)
    new = added(before, after).replace(ends, "\n")
    head = "- repo: https://example.org/hardcut\n  rev: v1\n  hooks:\n"
    assert new == f"{head}  - id: hardcut\n  - id: hardcut-manifest\n"
    loaded = yaml.safe_load(after)
    assert loaded["ci"] == {"autofix_prs": False}
    assert [one["repo"] for one in loaded["repos"]][2] == "https://example.org/hardcut"


def test_an_entry_that_is_there_is_mended(shop: Path, run: Run) -> None:
    (shop / FILE).write_text(WIDE)
    assert run("sync", "pre-commit", "--check").code == 1
    assert run("sync", "pre-commit").code == 0
    assert added(WIDE, (shop / FILE).read_text()) == "        - id: hardcut-manifest\n"
    assert run("sync", "pre-commit", "--rev", "v0.2").code == 0
    assert run("sync", "pre-commit", "--rev", "v0.2", "--check").code == 0
    text = (shop / FILE).read_text()
    assert text == WIDE.replace("v0.1", "v0.2") + "        - id: hardcut-manifest\n"
    assert run("sync", "pre-commit", "--check", "--rev", "1.0").code == 1
    run("sync", "pre-commit", "--rev", "1.0")
    assert "rev: '1.0'\n" in (shop / FILE).read_text()
    assert run("sync", "pre-commit", "--repo", "https://example.org/fork", "--rev", "v1").code == 2


def test_a_plan_below_the_repository(shop: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = shop / "services/cart"
    folder.mkdir(parents=True)
    (shop / "cutover.toml").rename(folder / "plan.toml")
    (folder / "src").mkdir()
    (folder / "src" / "cart.py").write_text("")
    (folder / "pyproject.toml").write_text('[tool.hardcut]\nplans = ["*plan.toml"]\n')
    monkeypatch.chdir(folder)
    (shop / FILE).write_text(WIDE)
    assert run("sync", "pre-commit").out == f"../../{FILE} written\n"
    (entry,) = yaml.safe_load((shop / FILE).read_text())["repos"]
    files, whole, manifest = entry["hooks"]
    assert whole == {"id": "hardcut", "args": ["--root", "services/cart"], "verbose": True}
    assert files == {"id": "hardcut-files"}
    assert re.search(manifest["files"], "services/cart/plan.toml")
    assert re.search(manifest["files"], "cutover.toml")
    assert not re.search(manifest["files"], "other/services/cart/plan.toml")
    assert run("sync", "pre-commit", "--check").code == 0
    text = (shop / FILE).read_text()
    (shop / FILE).write_text(text.replace("[--root, services/cart]", "[--no-cache]"))
    done = run("sync", "pre-commit")
    assert done.code == 2
    assert f"{FILE}:8: the hook hardcut needs --root services/cart among its args" in done.err
    (shop / FILE).write_text(text.replace("[--root, services/cart]", "[--no-cache, --root, services/cart]"))
    assert run("sync", "pre-commit", "--check").code == 0


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("repos: [", f"{FILE}:1:"),
        ("- repo: x\n", "expected a mapping with a list of repos"),
        ("repos: x\n", "expected a mapping with a list of repos"),
        ("repos: [{repo: local, hooks: []}]\n", "repos is written as one line"),
        (
            "repos:\n- repo: x\n  rev: y\n  hooks: [{id: hardcut}]\n",
            f"{FILE}:4: hooks is written as one line",
        ),
        ("[" * 5000, "nested too deep"),
        ("a: 1\n---\nb: 2\n", f"{FILE}:2:"),
    ],
)
def test_what_cannot_be_used(shop: Path, run: Run, text: str, told: str) -> None:
    (shop / FILE).write_text(text)
    done = run("sync", "pre-commit")
    assert done.code == 2
    assert told in done.err
    assert (shop / FILE).read_text() == text


def test_options_that_do_not_go_together(shop: Path, run: Run) -> None:
    assert "--repo needs a --rev" in run("sync", "pre-commit", "--repo", "https://example.org/x").err
    assert "--rev needs a --repo" in run("sync", "pre-commit", "--rev", "v1").err
    run("sync", "pre-commit")
    assert "--rev needs a --repo" in run("sync", "pre-commit", "--rev", "v1").err


@pytest.mark.parametrize("text", ["", "repos: []\n", "repos: []", "fail_fast: true", OURS, WIDE])
def test_a_second_time_changes_nothing(text: str) -> None:
    hooks = [
        Hook("hardcut", {"args": ["--root", "a, b"]}, {}),
        Hook("hardcut-manifest", {"files": "^[a]{1}$"}, {}),
    ]
    once = edited(text, FILE, hooks, None)
    assert edited(once, FILE, hooks, None) == once
    found = [hook for one in yaml.safe_load(once)["repos"] for hook in one["hooks"]]
    by = {one["id"]: one for one in found}
    assert by["hardcut"]["args"] == ["--root", "a, b"]
    assert by["hardcut-manifest"]["files"] == "^[a]{1}$"


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=12)


@given(WORDS, WORDS, WORDS, st.sampled_from(["", OURS]))
def test_any_value_is_read_as_it_was_meant(repo: str, rev: str, value: str, text: str) -> None:
    after = edited(
        text, FILE, [Hook("hardcut", {"files": value, "args": [value, rev]}, {})], Source(repo, rev)
    )
    entry = next(one for one in yaml.safe_load(after)["repos"] if one["hooks"][0]["id"] == "hardcut")
    assert (entry["repo"], entry["rev"]) == (repo, rev)
    assert entry["hooks"][0] == {"id": "hardcut", "files": value, "args": [value, rev]}


@pytest.mark.parametrize("runner", ["pre-commit", "prek"])
def test_real_runners_run_what_is_written(shop: Path, run: Run, tmp_path: Path, runner: str) -> None:
    (shop / FILE).write_text("fail_fast: false\n")
    (shop / "src/shop/main.py").write_text("")
    assert run("sync", "pre-commit").code == 0
    git(shop, "add", ".")

    def runs() -> tuple[int, str]:
        own = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        ended = subprocess.run(
            [str(BIN / runner), "run", "--all-files"],
            cwd=shop,
            env=own
            | {"PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", "NO_COLOR": "1"}
            | {"PRE_COMMIT_HOME": str(tmp_path / "a"), "PREK_HOME": str(tmp_path / "b")},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        return ended.returncode, ended.stdout + ended.stderr

    code, said = runs()
    assert code == 0, said
    assert len(re.findall(r"^hardcut( manifest)?\.+Passed$", said, re.M)) == 2, said
    (shop / "src/shop/main.py").write_text("import shop.old\n")
    git(shop, "add", ".")
    code, said = runs()
    assert code == 1
    assert "src/shop/main.py:1:8  deleted-module-import" in said
    assert re.search(r"^hardcut manifest\.+Passed$", said, re.M)
