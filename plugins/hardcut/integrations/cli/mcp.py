"""`hardcut mcp`: the MCP server for coding agents."""

from __future__ import annotations

import os

import click

from hardcut.api.errors import plain
from hardcut.api.inputs import plans_of


@click.command("mcp")
@click.option("--plan", multiple=True, metavar="FILE", help="A manifest, instead of those found upward.")
@click.option("--root", metavar="DIR", help="The folder that paths of the manifest are relative to.")
def command(plan: tuple[str, ...], root: str | None) -> int:
    """Serve a coding agent over standard input and output, by the Model Context Protocol.

    The root and the manifests are fixed at the start. The tools read the project and write nothing; no
    command of a plan is run.
    """
    try:
        from hardcut.integrations.mcp.serve import server
    except ImportError as problem:
        if (problem.name or "").partition(".")[0] not in ("mcp", "anyio"):
            raise
        raise plain("the MCP server needs the MCP SDK: pip install 'hardcut[mcp]'") from None
    from hardcut.integrations.mcp.tools import Project

    plans = plans_of(plan, root)
    project = Project(plans[0].root, [os.path.abspath(file) for file in plan])
    server(project).run("stdio")
    return 0
