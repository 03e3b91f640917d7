"""The documentation site: `python docs/build.py [FOLDER]` makes it in FOLDER/site (build/site).

The pages are those of docs/, the README and the pages beside it, the examples' own, and a page for each rule:
the Markdown beside the rule. A link that leads nowhere ends the build.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from posixpath import dirname, join, normpath, relpath

from hardcut.plan.schema import as_json
from hardcut.rules.registry import RULES
from hardcut.rules.rule import Rule

PROJECT = Path(__file__).resolve().parents[1]
CONFIG = PROJECT / "docs" / "zensical.toml"
FENCE = re.compile(r"(`{3,})([\w-]*)(?: (.+?))?\s*")
LINK = re.compile(r"(?<=\]\()([^)\s#]+)(?=[#)])")
FAMILIES = {
    "deleted": "Deleted modules",
    "removed": "Removed and moved names",
    "surface": "One surface",
    "fail_fast": "Failing fast",
    "shims": "Shims",
    "ownership": "Ownership",
    "structure": "Structure",
    "evidence": "Evidence",
    "manifest": "The plan itself",
}
WIDE = "---\nhide:\n  - navigation\n---\n\n"
"""A page without siblings has its whole width."""
NO_LEXER = {"bytes": "text"}


def main(folder: Path) -> int:
    """Lay the pages below a folder, and build the site beside them; gives zensical's exit code."""
    shutil.rmtree(folder / "docs", ignore_errors=True)
    shutil.rmtree(folder / "site", ignore_errors=True)
    for path, text in pages().items():
        file = folder / "docs" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    config = CONFIG.read_text(encoding="utf-8").replace('"RULES"', nav())
    (folder / "zensical.toml").write_text(config, encoding="utf-8")
    command = [sys.executable, "-m", "zensical", "build", "--clean", "--strict", "-f", "zensical.toml"]
    return subprocess.run(command, cwd=folder, check=False).returncode


def sources() -> dict[str, str]:
    """Where each page of the site comes from: its path in the site, and in the project."""
    found = {
        "index.md": "README.md",
        "changelog.md": "CHANGELOG.md",
        "contributing.md": "CONTRIBUTING.md",
        "security.md": "SECURITY.md",
        "llms.txt": "docs/llms.txt",
    }
    for file in sorted((PROJECT / "docs").iterdir()):
        if file.suffix in (".css", ".svg"):
            found[file.name] = f"docs/{file.name}"
    found["examples/cutover.toml"] = "examples/datafusion_engine/cutover.toml"
    for file in sorted((PROJECT / "docs").glob("*.md")):
        found[file.name] = f"docs/{file.name}"
    for file in sorted((PROJECT / "examples").glob("*/README.md")):
        found[f"examples/{file.parent.name}.md"] = file.relative_to(PROJECT).as_posix()
    for rule in RULES:
        found[f"rules/{rule.name}.md"] = f"plugins/hardcut/rules/{rule.family}/{rule.name_of_files}.md"
    return found


def pages() -> dict[str, str]:
    """Every file of the site's pages by its path."""
    where = sources()
    homes = {source: path for path, source in where.items()}
    made = {
        path: moved(fenced(text), source, path, homes) if source.endswith(".md") else text
        for path, source in where.items()
        for text in [(PROJECT / source).read_text(encoding="utf-8")]
    }
    made["index.md"] = WIDE + made["index.md"]
    made["integrations.md"] = with_rules_linked(made["integrations.md"])
    made["rules/index.md"] = overview()
    made["cutover.schema.json"] = as_json()
    return made


def moved(text: str, source: str, path: str, homes: dict[str, str]) -> str:
    """A page whose links to other documents lead to where they are in the site.

    Raises:
        SystemExit: a link leads to a file that is no page.
    """

    def lead(match: re.Match[str]) -> str:
        link = match[0]
        if "://" in link:
            return link
        target = normpath(join(dirname(source), link))
        if target not in homes:
            raise SystemExit(f"{source}: the site has no page for {link}")
        return relpath(homes[target], dirname(path) or ".")

    return "".join(part if code else LINK.sub(lead, part) for part, code in split(text))


def fenced(text: str) -> str:
    """A page whose blocks with a file's name show that name as their title."""
    return "".join(titled(part) if code else part for part, code in split(text))


def titled(block: str) -> str:
    """A fenced block with the name of its file as a title."""
    first, _, rest = block.partition("\n")
    found = FENCE.fullmatch(first)
    if found is None:
        return block
    ticks, language, name = found.groups()
    title = f' title="{name}"' if name else ""
    return f"{ticks}{NO_LEXER.get(language, language)}{title}\n{rest}"


def split(text: str) -> Iterator[tuple[str, bool]]:
    """The parts of a page in turn, and whether each is a fenced block."""
    part: list[str] = []
    ticks = ""
    for line in text.splitlines(keepends=True):
        opens = FENCE.match(line) if not ticks else None
        if opens is not None:
            yield "".join(part), False
            part, ticks = [line], opens[1]
        elif ticks and line.rstrip() == ticks:
            yield "".join([*part, line]), True
            part, ticks = [], ""
        else:
            part.append(line)
    yield "".join(part), bool(ticks)


def with_rules_linked(text: str) -> str:
    """A page with a table of rules in which each leads to its page."""
    for rule in RULES:
        old, new = f"| {rule.code} {rule.name} |", f"| [{rule.code} {rule.name}](rules/{rule.name}.md) |"
        text = text.replace(old, new)
    return text


def overview() -> str:
    """The page that lists all rules by family."""
    parts = ["# Rules\n\nA rule has a name for people and a code for flake8; `hardcut explain` prints it.\n"]
    for family, title in FAMILIES.items():
        rows = [f"| [{one.name}]({one.name}.md) | {one.code} | {one.summary} |\n" for one in of(family)]
        parts.append(f"## {title}\n\n| rule | code | finds |\n|---|---|---|\n{''.join(rows)}")
    return "\n".join(parts)


def of(family: str) -> list[Rule]:
    """The rules of a family by code."""
    return sorted((rule for rule in RULES if rule.family == family), key=lambda rule: rule.code)


def nav() -> str:
    """The rules' part of the navigation, as TOML."""
    groups = ['"rules/index.md"']
    for family, title in FAMILIES.items():
        rules = ", ".join(f'{{ "{rule.name}" = "rules/{rule.name}.md" }}' for rule in of(family))
        groups.append(f'{{ "{title}" = [{rules}] }}')
    return ", ".join(groups)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if sys.argv[1:] else PROJECT / "build").absolute()))
