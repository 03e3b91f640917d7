"""JUnit's XML: a suite for each wave, a case for each rule in a file, and one for each rule that held."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from hardcut.finding import Finding
from hardcut.report.concise import line
from hardcut.report.escape import clean, tame
from hardcut.report.view import Asked, View, arrange, in_order, natural

if TYPE_CHECKING:
    from hardcut.engine.report_data import Pending, Report

_NO_XML = re.compile("[\ufffe\uffff]")
_Key = tuple[str, str]
_Case = tuple[str, str]


def render(report: Report, view: View) -> str:
    """Errors are failures; contested findings and gates that no rule checks yet are skipped cases."""
    arranged = arrange(report, view)
    cases: dict[_Key, dict[_Case, list[Finding]]] = {(one.plan, one.wave): {} for one in view.asked}
    for finding in in_order([*arranged.findings, *arranged.contested]):
        rules = cases.setdefault((finding.plan, finding.wave or ""), {})
        rules.setdefault((finding.place.path, f"{finding.code} {finding.rule}"), []).append(finding)
    for pending in report.pending:
        cases.setdefault((pending.plan, pending.wave), {})
    root = ElementTree.Element("testsuites", name="hardcut")
    for key in sorted(cases, key=lambda key: (key[0], natural(key[1]))):
        suite = ElementTree.SubElement(root, "testsuite", name=_name(*key))
        for (path, rule), findings in cases[key].items():
            _found(suite, path, rule, findings)
        for one in view.asked:
            if (one.plan, one.wave) == key:
                _held(suite, one, {rule for _, rule in cases[key]})
        for pending in report.pending:
            if (pending.plan, pending.wave) == key:
                _unknown(suite, pending)
        _count(suite, [suite])
    _count(root, list(root))
    ElementTree.indent(root)
    text = ElementTree.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'


def _found(suite: ElementTree.Element, path: str, rule: str, findings: list[Finding]) -> None:
    case = ElementTree.SubElement(suite, "testcase", classname=_xml(clean(path)), name=rule)
    case.set("file", _xml(clean(path)))
    errors = [one for one in findings if one.severity == "error" and one.contested is None]
    others = [one for one in findings if one not in errors]
    if errors:
        failure = ElementTree.SubElement(case, "failure", type=rule, message=_xml(clean(errors[0].message)))
        failure.text = _told(errors)
    elif all(one.contested is not None for one in others):
        why = _xml(clean(f"contested: {others[0].contested}"))
        ElementTree.SubElement(case, "skipped", message=why)
    if others:
        ElementTree.SubElement(case, "system-out").text = _told(others)


def _told(findings: list[Finding]) -> str:
    return _xml(tame("\n".join(map(line, findings))))


def _held(suite: ElementTree.Element, asked: Asked, broken: set[str]) -> None:
    for rule in asked.rules:
        if rule not in broken:
            ElementTree.SubElement(suite, "testcase", classname=suite.get("name", ""), name=rule)


def _unknown(suite: ElementTree.Element, pending: Pending) -> None:
    place = f"{pending.declared.path}:{pending.declared.line}"
    name = _xml(clean(f"{pending.kind} ({place})"))
    case = ElementTree.SubElement(suite, "testcase", classname=suite.get("name", ""), name=name)
    ElementTree.SubElement(case, "skipped", message="not checked yet")


def _count(element: ElementTree.Element, suites: list[ElementTree.Element]) -> None:
    for key, path in (
        ("tests", "testcase"),
        ("failures", "testcase/failure"),
        ("skipped", "testcase/skipped"),
    ):
        element.set(key, str(sum(len(suite.findall(path)) for suite in suites)))
    element.set("errors", "0")


def _name(plan: str, wave: str) -> str:
    return _xml(clean(f"{plan}: wave {wave}" if wave else f"{plan}: the plan itself"))


def _xml(text: str) -> str:
    """Text without the two characters that XML forbids and a terminal allows."""
    return _NO_XML.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
