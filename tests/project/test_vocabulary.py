"""Words that the documentation, the help and the schema do not use, with the word to use instead."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from hardcut.integrations.cli.commands import commands
from hardcut.plan.schema import as_json

PROJECT = Path(__file__).resolve().parents[2]
AVOID = {
    r"mend(s|ed|ing)?": "fix",
    r"told|tells?|telling": "report, show, distinguish",
    r"hand(s|ed|ing)? (it |them |\w+ names? )?on": "re-export, pass",
    r"lets? (\w+ ){0,3}pass": "suppress, waive",
    r"lies?": "is in",
    r"stands?|stood": "is, is in, means",
    r"g[ia]ves? way|looser|loosen(s|ed)?": "is weakened, weaker",
    r"binds? to nothing": "matches nothing",
    r"ways? out": "how to fix it",
    r"for ever": "from now on, permanently",
    r"can not": "cannot",
    r"rightly": "correctly",
    r"aloud|anew|altogether|thereof|therein|hence|likewise": "(leave it out), again, also",
    r"whoever|whatever": "anyone who, any",
    r"for (it|what it|they) (is|are|was)": "because",
    r"(is|are) asked (for|about)?|asked are": "is required, is checked",
    r"hands? over": "pass",
    r"look before you leap|does not get the news": "(say it without a metaphor)",
}
PATTERN = re.compile("|".join(rf"(?P<w{at}>\b(?:{word})\b)" for at, word in enumerate(AVOID)), re.IGNORECASE)
PENDING = {
    *("CHANGELOG.md", "SECURITY.md", "examples/datafusion_engine/README.md"),
    *(f"docs/{name}.md" for name in ("agents", "api", "apply", "architecture", "burndown")),
    *(f"docs/{name}.md" for name in ("command-line", "draft", "evidence", "field-report")),
    *(f"docs/{name}.md" for name in ("integrations", "import-linter", "json", "migrating")),
    *(f"docs/{name}.md" for name in ("out-of-reach", "pytest", "ruff")),
}
"""Pages whose English is still to be revised."""


def prose(text: str) -> str:
    """A page without its code (blocks and inline) and names of rules."""
    without_blocks = re.sub(r"^(`{3,}).*?^\1\s*$", "", text, flags=re.MULTILINE | re.DOTALL)
    return re.sub(r"`[^`\n]*`|\]\([^)]*\)|\bCUT\d+ [\w-]+", "", without_blocks)


def pages() -> dict[str, str]:
    """The prose of each page by its path."""
    paths = sorted([*PROJECT.glob("*.md"), *PROJECT.glob("docs/*.md"), *PROJECT.glob("examples/*/README.md")])
    return {path.relative_to(PROJECT).as_posix(): prose(path.read_text(encoding="utf-8")) for path in paths}


def found(text: str) -> list[str]:
    """The words to avoid in a text, each with what to write instead."""
    uses = list(AVOID.values())
    return [
        f"{match[0]!r}: {use}"
        for match in PATTERN.finditer(" ".join(text.split()))
        for at, use in enumerate(uses)
        if match[f"w{at}"]
    ]


def helps(command: click.Command, name: str) -> Iterator[tuple[str, str]]:
    """The help of a command, of its options, and of the commands below it, by name."""
    yield name, command.help or ""
    for option in command.params:
        yield f"{name} {option.opts[0]}", getattr(option, "help", None) or ""
    if isinstance(command, click.Group):
        context = click.Context(command)
        for below in command.list_commands(context):
            loaded = command.get_command(context, below)
            assert loaded is not None
            yield from helps(loaded, f"{name} {below}")


def descriptions(schema: Any) -> Iterator[str]:
    """Every description of a JSON Schema."""
    if isinstance(schema, dict):
        if isinstance(schema.get("description"), str):
            yield schema["description"]
        for value in schema.values():
            yield from descriptions(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from descriptions(value)


def test_pages_use_no_word_to_avoid() -> None:
    wrong = {path: found(text) for path, text in pages().items() if path not in PENDING}
    assert {path: words for path, words in wrong.items() if words} == {}


def test_help_uses_no_word_to_avoid() -> None:
    wrong = {name: found(text) for name, text in helps(commands, "hardcut")}
    assert {name: words for name, words in wrong.items() if words} == {}


def test_schema_uses_no_word_to_avoid() -> None:
    wrong = {text: found(text) for text in descriptions(json.loads(as_json()))}
    assert {text: words for text, words in wrong.items() if words} == {}


def test_words_are_found_in_prose_and_not_in_code() -> None:
    assert found(prose("It lets a finding\npass. `mend`\n```text\nlies\n```\n")) == [
        "'lets a finding pass': suppress, waive"
    ]
