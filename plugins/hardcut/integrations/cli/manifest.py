"""`hardcut manifest`: whether manifests are valid, without looking at the code."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from hardcut.api.errors import plain, unusable, why
from hardcut.api.inputs import plans_of
from hardcut.engine.audit import audit
from hardcut.integrations.cli.output import emit
from hardcut.plan.discover import PROJECT
from hardcut.plan.errors import ManifestError, describe
from hardcut.plan.gates import LoadedPlan, Problem
from hardcut.plan.load import load_plans
from hardcut.plan.read import is_table, read_mentioning
from hardcut.report.audit import as_text
from hardcut.report.escape import clean
from hardcut.report.summary import count


@click.command("manifest")
@click.argument("files", nargs=-1, metavar="[FILES]...")
@click.option("--audit", "audited", is_flag=True, help="Compare the plan with the code, too.")
def command(files: tuple[str, ...], audited: bool) -> int:
    """Check that FILES, or the manifests found upward, are valid.

    Does not look at the project's files, unless --audit is given; every other command checks that the
    plan covers some. A pyproject.toml without [tool.hardcut] is skipped. Exits with 0 if all are valid,
    1 if one contradicts itself or the audit finds something, 2 if one cannot be used.

    --audit reports, for waves that have not landed: entries that match nothing, names on the list of
    removals that are alive and what keeps them so, moves that do not fit their ceilings, waves that
    change the same module without requiring each other, bans whose scope is narrower than the use of
    the banned module, and tests that will break.
    """
    if audited:
        found = audit(plans_of(files, None))
        emit(as_text(found))
        return 1 if found else 0
    plans = _load(files) if files else plans_of((), None, scopes=False)
    wrong = [problem for plan in plans for problem in plan.contradictions]
    emit("".join(f"{clean(describe(problem))}\n" for problem in wrong), err=True)
    emit("".join(f"{clean(_line(plan))}\n" for plan in plans if not plan.contradictions))
    return 1 if wrong else 0


def _load(files: Sequence[str]) -> list[LoadedPlan]:
    """The plans of all files, each plan once.

    Raises Unusable with all that is wrong with all of them.
    """
    plans: dict[tuple[str, str], LoadedPlan] = {}
    problems: list[Problem] = []
    for name in files:
        path = Path(name)
        try:
            if path.name != PROJECT or _has_plan(path):
                plans.update({(plan.root, plan.path): plan for plan in load_plans(path.parent, None, [path])})
        except ManifestError as error:
            problems += error.problems
        except (OSError, ValueError) as error:
            raise plain(f"{name}: {why(error) if isinstance(error, OSError) else error}") from None
    if problems:
        raise unusable(ManifestError(problems))
    return list(plans.values())


def _has_plan(path: Path) -> bool:
    document = read_mentioning(b"hardcut", path, path.as_posix())
    tool = document.tables.get("tool") if document else None
    return is_table(tool) and "hardcut" in tool


def _line(plan: LoadedPlan) -> str:
    waves, gates = count(len(plan.manifest.wave), "wave"), count(len(plan.gates), "gate")
    return f"{plan.path}: valid: plan {plan.name} with {waves} and {gates}"
