"""The GitHub action, and the workflows of the documents."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import click
import pytest
import yaml
from folders import git

from hardcut.hosts.cli.commands import commands
from hardcut.report.formats import names

PROJECT = Path(__file__).resolve().parents[2]
ACTION: dict[str, Any] = yaml.safe_load((PROJECT / "action.yml").read_text(encoding="utf-8"))
CI = (PROJECT / "docs" / "ci.md").read_text(encoding="utf-8")
INSTALL, CHECK = ACTION["runs"]["steps"]


def workflows(text: str) -> list[Any]:
    return [yaml.safe_load(one) for one in re.findall(r"^```yaml\n(.*?)^```", text, re.MULTILINE | re.DOTALL)]


def example(tmp_path: Path) -> Path:
    """A copy of the tiny example."""
    root = tmp_path / "tiny"
    shutil.copytree(PROJECT / "examples" / "tiny", root, ignore=shutil.ignore_patterns(".hardcut_cache"))
    return root


def check(tmp_path: Path, **inputs: str) -> subprocess.CompletedProcess[str]:
    """The action's second step in a copy of the tiny example, as the runner starts it."""
    root = tmp_path / "tiny"
    if not root.exists():
        example(tmp_path)
    own = {
        "HARDCUT": str(Path(sys.executable).with_name("hardcut")),
        "PYTHONPATH": str(PROJECT / "plugins"),
        "HARDCUT_ARGS": "",
        "HARDCUT_BASE": "",
        "HARDCUT_SARIF": "",
        "HARDCUT_SUMMARY": "true",
        "GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md"),
    }
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", CHECK["run"]],
        cwd=root,
        env=os.environ | own | inputs,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_installs_from_its_own_revision() -> None:
    assert ACTION["runs"]["using"] == "composite"
    assert INSTALL["env"]["HARDCUT_SOURCE"] == "${{ github.action_path }}"
    assert 'pip install --quiet --disable-pip-version-check "$HARDCUT_SOURCE"' in INSTALL["run"]


def test_no_input_becomes_part_of_a_script() -> None:
    for step in (INSTALL, CHECK):
        assert step["shell"] == "bash"
        assert "${{" not in step["run"]
    used = re.findall(r"\$\{\{ inputs\.([\w-]+) \}\}", str(ACTION["runs"]))
    assert sorted(used) == sorted(ACTION["inputs"])


def test_the_document_names_every_input() -> None:
    told = dict(re.findall(r"^\| `([\w-]+)` \| (\S*) ?\|", CI, re.MULTILINE))
    assert {key: value.strip("`") for key, value in told.items()} == {
        key: one["default"] for key, one in ACTION["inputs"].items()
    }


def test_annotates_summarises_and_fails(tmp_path: Path) -> None:
    ended = check(tmp_path, HARDCUT_SARIF="out.sarif", HARDCUT_ARGS="--ignore CUT101  --exclude tests/**")
    assert ended.returncode == 1, ended.stderr
    assert [line.split(",")[0] for line in ended.stdout.splitlines()] == ["::error file=src/shop/__init__.py"]
    assert "CUT103" in (tmp_path / "summary.md").read_text(encoding="utf-8")
    assert '"version": "2.1.0"' in (tmp_path / "tiny" / "out.sarif").read_text(encoding="utf-8")


def test_without_a_summary_and_without_findings(tmp_path: Path) -> None:
    ended = check(tmp_path, HARDCUT_SUMMARY="false", HARDCUT_ARGS="--select CUT203")
    assert (ended.returncode, ended.stdout) == (0, "")
    assert not (tmp_path / "summary.md").exists()
    assert not (tmp_path / "tiny" / "out.sarif").exists()


def test_an_unusable_plan_is_two(tmp_path: Path) -> None:
    assert check(tmp_path, HARDCUT_ARGS="--wave not-there").returncode == 2


def test_an_active_wave_is_compared_with_the_target_of_the_request_or_a_given_base(tmp_path: Path) -> None:
    root = example(tmp_path)

    plan = root / "cutover.toml"
    plan.write_text(plan.read_text().replace('"landed"', '"active"'))
    git(root, "init", "-q", "-b", "main")
    git(root, "add", ".")
    git(root, "commit", "-qm", "before")
    git(root, "update-ref", "refs/remotes/origin/main", "HEAD")
    git(root, "checkout", "-qb", "change")
    request = {
        "GITHUB_BASE_REF": "main",
        "HARDCUT_SARIF": "out.sarif",
        "HARDCUT_ARGS": "--ignore CUT9 --show-remaining",
    }
    ended = check(tmp_path, **request)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    (root / "src/shop/new.py").write_text("import shop.legacy_cart\n")
    git(root, "add", ".")
    git(root, "commit", "-qm", "one more")
    ended = check(tmp_path, **request)
    assert ended.returncode == 1
    found = [line.split(",")[0] for line in ended.stdout.splitlines() if line.startswith("::error ")]
    assert found == ["::error file=src/shop/new.py"]
    results = json.loads((root / "out.sarif").read_text(encoding="utf-8"))["runs"][0]["results"]
    assert sorted(one["baselineState"] for one in results) == ["new", "unchanged", "unchanged", "unchanged"]
    assert check(tmp_path, HARDCUT_BASE="HEAD", HARDCUT_ARGS="--ignore CUT9").returncode == 0
    assert check(tmp_path, HARDCUT_BASE="HEAD^", HARDCUT_ARGS="--ignore CUT9").returncode == 1


@pytest.mark.parametrize("name", ["README.md", "docs/ci.md", "action.yml"])
def test_options_and_formats_exist(name: str) -> None:
    command = commands.get_command(click.Context(commands), "check")
    assert command is not None
    known = {option for one in command.params for option in one.opts}
    text = (PROJECT / name).read_text(encoding="utf-8")
    for line in re.findall(r"(?:hardcut|HARDCUT\") check(.*?)(?:`|\||>>|$)", text, re.MULTILINE):
        assert set(re.findall(r"--[a-z-]+", line)) <= known, line
        assert set(re.findall(r"--format (\w+)", line)) <= set(names()), line


def test_workflows_of_the_document_are_valid() -> None:
    github, steps, gitlab = workflows(CI)
    (job,) = github["jobs"].values()
    assert job["permissions"]["security-events"] == "write"
    checkout, *_, own, upload = job["steps"]
    assert checkout["with"]["fetch-depth"] == 0
    assert set(own["with"]) <= set(ACTION["inputs"])
    assert upload["with"]["sarif_file"] == own["with"]["sarif-file"]
    assert all(step["run"].startswith(("pip install", "hardcut check")) for step in steps)
    written = {word for line in gitlab["hardcut"]["script"] for word in line.split()}
    assert set(gitlab["hardcut"]["artifacts"]["reports"].values()) <= written
