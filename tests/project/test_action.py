"""The GitHub action, and the workflows of the documents."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import click
import pytest
import yaml
from folders import git
from packaging.requirements import Requirement

from hardcut.integrations.cli.commands import commands
from hardcut.report.formats import names

PROJECT = Path(__file__).resolve().parents[2]
ACTION: dict[str, Any] = yaml.safe_load((PROJECT / "action.yml").read_text(encoding="utf-8"))
CI = (PROJECT / "docs" / "ci.md").read_text(encoding="utf-8")
KEY, CACHE, INSTALL, CHECK = ACTION["runs"]["steps"]
LOCK = (PROJECT / "requirements" / "action.txt").read_text(encoding="utf-8")
HOSTILE = ("venv", "pip", "hardcut", "sitecustomize", "click", "msgspec", "json", "hashlib", "re", "typing")
"""Modules that the action's programs import, or would: the checked repository may have them all."""


def workflows(text: str) -> list[Any]:
    return [yaml.safe_load(one) for one in re.findall(r"^```yaml\n(.*?)^```", text, re.MULTILINE | re.DOTALL)]


def example(tmp_path: Path) -> Path:
    """A copy of the tiny example."""
    root = tmp_path / "tiny"
    shutil.copytree(PROJECT / "examples" / "tiny", root)
    return root


def hostile(folder: Path) -> Path:
    """Modules in a folder that say so when they are imported; returns the file where they say it."""
    said = folder / "imported.txt"
    for name in HOSTILE:
        text = f"open({str(said)!r}, 'a').write('{name} ')\nraise SystemExit(0)\n"
        (folder / f"{name}.py").write_text(text, encoding="utf-8")
    return said


def run(step: dict[str, Any], folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """A step's script, as the runner starts it."""
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
        cwd=folder,
        env=os.environ | variables,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=180,
    )


def outputs(file: Path) -> dict[str, str]:
    return dict(line.split("=", 1) for line in file.read_text(encoding="utf-8").splitlines())


def check(tmp_path: Path, **inputs: str) -> subprocess.CompletedProcess[str]:
    """The action's last step in a copy of the tiny example."""
    root = tmp_path / "tiny"
    if not root.exists():
        example(tmp_path)
    (tmp_path / "outputs").unlink(missing_ok=True)
    own = {
        "HARDCUT_PYTHON": sys.executable,
        "HARDCUT_ARGS": "",
        "HARDCUT_BASE": "",
        "HARDCUT_SARIF": "",
        "HARDCUT_SUMMARY": "true",
        "GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md"),
        "GITHUB_OUTPUT": str(tmp_path / "outputs"),
        "RUNNER_TEMP": str(tmp_path),
    }
    return run(CHECK, root, **(own | inputs))


BACKEND = """\
import os, sys, zipfile
def build_wheel(folder, config_settings=None, metadata_directory=None):
    assert os.environ.get("PYTHONPATH") is None
    return wheel(folder, "demo")
def wheel(folder, name):
    file = f"{name}-1.0-py3-none-any.whl"
    info = f"{name}-1.0.dist-info"
    with zipfile.ZipFile(os.path.join(folder, file), "w") as archive:
        archive.writestr(zipfile.ZipInfo(f"{name}.py"), "")
        archive.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\\nName: {name}\\nVersion: 1.0\\n")
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        archive.writestr(f"{info}/RECORD", "")
    return file
"""


@pytest.mark.parametrize("cached", ["nothing", "forged"])
def test_installs_what_is_pinned_and_runs_nothing_of_the_workspace(tmp_path: Path, cached: str) -> None:
    source, workspace, temp, index = (tmp_path / name for name in ("source", "workspace", "temp", "pinned"))
    for folder in (source / "requirements", workspace, temp / "hardcut-wheels", index):
        folder.mkdir(parents=True)
    said = hostile(workspace)
    (source / "backend.py").write_text(BACKEND, encoding="utf-8")
    (source / "pyproject.toml").write_text(
        '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n', encoding="utf-8"
    )
    space: dict[str, Any] = {}
    exec(BACKEND, space)
    wheel = index / space["wheel"](str(index), "pinned")
    (index / "index.html").write_text(f'<a href="{wheel.name}">{wheel.name}</a>', encoding="utf-8")
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    lock = f"pinned==1.0 --hash=sha256:{digest}\n"
    (source / "requirements" / "action.txt").write_text(lock, encoding="utf-8")
    if cached == "forged":
        forged = temp / "hardcut-wheels" / wheel.name
        forged.write_bytes(wheel.read_bytes() + b"forged")
    variables = {
        "HARDCUT_PYTHON": sys.executable,
        "HARDCUT_SOURCE": str(source),
        "RUNNER_TEMP": str(temp),
        "RUNNER_OS": "Linux",
        "GITHUB_OUTPUT": str(tmp_path / "outputs"),
        "PYTHONPATH": str(workspace),
        "PIP_INDEX_URL": index.parent.as_uri(),
        "PIP_EXTRA_INDEX_URL": "",
        "PIP_FIND_LINKS": "",
    }
    for step in (KEY, INSTALL):
        assert step["working-directory"] == "${{ runner.temp }}"
        # In the workspace, although the runner does not start it there.
        ended = run(step, workspace, **variables)
        assert ended.returncode == 0, ended.stderr
    assert not said.exists(), said.read_text()
    found = outputs(tmp_path / "outputs")
    assert found["key"].endswith(hashlib.sha256(lock.encode()).hexdigest())
    installed = {path.name for path in (temp / "hardcut").rglob("*.dist-info") if "pip" not in path.name}
    assert installed - {path for path in installed if path.startswith("setuptools")} == {
        "pinned-1.0.dist-info",
        "demo-1.0.dist-info",
    }
    assert Path(found["python"]).exists()
    assert (temp / "hardcut-wheels" / wheel.name).read_bytes() == wheel.read_bytes()


