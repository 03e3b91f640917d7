"""The parts of the documents that follow from the code: `python docs/generate.py` writes them again.

A test compares them with what is there.
"""

from __future__ import annotations

import html
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from pictures import CYCLE, FLOW, draw

from hardcut.integrations.cli.llms import text
from hardcut.plan.reference import renew
from hardcut.rules.registry import RULES

DOCS = Path(__file__).resolve().parent
FIRST = "<!-- The table below is generated from the rules by docs/generate.py. -->"
LAST = "<!-- The table above is generated. -->"
WHOLE = "finds, in a whole run: "
"""Marks what one file alone cannot tell, in the examples of the rules' pages."""
INTEGRATIONS = ("command line", "language server", "import-linter", "pytest", "flake8")
COMMAND = "hardcut check src"
"""What the README's picture shows, in examples/tiny."""


def integrations() -> str:
    """A row for each rule, with what each integration shows of it."""
    lines = [
        "| rule |" + "".join(f" {integration} |" for integration in INTEGRATIONS),
        "|---|" + "---|" * len(INTEGRATIONS),
    ]
    for rule in RULES:
        flake8 = "in Python files" if rule.file is not None else "no"
        if rule.file is not None and WHOLE in rule.page():
            flake8 += ", in part"
        lines.append(f"| {rule.code} {rule.name} | yes | yes | yes | yes | {flake8} |")
    return "\n".join(lines)


def with_integrations(page: str) -> str:
    """The page about integrations with its table brought up to date.

    Raises:
        ValueError: the page has no marks.
    """
    head, first, rest = page.partition(FIRST)
    _, last, tail = rest.partition(LAST)
    if not first or not last:
        raise ValueError("the page has no marks for the generated table")
    return f"{head}{FIRST}\n\n{integrations()}\n\n{LAST}{tail}"


def llms(page: str) -> str:
    """The short reference; nothing of the old one stays."""
    return text()


def picture(old: str) -> str:
    """The README's picture, drawn anew only if the command prints other words: versions of rich differ."""
    shown = printed()
    words = re.sub(r"\x1b\[[\d;]*m|\s", "", shown)
    return old if words == drawn_words(old) else terminal(shown)


def printed() -> str:
    """The command and what it prints on a terminal, with the escapes that colour it."""
    own = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
    ran = subprocess.run(
        [sys.executable, "-m", *COMMAND.split()],
        cwd=DOCS.parent / "examples" / "tiny",
        env=own | {"FORCE_COLOR": "1", "COLUMNS": "90"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    return f"$ {COMMAND}\n{ran.stdout.rstrip()}\n"


def drawn_words(svg: str) -> str:
    """The text in a terminal's picture, line after line, without the spaces."""
    lines: dict[float, str] = {}
    for y, piece in re.findall(r'<text class="[^"]*-r\d+" x="[\d.]+" y="([\d.]+)"[^>]*>([^<]*)</text>', svg):
        lines[float(y)] = lines.get(float(y), "") + html.unescape(piece)
    return re.sub(r"\s", "", "".join(line for _, line in sorted(lines.items())))


def terminal(shown: str) -> str:
    """A terminal as SVG."""
    from rich.console import Console
    from rich.text import Text

    lines = Text.from_ansi(shown)
    width = max(map(len, lines.plain.split("\n")))
    with open(os.devnull, "w", encoding="utf-8") as nowhere:
        console = Console(record=True, width=width, file=nowhere, legacy_windows=False)
        console.print(lines)
        return console.export_svg(title="hardcut check")


PAGES: dict[str, Callable[[str], str]] = {
    "architecture.svg": lambda old: draw(FLOW),
    "check.svg": picture,
    "integrations.md": with_integrations,
    "llms.txt": llms,
    "manifest.md": renew,
    "planning.svg": lambda old: draw(CYCLE),
}


if __name__ == "__main__":
    for name, renewed in PAGES.items():
        path = DOCS / name
        path.write_text(renewed(path.read_text(encoding="utf-8")), encoding="utf-8")
