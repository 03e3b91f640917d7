"""All output formats: the one list that the command line, the documents and the tests read."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

import msgspec

if TYPE_CHECKING:
    from hardcut.engine.report_data import Report
    from hardcut.report.view import View


class Format(msgspec.Struct, frozen=True):
    """One format: its name, the module of this package that writes it, and what it needs to know.

    `aside` says that the module has something for standard error too; `asked` that it tells which
    rules held, and so has to know which were asked for.
    """

    name: str
    module: str
    aside: bool = False
    asked: bool = False


class _Module(Protocol):
    def render(self, report: Report, view: View) -> str: ...
    def aside(self, report: Report, view: View) -> str: ...


FORMATS: tuple[Format, ...] = (
    Format("text", "text"),
    Format("concise", "concise", aside=True),
    Format("json", "as_json"),
    Format("sarif", "sarif"),
    Format("github", "github", aside=True),
    Format("gitlab", "gitlab"),
    Format("junit", "junit", asked=True),
    Format("rdjson", "rdjson"),
    Format("markdown", "markdown"),
)


def names() -> list[str]:
    """The names of all formats, the default first."""
    return [one.name for one in FORMATS]


def find(name: str) -> Format:
    """The format of a name."""
    return next(one for one in FORMATS if one.name == name)


def render(name: str, report: Report, view: View) -> tuple[str, str]:
    """The report in a format, and what stands beside it on standard error; loads that format only."""
    one = find(name)
    module = cast("_Module", import_module(f"hardcut.report.{one.module}"))
    return module.render(report, view), module.aside(report, view) if one.aside else ""
