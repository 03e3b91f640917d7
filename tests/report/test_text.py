from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hardcut.engine.report_data import Pending, Report
from hardcut.finding import Declared, Finding, Place
from hardcut.report.escape import is_hostile
from hardcut.report.terminal import Terminal
from hardcut.report.text import render
from hardcut.report.view import View

Make = Callable[..., Finding]
Gather = Callable[..., Report]


def write(root: Path, text: str | bytes, path: str = "src/app/main.py") -> View:
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return View(root=str(root))


def test_a_finding_as_people_see_it(tmp_path: Path, finding: Make, report: Gather) -> None:
    write(tmp_path, "import os\n\nfrom shop import legacy_cart\n")
    reasons = {Declared("cutover.toml", 14): "never wired in; the Rust engine owns session tuning"}
    shown = render(report(finding()), View(root=str(tmp_path), reasons=reasons))
    assert shown == (
        "src/app/main.py:3:18  deleted-module-import  CUT101  [wave 0, landed]\n"
        "  3 | from shop import legacy_cart\n"
        "    |                  ^^^^^^^^^^^ shop.legacy_cart is deleted\n"
        "    = why: never wired in; the Rust engine owns session tuning\n"
        "    = help: import shop.cart instead\n"
        "    = plan: cutover.toml:14\n"
        "\n"
        "1 error in 1 file (1,109 checked)\n"
    )


def test_a_message_that_does_not_fit_beside_the_marks_stands_below(
    tmp_path: Path, finding: Make, report: Gather
) -> None:
    write(tmp_path, "import os\n\nfrom shop import legacy_cart" + "  # why" * 20 + "\n")
    view = View(root=str(tmp_path), terminal=Terminal(width=60))
    beside, below = "m" * 25, "m" * 26
    for message in (beside, below):
        shown = render(report(finding(message=message)), view).split("\n\n")[0].splitlines()
        assert max(map(len, shown[1:])) <= 60
        assert (f"    | {' ' * 17}{'^' * 11} {message}" in shown) is (message == beside)
        assert (f"    | {message}" in shown) is (message == below)


def test_a_reason_that_the_message_tells_is_not_repeated(
    tmp_path: Path, finding: Make, report: Gather
) -> None:
    view = View(root=str(tmp_path), reasons={Declared("cutover.toml", 14): "never wired in"})
    shown = render(report(finding(message="shop.legacy_cart is deleted: never wired in")), view)
    assert shown.count("never wired in") == 1
    assert "why:" not in shown
    shown = render(report(finding(message="shop.legacy_cart is deleted (never wired in)")), view)
    assert "shop.legacy_cart is deleted\n  = why: never wired in\n" in shown


def test_a_finding_about_something_missing_has_no_line(tmp_path: Path, finding: Make, report: Gather) -> None:
    view = write(tmp_path, "x = 1\n")
    shown = render(report(finding(line=None, column=None, message="shop.cart is not defined")), view)
    assert shown.startswith(
        "src/app/main.py  deleted-module-import  CUT101  [wave 0, landed]\n"
        "  = shop.cart is not defined\n"
        "  = help:"
    )
    assert "x = 1" not in shown


def test_a_file_that_vanished_still_has_its_finding(tmp_path: Path, finding: Make, report: Gather) -> None:
    shown = render(report(finding()), View(root=str(tmp_path)))
    assert "src/app/main.py:3:18  deleted-module-import" in shown
    assert "  = shop.legacy_cart is deleted\n" in shown


def test_a_folder_or_a_short_file_in_its_place_does_not_fail(
    tmp_path: Path, finding: Make, report: Gather
) -> None:
    (tmp_path / "folder").mkdir()
    view = write(tmp_path, "one line")
    shown = render(report(finding("folder"), finding(line=99), finding("nul\0name")), view)
    assert shown.count("  = shop.legacy_cart is deleted\n") == 3


def test_wide_characters_and_tabs_shift_the_underline(tmp_path: Path, finding: Make, report: Gather) -> None:
    view = write(tmp_path, "\n\n\t名 = e\u0301 + old\n")
    shown = render(report(finding(column=11, end=14)), view)
    line, marks = shown.split("\n")[1:3]
    assert line == "  3 |     名 = e\u0301 + old"
    # Four columns of tab, two of the wide character, none of the accent.
    assert marks.index("^") - marks.index("|") - 2 == 4 + 2 + len(" = e + ")
    assert marks.count("^") == 3


