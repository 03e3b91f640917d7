"""What the rules about removed and moved names share."""

from __future__ import annotations

import re
from collections.abc import Iterator

from hardcut.rules.context import RuleContext
from hardcut.rules.targets import Symbol
from hardcut.source.facts import Facts, Span, Text

DOTTED = re.compile(r"[^\W\d]\w*(?:[.:][^\W\d]\w*)+")


def composed_paths(facts: Facts, run: RuleContext) -> Iterator[tuple[str, Span]]:
    """The dotted names that are put together from parts (`f"{HOME}.Money"`), each with its place.

    Names that loggers and the like are given, and sentences, are left out.
    """
    for computed in facts.computed:
        called = (computed.callee or "").rsplit(".", 1)[-1]
        if computed.exact and called not in run.labels and DOTTED.fullmatch(computed.value):
            yield computed.value.replace(":", "."), computed.span


PATCHING = frozenset({"patch", "object", "setattr", "delattr", "spy", "stub"})
"""Last names of functions of mock, pytest-mock and monkeypatch that look a name up where a text says."""


def reached(
    path: str, where: dict[str, list[Symbol]], run: RuleContext, text: Text | None = None
) -> Iterator[tuple[Symbol, str]]:
    """The symbols that a dotted path really leads to, with the module that the path goes through.

    A path through a facade counts unless that package binds the name to something else; a path
    through any other module counts where re-exports lead from it to the symbol. `text` is the string that
    the path is written in: where the package binds nothing of that name, it has to look like a reference.
    """
    if not any(part in where for part in path.split(".")):
        return
    found = False
    for symbol, through in run.targets.symbols(where, path):
        is_text = text is not None and not _is_looked_up(text, symbol, run)
        if through in symbol.homes or hands_on(run, through, symbol, not is_text):
            found = True
            yield symbol, through
    if found:
        return
    for target in run.project.resolve(path):
        if target != path:
            for symbol, through in run.targets.symbols(where, target):
                if through in symbol.homes or through in symbol.new:
                    yield symbol, path.rsplit(".", 1)[0]


def _is_looked_up(text: Text, symbol: Symbol, run: RuleContext) -> bool:
    """Whether a string may name a symbol that its package does not offer any more.

    `"wagtail.edit"` is an action of Wagtail's log, and no function of a module far below `wagtail`.
    """
    # `{"action": "wagtail.edit"}` is no row of a lazy table, in which `action` would be the name.
    is_row = text.pair is not None and f".{text.pair}".endswith(f".{symbol.name}")
    if is_row or text.role in ("all", "member") or text.sinks or run.imports_its_argument(text):
        return True
    called = (text.callee or "").rpartition(".")[2]
    return called in PATCHING or symbol.name.lstrip("_")[:1].isupper()


def hands_on(run: RuleContext, package: str, symbol: Symbol, used_to: bool = True) -> bool:
    """Whether a package above a symbol's home hands that very symbol on, or with `used_to` once did."""
    path = f"{package}.{symbol.name}"
    for target in run.project.resolve(path):
        if target == path:
            names = run.project.names(package)
            if names is not None and symbol.name.split(".", 1)[0] not in names:
                return used_to and not run.project.exists(path)
            continue
        if any(target == f"{home}.{symbol.name}" for home in (*symbol.homes, *symbol.new)):
            return True
    return False


def text_paths(text: Text, facts: Facts) -> list[str]:
    """The dotted paths that a whole string may stand for: a pair, an `__all__` entry, a dotted name."""
    found: list[str] = []
    if text.pair is not None:
        if text.pair.startswith("."):
            found.append(f"{facts.module}{text.pair}")
        found.append(text.pair.lstrip("."))
    if text.value is not None:
        if text.role == "all" and facts.module is not None:
            found += [f"{facts.module}.{name}" for name in text.value.split() if name.isidentifier()]
        elif len(text.value) < 300 and DOTTED.fullmatch(text.value):
            found.append(text.value.replace(":", "."))
    return found
