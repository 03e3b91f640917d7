"""Violations of gates about who may reach and own what: surface, fail_fast, no_shims, native, delegate."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from hardcut.engine.selftest.plant import NAME, Ground, Plant, Snippet, Unplantable, Want, lost
from hardcut.plan.gates import Gate
from hardcut.plan.model import Delegate, FailFast, Native, NoShims, Surface
from hardcut.source.files import is_excluded


def surface(gate: Gate[Surface], ground: Ground) -> Iterator[Plant]:
    """An import of each banned module, in each module that the gate speaks about."""
    entry = gate.entry
    snippets = [Snippet(f"`import {one}`", f"import {one}", ("CUT301",)) for one in entry.banned]

    def fits(path: str, module: str) -> bool:
        return not is_excluded(path, entry.allow) and not _lies_in(module, entry.banned)

    yield from _within(gate, entry.within, snippets, fits, ground)


def fail_fast(gate: Gate[FailFast], ground: Ground) -> Iterator[Plant]:
    """A handler that swallows the failure of each guarded import or call, where the gate speaks."""
    entry = gate.entry
    modules = ground.run.targets.guarded_modules()
    snippets = [_swallowed(one, one in modules, ground) for one in entry.guard]

    def fits(path: str, module: str) -> bool:
        return not _lies_in(module, entry.guard)

    yield from _within(gate, entry.within, snippets, fits, ground)


def _swallowed(guard: str, module: bool, ground: Ground) -> Snippet:
    codes = ("CUT401", "CUT404")
    if module:
        text = f"try:\n    import {guard}\nexcept ImportError:\n    pass\n"
        return Snippet(f"a swallowed failure of `import {guard}`", text, codes)
    home = guard.rpartition(".")[0]
    while "." in home and not ground.project.exists(home) and ground.project.roots.is_first_party(home):
        home = home.rpartition(".")[0]
    call = f"    try:\n        {guard}()\n    except Exception:\n        return None\n"
    text = f"import {home}\ndef {ground.fresh()}():\n{call}" if home else f"def {ground.fresh()}():\n{call}"
    return Snippet(f"a swallowed failure of `{guard}()`", text, codes)


def no_shims(gate: Gate[NoShims], ground: Ground) -> Iterator[Plant]:
    """A re-export in each package's `__init__`, of a name from a new module in it."""
    for package in gate.entry.packages:
        path = ground.project.file(package)
        if path is None or not path.endswith("/__init__.py"):
            yield lost(f"`{package}` is no package with an `__init__`")
            continue
        module = ground.fresh()
        text = f"from {package}.{module} import {NAME}\n__all__ = [{NAME!r}]\n"
        plant = ground.appended(path, [Snippet(f"a re-export of `{NAME}`", text, ("CUT501",))])
        beside = f"{path.removesuffix('__init__.py')}{module}.py"
        yield Plant({**plant.files, beside: f"{NAME} = 0\n".encode()}, plant.wants)


def native(gate: Gate[Native], ground: Ground) -> Iterator[Plant]:
    """Each thing that the native side owns, made in Python in each module of the gate."""
    entry = gate.entry
    codes = ("CUT602",)
    snippets = [
        Snippet(f"a function `{one}`", f"def {_filled(one)}():\n    pass\n", codes) for one in entry.names
    ]
    for pattern in [*entry.bases, *entry.decorators, *entry.calls]:
        first, _, rest = _filled(pattern).partition(".")
        start = f"import {first}" if rest else f"from {NAME}_lib import {first}"
        used = f"{first}.{rest}" if rest else first
        name = ground.fresh()
        if pattern in entry.bases:
            said, made = f"a subclass of `{pattern}`", f"class {name}({used}):\n    pass"
        elif pattern in entry.decorators:
            said, made = f"a function made by `{pattern}`", f"@{used}\ndef {name}():\n    pass"
        else:
            said, made = f"a call of `{pattern}`", f"{name} = {used}({name!r})"
        snippets.append(Snippet(said, f"{start}\n{made}\n", codes))
    if not snippets:
        raise Unplantable("it names no implementation: `names`, `bases`, `decorators` and `calls` are empty")
    yield from _within(gate, entry.within, snippets, lambda *_: True, ground)


def delegate(gate: Gate[Delegate], ground: Ground) -> Iterator[Plant]:
    """The function with a body that reaches nothing."""
    function = gate.entry.function
    home, found = function, None
    while found is None and "." in home:
        home = home.rpartition(".")[0]
        found = ground.project.file(home)
    if found is None:
        yield lost(f"`{function}` does not exist")
        return
    owner, _, member = function[len(home) + 1 :].partition(".")
    word = re.compile(rb"(?<!\w)" + re.escape(owner.encode()) + rb"(?!\w)")
    body = "def {}(*arguments, **options):\n{}return None\n"
    text = f"class {owner}:\n    " + body.format(member, " " * 8) if member else body.format(owner, " " * 4)
    changed = word.sub(f"{NAME}_{owner}".encode(), ground.read(found)) + b"\n" + text.encode()
    said = f"a body of `{function}` that reaches nothing"
    yield Plant({found: changed}, [Want(said, ("CUT601",), found)])


def _within(
    gate: Gate[Any],
    within: Sequence[str],
    snippets: Sequence[Snippet],
    fits: Callable[[str, str], bool],
    ground: Ground,
) -> Iterator[Plant]:
    if not within:
        yield ground.anywhere(gate, snippets, fits)
    for module in within:
        yield ground.below(gate, module, snippets, fits)


def _lies_in(module: str, others: Sequence[str]) -> bool:
    return any(f"{module}.".startswith(f"{one}.") for one in others)


def _filled(pattern: str) -> str:
    """A name that a pattern with `*`, `?` and `[...]` matches."""
    plain = re.sub(r"\[!?(.)[^]]*\]", r"\1", pattern).replace("*", "x").replace("?", "x")
    return plain or NAME
