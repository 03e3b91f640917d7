"""A run: a pure function of files and plans."""

from __future__ import annotations

import atexit
import itertools
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import msgspec

from hardcut.engine.cache import Cache
from hardcut.engine.gather import Sources, select
from hardcut.engine.options import Options
from hardcut.engine.outcome import finding, ordered
from hardcut.engine.past import history
from hardcut.engine.recall import key_of, recall, remember
from hardcut.engine.report_data import Pending, Report
from hardcut.finding import Finding, State
from hardcut.plan.gates import LoadedPlan
from hardcut.plan.model import Entry
from hardcut.rules.registry import RULES
from hardcut.rules.rule import Hit, Rule
from hardcut.rules.run import Run
from hardcut.source.facts import Facts
from hardcut.source.files import is_excluded, listing
from hardcut.source.globs import Globs, globs
from hardcut.source.modules import Roots
from hardcut.source.textfiles import language_of


def check(options: Options) -> Report:
    """Hold the code to the plans; the whole project, or some of its files."""
    root = Path(options.root)
    plans = [_with_landed(plan, options.assume_landed) for plan in options.plans]
    whole = not options.paths and options.stdin is None
    listed, unmatched = _listing(root, options)
    sources, run = _prepare(root, plans, whole, options.cache, options.stdin)
    key = key_of(options, listed)
    known = recall(sources, key) if run.whole and options.cache else None
    if known is not None:
        sources.cache.save()
        return known
    run.unmatched = unmatched
    run.history = history(root, plans, sources) if run.whole else run.history
    chosen = _choose(sources, run, listed, options.jobs)
    sources.prepare(chosen, options.jobs)
    rules = [rule for rule in RULES if _wanted(rule, options)]
    found: list[Finding] = []
    for rule in rules:
        if rule.project is not None and run.whole:
            found += [finding(rule, hit) for hit in rule.project(run)]
    for path in chosen:
        found += _of_file(path, sources, run, rules)
    kept = ordered(one for one in found if _in_wave(one, options))
    report = Report(
        [one for one in kept if one.contested is None],
        [one for one in kept if one.contested is not None],
        _pending(plans, options),
        len(listed),
        len(chosen),
        run.whole,
    )
    if run.whole and options.cache:
        remember(sources, key, report, run.history.asked)
    sources.cache.save()
    return report


def check_file(
    plans: list[LoadedPlan], root: str, path: str, source: bytes, cache: bool = True
) -> list[Finding]:
    """The findings that one file alone gives, for hosts that see a file at a time.

    `path` is relative to the root. Contested findings and those of planned waves are left out; a
    file outside the plans' `check` paths gives nothing. What is learnt of other files is kept for the
    next call with the same list of plans, so a process is expected to see one state of the project.
    """
    if not any(_covers(plan, path) for plan in plans):
        return []
    session = _SESSIONS.get(id(plans))
    if session is None or session[0] is not plans:
        made = _prepare(Path(root), plans, False, cache)
        session = _SESSIONS[id(plans)] = (plans, *made)
        atexit.register(made[0].cache.save)
    _, sources, run = session
    sources.give(path, source)
    if not _choose(sources, run, [path]):
        return []
    found = ordered(_of_file(path, sources, run, [rule for rule in RULES if rule.file is not None]))
    return [one for one in found if one.contested is None and one.severity != "info"]


_SESSIONS: dict[int, tuple[list[LoadedPlan], Sources, Run]] = {}


def _listing(root: Path, options: Options) -> tuple[list[str], dict[str, list[str]]]:
    """The files to check, and for each plan the `check` entries that match none."""
    if options.stdin is not None:
        return [options.stdin[0]], {}
    if options.paths:
        excluded = [*options.exclude, *(one for plan in options.plans for one in plan.manifest.plan.exclude)]
        return [
            path for path in options.paths if not (options.force_exclude and is_excluded(path, excluded))
        ], {}
    files: dict[str, None] = {}
    unmatched: dict[str, list[str]] = {}
    for plan in options.plans:
        settings = plan.manifest.plan
        found = listing(root, settings.check, [*settings.exclude, *options.exclude])
        files.update(dict.fromkeys(found.files))
        unmatched[plan.name] = found.unmatched
    own = {plan.path for plan in options.plans if not plan.path.endswith("pyproject.toml")}
    return sorted(path for path in files if path not in own), unmatched


