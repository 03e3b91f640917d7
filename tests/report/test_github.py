from __future__ import annotations

from collections.abc import Callable

from hardcut.engine.report_data import Report
from hardcut.finding import Finding
from hardcut.report import github
from hardcut.report.escape import tame
from hardcut.report.foreign import items, said
from hardcut.report.view import View
from tests.report.hostile import hostile_report

Make = Callable[..., Finding]
Gather = Callable[..., Report]
VIEW = View(root="/nowhere", planned=True)


def read(line: str) -> tuple[str, dict[str, str], str]:
    """A workflow command, taken apart as the runner does it."""
    assert line.startswith("::")
    end = line.index("::", 2)
    command, _, listed = line[2:end].partition(" ")
    values = dict(part.split("=", 1) for part in listed.split(","))
    return command, {key: back(value, True) for key, value in values.items()}, back(line[end + 2 :])


def back(text: str, value: bool = False) -> str:
    for code, char in (("%0D", "\r"), ("%0A", "\n"), *((("%3A", ":"), ("%2C", ",")) if value else ())):
        text = text.replace(code, char)
    return text.replace("%25", "%")


def test_a_command_for_each_finding(finding: Make, report: Gather) -> None:
    found = report(
        finding("a.py", severity="warning", line=None, column=None),
        finding("b.py", severity="info"),
        finding("c.py", end_line=5),
        contested=[finding("d.py", contested="why")],
    )
    lines = [read(line) for line in github.render(found, VIEW).splitlines()]
    assert [command for command, _, _ in lines] == ["warning", "notice", "error", "notice"]
    title = {"title": "CUT101 deleted-module-import"}
    assert [values for _, values, _ in lines] == [
        {"file": "a.py"} | title,
        {"file": "b.py", "line": "3", "col": "18", "endLine": "3", "endColumn": "29"} | title,
        {"file": "c.py", "line": "3", "endLine": "5"} | title,
        {"file": "d.py", "line": "3", "col": "18", "endLine": "3", "endColumn": "29"} | title,
    ]
    assert lines[0][2] == "shop.legacy_cart is deleted\nhelp: import shop.cart instead"


def test_hostile_texts_come_back_as_they_were(report: Gather) -> None:
    hostile = hostile_report()
    expected = items(hostile, VIEW)
    lines = github.render(hostile, VIEW).split("\n")
    assert lines.pop() == ""
    assert len(lines) == len(expected)
    for line, one in zip(lines, expected, strict=True):
        assert len(line.splitlines()) == 1
        command, values, message = read(line)
        assert command in ("error", "warning", "notice")
        assert set(values) == {"file", "line", "col", "endLine", "endColumn", "title"}
        assert values["file"] == tame(one.path)
        assert message == tame(said(one.finding))


def test_beside_the_annotations_stands_no_command(finding: Make) -> None:
    for line in github.aside(hostile_report(), VIEW).splitlines():
        assert not line.lstrip().startswith("::")
        assert "##[" not in line