def test_a_long_line_is_cut_around_the_span(tmp_path: Path, finding: Make, report: Gather) -> None:
    text = "a" * 5000 + " legacy_cart " + "b" * 5000
    view = write(tmp_path, f"\n\n{text}\n")
    line, marks = render(report(finding(column=5002)), view).split("\n")[1:3]
    assert len(line) <= 160 + len("  3 | ")
    assert line.endswith("...") and "| ..." in line
    assert line[marks.index("^") : marks.rindex("^") + 1] == "legacy_cart"


def test_a_span_over_several_lines_is_marked_to_the_end_of_its_first(
    tmp_path: Path, finding: Make, report: Gather
) -> None:
    view = write(tmp_path, "\n\ncall(one,\n  two)\n")
    marks = render(report(finding(column=6, end_line=4, end=6)), view).split("\n")[2]
    assert marks == "    |      ^^^^ shop.legacy_cart is deleted"


def test_a_long_message_stands_below_the_marks(tmp_path: Path, finding: Make, report: Gather) -> None:
    view = write(tmp_path, "\n\nfrom shop import legacy_cart\n")
    lines = render(report(finding(message="m" * 150)), view).split("\n")
    assert lines[2] == "    |                  ^^^^^^^^^^^"
    assert lines[3] == "    | " + "m" * 150


def test_a_notebook_shows_the_line_of_its_cell(tmp_path: Path, finding: Make, report: Gather) -> None:
    cells = [
        {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None, "source": ["x = 1"]},
        {
            "cell_type": "code",
            "metadata": {},
            "outputs": [],
            "execution_count": None,
            "source": ["import os\n", "import old"],
        },
    ]
    book = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    view = write(tmp_path, json.dumps(book), "book.ipynb")
    shown = render(report(finding("book.ipynb", line=2, column=8, end=11, cell=2)), view)
    assert shown.startswith("book.ipynb:cell 2:2:8  ")
    assert "  2 | import old\n    |        ^^^ " in shown


def test_source_at_hand_wins_over_the_file(tmp_path: Path, finding: Make, report: Gather) -> None:
    write(tmp_path, "\n\non disk\n")
    view = View(root=str(tmp_path), sources={"src/app/main.py": b"\n\nin the editor\n"})
    shown = render(report(finding()), view)
    assert "in the editor" in shown
    assert "on disk" not in shown


def test_hostile_names_and_lines_are_spelled_out(tmp_path: Path, finding: Make, report: Gather) -> None:
    view = write(tmp_path, "\n\nx = '\x1b[2J\u202e' # \x9b1m\n")
    hostile = finding(
        message="gone\x1b]0;title\x07",
        help="use\rthat",
        subject="\x1b",
        declared=Declared("pl\x1ban.toml", 1),
        wave="0\x1b[31m",
    )
    shown = render(report(hostile, finding("a\x1b[1mb\udce9\n.py")), view)
    assert not set(shown) & set("\x1b\x07\x9b\r\u202e\udce9")
    assert "\\x1b[2J\\u202e" in shown
    assert "a\\x1b[1mb\\xe9\\n.py:3:18" in shown


def test_contested_findings_come_last_and_apart(tmp_path: Path, finding: Make, report: Gather) -> None:
    contested = finding("a.py", contested="dead, or not to be deleted", message="contested one")
    shown = render(report(finding("b.py"), contested=[contested]), View(root=str(tmp_path)))
    heading = "contested: the plan's authors disagree, not counted as errors\n"
    assert shown.index("b.py") < shown.index(heading) < shown.index("a.py") < shown.index("1 error")
    assert "  = contested: dead, or not to be deleted\n" in shown
    assert shown.endswith("1 error in 1 file (1,109 checked); 1 contested\n")


def test_planned_findings_are_counted_unless_asked_for(tmp_path: Path, finding: Make, report: Gather) -> None:
    planned = finding("a.py", state="planned", severity="info", wave="4")
    found = report(finding("b.py"), planned, contested=[finding("c.py", state="planned", contested="why")])
    short = render(found, View(root=str(tmp_path)))
    assert "a.py" not in short and "c.py" not in short
    assert "contested in planned waves: 1 more, listed with --show-planned\n" in short
    assert short.endswith("; wave 4: 1 planned\n")
    long = render(found, View(root=str(tmp_path), planned=True))
    assert "a.py:3:18  deleted-module-import  CUT101  [wave 4, planned, info]\n" in long
    assert "c.py:3:18" in long


