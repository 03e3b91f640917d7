from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from hardcut.engine.report_data import Report
from hardcut.finding import Finding
from hardcut.report.foreign import below_repository, items, said
from hardcut.report.view import View

Make = Callable[..., Finding]
Gather = Callable[..., Report]
PATH = "src/app/main.py"


def prints(report: Report, source: str) -> list[str]:
    return [one.fingerprint for one in items(report, View(root="/nowhere", sources={PATH: source.encode()}))]


def test_a_fingerprint_survives_shifted_lines_and_layout(finding: Make, report: Gather) -> None:
    before = prints(report(finding(line=1)), "from shop import legacy_cart\n")
    after = prints(report(finding(line=3, message="other words")), "\n\n  from shop  import legacy_cart\n")
    assert before == after


def test_a_fingerprint_tells_findings_apart(finding: Make, report: Gather) -> None:
    source = "a = 1\nb = 2\n"
    different = [
        finding(line=1),
        finding(line=2),
        finding(line=1, code="CUT103"),
        finding(line=1, subject="shop.other"),
        finding(line=1, form="import"),
        finding("src/app/other.py", line=1),
        finding(line=None, column=None),
    ]
    assert len(set(prints(report(*different), source))) == len(different)


def test_equal_findings_are_counted(finding: Make, report: Gather) -> None:
    twice = [finding(line=1), finding(line=2), finding(line=2, column=30)]
    once = prints(report(twice[0]), "x\nx\n")
    assert len(set(prints(report(*twice), "x\nx\n"))) == 3
    assert prints(report(*twice), "x\nx\n")[0] == once[0]


def test_paths_start_at_the_top_of_the_repository(finding: Make, report: Gather, tmp_path: Path) -> None:
    root = tmp_path / "top" / "a" / "b"
    root.mkdir(parents=True)
    (tmp_path / "top" / ".git").write_text("gitdir: elsewhere")
    assert below_repository(str(root)) == "a/b/"
    assert below_repository(str(tmp_path / "top")) == ""
    assert below_repository("/nowhere") == ""
    assert items(report(finding()), View(root=str(root)))[0].path == f"a/b/{PATH}"


def test_a_cell_of_a_notebook_is_told_in_words(finding: Make, report: Gather) -> None:
    (one,) = items(report(finding("a.ipynb", cell=2)), View(root="/nowhere"))
    assert one.span is None
    assert said(one.finding).splitlines()[1] == "in cell 2, line 3"


def test_contested_and_planned_findings(finding: Make, report: Gather) -> None:
    planned = finding("p.py", state="planned", severity="info")
    found = report(planned, contested=[finding(contested="who knows")])
    (one,) = items(found, View(root="/nowhere"))
    assert "contested: who knows" in said(one.finding)
    assert len(items(found, View(root="/nowhere", planned=True))) == 2