def test_the_check_runs_nothing_of_the_workspace(tmp_path: Path) -> None:
    said = hostile(example(tmp_path))
    assert check(tmp_path, PYTHONPATH=str(tmp_path / "tiny"), HARDCUT_SARIF="out.sarif").returncode == 1
    assert not said.exists(), said.read_text()


def test_the_pinned_distributions_are_those_that_the_package_asks_for() -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
    pinned = dict(re.findall(r"^([\w.-]+)==(\S+) ", LOCK, re.MULTILINE))
    for asked in (*project["project"]["dependencies"], *project["build-system"]["requires"]):
        requirement = Requirement(asked)
        assert pinned[requirement.name] in requirement.specifier, asked
    assert len(re.findall(r"^\S+==", LOCK, re.MULTILINE)) == len(pinned)
    assert "http" not in LOCK


def test_only_wheels_whose_hashes_are_compared_are_cached() -> None:
    assert CACHE["with"] == {
        "path": "${{ runner.temp }}/hardcut-wheels",
        "key": "${{ steps.key.outputs.key }}",
    }


def test_outputs(tmp_path: Path) -> None:
    ended = check(tmp_path, HARDCUT_SARIF="out.sarif", HARDCUT_SUMMARY="false")
    assert ended.returncode == 1
    found = outputs(tmp_path / "outputs")
    severity = json.loads(Path(found["report"]).read_text(encoding="utf-8"))["summary"]["severity"]
    assert severity["error"] > 0
    assert found == {
        "exit-code": "1",
        "findings": str(severity["error"]),
        "warnings": str(severity["warning"]),
        "report": str(tmp_path / "hardcut.json"),
        "sarif": str(tmp_path / "tiny" / "out.sarif"),
    }
    assert check(tmp_path, HARDCUT_ARGS="--wave not-there").returncode == 2
    assert outputs(tmp_path / "outputs") == {"exit-code": "2"}
    assert {key: one["value"] for key, one in ACTION["outputs"].items()} == {
        key: f"${{{{ steps.check.outputs.{key} }}}}" for key in found
    }
    shown = re.findall(r"^\| `([\w-]+)` \| [^|]*\|$", CI, re.MULTILINE)
    assert set(found) <= set(shown)


def test_no_input_becomes_part_of_a_script() -> None:
    for step in (KEY, INSTALL, CHECK):
        assert step["shell"] == "bash"
        assert "${{" not in step["run"]
    used = re.findall(r"\$\{\{ inputs\.([\w-]+) \}\}", str(ACTION["runs"]))
    assert set(used) == set(ACTION["inputs"])


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
    for line in re.findall(r"(?:hardcut|\n +)check (.*?)(?:`|\||>>|$)", text, re.MULTILINE):
        assert set(re.findall(r"--[a-z-]+", line)) <= known, line
        assert set(re.findall(r"--format (\w+)", line)) <= set(names()), line


def test_workflows_of_the_document_are_valid() -> None:
    github, steps, gitlab, component = workflows(CI)
    (job,) = github["jobs"].values()
    assert job["permissions"]["security-events"] == "write"
    checkout, *_, own, upload = job["steps"]
    assert checkout["with"]["fetch-depth"] == 0
    assert set(own["with"]) <= set(ACTION["inputs"])
    assert upload["with"]["sarif_file"] == own["with"]["sarif-file"]
    assert all(step["run"].startswith(("pip install", "hardcut check")) for step in steps)
    written = {word for line in gitlab["hardcut"]["script"] for word in line.split()}
    template = yaml.safe_load(
        next(iter((PROJECT / "templates" / "hardcut.yml").read_text().split("\n---\n")))
    )
    assert all(set(one["inputs"]) <= set(template["spec"]["inputs"]) for one in component["include"])
    assert set(gitlab["hardcut"]["artifacts"]["reports"].values()) <= written
