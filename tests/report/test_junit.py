from __future__ import annotations

from collections.abc import Callable
from xml.etree import ElementTree

from hardcut.engine.report_data import Pending, Report
from hardcut.finding import Declared, Finding
from hardcut.report import junit
from hardcut.report.view import Asked, View
from tests.report.hostile import TEXTS, hostile_report

Make = Callable[..., Finding]
Gather = Callable[..., Report]
RULE = "CUT101 deleted-module-import"
OTHER = "CUT102 deleted-module-dynamic-import"


def suites(report: Report, *asked: Asked) -> dict[str, ElementTree.Element]:
    text = junit.render(report, View(root="/nowhere", asked=list(asked)))
    root = ElementTree.fromstring(text.encode())
    assert root.tag == "testsuites"
    for key in ("tests", "failures", "skipped", "errors"):
        assert int(root.get(key, "")) == sum(int(one.get(key, "")) for one in root)
    return {one.get("name", ""): one for one in root}


def cases(suite: ElementTree.Element) -> list[tuple[str | None, str | None, list[str]]]:
    return [(one.get("classname"), one.get("name"), [part.tag for part in one]) for one in suite]


def test_a_case_for_each_rule_in_a_file_and_each_rule_that_held(finding: Make, report: Gather) -> None:
    found = report(finding("a.py"), finding("a.py", line=9), finding("b.py"))
    (suite,) = suites(found, Asked("shop", "0", [RULE, OTHER])).values()
    assert suite.get("name") == "shop: wave 0"
    assert cases(suite) == [
        ("a.py", RULE, ["failure"]),
        ("b.py", RULE, ["failure"]),
        ("shop: wave 0", OTHER, []),
    ]
    assert (suite.get("tests"), suite.get("failures")) == ("3", "2")
    (failure,) = suite.findall("testcase[1]/failure")
    assert failure.get("message") == "shop.legacy_cart is deleted"
    assert (failure.text or "").splitlines() == [
        "a.py:3:18: CUT101 deleted-module-import: shop.legacy_cart is deleted; import shop.cart instead",
        "a.py:9:18: CUT101 deleted-module-import: shop.legacy_cart is deleted; import shop.cart instead",
    ]


def test_only_errors_fail(finding: Make, report: Gather) -> None:
    found = report(
        finding("a.py", severity="warning"),
        contested=[finding("b.py", contested="why")],
        pending=[Pending("ceiling", "10", "shop", Declared("p.toml", 9))],
    )
    made = suites(found, Asked("shop", "", [OTHER]), Asked("shop", "9", [RULE]))
    assert list(made) == ["shop: the plan itself", "shop: wave 0", "shop: wave 9", "shop: wave 10"]
    assert cases(made["shop: wave 0"]) == [
        ("a.py", RULE, ["system-out"]),
        ("b.py", RULE, ["skipped", "system-out"]),
    ]
    assert cases(made["shop: wave 9"]) == [("shop: wave 9", RULE, [])]
    assert cases(made["shop: wave 10"]) == [("shop: wave 10", "ceiling (p.toml:9)", ["skipped"])]
    assert {one.get("failures") for one in made.values()} == {"0"}


def test_hostile_texts_are_read_back() -> None:
    made = suites(hostile_report())
    text = "".join("".join(one.itertext()) for one in made.values())
    assert len(made) == len({(f"plan {one}", one) for one in TEXTS})
    for sign in ("]]> <b onclick=\"x\">&amp; 'q' </failure>", "\\x1b[2J", "caf\\xe9 \\ud800", "x" * 70_000):
        assert sign in text
    assert not set("\x1b\x00\ufffe\uffff\r") & set(text)
