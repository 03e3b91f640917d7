"""Workflows and templates agree with the project and with their published schemas."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

PROJECT = Path(__file__).resolve().parents[2]
WORKFLOWS = sorted((PROJECT / ".github" / "workflows").glob("*.yml"))
METADATA = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
SCHEMAS = [
    ("vendor.github-workflows", WORKFLOWS),
    ("vendor.github-actions", [PROJECT / "action.yml"]),
    ("vendor.gitlab-ci", [PROJECT / "templates" / "hardcut.yml"]),
]


@pytest.mark.parametrize(("schema", "files"), SCHEMAS, ids=[schema for schema, _ in SCHEMAS])
def test_files_follow_their_published_schema(schema: str, files: list[Path], tmp_path: Path) -> None:
    checked = []
    for file in files:
        # A component of GitLab is two documents: its inputs, and the jobs, which the schema is about.
        text = file.read_text(encoding="utf-8").rpartition("\n---\n")[2]
        copy = tmp_path / file.name
        copy.write_text(text, encoding="utf-8")
        checked.append(str(copy))
    run = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, *checked],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr


def test_every_supported_python_is_tested() -> None:
    supported = [
        found[1]
        for classifier in METADATA["classifiers"]
        if (found := re.fullmatch(r"Programming Language :: Python :: (3\.\d+)", classifier))
    ]
    workflow = yaml.safe_load((PROJECT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8"))
    assert workflow["jobs"]["test"]["strategy"]["matrix"]["python"] == supported


def test_the_weekly_job_tries_every_parser() -> None:
    job = (PROJECT / ".github" / "workflows" / "newest.yml").read_text(encoding="utf-8")
    parsers = [
        name
        for requirement in METADATA["dependencies"]
        if (name := re.split(r"[<>=!~ ;\[]", requirement)[0]).startswith(("ast", "tree"))
    ]
    assert parsers
    assert all(parser.replace("_", "-") in job for parser in parsers)


RELEASES = [
    ("v1.2.3", "1.2.3", "## 1.2.3 (2026-12-01)\n", []),
    ("v1.2.4", "1.2.3", "## 1.2.3 (2026-12-01)\n", ["the tag is v1.2.4"]),
    ("v1.2.3", "1.2.3", "## 1.2.2 (2026-12-01)\n", ["no section"]),
    ("v1.2.3", "1.2.3", "## 1.2.3 (unreleased)\n", ["write the day"]),
]


@pytest.mark.parametrize(("tag", "version", "changelog", "expected"), RELEASES)
def test_a_release_needs_a_tag_a_version_and_a_dated_section(
    tag: str, version: str, changelog: str, expected: list[str]
) -> None:
    spec = importlib.util.spec_from_file_location("release", PROJECT / "requirements" / "release.py")
    assert spec is not None
    assert spec.loader is not None
    release = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(release)
    found = release.problems(tag, version, changelog)
    assert len(found) == len(expected)
    assert all(part in problem for part, problem in zip(expected, found, strict=True))
