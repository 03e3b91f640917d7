"""Our hooks in a `.pre-commit-config.yaml`: added or mended in place, all else byte for byte as it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from hardcut.api.errors import plain

if TYPE_CHECKING:
    from yaml.nodes import MappingNode, Node

FILE = ".pre-commit-config.yaml"
LOCAL = "local"
OURS = frozenset({"hardcut", "hardcut-files", "hardcut-fix", "hardcut-manifest"})
"""The hooks that this repository offers."""


Value = str | bool | list[str]


class Hook(msgspec.Struct, frozen=True):
    """One hook: its id, the keys that the plan asks for, and those that only a `repo: local` needs."""

    id: str
    keys: dict[str, Value]
    local: dict[str, Value]


class Source(msgspec.Struct, frozen=True):
    """Where hooks come from: a repository's address and revision, or `local` and None."""

    repo: str
    rev: str | None


Edit = tuple[int, int, str]
"""Characters from, to, and what stands there instead."""


def edited(text: str, name: str, hooks: Sequence[Hook], source: Source | None) -> str:
    """The configuration with our hooks; without a source, an entry that is there keeps its own.

    Raises:
        Unusable: it is no such configuration, or is written in a way that cannot be added to.
    """
    ends = "\r\n" if "\r\n" in text else "\n"
    repos = _repos(text, name)
    if repos is None:
        start = text if not text or text.endswith(("\n", "\r")) else text + ends
        return start + ("repos:\n" + _entry(hooks, source, 2, False)).replace("\n", ends)
    own = next((one for one in repos.value if _is_ours(one)), None)
    if own is not None:
        edits = list(_mended(text, name, own, hooks, source))
    elif not repos.value:
        edits = [
            (
                repos.start_mark.index,
                repos.end_mark.index,
                "\n" + _entry(hooks, source, 2, False).rstrip("\n"),
            )
        ]
    elif repos.flow_style:
        raise plain(f"{name}: repos is written as one line; write each entry on lines of its own")
    else:
        dash = _dash(text, repos.value[0])
        listed = _value(repos.value[0], "hooks")
        compact = bool(listed and listed.value) and _dash(text, listed.value[0]) == dash + 2
        new = _entry(hooks, source, dash, compact)
        edits = [_below(text, repos.value[-1], new)]
    for begin, end, new in sorted(edits, reverse=True):
        text = text[:begin] + new.replace("\n", ends) + text[end:]
    _repos(text, name)
    return text


def origin(text: str, name: str) -> str | None:
    """The repository that our hooks come from in a configuration; None where they are not in it."""
    repos = _repos(text, name)
    entry = next((one for one in repos.value if _is_ours(one)), None) if repos is not None else None
    return str(_value(entry, "repo").value) if entry is not None else None


def _repos(text: str, name: str) -> Any:
    """The sequence `repos`; None in a configuration that has none."""
    import yaml

    try:
        top = yaml.compose(text, Loader=yaml.SafeLoader)
    except (yaml.YAMLError, RecursionError) as problem:
        mark = getattr(problem, "problem_mark", None)
        where = f"{name}:{mark.line + 1}:{mark.column + 1}" if mark is not None else name
        raise plain(f"{where}: {getattr(problem, 'problem', None) or 'nested too deep'}") from None
    if top is None:
        return None
    repos = _value(top, "repos")
    if not isinstance(top, yaml.MappingNode) or (
        repos is not None and not isinstance(repos, yaml.SequenceNode)
    ):
        raise plain(f"{name}: expected a mapping with a list of repos")
    return repos


