from __future__ import annotations

import io
import os

import pytest

from hardcut.report.terminal import PLAIN, Terminal, detect


class Stream(io.StringIO):
    def __init__(self, terminal: bool) -> None:
        super().__init__()
        self.terminal = terminal

    def isatty(self) -> bool:
        return self.terminal


@pytest.mark.parametrize(
    ("terminal", "environ", "colour", "links"),
    [
        (True, {}, True, True),
        (False, {}, False, False),
        (True, {"TERM": "dumb"}, False, False),
        (True, {"NO_COLOR": "1"}, False, False),
        (True, {"NO_COLOR": ""}, True, True),
        (False, {"FORCE_COLOR": "1"}, True, False),
        (False, {"FORCE_COLOR": "0"}, False, False),
        (True, {"FORCE_COLOR": "1", "TERM": "dumb"}, True, False),
        (True, {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False, False),
    ],
)
def test_who_gets_colours_and_links(
    terminal: bool, environ: dict[str, str], colour: bool, links: bool
) -> None:
    found = detect(Stream(terminal), environ)
    assert (found.colour, found.links) == (colour, links)
    assert found.hints == (terminal and environ.get("TERM") != "dumb")


@pytest.mark.parametrize(
    ("columns", "width"),
    [("100", 100), ("20", 60), ("1000", 160), ("0", 160), ("", 160), ("wide", 160), ("9" * 9999, 160)],
)
def test_lines_are_as_long_as_the_terminal_is_wide(columns: str, width: int) -> None:
    assert detect(Stream(True), {"COLUMNS": columns}).width == width
    assert detect(Stream(False), {"COLUMNS": columns, "NO_COLOR": "1"}).width == width


@pytest.mark.skipif(os.name == "nt", reason="Windows has no pseudo-terminals of this kind")
def test_a_real_terminal_is_asked() -> None:
    import fcntl
    import pty
    import struct
    import termios

    keeper, end = pty.openpty()
    with open(keeper, "rb"), open(end, "w", encoding="utf-8") as stream:
        fcntl.ioctl(end, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 77, 0, 0))
        assert detect(stream, {}) == Terminal(colour=True, links=True, width=77, hints=True)
        assert detect(stream, {"NO_COLOR": "1"}) == Terminal(width=77, hints=True)


def test_a_closed_stream_is_no_terminal() -> None:
    stream = Stream(True)
    closed = io.StringIO()
    closed.close()
    assert detect(closed, {}) == PLAIN
    assert detect(stream, {}) != PLAIN


def test_links_are_encoded() -> None:
    linked = Terminal(links=True).link("x", "/a b", "é\udce9\x1b;.py")
    assert linked == "\x1b]8;;file:///a%20b/%C3%A9%E9%1B%3B.py\x1b\\x\x1b]8;;\x1b\\"
    assert PLAIN.link("x", "/a", "b") == "x"
