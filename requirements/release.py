"""Whether a tag may be released: the package's version and a dated section of the changelog are its own."""

import re
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]


def problems(tag: str, version: str, changelog: str) -> list[str]:
    """What keeps a tag (`v1.2.3`) from being released as this version, a sentence each."""
    found = []
    if tag != f"v{version}":
        found.append(f"the tag is {tag}, but the package's version is {version}")
    section = re.search(rf"^## {re.escape(version)} \((.*)\)$", changelog, re.MULTILINE)
    if section is None:
        found.append(f"CHANGELOG.md has no section `## {version} (YYYY-MM-DD)`")
    elif not re.fullmatch(r"\d{4}-\d\d-\d\d", section[1]):
        found.append(f"CHANGELOG.md says {section[1]!r} for {version}; write the day of the release")
    return found


def main() -> int:
    """Report every problem of the tag that the command line gives; 1 if there is one."""
    source = (PROJECT / "plugins" / "hardcut" / "__init__.py").read_text(encoding="utf-8")
    version = re.search(r'^__version__ = "(.+)"$', source, re.MULTILINE)
    if version is None:
        raise SystemExit("plugins/hardcut/__init__.py has no version")
    found = problems(sys.argv[1], version[1], (PROJECT / "CHANGELOG.md").read_text(encoding="utf-8"))
    sys.stderr.writelines(f"{problem}\n" for problem in found)
    return bool(found)


if __name__ == "__main__":
    raise SystemExit(main())
