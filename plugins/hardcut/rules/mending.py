"""What would mend a use of a name that lives elsewhere now: old paths, and the new ones."""

from __future__ import annotations

from hardcut.rules.run import Run
from hardcut.source.facts import Facts, Import, Text


def lives(path: str, run: Run, facts: Facts | None = None) -> bool:
    """Whether a dotted path is there to be imported: in the project, or in a package of somebody else.

    Never from within that very module, where `facts` are of it.
    """
    home = path.rpartition(".")[0]
    if facts is not None and facts.module == home:
        return False
    return is_there(path, run) or not run.project.roots.is_first_party(path)


def is_there(path: str, run: Run) -> bool:
    """Whether a dotted path of the project still leads to something."""
    home, _, name = path.rpartition(".")
    return run.project.exists(path) or (bool(home) and run.project.binds(home, name))


def import_fix(facts: Facts, entry: Import, paths: dict[str, str | None], run: Run) -> dict[str, str] | None:
    """The new paths of imported names; None where one is not there, or a failure to import is expected."""
    found = {old: new for old, new in paths.items() if new is not None and lives(new, run, facts)}
    if entry.guarded or facts.language != "python" or len(found) != len(paths):
        return None
    return found or None


def pair_fix(text: Text, old: str, new: str, run: Run) -> dict[str, str] | None:
    """The new path of a name that a table pairs with its home, in two strings of which this is the name.

    None where the old path still leads somewhere, so that both may be meant, or the new one does not.
    """
    name = old.rpartition(".")[2]
    in_table = text.role in ("key", "pair") or text.container == "tuple"
    if text.pair != old or not in_table or not text.value == text.text == name or is_there(old, run):
        return None
    return {old: new} if new.endswith(f".{name}") and lives(new, run) else None


def string_fix(text: Text, old: str, new: str, run: Run) -> dict[str, str] | None:
    """The text of a string that is a path (`old`, and what follows), with the new path in its place.

    None where the old path still leads somewhere, so that both may be meant, or the new one does not.
    """
    value = text.value
    if text.kind != "string" or value is None or value != text.text or is_there(old, run):
        return None
    head, rest = value[: len(old)], value[len(old) :]
    colon = head.find(":")
    tail = f".{old[colon + 1 :]}" if colon >= 0 else ""
    if head.replace(":", ".") != old or rest[:1] not in ("", ".", ":") or not new.endswith(tail):
        return None
    below = rest[1:].replace(":", ".").split(".", 1)[0]
    if not lives(f"{new}.{below}" if below and run.project.exists(new) else new, run):
        return None
    return {value: (f"{new.removesuffix(tail)}:{tail[1:]}" if tail else new) + rest}
