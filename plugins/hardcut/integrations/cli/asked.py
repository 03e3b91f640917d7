"""Which rules a run asked about which wave."""

from __future__ import annotations

from hardcut.engine.options import Options
from hardcut.plan.label import kind_of
from hardcut.report.view import Asked
from hardcut.rules.registry import RULES


def asked(options: Options, whole: bool) -> list[Asked]:
    """The waves that were looked at, and the plans themselves, each with the rules that judged them.

    A run over some paths does not ask the rules that judge the whole project.
    """
    rules = [
        rule
        for rule in RULES
        if (not options.select or rule.code in options.select)
        and rule.code not in options.ignore
        and (whole or rule.scope == "file")
    ]
    found: list[Asked] = []
    for plan in options.plans:
        tables: dict[str, set[str]] = {"": {"plan"}} if options.waves is None else {}
        for gate in plan.gates:
            if options.waves is None or gate.wave in options.waves:
                tables.setdefault(gate.wave, set()).add(kind_of(gate.entry))
        for wave, kinds in tables.items():
            names = [f"{rule.code} {rule.name}" for rule in rules if kinds & set(rule.gates)]
            found += [Asked(plan.name, wave, names)] if names else []
    return found
