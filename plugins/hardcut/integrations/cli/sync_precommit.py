"""`hardcut sync pre-commit`: our hooks, in the configuration of pre-commit and prek."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence

import click

from hardcut.api.errors import plain
from hardcut.api.inputs import plans_of
from hardcut.integrations.cli.output import emit, repository, write_file
from hardcut.integrations.sync import precommit
from hardcut.integrations.sync.linter_config import read
from hardcut.integrations.sync.precommit import FILE, Hook, Source, Value
from hardcut.plan.gates import LoadedPlan
from hardcut.report.escape import clean

MANIFESTS = r"(^|/)(\.?cutover\.toml|[^/]+\.cutover\.toml|pyproject\.toml)$"
"""The files that the published hook `hardcut-manifest` takes for manifests."""


@click.command("pre-commit", short_help="our hooks, for pre-commit and prek")
@click.option("--check", is_flag=True, help="Write nothing; check that the hooks are there and fit the plan.")
@click.option("--plan", multiple=True, metavar="FILE", help="A manifest, instead of those found upward.")
@click.option("--root", metavar="DIR", help="The folder that paths of the manifest are relative to.")
@click.option("--repo", metavar="URL", help="Where the hooks come from, instead of what is installed here.")
@click.option("--rev", metavar="REV", help="The revision of that repository.")
@click.option("--output", metavar="FILE", help=f"A configuration, instead of {FILE} of the git repository.")
def command(
    check: bool,
    plan: tuple[str, ...],
    root: str | None,
    repo: str | None,
    rev: str | None,
    output: str | None,
) -> int:
    """Add the hooks to the configuration of pre-commit or prek; everything else in it is kept.

    With --check, exits with 1 if the hooks are missing or do not fit the plan.
    """
    if repo is not None and rev is None:
        raise plain("--repo needs a --rev")
    plans = plans_of(plan, root)
    top = repository(plans[0].root)
    path = os.path.abspath(output) if output else os.path.join(top, FILE)
    name = os.path.basename(path)
    text = read(path) if os.path.isfile(path) else ""
    wanted = precommit.edited(text, name, _hooks(plans, top), _source(text, name, repo, rev))
    shown = clean(os.path.relpath(path))
    if not check:
        if wanted != text:
            write_file(path, wanted.encode(), top)
        emit(f"{shown} {'written' if wanted != text else 'is as it should be'}\n")
        return 0
    if wanted != text:
        state = "lacks hooks of the plan, or has them otherwise" if text else "is not there"
        emit(f"{shown} {state}; `hardcut sync pre-commit` writes them\n")
    return 1 if wanted != text else 0


def _source(text: str, name: str, repo: str | None, rev: str | None) -> Source | None:
    if repo is not None or rev is None:
        return Source(repo, rev) if repo is not None else None
    there = precommit.origin(text, name)
    if there is None or there == precommit.LOCAL:
        raise plain("--rev needs a --repo: no entry of the configuration has our hooks from a repository")
    return Source(there, rev)


def _hooks(plans: Sequence[LoadedPlan], top: str) -> list[Hook]:
    """The hook for the whole project, and the one for manifests, as these plans need them."""
    root = os.path.relpath(plans[0].root, top).replace(os.sep, "/")
    below: dict[str, Value] = {} if root == "." else {"args": ["--root", root]}
    paths = [os.path.relpath(os.path.join(one.root, one.path), top).replace(os.sep, "/") for one in plans]
    odd = [re.escape(path) for path in paths if not re.search(MANIFESTS, path)]
    files: dict[str, Value] = {"files": f"({MANIFESTS}|^({'|'.join(odd)})$)"} if odd else {}
    every: dict[str, Value] = {"language": "system", "require_serial": True}
    whole = {
        "name": "hardcut",
        "entry": "hardcut check",
        **every,
        "always_run": True,
        "pass_filenames": False,
    }
    manifest = {"name": "hardcut manifest", "entry": "hardcut manifest", **every, "files": MANIFESTS}
    return [Hook("hardcut", below, whole), Hook("hardcut-manifest", files, manifest)]
