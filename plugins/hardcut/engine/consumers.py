"""Which names of some modules the rest of a project imports."""

from __future__ import annotations

from hardcut.engine.gather import Sources
from hardcut.source.python.imports import absolute


def imported(sources: Sources, listed: list[str], modules: list[str]) -> frozenset[str]:
    """The dotted paths `module.name` that import statements of other files name."""
    wanted, found = set(modules), set[str]()
    for path in listed if wanted else ():
        if sources.language(path) != "python":
            continue
        for written, names in sources.scan(path).imports:
            tail = written.lstrip(".")
            level = len(written) - len(tail)
            module = absolute(tail, level, sources.roots.package_of(path)) if level else tail
            if module in wanted and sources.roots.module_of(path)[0] != module:
                found.update(f"{module}.{name}" for name in names)
    return frozenset(found)
