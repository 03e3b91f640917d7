"""What the plans say about one name, and what is left of it in the code."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence

import msgspec

from hardcut.engine.progress import ASKED
from hardcut.engine.report_data import Report
from hardcut.finding import Finding
from hardcut.plan.gates import LoadedPlan
from hardcut.plan.label import kind_of
from hardcut.plan.model import Entry, Wave
from hardcut.plan.names import Name, names
from hardcut.source.modules import Roots

SUGGESTED = 5
"""How many near names are told."""


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What a query stands for: the names that speak of it, and those that lie below it."""

    found: list[Name]
    below: list[Name]


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What one entry says about one name.

    `findings` are those about the name; `more` counts the entry's findings about other names.
    `revived` is the reason for which a deleted module may be there again. `checked` is False where no
    rule can tell yet.
    """

    name: Name
    wave: Wave
    reason: str | None
    revived: str | None
    checked: bool
    findings: list[Finding]
    more: int


def ask(plans: Sequence[LoadedPlan], queries: Sequence[str], roots: Roots) -> Asked:
    """The entries that speak of a module, a symbol (`module.Class.member`, `module:name`) or a path.

    `queries` are the ways in which one thing may be meant (a path from here, and from the root). A name
    that stands nowhere as it is may be the end of one (`Class.member`), or a package above some. The
    nearest entries come first.
    """
    known = names(plans)
    forms = list(dict.fromkeys(form for query in queries for form in _forms(query, roots)))
    found = [one for one in known if any(one.covers(form) for form in forms)]
    if not found:
        tails = [f"{sign}{form}" for form in forms for sign in "./"]
        found = [one for one in known if one.name.endswith(tuple(tails))]
    above = tuple(f"{form.rstrip('/')}{sign}" for form in forms for sign in "./")
    below = [one for one in known if one.name.startswith(above) and one not in found]
    return Asked(found=sorted(found, key=lambda one: -len(one.name)), below=below)


def near(plans: Sequence[LoadedPlan], query: str) -> list[str]:
    """The plans' names that a query may have meant, the nearest first."""
    known = list(dict.fromkeys(one.name for one in names(plans)))
    wanted = query.strip().lower().replace(":", ".").removesuffix(".py")[:200]
    last = wanted.replace("/", ".").rsplit(".", 1)[-1]
    by_last: dict[str, list[str]] = {}
    for name in known:
        by_last.setdefault(name.lower().replace("/", ".").rsplit(".", 1)[-1], []).append(name)
    close = [name for name in known if last and last in name.lower().replace("/", ".").rsplit(".", 1)[-1]]
    close += difflib.get_close_matches(wanted, known, n=SUGGESTED, cutoff=0.75)
    for leaf in difflib.get_close_matches(last, by_last, n=SUGGESTED, cutoff=0.7):
        close += by_last[leaf]
    return list(dict.fromkeys(close))[:SUGGESTED]


def answer(plans: Sequence[LoadedPlan], asked: Iterable[Name], report: Report) -> list[Answer]:
    """What each entry says, with the findings of a whole-project run."""
    waves = {(plan.name, wave.id): wave for plan in plans for wave in plan.manifest.wave}
    revived = {one.module: one.reason for plan in plans for one in plan.manifest.revive}
    pending = {(one.plan, one.declared) for one in report.pending}
    found = [*report.findings, *report.contested, *report.waived]
    found = [one for one in found if one.rule != ASKED]
    answers: list[Answer] = []
    for name in asked:
        gate = name.gate
        of_gate = [one for one in found if one.plan == gate.plan and one.declared == gate.declared]
        mine = [one for one in of_gate if _is_about(one, name, gate.entry)]
        answers.append(
            Answer(
                name=name,
                wave=waves[(gate.plan, gate.wave)],
                reason=gate.entry.reason,
                revived=revived.get(name.name) if kind_of(gate.entry) == "delete" else None,
                checked=(gate.plan, gate.declared) not in pending,
                findings=mine,
                more=len(of_gate) - len(mine),
            )
        )
    return answers


def _forms(query: str, roots: Roots) -> list[str]:
    """A query as written, as a dotted name, and as the module of the file that it names."""
    text = query.strip()
    forms = [text, text.rstrip("/").removeprefix("./")]
    if ":" in text:
        forms.append(text.replace(":", "."))
    path = forms[1]
    if "/" in path or path.endswith((".py", ".pyi")):
        for ending in ("", ".py", "/__init__.py"):
            module, _ = roots.module_of(path + ending)
            if module is not None:
                forms.append(module)
                break
    return [one for one in dict.fromkeys(forms) if one]


def _is_about(finding: Finding, name: Name, entry: Entry) -> bool:
    """Whether a finding of an entry is about one of the names that it lists."""
    listed: list[str] = getattr(entry, "symbols", []) or getattr(entry, "names", [])
    if name.symbol is not None and len(listed) > 1:
        fits = [one for one in listed if f".{one}." in f".{finding.subject}."]
        return max(fits, key=len, default=None) == name.symbol
    for key in ("banned", "guard", "packages", "within", "paths", "files"):
        values: list[str] = getattr(entry, key, [])
        if name.name in values and len(values) > 1:
            return Name(name.name, "", name.gate, "below").covers(finding.subject)
    return True
