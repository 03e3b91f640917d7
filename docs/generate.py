"""The parts of the documents that follow from the code: `python docs/generate.py` writes them again.

A test compares them with what is there.
"""

from __future__ import annotations

from pathlib import Path

from hardcut.hosts.cli.llms import text
from hardcut.plan.reference import renew
from hardcut.rules.registry import RULES

DOCS = Path(__file__).resolve().parent
FIRST = "<!-- The table below is generated from the rules by docs/generate.py. -->"
LAST = "<!-- The table above is generated. -->"
WHOLE = "finds, in a whole run: "
"""Marks what one file alone cannot tell, in the examples of the rules' pages."""
HOSTS = ("command line", "language server", "import-linter", "pytest", "flake8")


def hosts() -> str:
    """A row for each rule, with what each host shows of it."""
    lines = ["| rule |" + "".join(f" {host} |" for host in HOSTS), "|---|" + "---|" * len(HOSTS)]
    for rule in RULES:
        flake8 = "in Python files" if rule.file is not None else "no"
        if rule.file is not None and WHOLE in rule.page():
            flake8 += ", in part"
        lines.append(f"| {rule.code} {rule.name} | yes | yes | yes | yes | {flake8} |")
    return "\n".join(lines)


def with_hosts(page: str) -> str:
    """The page about hosts with its table brought up to date.

    Raises:
        ValueError: the page has no marks.
    """
    head, first, rest = page.partition(FIRST)
    _, last, tail = rest.partition(LAST)
    if not first or not last:
        raise ValueError("the page has no marks for the generated table")
    return f"{head}{FIRST}\n\n{hosts()}\n\n{LAST}{tail}"


def llms(page: str) -> str:
    """The short reference; nothing of the old one stays."""
    return text()


PAGES = {"hosts.md": with_hosts, "llms.txt": llms, "manifest.md": renew}


if __name__ == "__main__":
    for name, renewed in PAGES.items():
        path = DOCS / name
        path.write_text(renewed(path.read_text(encoding="utf-8")), encoding="utf-8")