def _mended(
    text: str, name: str, entry: MappingNode, hooks: Sequence[Hook], source: Source | None
) -> Iterator[Edit]:
    """What our entry lacks: the revision asked for, hooks, and keys of hooks."""
    repo, rev, listed = (_value(entry, key) for key in ("repo", "rev", "hooks"))
    is_local = repo is not None and repo.value == LOCAL
    if source is not None and repo is not None and source.repo != repo.value:
        at = f"{name}:{repo.start_mark.line + 1}"
        raise plain(f"{at}: the hooks come from {repo.value} already; change it there")
    if source is not None and source.rev is not None and rev is not None and rev.value != source.rev:
        yield rev.start_mark.index, rev.end_mark.index, _shown(source.rev)
    if listed.flow_style:
        at = f"{name}:{listed.start_mark.line + 1}"
        raise plain(f"{at}: hooks is written as one line; write each on lines of its own")
    there = {_value(one, "id").value: one for one in listed.value if _value(one, "id") is not None}
    missing = [hook for hook in hooks if hook.id not in there]
    if missing:
        indent = _dash(text, listed.value[0])
        yield _below(text, listed.value[-1], "".join(_hook(hook, indent, is_local) for hook in missing))
    for hook in hooks:
        if hook.id in there:
            yield from _completed(text, name, there[hook.id], hook)


def _completed(text: str, name: str, node: Node, hook: Hook) -> Iterator[Edit]:
    for key, wanted in hook.keys.items():
        found = _value(node, key)
        if found is None:
            line = f"{key}: {_shown(wanted)}\n"
            yield _below(text, _value(node, "id"), " " * _column(node) + line)
        elif isinstance(wanted, str) and found.value != wanted:
            yield found.start_mark.index, found.end_mark.index, _shown(wanted)
        elif isinstance(wanted, list):
            given = [one.value for one in found.value] if isinstance(found.value, list) else []
            if wanted != [one for one in given if one in wanted]:
                at = f"{name}:{found.start_mark.line + 1}"
                raise plain(
                    f"{at}: the hook {hook.id} needs {' '.join(wanted)} among its {key}; add it there"
                )


def _entry(hooks: Sequence[Hook], source: Source | None, indent: int, compact: bool) -> str:
    """A new entry of `repos`, whose dash stands at a column."""
    if source is None:
        source = Source(LOCAL, None)
    room = " " * indent
    lines = [f"{room}- repo: {_shown(source.repo)}\n"]
    lines += [f"{room}  rev: {_shown(source.rev)}\n"] if source.rev is not None else []
    lines += [f"{room}  hooks:\n"]
    lines += [_hook(hook, indent + (2 if compact else 4), source.repo == LOCAL) for hook in hooks]
    return "".join(lines)


def _hook(hook: Hook, indent: int, local: bool) -> str:
    keys = {**(hook.local if local else {}), **hook.keys}
    room = " " * indent
    return f"{room}- id: {hook.id}\n" + "".join(
        f"{room}  {key}: {_shown(one)}\n" for key, one in keys.items()
    )


def _is_ours(entry: Node) -> bool:
    listed = _value(entry, "hooks")
    return isinstance(getattr(listed, "value", None), list) and any(
        getattr(_value(one, "id"), "value", None) in OURS for one in listed.value
    )


def _value(node: Any, key: str) -> Any:
    """The value of a mapping's key; None where there is none, or no mapping."""
    pairs = node.value if getattr(node, "id", None) == "mapping" else []
    return next((value for name, value in pairs if name.value == key), None)


def _below(text: str, node: Any, new: str) -> Edit:
    """New lines below the last line of a node."""
    while getattr(node, "flow_style", True) is False and node.value:
        last = node.value[-1]
        node = last[1] if isinstance(last, tuple) else last
    end = len(text[: node.end_mark.index].rstrip())
    at = text.find("\n", end) + 1
    return (at, at, new) if at else (len(text), len(text), "\n" + new)


def _column(node: Any) -> int:
    column: int = node.start_mark.column
    return column


def _dash(text: str, item: Any) -> int:
    """The column of the dash before an item of a block sequence."""
    start: int = item.start_mark.index - item.start_mark.column
    return text.rindex("-", start, item.start_mark.index) - start


def _shown(value: Value) -> str:
    """A value as YAML on one line, in quotes where it has to be; lists in brackets."""
    import yaml

    shown: str = yaml.safe_dump(value, width=2**30, allow_unicode=True, default_flow_style=True)
    return shown.removesuffix("...\n").strip()
