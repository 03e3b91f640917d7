"""`hardcut explain`: a rule's page, or the list of rules."""

from __future__ import annotations

import os
import sys

import click

from hardcut.api.errors import unknown
from hardcut.api.names import rule_names
from hardcut.integrations.cli.output import emit
from hardcut.report.terminal import detect
from hardcut.rules.registry import RULES, find


@click.command("explain")
@click.argument("rule", required=False)
@click.option(
    "--all", "everything", is_flag=True, help="All on one page, for programs: rules, manifest, commands."
)
def command(rule: str | None, everything: bool) -> int:
    """Print what RULE (a name or a code) finds and why; without RULE, list all rules."""
    if everything:
        from hardcut.integrations.cli import llms

        emit(llms.text())
        return 0
    if rule is None:
        emit(listing())
        return 0
    found = find(rule)
    if found is None:
        raise unknown("rule", rule, rule_names())
    page = found.page().rstrip("\n") + "\n"
    terminal = detect(sys.stdout, os.environ)
    emit(_rendered(page) if terminal.links else page, terminal.colour)
    return 0


def listing() -> str:
    """All rules, one a line: code, name, summary."""
    width = max((len(rule.name) for rule in RULES), default=0)
    rules = sorted(RULES, key=lambda rule: rule.code)
    return "".join(f"{rule.code}  {rule.name:<{width}}  {rule.summary}\n" for rule in rules)


def _rendered(page: str) -> str:
    from rich.console import Console
    from rich.markdown import Markdown

    console = Console(force_terminal=True)
    with console.capture() as capture:
        console.print(Markdown(page))
    return capture.get()
