"""`hardcut init`: a commented manifest to start from."""

from __future__ import annotations

import os
import re

import click

from hardcut.api.errors import plain
from hardcut.hosts.cli.output import create_file, emit
from hardcut.plan.discover import MANIFEST

HISTORY = re.compile(
    r"(changes|change[-_]?log|history|news|release[-_]?notes|whats[-_]?new)(\.(adoc|md|rst|txt))?",
    re.IGNORECASE,
)
NEXT = """\
next: take a # away, put your own names in, and see what is left to do
  hardcut check --assume-landed 0
"""


@click.command("init")
@click.option("--force", is_flag=True, help="Replace a cutover.toml that is there.")
def command(force: bool) -> int:
    """Write a commented cutover.toml into this folder."""
    from hardcut.plan.starter import starter

    try:
        folder = os.getcwd()
        sources, changelogs = import_roots(folder), histories(folder)
    except OSError:
        raise plain("this folder cannot be read") from None
    data = starter(os.path.basename(folder) or "cutover", sources, changelogs).encode()
    if not create_file(os.path.join(folder, MANIFEST), data, force):
        raise plain(f"{MANIFEST} is there already; --force replaces it")
    emit(f"{MANIFEST} written; imports start from {', '.join(sources)}\n")
    if changelogs:
        emit(f"not checked: {', '.join(changelogs)}\n")
    emit(NEXT)
    return 0


def import_roots(folder: str) -> list[str]:
    """`src` where packages or modules lie right below it, which is no package itself; else the folder."""
    src = os.path.join(folder, "src")
    if not os.path.isdir(src) or os.path.exists(os.path.join(src, "__init__.py")):
        return ["."]
    for entry in os.scandir(src):
        if entry.name.endswith(".py") and entry.is_file():
            return ["src"]
        if entry.is_dir() and entry.name.isidentifier() and _holds_python(entry.path):
            return ["src"]
    return ["."]


def histories(folder: str) -> list[str]:
    """The paths of changelogs at the top of the folder and of its documentation: they name what there was."""
    found = []
    for above in ("", "doc/", "docs/"):
        if os.path.isdir(os.path.join(folder, above)):
            names = sorted(entry.name for entry in os.scandir(os.path.join(folder, above)) if entry.is_file())
            found += [f"{above}{name}" for name in names if HISTORY.fullmatch(name)]
    return found


def _holds_python(folder: str) -> bool:
    """Whether Python lies in a folder or in one right below it (a namespace package has no files)."""
    folders: list[str] = []
    for entry in os.scandir(folder):
        if entry.name.endswith((".py", ".pyi")):
            return True
        if entry.is_dir(follow_symlinks=False) and entry.name.isidentifier():
            folders.append(entry.path)
    return any(entry.name.endswith((".py", ".pyi")) for inner in folders for entry in os.scandir(inner))
