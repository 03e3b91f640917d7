"""`hardcut schema`: the manifest's JSON Schema, for editors."""

from __future__ import annotations

import click
import msgspec

from hardcut.hosts.cli.output import emit


@click.command("schema")
def command() -> int:
    """Print the JSON Schema of cutover.toml."""
    from hardcut.plan.schema import schema

    emit(msgspec.json.format(msgspec.json.encode(schema()), indent=2).decode() + "\n")
    return 0
