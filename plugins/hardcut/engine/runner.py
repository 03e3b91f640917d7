"""Rules applied to the files that may say something."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Iterable

import msgspec

from hardcut.engine.across import across
from hardcut.engine.consumers import imported
from hardcut.engine.fixing import with_fixes
from hardcut.engine.gather import Sources
from hardcut.engine.history.compare import Comparison
from hardcut.engine.history.manifests import Before, before
from hardcut.engine.history.past import PARTIAL, UNLISTED, history
from hardcut.engine.history.undetermined import undetermined_notes
from hardcut.engine.listing import listing_of
from hardcut.engine.options import Options
from hardcut.engine.outcome import finding, ordered
from hardcut.engine.report_data import Pending, Report, Undetermined
from hardcut.engine.scope import covers
from hardcut.engine.select import select
from hardcut.engine.tree_digest import tree_digests
from hardcut.engine.waivers import settle, with_landed
from hardcut.finding import Finding
from hardcut.plan.gates import LoadedPlan
from hardcut.plan.label import kind_of
from hardcut.plan.model import Delete, Remove
from hardcut.rules.context import RuleContext
from hardcut.rules.deleted.dangling_import import dangling
from hardcut.rules.manifest import unreadable_source
from hardcut.rules.manifest.matching import MatchState
from hardcut.rules.manifest.unmatched_entry import RULE as UNMATCHED
from hardcut.rules.registry import RULES
from hardcut.rules.rule import Rule, Violation
from hardcut.source.facts import Facts, Span
from hardcut.source.project import Project
from hardcut.source.python.imports import absolute

UNREADABLE = unreadable_source.RULE
NO_GATES = "{}: the plan has no gates yet, so nothing can be found"
EMPTY = "wave {} of {} has landed without a gate, so that it holds nothing"


def judge(sources: Sources, options: Options, listed: list[str], unmatched: dict[str, list[str]]) -> Report:
    """All findings over the listed files; `unmatched` are each plan's `check` entries that match none."""
    plans = [with_landed(plan, options.assume_landed) for plan in options.plans]
    run = RuleContext(plans, sources.project, not options.paths and options.stdin is None)
    run.replaces, run.selected = options.replaces, options.select
    take_words(sources, run)
    rules = [rule for rule in RULES if _wanted(rule, options)]
    if not any(rule.family == "fail_fast" for rule in rules):
        sources.guarded = frozenset()
    run.unmatched = unmatched
    run.listed = listed
    if run.whole:
        run.history = history(sources.root, plans, sources)
        run.tree = tree_digests(sources, plans, options.exclude)
    chosen = choose(sources, run, listed, options.jobs)
    run.imported = imported(sources, listed, run.shims.modules()) if run.whole else run.imported
    sources.prepare(chosen, options.jobs)
    comparison = Comparison(sources, options.base) if options.compare else None
    known = before(comparison, options.plans) if comparison is not None and run.whole else Before()
    run.earlier, run.gone, run.fresh = known.earlier, known.gone, known.fresh
    found: list[Finding] = []
    for rule in rules:
        if rule.project is not None and run.whole:
            found += [finding(rule, hit) for hit in rule.project(run)]
    for path in chosen:
        found += of_file(path, sources, run, [rule for rule in rules if rule is not UNREADABLE])
    if UNREADABLE in rules:
        found += unread(chosen, sources, run)
    kept = ordered((one for one in found if _in_wave(one, options)), run.replaces)
    notes = [NO_GATES.format(plan.name) for plan in plans if run.whole and not plan.gates]
    notes += [EMPTY.format(wave, plan.name) for plan in plans if run.whole for wave in _empty(plan)]
    undetermined = _undetermined(run, options) if UNMATCHED in rules and run.whole else []
    notes += undetermined_notes(undetermined)
    if comparison is not None:

        def judged(past: Sources, paths: list[str], codes: frozenset[str]) -> list[Finding]:
            return in_past(past, paths, codes, run, options)

        kept = comparison.told_apart(kept, judged)
        notes += [*known.notes, *comparison.notes(kept)]
    everything = run.whole and not (options.select or options.ignore or options.waves or options.exclude)
    today = options.today or datetime.date.today()
    settled = settle(kept, sources, run, rules, today, everything)
    kept = with_fixes(settled.standing, sources, options.waves is not None)
    sources.asked_git = run.history.consulted or bool(undetermined)
    sources.base = comparison.asked if comparison is not None and run.whole else None
    # What git lacks may be fetched while HEAD stays.
    lacking = any(entry.reason in (PARTIAL, UNLISTED) for entry in undetermined)
    sources.lasting = sources.lasting and not (lacking or (comparison is not None and comparison.missing))
    return Report(
        [one for one in kept if one.contested is None],
        [one for one in kept if one.contested is not None],
        _pending(plans, options),
        len(listed),
        len(chosen),
        run.whole,
        notes,
        settled.waived,
        comparison.said(kept) if comparison is not None else None,
        undetermined,
        ignored=settled.ignored,
        ignoring=settled.ignoring,
    )


def unread(chosen: list[str], sources: Sources, run: RuleContext) -> list[Finding]:
    """What could not be read or analysed to its end: known once all other rules have asked their questions.

    That may be in a file that nobody listed: others lead through it.
    """
    found: list[Finding] = []
    for path in chosen:
        found += of_file(path, sources, run, [UNREADABLE])
    for path in run.project.limits.keys() - set(chosen):
        found += [finding(UNREADABLE, hit) for hit in unreadable_source.check(Facts(path, None), run)]
    return found


