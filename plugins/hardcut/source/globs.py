"""Globs as .gitignore reads them, matched in time linear in the path for each `**` and `*`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import groupby

_LONGEST = 4096
_POSIX = {
    "alnum": "a-zA-Z0-9",
    "alpha": "a-zA-Z",
    "digit": "0-9",
    "lower": "a-z",
    "punct": r"!-/:-@\[-`{-~",
    "space": r"\s",
    "upper": "A-Z",
    "xdigit": "0-9a-fA-F",
}


class Globs:
    """The patterns of one .gitignore file, or of one `exclude` list; the last match decides."""

    def __init__(self, patterns: Iterable[str]) -> None:
        """Patterns that can never match (an unclosed `[`, say) count for nothing, as in git."""
        rules = [rule for pattern in patterns if (rule := _rule(pattern)) is not None]
        self._groups = [
            (negated, re.compile("|".join(regex for _, regex in group), re.DOTALL))
            for negated, group in groupby(rules, key=lambda rule: rule[0])
        ]
        self._groups.reverse()
        self._folders: dict[str, bool] = {}

    def decide(self, path: str, folder: bool) -> bool | None:
        """Whether a path itself is matched: True, False where `!` takes it out again, or None."""
        subject = f"{path}/" if folder else path
        for negated, regex in self._groups:
            if regex.fullmatch(subject):
                return not negated
        return None

    def covers(self, path: str) -> bool:
        """Whether a file is matched, or lies in a folder that is; nothing is taken out of such a folder."""
        return bool(self._groups) and (
            self._covers_folder(path.rpartition("/")[0]) or self.decide(path, False) is True
        )

    def _covers_folder(self, folder: str) -> bool:
        if folder not in self._folders:
            found, end = False, folder.find("/")
            while not found and folder:
                part = folder if end < 0 else folder[:end]
                found = self.decide(part, True) is True
                if end < 0:
                    break
                end = folder.find("/", end + 1)
            self._folders[folder] = found
        return self._folders[folder]


@lru_cache(maxsize=64)
def globs(patterns: tuple[str, ...]) -> Globs:
    """The same globs, made once."""
    return Globs(patterns)


def _rule(line: str) -> tuple[bool, str] | None:
    """One line of a .gitignore file: negated, and a regular expression for paths (folders end in /)."""
    line = line.rstrip("\r\n")
    bare = line.rstrip(" ")
    line = line[: len(bare) + 1] if bare.endswith("\\") else bare
    if line.startswith("#") or len(line) > _LONGEST:
        return None
    negated = line.startswith("!")
    line = line[1:] if negated else line
    folder = line.endswith("/")
    line = line[:-1] if folder else line
    if not line:
        return None
    segments = line.removeprefix("/").split("/")
    if "/" not in line:
        segments.insert(0, "**")
    regex = _regex(segments)
    if regex is None:
        return None
    if "[" in line:
        try:
            re.compile(regex)
        except re.error:
            return None
    return negated, regex + ("/" if folder else "/?")


def _regex(segments: list[str]) -> str | None:
    """Segments between `/`; the earliest match between two `**` leaves most for the rest: so it is final."""
    runs: list[list[str]] = [[]]
    for segment in segments:
        if len(segment) > 1 and not segment.strip("*"):
            if runs[-1] or len(runs) == 1:
                runs.append([])
            continue
        regex = _segment(segment)
        if not regex:
            return None
        runs[-1].append(regex)
    first, *others = ["/".join(run) for run in runs]
    if not others:
        return first
    *middle, last = others
    found = f"{first}/" if first else ""
    found += "".join(rf"(?>(?:[^/]+/)*?{run}/)" for run in middle)
    return found + (f"(?:[^/]+/)*{last}" if last else ".+")


def _segment(segment: str) -> str | None:
    """One segment; between two `*` the earliest match is final."""
    parts = [""]
    at = 0
    while at < len(segment):
        sign = segment[at]
        at += 1
        if sign == "*":
            if parts[-1] or len(parts) == 1:
                parts.append("")
        elif sign == "?":
            parts[-1] += "[^/]"
        elif sign == "[":
            found = _class(segment, at)
            if found is None:
                return None
            parts[-1] += found[0]
            at = found[1]
        elif sign == "\\":
            if at == len(segment):
                return None
            parts[-1] += re.escape(segment[at])
            at += 1
        else:
            parts[-1] += re.escape(sign)
    if len(parts) == 1:
        return parts[0]
    first, *middle, last = parts
    if not (first or middle or last):
        return "[^/]+"
    return first + "".join(f"(?>[^/]*?{part})" for part in middle) + f"[^/]*{last}"


def _class(segment: str, at: int) -> tuple[str, int] | None:
    """A `[...]` from after its bracket: a regular expression, and where it ends."""
    negated = segment[at : at + 1] in ("!", "^")
    at += negated
    members, start = "", at
    while at < len(segment):
        sign = segment[at]
        if sign == "]" and at > start:
            return (f"[^/{members}]" if negated else f"(?!/)[{members}]"), at + 1
        if segment.startswith("[:", at):
            name, colon, _ = segment[at + 2 :].partition(":]")
            if not colon or name not in _POSIX:
                return None
            members += _POSIX[name]
            at += len(name) + 4
            continue
        if sign == "\\":
            at += 1
            if at == len(segment):
                return None
            members += re.escape(segment[at])
        elif sign == "-" and start < at < len(segment) - 1 and segment[at + 1] != "]":
            members += "-"
        else:
            members += re.escape(sign)
        at += 1
    return None
