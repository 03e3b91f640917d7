"""`hardcut sync`: what other tools can carry of the plan, written into their configuration."""

from __future__ import annotations

import os
from collections.abc import Sequence

import click

from hardcut.api.errors import plain
from hardcut.api.inputs import plans_of
from hardcut.api.names import waves
from hardcut.integrations.cli.output import emit, write_file
from hardcut.integrations.cli.sync_importlinter import command as of_importlinter
from hardcut.integrations.cli.sync_precommit import command as of_precommit
from hardcut.integrations.sync import ruff
from hardcut.plan.gates import LoadedPlan
from hardcut.report.escape import clean
from hardcut.report.summary import count


@click.group("sync")
def command() -> None:
    """Write the plan into the configuration of another tool, or check that it is current."""


command.add_command(of_importlinter)
command.add_command(of_precommit)


@command.command("ruff", short_help="bans for TID251, in a file of their own")
@click.option("--check", is_flag=True, help="Write nothing; check that the file is current and in force.")
@click.option("--plan", multiple=True, metavar="FILE", help="A manifest, instead of those found upward.")
@click.option("--root", metavar="DIR", help="The folder that paths of the manifest are relative to.")
@click.option("--wave", multiple=True, metavar="LIST", help="These waves, not all active and landed ones.")
@click.option("--output", metavar="FILE", help=f"The file, instead of {ruff.FRAGMENT} beside the manifest.")
@click.option("--ruff-version", metavar="VERSION", help="Write for this version, not the installed one.")
def of_ruff(
    check: bool,
    plan: tuple[str, ...],
    root: str | None,
    wave: tuple[str, ...],
    output: str | None,
    ruff_version: str | None,
) -> int:
    """Write a configuration for ruff that bans what the plan bans (TID251).

    With --check, exits with 1 if the file is not current or not in force.
    """
    plans = plans_of(plan, root)
    program = ruff.program()
    version = _version(program, ruff_version, plans[0].root)
    found = ruff.bans(plans, waves(wave, plans))
    path = os.path.abspath(output or os.path.join(_folder(plans), ruff.FRAGMENT))
    data = ruff.fragment(plans, found, version >= ruff.EXTENDS_SINCE, os.path.basename(path)).encode()
    if not check:
        write_file(path, data, plans[0].root)
        left = f"; not carried: {len(found.left)}, see there" if found.left else ""
        emit(clean(f"{os.path.relpath(path)} written with {count(len(found.messages), 'ban')}{left}") + "\n")
        return 0
    wrong = _stale(path, data)
    if not wrong and found.messages:
        if program is None:
            raise plain("no ruff found to ask for its settings")
        try:
            wrong = list(ruff.ineffective(program, plans, found, path))
        except OSError as problem:
            raise plain(str(problem)) from None
    emit("".join(f"{clean(text)}\n" for text in wrong))
    return 1 if wrong else 0


def _version(program: str | None, given: str | None, folder: str) -> tuple[int, ...]:
    if given is None and program is None:
        raise plain("no ruff found; --ruff-version says which one to write for")
    try:
        said = given or ruff.ask(program or "ruff", "--version", folder=folder)
    except OSError as problem:
        raise plain(str(problem)) from None
    version = ruff.version(said)
    if version is None:
        raise plain(f"{said.strip()} is no version of ruff")
    return version


def _folder(plans: Sequence[LoadedPlan]) -> str:
    """The manifest's folder; of several manifests, their root."""
    path = os.path.join(plans[0].root, plans[0].path)
    return os.path.dirname(path) if len(plans) == 1 else plans[0].root


def _stale(path: str, data: bytes) -> list[str]:
    shown = os.path.relpath(path)
    try:
        with open(path, "rb") as file:
            current = file.read() == data
    except FileNotFoundError:
        return [f"{shown} is not there; `hardcut sync ruff` writes it"]
    except OSError as problem:
        raise plain(f"cannot read {shown}: {problem.strerror}") from None
    return [] if current else [f"{shown} is not what the plan says; `hardcut sync ruff` writes it again"]