def test_pending_gates_are_never_taken_for_passed(tmp_path: Path, report: Gather) -> None:
    pending = [
        Pending(kind, "0", "shop", Declared("cutover.toml", 1)) for kind in ("shrink", "ceiling", "ceiling")
    ]
    shown = render(report(pending=pending), View(root=str(tmp_path)))
    assert shown == "not checked yet: 3 gates (ceiling 2, shrink 1)\nno findings (1,109 files checked)\n"


def test_several_plans_are_told_apart(tmp_path: Path, finding: Make, report: Gather) -> None:
    shown = render(
        report(finding(plan="one"), finding("z.py", plan="two", wave=None)), View(root=str(tmp_path))
    )
    assert "[one, wave 0, landed]" in shown
    assert "[two, the plan itself, landed]" in shown


def test_statistics_and_notes_stand_before_the_summary(tmp_path: Path, finding: Make, report: Gather) -> None:
    found = report(finding(), finding(severity="warning"), notes=["no git here"])
    shown = render(found, View(root=str(tmp_path), statistics=True))
    assert shown.endswith(
        "wave  state   code    rule                   errors  warnings  info  contested\n"
        "0     landed  CUT101  deleted-module-import       1         1     0          0\n"
        "\n"
        "note: no git here\n"
        "1 error, 1 warning in 1 file (1,109 checked)\n"
    )


def test_a_terminal_gets_colours_and_links_and_nothing_else_changes(
    tmp_path: Path, finding: Make, report: Gather
) -> None:
    view = write(tmp_path, "\n\nfrom shop import legacy_cart\n")
    plain = render(report(finding()), view)
    rich = render(report(finding()), View(root=str(tmp_path), terminal=Terminal(colour=True, links=True)))
    assert "\x1b" not in plain
    assert f"\x1b]8;;file://{tmp_path.as_posix()}/src/app/main.py\x1b\\" in rich
    assert "\x1b[1;31m^^^^^^^^^^^\x1b[0m" in rich
    import re

    assert re.sub(r"\x1b\[[\d;]*m|\x1b\]8;;[^\x1b]*\x1b\\", "", rich) == plain


def test_the_order_does_not_depend_on_the_order_given(tmp_path: Path, finding: Make, report: Gather) -> None:
    found = [
        finding("b.py", line=2),
        finding("b.py", line=10),
        finding("a.py"),
        finding("b.py", line=None, column=None),
    ]
    view = View(root=str(tmp_path))
    assert render(report(*found), view) == render(report(*reversed(found)), view)
    places = [line.split("  ")[0] for line in render(report(*found), view).split("\n") if "CUT101" in line]
    assert places == ["a.py:3:18", "b.py", "b.py:2:18", "b.py:10:18"]


ANY_TEXT = st.text(st.characters(exclude_categories=[]), max_size=40)
ANY_PLACE = st.builds(
    Place,
    st.sampled_from(["a.py", "a.ipynb", "a.toml", "none.py", "..", "a\0b", "\udcff"]),
    *[st.none() | st.integers(0, 30)] * 5,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=ANY_PLACE, message=ANY_TEXT, subject=ANY_TEXT, reason=ANY_TEXT, data=st.binary(max_size=60))
def test_any_place_in_any_file_is_shown_and_commands_nothing(
    tmp_path: Path,
    finding: Make,
    report: Gather,
    place: Place,
    message: str,
    subject: str,
    reason: str,
    data: bytes,
) -> None:
    found = finding(message=message, subject=subject, help=subject, contested=reason or None)
    found = msgspec.structs.replace(found, place=place)
    reasons = {found.declared: reason}
    for name in ("a.py", "a.ipynb", "a.toml"):
        view = View(root=str(tmp_path), sources={name: data}, reasons=reasons, planned=True)
        shown = render(report(found, contested=[found]), view)
        assert not any(is_hostile(char) for char in shown if char != "\n")
        shown.encode()
