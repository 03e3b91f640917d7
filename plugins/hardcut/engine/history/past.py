"""What used to exist, by the plan's base revision or by git's history; and the project as it was."""

from __future__ import annotations

from pathlib import Path

from hardcut.engine.gather import Sources
from hardcut.engine.history.base import find_base
from hardcut.plan.gates import LoadedPlan
from hardcut.rules.history import History, Past
from hardcut.source.git import commit, git
from hardcut.source.project import Project
from hardcut.source.python.toplevel import top_level
from hardcut.source.revision import RevisionTree


def history(root: Path, plans: list[LoadedPlan], sources: Sources) -> History:
    """What git can tell: the plan's base revision where it is named and known, else all of history."""
    base = next((plan.manifest.plan.base for plan in plans if plan.manifest.plan.base), None)

    def paths(module: str) -> list[str]:
        name = module.replace(".", "/")
        return [*sources.project.candidates(module), f"{name}.py", name]

    if not (root / ".git").exists() and git(root, "rev-parse", "--is-inside-work-tree") is None:
        return History(paths)
    if (
        base is not None
        and not base.startswith("-")
        and git(root, "rev-parse", "-q", "--verify", f"{base}^{{commit}}")
    ):

        def blob(path: str) -> bytes | None:
            return git(root, "cat-file", "-p", f"{base}:./{path.rstrip('/')}")

        return History(paths, blob, None, lambda data: top_level(data, None), base, Earlier(plans, sources))

    folders = sorted({one for plan in plans for one in plan.manifest.plan.source})

    def existed(paths: list[str]) -> bool | None:
        known = git(root, "log", "-1", "--format=%h", "--", *paths)
        if known is None or known.strip():
            return None if known is None else True
        shallow = git(root, "rev-parse", "--is-shallow-repository")
        if shallow is None or shallow.strip() == b"true":
            return None
        return not _reaches_back(root, plans, folders)

    return History(paths, None, existed, at=Earlier(plans, sources))


class Earlier:
    """A project as it was at revisions, each read from git's objects once."""

    def __init__(self, plans: list[LoadedPlan], sources: Sources) -> None:
        self._bases = {plan.name: plan.manifest.plan.base for plan in plans}
        self._sources = sources
        self._known: dict[str, Project] = {}

    def __call__(self, plan: str, since: str | None) -> Past | str:
        """The project at `since`, else at the plan's base, else at the merge-base; or why it is not known."""
        root = self._sources.root
        named = since or self._bases.get(plan)
        if named is None:
            base = find_base(root)
            found, said, why = (
                base.commit,
                (base.commit or "")[:12],
                f"no `plan.base` is named, and {base.said}",
            )
        else:
            found, said, why = commit(root, named), named, f"git knows no revision `{named}` here"
        # A branch may point elsewhere tomorrow, and a merge-base moves.
        self._sources.revisions[named or ""] = found or ""
        if found is None:
            return why
        if found not in self._known:
            tree = RevisionTree(root, found)
            self._known[found] = Sources(tree, self._sources.folders, self._sources.cache).project
        return Past(said, self._known[found])


def _reaches_back(root: Path, plans: list[LoadedPlan], folders: list[str]) -> bool:
    """Whether git's history is older than the plan: one that begins with it has nothing to tell."""
    for plan in plans:
        added = git(root, "log", "--diff-filter=A", "--format=%H", "--", plan.path)
        commits = added.decode("ascii", "replace").split() if added else []
        before = f"{commits[-1]}^" if commits else "HEAD"
        if not any(git(root, "cat-file", "-e", f"{before}:./{folder}") is not None for folder in folders):
            return False
    return True
