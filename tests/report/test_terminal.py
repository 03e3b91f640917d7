from __future__ import annotations

import io

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
    assert detect(Stream(terminal), environ) == Terminal(colour=colour, links=links)


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
