"""What would fix a use of a name that has moved: old paths and the new ones, or why there is no edit."""

from __future__ import annotations

import re

from hardcut.finding import Unfixed
from hardcut.rules.context import RuleContext
from hardcut.rules.string_role import StringRole
from hardcut.source.definitions import Standing, standing
from hardcut.source.facts import Context, Facts, Import, Text

Fix = dict[str, str] | Unfixed
"""What is written (a dotted path, the text of a string) to what should be; or why nothing is edited."""

_STANDINGS: dict[Standing, Unfixed | None] = {
    Standing.DEFINED: None,
    Standing.FOREIGN: None,
    Standing.UNCERTAIN: Unfixed.UNCERTAIN,
    Standing.CIRCULAR: Unfixed.CIRCULAR,
    Standing.MISSING: Unfixed.NOT_DEFINED,
}
_ROLES: dict[StringRole, Unfixed] = {
    StringRole.LOGGER: Unfixed.LOGGER,
    StringRole.LABEL: Unfixed.LABEL,
    StringRole.KEY: Unfixed.KEY,
    StringRole.COMPARED: Unfixed.COMPARED,
    StringRole.ABSENCE: Unfixed.ABSENCE,
    StringRole.TEST_CASE: Unfixed.TEST_CASE,
    StringRole.OLD_NAME: Unfixed.OLD_NAME,
    StringRole.MESSAGE: Unfixed.MESSAGE,
    StringRole.COMMENT: Unfixed.PROSE,
    StringRole.DOCSTRING: Unfixed.PROSE,
    StringRole.PROSE: Unfixed.FILE_TYPE,
    StringRole.TEXT: Unfixed.FILE_TYPE,
}


_BELOW = re.compile(r"(?:[.:]\w+)*")
"""What may follow a module in a string that is a path: names, each after a dot or colon."""


def lives(path: str, run: RuleContext, facts: Facts | None = None) -> bool:
    """Whether a dotted path is there to be imported: in the project, or in a package of somebody else.

    Never from within that very module, where `facts` are of it.
    """
    return why_not(path, run, facts) is None


def why_not(path: str, run: RuleContext, facts: Facts | None = None) -> Unfixed | None:
    """Why a dotted path cannot be imported from a file with these facts; None if it can."""
    # A package may import its own submodule.
    if facts is not None and facts.module == path.rpartition(".")[0] and not run.project.exists(path):
        return Unfixed.CIRCULAR
    return _STANDINGS[standing(run.project, path)]


def is_there(path: str, run: RuleContext) -> bool:
    """Whether a dotted path of the project still leads to something.

    A module `__getattr__` does not tell, and an import of what is gone leads nowhere.
    """
    return standing(run.project, path) is Standing.DEFINED


def import_fix(facts: Facts, entry: Import, paths: dict[str, str | Unfixed], run: RuleContext) -> Fix:
    """The new paths of imported names; a reason if one has none, or if a failure to import is expected."""
    if facts.language != "python":
        return Unfixed.FILE_TYPE
    if entry.guarded:
        return Unfixed.CAUGHT_IMPORT
    if not entry.scope and f"{facts.module}.{entry.alias}" in paths:
        # `from . import cart as legacy` in the package itself would bring the old path back.
        return Unfixed.DECISION
    found: dict[str, str] = {}
    for old, new in paths.items():
        reason = new if isinstance(new, Unfixed) else why_not(new, run, facts)
        if reason is not None:
            return reason
        assert isinstance(new, str)
        found[old] = new
    return found or Unfixed.DECISION


def text_reason(text: Text, facts: Facts, run: RuleContext) -> Unfixed:
    """Why a text that holds more than a name is not edited."""
    return _ROLES.get(run.role(text, facts.language), Unfixed.COMPOSED)


def pair_fix(text: Text, old: str, new: str | Unfixed, run: RuleContext) -> Fix:
    """The new path of a name that a table pairs with its home, in two strings of which this is the name.

    A reason if the old path still leads somewhere, so that both may be meant, or the new one does not.
    """
    name = old.rpartition(".")[2]
    in_table = text.role in ("key", "pair") or text.container == "tuple"
    if text.pair != old or not in_table or not text.value == text.text == name:
        return Unfixed.COMPOSED
    if (reason := _ROLES.get(run.role(text, "python"))) is not None:
        return reason
    if is_there(old, run):
        return Unfixed.STILL_DEFINED
    if isinstance(new, Unfixed):
        return new
    if not new.endswith(f".{name}"):
        return Unfixed.NOT_DEFINED
    reason = why_not(new, run)
    return {old: new} if reason is None else reason


def string_fix(text: Text, old: str, new: str | Unfixed, facts: Facts, run: RuleContext) -> Fix:
    """The text of a string that is a path (`old`, and what follows), with the new path in its place.

    A reason if the string is no reference, if the old path still leads somewhere, so that both may be
    meant, or if the new one does not.
    """
    value = text.value
    reason = _ROLES.get(run.role(text, facts.language))
    if reason is not None:
        return reason
    if facts.language != "python":
        return Unfixed.FILE_TYPE
    if run.is_imported(text) and any(Context.CAUGHT in use.contexts for use in text.uses):
        return Unfixed.CAUGHT_IMPORT
    if isinstance(new, Unfixed):
        return new
    if value is None or value != text.text:
        return Unfixed.COMPOSED
    head, rest = value[: len(old)], value[len(old) :]
    colon = head.find(":")
    tail = f".{old[colon + 1 :]}" if colon >= 0 else ""
    if head.replace(":", ".") != old or _BELOW.fullmatch(rest) is None or not new.endswith(tail):
        return Unfixed.COMPOSED
    if any(Context.COMPOSED in use.contexts for use in text.uses):
        return Unfixed.PART
    if is_there(old, run):
        return Unfixed.STILL_DEFINED
    below = rest[1:].replace(":", ".").split(".", 1)[0] or _paired_name(text, old, facts, run)
    reason = why_not(f"{new}.{below}" if below and run.project.exists(new) else new, run)
    if reason is None and not rest and run.project.exists(new):
        read = (why_not(f"{new}.{name}", run) for use in text.uses for name in use.read)
        reason = next((problem for problem in read if problem is not None), None)
    if reason is not None:
        return reason
    return {value: (f"{new.removesuffix(tail)}:{tail[1:]}" if tail else new) + rest}


def _paired_name(text: Text, home: str, facts: Facts, run: RuleContext) -> str:
    """The name that a string is the home of: `("shop.legacy", "buy")`; empty if it is no such pair.

    The key of a table's entry counts only in a module with `__getattr__`, which looks names up in the table:
    in `{"backend": "shop.legacy"}` it is the name of a setting.
    """
    if text.pair is None or not text.pair.startswith(f"{home}."):
        return ""
    looks_up = facts.module is not None and bool(run.project.defined(facts.module, "__getattr__"))
    by_key = text.role == "value" and looks_up
    # `import_module("shop.legacy", "shop")`: the second argument is a package, no name of the module.
    by_argument = text.role == "argument" and not run.is_imported(text)
    paired = text.container == "tuple" or text.role == "pair" or by_argument or by_key
    return text.pair.removeprefix(f"{home}.") if paired else ""
