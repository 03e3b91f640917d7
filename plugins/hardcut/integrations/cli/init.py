"""`hardcut init`: a commented manifest to start from."""

from __future__ import annotations

import os
from pathlib import Path

import click

from hardcut.api.errors import plain
from hardcut.integrations.cli.output import create_file, emit
from hardcut.plan.discover import MANIFEST

NEXT = """\
next: remove the # of an example, put your own names in, and see what is left
  hardcut check --assume-landed 0
"""


@click.command("init")
@click.option("--force", is_flag=True, help="Replace an existing cutover.toml.")
def command(force: bool) -> int:
    """Write a commented cutover.toml into this folder."""
    from hardcut.plan.starter import starter
    from hardcut.source.layout import changelogs, import_roots
    from hardcut.source.tree import DiskTree

    try:
        folder = os.getcwd()
    except OSError:
        raise plain("this folder cannot be read") from None
    tree = DiskTree(Path(folder))
    sources, histories = import_roots(tree), changelogs(tree)
    data = starter(os.path.basename(folder) or "cutover", sources, histories).encode()
    if not create_file(os.path.join(folder, MANIFEST), data, force):
        raise plain(f"{MANIFEST} exists already; --force replaces it")
    emit(f"{MANIFEST} written; imports start from {', '.join(sources)}\n")
    if histories:
        emit(f"not checked: {', '.join(histories)}\n")
    emit(NEXT)
    return 0
