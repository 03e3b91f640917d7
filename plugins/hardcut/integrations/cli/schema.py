"""`hardcut schema`: the manifest's JSON Schema, for editors."""

from __future__ import annotations

import click

from hardcut.integrations.cli.output import emit


@click.command("schema")
def command() -> int:
    """Print the JSON Schema of cutover.toml."""
    from hardcut.plan.schema import as_json

    emit(as_json())
    return 0
