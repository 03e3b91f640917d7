from __future__ import annotations

from collections.abc import Callable

from hardcut.engine.report_data import Pending, Report
from hardcut.finding import Declared, Finding
from hardcut.report.concise import aside, render
from hardcut.report.view import View

Make = Callable[..., Finding]
Gather = Callable[..., Report]
VIEW = View(root="/nowhere")


def test_one_line_for_each_finding(finding: Make, report: Gather) -> None:
    found = report(
        finding("e.py"),
        finding("a.py", line=None, column=None),
        finding("b.py", column=None),
        finding("c.ipynb", line=2, column=8, cell=3, help=""),
        finding("d.py", message="one\ntwo\x1b"),
    )
    assert render(found, VIEW).splitlines() == [
        "a.py: CUT101 deleted-module-import: shop.legacy_cart is deleted; import shop.cart instead",
        "b.py:3: CUT101 deleted-module-import: shop.legacy_cart is deleted; import shop.cart instead",
        "c.ipynb:cell 3:2:8: CUT101 deleted-module-import: shop.legacy_cart is deleted",
        "d.py:3:18: CUT101 deleted-module-import: one\\ntwo\\x1b; import shop.cart instead",
        "e.py:3:18: CUT101 deleted-module-import: shop.legacy_cart is deleted; import shop.cart instead",
    ]


def test_planned_only_on_request_and_contested_never(finding: Make, report: Gather) -> None:
    planned = finding("p.py", state="planned", severity="info")
    found = report(planned, contested=[finding("c.py", contested="why")])
    assert render(found, VIEW) == ""
    assert render(found, View(root="/nowhere", planned=True)).startswith("p.py:3:18: ")
    assert "c.py" not in render(found, View(root="/nowhere", planned=True))


def test_beside_the_findings_stand_notes_pending_gates_and_the_summary(finding: Make, report: Gather) -> None:
    pending = [Pending("ceiling", "0", "shop", Declared("cutover.toml", 1))]
    said = aside(report(finding(), pending=pending, notes=["a\x1bb"]), VIEW)
    assert said == ("note: a\\x1bb\nnot checked yet: 1 gate (ceiling 1)\n1 error in 1 file (1,109 checked)\n")
    assert aside(report(finding()), View(root="/nowhere", statistics=True)).startswith("wave  state ")
