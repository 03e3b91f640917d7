"""The hooks that this repository offers are valid, and start commands that exist."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import click
import pytest
import yaml
from pre_commit.clientlib import load_config, load_manifest

from hardcut.integrations.cli.commands import commands

PROJECT = Path(__file__).resolve().parents[2]
HOOKS: list[dict[str, Any]] = load_manifest(str(PROJECT / ".pre-commit-hooks.yaml"))


def hook(name: str) -> dict[str, Any]:
    (found,) = (one for one in HOOKS if one["id"] == name)
    return found


def test_hooks_are_these() -> None:
    assert [one["id"] for one in HOOKS] == ["hardcut", "hardcut-files", "hardcut-fix", "hardcut-manifest"]
    assert all(one["language"] == "python" and one["require_serial"] for one in HOOKS)


def test_whole_project_hook_runs_at_every_commit() -> None:
    whole = hook("hardcut")
    assert whole["always_run"]
    assert not whole["pass_filenames"]


@pytest.mark.parametrize("name", ["hardcut-files", "hardcut-fix"])
def test_changed_files_hooks_honour_excludes(name: str) -> None:
    assert "--force-exclude" in hook(name)["args"]


@pytest.mark.parametrize("name", [one["id"] for one in HOOKS])
def test_entry_is_a_command_of_ours(name: str) -> None:
    program, command, *rest = [*shlex.split(hook(name)["entry"]), *hook(name)["args"]]
    assert program == "hardcut"
    found = commands.get_command(click.Context(commands), command)
    assert found is not None
    known = {option for one in found.params for option in one.opts}
    assert set(rest) <= known


@pytest.mark.parametrize(
    "name", ["cutover.toml", "a/cutover.toml", "pyproject.toml", "plans/wave.cutover.toml"]
)
def test_manifest_hook_matches_manifests(name: str) -> None:
    assert re.search(hook("hardcut-manifest")["files"], name)


@pytest.mark.parametrize("name", ["mycutover.toml", "cutover.toml.bak", "src/a.py"])
def test_manifest_hook_leaves_others_alone(name: str) -> None:
    assert not re.search(hook("hardcut-manifest")["files"], name)


def test_our_own_configuration_is_valid_and_runs_what_the_tests_install() -> None:
    load_config(str(PROJECT / ".pre-commit-config.yaml"))
    config = yaml.safe_load((PROJECT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    hooks = [one for repo in config["repos"] for one in repo["hooks"]]
    assert [one["entry"].split()[0] for one in hooks] == [
        f".venv-test/bin/{tool}" for tool in ("ruff", "ruff", "mypy", "lint-imports", "hardcut")
    ]