def _prepare(
    root: Path, plans: list[LoadedPlan], whole: bool, cache: bool, given: tuple[str, bytes] | None = None
) -> tuple[Sources, Run]:
    folders = list(dict.fromkeys(one for plan in plans for one in plan.manifest.plan.source))
    sources = Sources(
        root, Roots(root, folders), folders, Cache(root, cache), dict([given]) if given else None
    )
    run = Run(plans, sources.project, whole)
    sources.words = run.words
    return sources, run


def _choose(sources: Sources, run: Run, listed: list[str], jobs: int | None = 1) -> list[str]:
    """The listed files that may say something, with those whose imports may dangle."""
    targets = run.targets

    def leads(target: str) -> bool:
        return targets.deleted_by(target) is not None or targets.banned_by(target) is not None

    laundered: set[str] = set()
    free, parents = targets.symbol_words(), targets.parents()
    chosen = select(sources, listed, sources.words, free, parents, leads, laundered, jobs)
    run.laundered = frozenset(laundered) if run.whole else frozenset()
    extra = [path for path in listed if language_of(path) == "python" and _may_dangle(path, sources, run)]
    return list(dict.fromkeys(itertools.chain(chosen, extra)))


def _may_dangle(path: str, sources: Sources, run: Run) -> bool:
    from hardcut.rules.deleted.dangling_import import dangling
    from hardcut.source.python.imports import absolute

    for written, names in sources.scan(path).imports:
        tail = written.lstrip(".")
        level = len(written) - len(tail)
        module = absolute(tail, level, sources.roots.package_of(path)) if level else tail
        if not module or not run.project.roots.is_first_party(module):
            continue
        if not run.project.exists(module):
            return True
        if any(name != "*" and dangling(module, name, run) is not None for name in names):
            return True
    return False


def _of_file(path: str, sources: Sources, run: Run, rules: Iterable[Rule]) -> list[Finding]:
    facts = without_plan(sources.facts(path), sources, run)
    covering = {plan.name for plan in run.plans if _covers(plan, path)}
    found: list[Finding] = []
    for rule in rules:
        if rule.file is not None:
            hits: Iterator[Hit] | Iterable[Hit] = rule.file(facts, run)
            found += [finding(rule, hit) for hit in hits if hit.gate.plan in covering]
    return found


def without_plan(facts: Facts, sources: Sources, run: Run) -> Facts:
    """A pyproject.toml's facts without the lines of the plan that it holds."""
    if not any(plan.path == facts.path for plan in run.plans):
        return facts
    own: set[int] = set()
    inside = False
    for number, line in enumerate(sources.read(facts.path).decode("utf-8", "replace").splitlines(), 1):
        if line.lstrip().startswith("["):
            inside = line.replace("[", "").replace(" ", "").startswith("tool.hardcut")
        if inside:
            own.add(number)
    return msgspec.structs.replace(facts, texts=[one for one in facts.texts if one.span.line not in own])


def _covers(plan: LoadedPlan, path: str) -> bool:
    settings = plan.manifest.plan
    if is_excluded(path, settings.exclude):
        return False
    return any(one in (".", "./") for one in settings.check) or _named(settings.check).covers(path)


def _named(check: Sequence[str]) -> Globs:
    """The `check` entries as globs that start at the root."""
    return globs(tuple(f"/{one.removeprefix('./').rstrip('/')}" for one in check))


def _with_landed(plan: LoadedPlan, landed: frozenset[str]) -> LoadedPlan:
    """The plan as if some waves had landed."""
    if not landed:
        return plan
    state: State = "landed"
    gates = [msgspec.structs.replace(one, state=state) if one.wave in landed else one for one in plan.gates]
    return msgspec.structs.replace(plan, gates=gates)


def _wanted(rule: Rule, options: Options) -> bool:
    if rule.code in options.ignore:
        return False
    return not options.select or rule.code in options.select


def _in_wave(one: Finding, options: Options) -> bool:
    return options.waves is None or one.wave is None or one.wave in options.waves


def _pending(plans: list[LoadedPlan], options: Options) -> list[Pending]:
    """Gates of kinds that no rule asks for yet."""
    ruled = {kind for rule in RULES for kind in rule.gates}
    found: list[Pending] = []
    for plan in plans:
        for gate in plan.gates:
            kind = kind_of(gate.entry)
            if kind not in ruled and (options.waves is None or gate.wave in options.waves):
                found.append(Pending(kind, gate.wave, plan.name, gate.declared))
    return found


def kind_of(entry: Entry) -> str:
    """The manifest's table name of an entry, such as `fail_fast`."""
    name = type(entry).__name__
    if name == "EntryPoint":
        return "entrypoint"
    return "".join(f"_{sign.lower()}" if sign.isupper() else sign for sign in name).lstrip("_")
