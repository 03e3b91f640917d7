"""A rule's Markdown page as test cases: files to write, and where the rule has to speak.

A fence's info string is `language path`. The language `bytes` takes Python's escapes (`\\xff`), for
files that are no text. Fences above a page's first `###` are shared by all its cases; a file of a
case replaces the shared one of the same path. Marks are `finds: CUT101` at the end of a line
(`finds, in a whole run: CUT101` where one file alone cannot tell), or
lines `path:line CODE` (no line: a finding without one; `path:cell 2:line CODE` in a notebook) in a
block `text findings`. Files below `base/` are committed first, as the revision to compare with; those
below `gone/` are then deleted.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from hardcut.finding import Place

MANIFEST = "cutover.toml"
BASE = "base/"
GONE = "gone/"
FENCE = re.compile(r"^(?P<ticks>`{3,})(?P<language>[\w-]*)(?: (?P<path>.+?))?\s*$")
MARK = re.compile(r"\bfinds(, in a whole run)?: (CUT\d{3}(?:, CUT\d{3})*)(?: -->|\"{3})?$")
LISTED = re.compile(r"(?P<path>[^:]+?)(?::cell (?P<cell>\d+))?(?::(?P<line>\d+))? (?P<code>CUT\d{3})")


class Mark(NamedTuple):
    """Where a rule has to speak."""

    path: str
    cell: int | None
    line: int | None
    code: str


@dataclass
class Case:
    """One sub-section of a page: `files` by path, `marks` as the page sets them.

    `whole` are the marks that only a run over the whole project can show.
    """

    page: str
    title: str
    wrong: bool
    files: dict[str, bytes]
    marks: set[Mark] = field(default_factory=set)
    whole: set[Mark] = field(default_factory=set)

    def write(self, folder: Path) -> Path:
        """Write all files below a folder, and return it."""
        based = {path.removeprefix(BASE): data for path, data in self.files.items() if path.startswith(BASE)}
        if based:
            _lay(folder, based)
            identity = ("-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false")
            for words in (("init", "-qb", "main"), ("add", "-A"), ("commit", "-qm", "base")):
                subprocess.run(["git", *identity, *words], cwd=folder, check=True, capture_output=True)
        _lay(folder, {path: data for path, data in self.files.items() if not path.startswith((BASE, GONE))})
        for path in self.files:
            if path.startswith(GONE):
                (folder / path.removeprefix(GONE)).unlink()
        return folder


def _lay(folder: Path, files: dict[str, bytes]) -> None:
    for path, content in files.items():
        file = folder / path
        assert file.resolve().is_relative_to(folder.resolve()), path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)


@dataclass
class Page:
    """One page: its head, its prose by section title, its cases."""

    name: str
    head: str
    sections: dict[str, str]
    cases: list[Case]

    @property
    def codes(self) -> set[str]:
        """All codes that the page marks somewhere."""
        return {mark.code for case in self.cases for mark in case.marks}


class Block(NamedTuple):
    """One fenced block with a path, the titles above it, and the page's line that it begins at."""

    section: str
    title: str
    language: str
    path: str
    lines: list[str]
    number: int


def read_page(path: Path) -> Page:
    """Parse a page; an assertion fails where it does not have the form of all pages."""
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("# ") and not lines[1] and lines[2], f"{path.name}: title, blank line, head"
    sections: dict[str, list[str]] = {}
    order: list[tuple[str, str]] = []
    blocks: list[Block] = []
    section = title = ""
    number = 3
    while number < len(lines):
        line = lines[number]
        number += 1
        fence = FENCE.match(line)
        if fence is not None:
            end = next(at for at in range(number, len(lines)) if lines[at] == fence["ticks"])
            inside = lines[number:end]
            if fence["path"]:
                blocks.append(Block(section, title, fence["language"], fence["path"], inside, number))
            else:
                assert section not in ("Examples", "Innocent"), (
                    f"{path.name}:{number}: a fence without a path"
                )
            number = end + 1
        elif line.startswith("## "):
            section, title = line[3:], ""
            assert section not in sections, f"{path.name}:{number}: {section} twice"
            sections[section] = []
        elif line.startswith("### "):
            title = line[4:]
            assert (section, title) not in order, f"{path.name}:{number}: {title} twice"
            order.append((section, title))
        elif section:
            sections[section].append(line)
    texts = {name: "\n".join(text).strip() for name, text in sections.items()}
    return Page(lines[0][2:], lines[2], texts, list(_cases(path, order, blocks)))


def _cases(path: Path, order: list[tuple[str, str]], blocks: list[Block]) -> Iterator[Case]:
    shared = [block for block in blocks if not block.title]
    first = next((block for block in blocks if block.path == MANIFEST), None)
    for section, title in order:
        if section not in ("Examples", "Innocent"):
            continue
        case = Case(path.stem, title, section == "Examples", {})
        if first is not None:
            _add(case, first)
            case.marks.clear()
        own = [block for block in blocks if (block.section, block.title) == (section, title)]
        assert own, f"{path.name}: {title} has no file"
        for block in [*shared, *own]:
            _add(case, block)
        assert bool(case.marks) is case.wrong, f"{path.name}: {title}: marks belong to examples only"
        yield case


def _add(case: Case, block: Block) -> None:
    if (block.language, block.path) == ("text", "findings"):
        case.marks |= {_listed(line) for line in block.lines}
        return
    case.marks = {mark for mark in case.marks if mark.path != block.path}
    text = "".join(f"{line}\n" for line in block.lines)
    if block.language == "bytes":
        case.files[block.path] = text.encode("latin-1").decode("unicode_escape").encode("latin-1")
        return
    case.files[block.path] = text.encode("utf-8")
    for number, line in enumerate(block.lines, start=1):
        if found := MARK.search(line):
            marks = {Mark(block.path, None, number, code) for code in found[2].split(", ")}
            case.marks |= marks
            case.whole |= marks if found[1] else set()


def _listed(line: str) -> Mark:
    found = LISTED.fullmatch(line.strip())
    assert found is not None, f"not `path:line CODE`: {line}"
    cell, number = found["cell"], found["line"]
    return Mark(found["path"], int(cell) if cell else None, int(number) if number else None, found["code"])


def mark_of(code: str, place: Place) -> Mark:
    """A finding as a page would mark it."""
    return Mark(place.path, place.cell, place.line, code)
