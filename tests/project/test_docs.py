"""The documents say what is there: links lead somewhere, every rule is told, the layers agree."""

from __future__ import annotations

import configparser
import re
from pathlib import Path

import click
import pytest

from hardcut.integrations.cli.commands import commands
from hardcut.rules.registry import RULES

PROJECT = Path(__file__).resolve().parents[2]
README = (PROJECT / "README.md").read_text(encoding="utf-8")
DOCUMENTS = sorted([*PROJECT.glob("*.md"), *PROJECT.glob("docs/**/*.md"), *PROJECT.glob("plugins/**/*.md")])
ARCHITECTURE = (PROJECT / "docs" / "architecture.md").read_text(encoding="utf-8")
PACKAGE = PROJECT / "plugins" / "hardcut"


def prose(text: str) -> str:
    """A document without its fenced blocks."""
    return re.sub(r"^(`{3,}|~{3,}).*?^\1", "", text, flags=re.MULTILINE | re.DOTALL)


def anchors(text: str) -> set[str]:
    """The anchors that a document's headings make."""
    titles = re.findall(r"^#+ (.+)$", prose(text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).strip().replace(" ", "-") for title in titles}


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(PROJECT).as_posix())
def test_links_lead_somewhere(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for link in re.findall(r"\]\(([^)\s]+)\)", prose(text)):
        if "://" in link:
            continue
        file, _, anchor = link.partition("#")
        target = path.parent / file if file else path
        assert target.exists(), link
        if anchor:
            assert anchor in anchors(target.read_text(encoding="utf-8")), link


@pytest.mark.parametrize("name", ["README.md", "CHANGELOG.md"])
def test_every_rule_is_told(name: str) -> None:
    text = (PROJECT / name).read_text(encoding="utf-8")
    told = set(re.findall(r"\bCUT\d{3}\b", text))
    assert told == {rule.code for rule in RULES}
    for rule in RULES:
        assert re.search(rf"{rule.code}\W+{rule.name}\b", text), rule.name


def test_the_readme_links_the_page_of_every_rule() -> None:
    for rule in RULES:
        page = f"plugins/hardcut/rules/{rule.family}/{rule.name_of_files}.md"
        assert f"[{rule.code} {rule.name}]({page})" in README


def test_every_document_can_be_reached_from_the_readme() -> None:
    for path in PROJECT.glob("docs/*.md"):
        assert f"(docs/{path.name})" in README


def test_commands_in_the_documents_exist() -> None:
    known = commands.list_commands(click.Context(commands))
    for path in [PROJECT / "README.md", *PROJECT.glob("docs/**/*.md")]:
        for command in re.findall(r"\bhardcut ([a-z]+)\b", code_of(path.read_text(encoding="utf-8"))):
            assert command in known, f"{path.name}: hardcut {command}"


def code_of(text: str) -> str:
    """The commands of a document: its shell and YAML blocks, and inline code."""
    blocks = re.findall(r"^```(?:sh|bash|console|yaml)\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    return "\n".join([*blocks, *re.findall(r"`([^`\n]+)`", prose(text))])


def test_architecture_names_every_layer_and_no_other() -> None:
    contracts = configparser.ConfigParser()
    contracts.read(PROJECT / ".importlinter", encoding="utf-8")
    layers = re.findall(r"\w+", contracts["importlinter:contract:layers"]["layers"])
    folders = {path.name for path in PACKAGE.iterdir() if (path / "__init__.py").is_file()}
    assert set(layers) == folders | {"__main__", "finding"}
    picture = (PROJECT / "docs" / "architecture.svg").read_text(encoding="utf-8")
    assert set(re.findall(r">([a-z]+)/<", picture)) == folders
    for folder in folders:
        assert re.search(rf"^\| `{folder}/` \|", ARCHITECTURE, re.MULTILINE), folder


def test_paths_in_the_documents_exist() -> None:
    for path in (PROJECT / "README.md", *PROJECT.glob("docs/*.md")):
        for named in re.findall(
            r"`((?:plugins|docs|tests|examples|benchmarks)/[\w./]*)`", path.read_text("utf-8")
        ):
            assert (PROJECT / named).exists(), f"{path.name}: {named}"


def test_nothing_names_the_machine_it_was_written_on() -> None:
    foreign = re.compile(r"(?<![\w.])/(?:work|root|home|tmp)/\w")
    for path in [*DOCUMENTS, *PROJECT.glob("*.toml"), *PROJECT.glob(".*.yaml"), PROJECT / "tests" / "run"]:
        assert not foreign.search(path.read_text(encoding="utf-8")), path.name
