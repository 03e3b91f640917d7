"""One digest for all files that a plan checks, the same on every machine."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence

from hardcut.engine.gather import Sources
from hardcut.plan.evidence import products
from hardcut.plan.gates import LoadedPlan
from hardcut.source.globs import globs


def tree_digests(
    sources: Sources, plans: Sequence[LoadedPlan], unlisted: Sequence[str] = ()
) -> Callable[[str], str]:
    """Gives a plan's digest by the plan's name, taken when it is asked for.

    It is about the paths and contents of what the plan's `check` names less its `exclude`, with CRLF as
    LF. The manifests, the evidence itself and the files that gates are judged by are left out. A run that
    leaves files out by itself (`unlisted`) looks at more than it lists: its outcome is not kept.
    """
    known: dict[str, str] = {}

    def asked(name: str) -> str:
        if name not in known:
            sources.lasting = sources.lasting and not unlisted
            plan = next(one for one in plans if one.name == name)
            known[name] = _tree_digest(sources, plan, {one.path for one in plans if one.has_file})
        return known[name]

    return asked


def _tree_digest(sources: Sources, plan: LoadedPlan, manifests: set[str]) -> str:
    settings = plan.manifest.plan
    left_out = globs(tuple(f"/{one}" for one in sorted(products(plan)) if one))
    whole = hashlib.blake2b(digest_size=20)
    for path in sources.tree.listing(settings.check, settings.exclude).files:
        if path not in manifests and not left_out.covers(path):
            whole.update(path.encode("utf-8", "surrogateescape") + b"\0" + sources.portable(path))
    return whole.hexdigest()
