"""The group of commands; each is imported only when it is called."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from io import TextIOWrapper

import click

from hardcut import __version__
from hardcut.engine.stored_answer import Request

_COMMANDS = {
    "activate": "set a planned wave to active",
    "apply": "move code as a wave says, and prove that nothing was lost",
    "burndown": "show what was left of each wave in every commit",
    "check": "check the code against its cutover plan",
    "draft": "write the plan that a change implies",
    "explain": "show what a rule finds, and why",
    "fix": "fix what needs no decision, and report the rest",
    "gate": "run what a plan requires, and keep the evidence",
    "init": "write a commented cutover.toml to start from",
    "land": "set a wave to landed if nothing is missing",
    "manifest": "check that manifests are valid",
    "mcp": "serve coding agents by the Model Context Protocol",
    "revive": "record that a deleted module comes back on purpose",
    "schema": "print the manifest's JSON Schema",
    "selftest": "plant a violation of each gate, and check that it is found",
    "server": "serve editors by the Language Server Protocol",
    "status": "show what is done and what is left, by wave and gate",
    "sync": "write the plan into the configuration of another tool",
    "why": "show what the plan says about a name, and what is left",
}


class Commands(click.Group):
    """Commands by name; `hardcut.integrations.cli.NAME` holds each as `command`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, as the help lists them."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, loaded.

        Raises:
            click.UsageError: there is none of that name; it says which one may be meant.
        """
        if cmd_name not in _COMMANDS:
            from difflib import get_close_matches

            near = get_close_matches(cmd_name, _COMMANDS, 1)
            meant = f" (Did you mean '{near[0]}'?)" if near else ""
            ctx.fail(f"No such command '{cmd_name}'.{meant}")
        command = import_module(f"hardcut.integrations.cli.{cmd_name}").command
        return command if isinstance(command, click.Command) else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list in the help, without loading any command."""
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Start with `hardcut check --draft` or `hardcut init`. `hardcut COMMAND --help` lists options.",
)
@click.version_option(__version__, prog_name="hardcut", message="%(prog)s %(version)s")
def commands() -> None:
    """Check a Python codebase against a hard-cutover plan."""


def run(argv: Sequence[str], request: Request | None) -> int:
    """Run the command that the arguments name; gives the exit code. What it prints may answer the request."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        code = commands.main(argv, prog_name="hardcut", standalone_mode=False, obj=request)
    except click.ClickException as problem:
        problem.show()
        return 2
    except click.Abort:
        return 130
    except Exception as problem:
        from hardcut.api.errors import Unusable  # not before: it loads the plan's model

        if not isinstance(problem, Unusable):
            raise
        click.echo(problem.message, err=True)
        return 2
    return code if isinstance(code, int) else 0
