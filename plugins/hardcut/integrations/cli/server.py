"""`hardcut server`: the language server for editors."""

from __future__ import annotations

import logging

import click

from hardcut.api.errors import plain


@click.command("server")
@click.option("--stdio", is_flag=True, help="Talk over standard input and output, as it always does.")
def command(stdio: bool) -> int:
    """Serve an editor over standard input and output, by the Language Server Protocol."""
    try:
        import pygls
    except ImportError:
        raise plain("the language server needs pygls: pip install 'hardcut[server]'") from None
    del pygls
    # Editors cancel what is answered already, and show as errors what a server says of that.
    logging.getLogger("pygls").setLevel(logging.ERROR)
    from hardcut.integrations.server.serve import server

    server().start_io()
    return 0
