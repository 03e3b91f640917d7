"""A drafted plan as a commented manifest.

A line that starts with `# ` is prose; one that starts with `#` alone is TOML to be taken in, as in the
manifest that `hardcut init` writes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from hardcut.plan.starter import toml_string, toml_strings
from hardcut.refactor.draft.draft_entries import (
    Draft,
    DraftAbsent,
    DraftDelete,
    DraftEntry,
    DraftKeep,
    DraftMove,
    DraftRemove,
    DraftWave,
    LeftOut,
)
from hardcut.refactor.draft.wave_grouping import is_guess

WIDTH = 100
HEADER = """\
# Drafted from {compared}.
#
# Each entry says how certain it is: high, medium or low, and what was compared. Entries of low confidence
# are comments: take the # away where one is right. Delete what is no part of the plan, and give reasons.
# All keys: `hardcut explain --all`.
"""
PLAN = """\
[plan]
name = {name}
# Folders that imports start from.
source = {sources}
# Files and folders to check: code, tests, scripts, docs, configuration.
check = ["."]
"""
EXCLUDE = """\
# Changelogs name what there was.
exclude = {exclude}
"""
BASE = """\
# The revision the plan is written against: what an entry names was there, or came since.
base = {base}
"""


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """Where the text goes: the prefix of its tables (`tool.hardcut.` in a pyproject.toml) and its waves' ids.

    `ids` are the ids of the draft's waves, in their order.
    """

    prefix: str = ""
    ids: tuple[str, ...]
    state: str = "landed"


def manifest_text(draft: Draft, name: str, compared: str, base: str | None) -> str:
    """A whole manifest of a drafted plan; `base` is the full name of the old commit, if it is one."""
    parts = [HEADER.format(compared=_plain(compared))]
    parts += _left_out(draft.left_out)
    plan = PLAN.format(name=toml_string(name), sources=toml_strings(draft.sources))
    if draft.exclude:
        plan += EXCLUDE.format(exclude=toml_strings(draft.exclude))
    if base is not None:
        plan += BASE.format(base=toml_string(base))
    parts += ["\n", plan]
    target = Target(ids=tuple(map(str, range(len(draft.waves)))))
    return "".join(parts) + waves_text(draft, target)


def waves_text(draft: Draft, target: Target) -> str:
    """The waves of a drafted plan, each with a blank line before it."""
    return "".join(_wave(wave, number, target) for number, wave in enumerate(draft.waves))


def _wave(wave: DraftWave, number: int, target: Target) -> str:
    lines = [
        "",
        f"[[{target.prefix}wave]]",
        f"id = {toml_string(target.ids[number])}",
        f"title = {toml_string(wave.title)}",
        f"state = {toml_string(target.state)}",
    ]
    if wave.requires:
        lines.append(f"requires = {toml_strings([target.ids[one] for one in wave.requires])}")
    if all(map(is_guess, wave.entries)):
        lines = [f"#{line}" if line else line for line in lines]
    for entry in wave.entries:
        lines += ["", *_comment(entry)]
        mark = "#" if is_guess(entry) else ""
        table = "\n".join(_table(entry, f"{target.prefix}wave"))
        lines += [f"{mark}{line}" for line in table.split("\n")]
    return "\n".join(lines) + "\n"


def _comment(entry: DraftEntry) -> Iterator[str]:
    """What is known about an entry, as comments."""
    text = f"{entry.confidence.word}: {'; '.join(entry.evidence)}."
    yield from (f"# {line}" for line in _wrapped(_plain(text)))


def _table(entry: DraftEntry, wave: str) -> list[str]:
    """An entry as TOML."""
    if isinstance(entry, DraftMove):
        to = toml_string(entry.to[0]) if len(entry.to) == 1 else _array(entry.to)
        lines = [f"[[{wave}.move]]", f"from = {toml_string(entry.module)}", f"to = {to}"]
        return [*lines, f"symbols = {_array(entry.symbols)}"] if entry.symbols else lines
    if isinstance(entry, DraftDelete):
        lines = [f"[[{wave}.delete]]", f"module = {toml_string(entry.module)}"]
        return [*lines, "submodules_only = true"] if entry.submodules_only else lines
    if isinstance(entry, DraftRemove | DraftKeep):
        return [
            f"[[{wave}.{'keep' if isinstance(entry, DraftKeep) else 'remove'}]]",
            f"module = {toml_string(entry.module)}",
            f"symbols = {_array(entry.symbols)}",
        ]
    if isinstance(entry, DraftAbsent):
        return [f"[[{wave}.absent]]", f"paths = {_array(entry.paths)}"]
    raise TypeError(entry)


def _array(texts: Iterable[str]) -> str:
    """Strings as an array: in one line, or with a line for each."""
    listed = list(texts)
    line = toml_strings(listed)
    if len(line) + len("symbols = ") <= WIDTH:
        return line
    return "\n".join(["[", *(f"    {toml_string(text)}," for text in listed), "]"])


def _left_out(left: LeftOut) -> list[str]:
    counted = [
        (left.private, "private names that are gone"),
        (left.made_private, "names that only became private"),
        (left.unexported, "names that are gone, and that nobody imported or exported"),
        (left.re_exported, "names that moved and that their old module still gives"),
        (left.uncertain, "names that their module may still give at run time"),
    ]
    said = [f"#   {number:,} {what}\n" for number, what in counted if number]
    return ["#\n# Left out:\n", *said] if said else []


def _wrapped(text: str) -> Iterator[str]:
    line = ""
    for word in text.split():
        if line and len(line) + 1 + len(word) > WIDTH:
            yield line
            line = word
        else:
            line = f"{line} {word}" if line else word
    yield line


def _plain(text: str) -> str:
    """A text that stays in its comment: control characters are spelled out."""
    return "".join(one if one.isprintable() else ascii(one)[1:-1] for one in text)
