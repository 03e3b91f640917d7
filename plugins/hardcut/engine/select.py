"""Which files of a project have something to say."""

from __future__ import annotations

import itertools
from collections.abc import Callable

from hardcut.engine.gather import Sources
from hardcut.source.facts import Limit, Span
from hardcut.source.prefilter import STAR, marked
from hardcut.source.suppressions import WORDS as SILENCING

ROUNDS = 200
"""So many re-exports in a row, each under another name, are followed: each searches the whole project."""


def select(
    sources: Sources,
    paths: list[str],
    words: frozenset[str],
    free: frozenset[str],
    parents: dict[str, set[str]],
    leads: Callable[[str], bool],
    re_exported: set[str],
    jobs: int | None = None,
) -> list[str]:
    """The files that may say something about the plan, by their words alone.

    `leads` tells whether a path reaches a target; `re_exported` takes up the paths under which modules
    of the project hand targets on.

    `free` words count wherever they stand. A word of `parents` (the last part of a module's name)
    counts in a file that also holds one of the names that stand above it, or that lies in such a
    package. Re-exports add names above: a module that binds the word to a target, or stars it, does.
    """
    if not words:
        return []
    above = {word: set(names) for word, names in parents.items()}
    known = {*words, *(name for names in above.values() for name in names if name), STAR, *SILENCING}
    known |= {one for word in above for one in marked(word)}
    inside = sources.survey(paths, frozenset(known), jobs)
    chosen: dict[str, None] = {}
    for turn in itertools.count():
        fresh = [
            path
            for path in paths
            if path not in chosen and _counts(path, inside[path], free, above, sources, leads)
        ]
        if not fresh:
            return [path for path in paths if path in chosen]
        chosen.update(dict.fromkeys(fresh))
        if turn == ROUNDS:
            what = f"a target was followed through {ROUNDS} re-exports under other names only"
            for path in fresh:
                sources.project.note(path, [Limit(Span(1, 1, 1, 1), what)])
            break
        sources.prepare(fresh, jobs)
        added = _handed_on(fresh, above, sources, leads, re_exported)
        if added - known:
            more = sources.survey(paths, frozenset(added - known), jobs)
            inside = {path: words | more[path] for path, words in inside.items()}
            known |= added
    return [path for path in paths if path in chosen]


def _counts(
    path: str,
    inside: frozenset[str],
    free: frozenset[str],
    above: dict[str, set[str]],
    sources: Sources,
    leads: Callable[[str], bool],
) -> bool:
    """Whether a file may say something: it lies in a target itself, or holds the words for one."""
    if inside & free:
        return True
    module, is_package = sources.roots.module_of(path)
    if module is not None and leads(f"{module}._"):
        return True
    lies: set[str] | None = None
    for word in inside:
        names = above.get(word)
        if names is None:
            continue
        own = is_package and module is not None and module.rsplit(".", 1)[-1] in names
        if not own and not _stands_as_module(path, word, inside, sources):
            continue
        if "" in names or names & inside:
            return True
        if lies is None:
            lies = set((sources.roots.package_of(path) or "").split("."))
        if names & lies:
            return True
    return False


def _stands_as_module(path: str, word: str, inside: frozenset[str], sources: Sources) -> bool:
    """Whether a word follows a dot, slash or quote, or an import binds it: else it is a local name."""
    if STAR in inside or not inside.isdisjoint(marked(word)):
        return True
    if sources.language(path) != "python":
        return sources.language(path) == "notebook"
    return any(word in names or word in module.split(".") for module, names in sources.scan(path).imports)


def _handed_on(
    fresh: list[str],
    above: dict[str, set[str]],
    sources: Sources,
    leads: Callable[[str], bool],
    re_exported: set[str],
) -> set[str]:
    """The words by which further files may reach a target that a module hands on, noted in `above`.

    A module that binds a target to a name (its own or another) may stand above that name.
    """
    added: set[str] = set()
    for path in fresh:
        if sources.language(path) != "python":
            continue
        for definition in sources.facts(path).bound():
            target = definition.target
            if target is None or not (leads(target) or target in re_exported):
                continue
            module, _ = sources.roots.module_of(path)
            if module is None:
                continue
            re_exported.add(f"{module}.{definition.name}")
            leaf = module.rsplit(".", 1)[-1]
            for word in [*above] if definition.name == "*" else [definition.name]:
                above.setdefault(word, set()).add(leaf)
                added |= {leaf, word, *marked(word)}
    return added
