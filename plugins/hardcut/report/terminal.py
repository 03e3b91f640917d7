"""Colours and links, for a terminal that wants them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import IO

import msgspec

_STYLES = {
    "error": "1;31",
    "warning": "1;33",
    "info": "1;36",
    "path": "1",
    "faint": "2",
    "good": "1;32",
    "key": "36",
}


WIDTH = 160
"""Columns of text that goes to no terminal, and the most that are used on one."""
_NARROWEST = 60


class Terminal(msgspec.Struct, frozen=True):
    """What the reader's end can show; the default is plain text.

    `width` is how many columns a line may take; `hints` says that a person reads along, who can be told
    what to do next.
    """

    colour: bool = False
    links: bool = False
    width: int = WIDTH
    hints: bool = False

    def paint(self, text: str, style: str) -> str:
        """The text in a style (error, warning, info, path, faint, good, key)."""
        return f"\x1b[{_STYLES[style]}m{text}\x1b[0m" if self.colour and text else text

    def link(self, text: str, root: str, path: str) -> str:
        """The text as a link to a file below the root (OSC 8)."""
        if not self.links:
            return text
        from urllib.parse import quote

        target = quote(os.fsencode(os.path.join(root, path)))
        return f"\x1b]8;;file://{target}\x1b\\{text}\x1b]8;;\x1b\\"


PLAIN = Terminal()


def detect(stream: IO[str], environ: Mapping[str, str]) -> Terminal:
    """What a stream can show: NO_COLOR wins over FORCE_COLOR, which wins over a pipe and TERM=dumb.

    Links and hints need a real terminal; COLUMNS wins over the width that it has.
    """
    try:
        on_terminal = stream.isatty() and environ.get("TERM") != "dumb"
    except ValueError:
        on_terminal = False
    width = min(max(_columns(stream, environ), _NARROWEST), WIDTH)
    if environ.get("NO_COLOR"):
        return Terminal(width=width, hints=on_terminal)
    forced = environ.get("FORCE_COLOR", "") not in ("", "0")
    return Terminal(colour=on_terminal or forced, links=on_terminal, width=width, hints=on_terminal)


def _columns(stream: IO[str], environ: Mapping[str, str]) -> int:
    said = environ.get("COLUMNS", "")
    if said.isdecimal() and len(said) < 6:
        return int(said) or WIDTH
    try:
        return os.get_terminal_size(stream.fileno()).columns or WIDTH
    except (OSError, ValueError):
        return WIDTH