def in_past(
    past: Sources, paths: list[str], codes: frozenset[str], run: RuleContext, options: Options | None = None
) -> list[Finding]:
    """The findings of some rules in some files of a run's base; without options, of these files alone."""
    earlier = RuleContext(run.plans, past.project, run.whole)
    earlier.history, earlier.replaces, earlier.selected = run.history, run.replaces, run.selected
    take_words(past, earlier)
    listed = listing_of(past.tree, options)[0] if run.whole and options is not None else paths
    earlier.listed = listed
    chosen = choose(past, earlier, listed, options.jobs if options is not None else 1)
    earlier.imported = imported(past, listed, earlier.shims.modules()) if run.whole else earlier.imported
    rules = [rule for rule in RULES if rule.code in codes]
    found: list[Finding] = []
    for rule in rules:
        if rule.project is not None and run.whole:
            found += [finding(rule, hit) for hit in rule.project(earlier)]
    wanted = set(paths)
    for path in chosen:
        if path in wanted:
            found += of_file(path, past, earlier, rules)
    return ordered(found, run.replaces)


def take_words(sources: Sources, run: RuleContext) -> None:
    """Hand the plans' words to what reads files."""
    sources.words = run.words
    sources.guarded = run.targets.guard_words()
    sources.alone = frozenset(word for word, above in run.targets.parents().items() if "" in above)


def choose(sources: Sources, run: RuleContext, listed: list[str], jobs: int | None = 1) -> list[str]:
    """The listed files that may say something, with those whose imports may dangle."""
    targets = run.targets

    def leads(target: str) -> bool:
        return targets.deleted_by(target) is not None or targets.banned_by(target) is not None

    closed = [path for path in sources.tree.unreadable(listed) if path not in sources.given]
    for path in closed:
        sources.give_up(path)
    re_exported: set[str] = set()
    free, parents = targets.symbol_words(), targets.parents()
    chosen = select(sources, listed, sources.words, free, parents, leads, re_exported, jobs)
    run.re_exported = frozenset(re_exported) if run.whole else frozenset()
    homes = {path for module in run.asked_about() for path in run.project.files(module)}
    extra = [
        path
        for path in listed
        if path in homes
        or (
            sources.language(path) == "python"
            and (run.is_owned(sources.roots.module_of(path)[0]) or _may_dangle(path, sources, run))
        )
    ]
    sources.across = across(sources, run, listed, jobs) if sources.partial is None else {}
    return list(dict.fromkeys(itertools.chain(closed, chosen, extra, sources.across)))


def _may_dangle(path: str, sources: Sources, run: RuleContext) -> bool:
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


def of_file(path: str, sources: Sources, run: RuleContext, rules: Iterable[Rule]) -> list[Finding]:
    """What the rules about single files say about one, for the plans that check it; in no order."""
    return of_facts(without_plan(sources.across.get(path) or sources.facts(path), sources, run), run, rules)


def of_facts(facts: Facts, run: RuleContext, rules: Iterable[Rule]) -> list[Finding]:
    """What the rules about single files say about one file's facts."""
    covering = {plan.name for plan in run.plans if covers(plan, facts.path)}
    found: list[Finding] = []
    for rule in rules:
        if rule.file is not None:
            found += [
                finding(rule, violation)
                for violation in rule.file(facts, run)
                if violation.gate.plan in covering and not _is_exempt(rule, violation, facts, run)
            ]
    return found


def _is_exempt(rule: Rule, violation: Violation, facts: Facts, run: RuleContext) -> bool:
    """Whether code asserts that what it names is gone, as a test of a cutover does, and it is gone."""
    place = violation.place
    if not rule.exempts_absence or facts.language != "python" or place.line is None:
        return False
    if _is_there(violation, run.project):
        return False
    span = Span(
        place.line, place.column or 1, place.end_line or place.line, place.end_column or 1, place.cell
    )
    return run.project.asserts_absence(facts.path, span, False)


def _is_there(violation: Violation, project: Project) -> bool:
    """Whether what a violation is about, a deleted module or a removed name, is still there."""
    entry = violation.gate.entry
    if isinstance(entry, Delete):
        return project.exists(entry.module)
    if isinstance(entry, Remove):
        name = violation.subject.removeprefix(f"{entry.module}.").partition(".")[0]
        return name in (project.names(entry.module) or {})
    return False


def without_plan(facts: Facts, sources: Sources, run: RuleContext) -> Facts:
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


def _wanted(rule: Rule, options: Options) -> bool:
    if rule.code in options.ignore or rule.code in options.omit:
        return False
    return not options.select or rule.code in options.select


def _empty(plan: LoadedPlan) -> list[str]:
    """The waves that have landed with nothing to hold, in a plan that has gates elsewhere."""
    held = {gate.wave for gate in plan.gates}
    return [wave.id for wave in plan.manifest.wave if held and wave.state == "landed" and wave.id not in held]


def _in_wave(one: Finding, options: Options) -> bool:
    return options.waves is None or one.wave is None or one.wave in options.waves


def _undetermined(run: RuleContext, options: Options) -> list[Undetermined]:
    """What active and landed entries name and do not find, where the history cannot tell if it was there."""
    return [
        Undetermined(kind_of(gate.entry), one.subject, gate.wave, gate.plan, gate.declared, one.reason)
        for one in run.matching
        for gate in [one.gate]
        if one.state is MatchState.UNKNOWN
        and gate.state != "planned"
        and gate.entry.allow_unmatched is None
        and (options.waves is None or gate.wave in options.waves)
    ]


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
