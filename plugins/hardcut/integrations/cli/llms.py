"""Everything on one page, for programs that read text: `hardcut explain --all`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import click

from hardcut.integrations.cli.commands import commands
from hardcut.plan.model import KINDS, Entry
from hardcut.plan.schema import schema
from hardcut.rules.registry import RULES
from hardcut.rules.rule import Rule

HEAD = """\
# hardcut

> Holds a Python codebase to a hard-cutover plan, `cutover.toml`: what was to be deleted, removed, moved or
> banned is gone, in imports, strings, lazy registries, patch targets, docs and CI files. Code is read, never
> imported or run.

Waves are `planned` (findings are counted), `active` (new findings fail) or `landed` (every finding fails, for
ever). Never silence a finding with a shim, a fallback or a caught ImportError: use the new path, or change
the plan. Exceptions are `[[waiver]]` entries with a reason and an end; `hardcut check` honours no `noqa`.
After a change, run `hardcut check --format concise`; `hardcut why NAME` says what the plan decided about a
name.
"""
EXIT = """\
Exit codes: 0 nothing is wrong; 1 findings of severity error; 2 unusable input, every problem on standard
error; 130 interrupted. In Python: `hardcut.check(root, select=..., assume_landed=...) -> Report`, which
raises `hardcut.Unusable` for 2.
"""
EXAMPLE = """\
[plan]
name = "shop"
source = ["src"]
check = ["src", "tests", "docs"]

[[wave]]
id = "0"
state = "landed"

[[wave.delete]]
module = "shop.legacy_cart"
to = "shop.cart"
reason = "two carts disagreed about discounts"
"""
KEYS = (
    "A key with `*` is required. Every gate (`wave.*`) may have " + ", ".join(Entry.__struct_fields__) + "."
)
MARK = re.compile(r"\s*(?:#|//|<!--)\s*finds(?:, in a whole run)?: ")
SHOWN = 2
"""So many wrong lines of a rule, and ways out."""


def text() -> str:
    """The page: commands, the manifest's tables and keys, and each rule with wrong lines and what to do."""
    parts = [HEAD, "## Commands\n", "\n".join(_commands()), f"\n{EXIT}"]
    parts += [
        "## cutover.toml\n",
        f"```toml\n{EXAMPLE}```\n",
        "A key with `*` is required.\n",
        "\n".join(_tables()),
    ]
    parts += ["\n## Rules\n", "\n\n".join(map(_rule, sorted(RULES, key=lambda rule: rule.code)))]
    return "\n".join(parts) + "\n"


def _commands() -> Iterator[str]:
    context = click.Context(commands)
    for name in commands.list_commands(context):
        command = commands.get_command(context, name)
        if command is None:
            continue
        if isinstance(command, click.Group):
            for inner, one in sorted(command.commands.items()):
                yield f"- `hardcut {name} {_called(inner, one)}`: {_says(one)}"
        else:
            yield f"- `hardcut {_called(name, command)}`: {_says(command)}"


def _called(name: str, command: click.Command) -> str:
    options = [one for one in command.params if isinstance(one, click.Option)]
    given = [
        one.make_metavar(click.Context(command)) for one in command.params if isinstance(one, click.Argument)
    ]
    flags = [f"[{one.opts[0]}{'' if one.is_flag else f' {one.metavar or _kind(one)}'}]" for one in options]
    return " ".join([name, *given, *flags])


def _kind(option: click.Option) -> str:
    choices = getattr(option.type, "choices", None)
    return "|".join(choices) if choices else "TEXT"


def _says(command: click.Command) -> str:
    return " ".join((command.help or "").split("\n\n")[0].split())


def _tables() -> Iterator[str]:
    tables: dict[str, dict[str, Any]] = schema()["$defs"]
    named = {
        "Plan": "[plan]",
        "Ignore": "[[plan.ignore]]",
        "Wave": "[[wave]]",
        **{one.__name__: f"[[wave.{kind}]]" for kind, one in KINDS.items()},
    }
    for name, title in {**named, "Waiver": "[[waiver]]", "Revive": "[[revive]]"}.items():
        table = tables[name]
        required = set(table.get("required", ()))
        keys = [f"{key}*" if key in required else key for key in table["properties"] if key not in KINDS]
        yield f"- `{title}` {_lower(table['description'])} Keys: {', '.join(keys)}."


def _rule(rule: Rule) -> str:
    page = rule.page()
    tables = ", ".join(f"`[[wave.{kind}]]`" if kind in KINDS else f"`[[{kind}]]`" for kind in rule.gates)
    asked = "always asked" if rule.gates == ("plan",) else f"for {tables.replace('[[plan]]', '[plan]')}"
    lines = [f"### {rule.code} {rule.name}", "", f"Finds {rule.summary} ({asked})."]
    lines += [f"- wrong: `{line}`" for line in _wrong(page, rule.code)]
    lines += [f"- instead: {way}" for way in _ways(page)]
    return "\n".join(lines)


def _wrong(page: str, code: str) -> list[str]:
    """The first lines of a rule's examples that it finds, without their marks."""
    examples = page.partition("\n## Examples\n")[2].partition("\n## ")[0]
    found: list[str] = []
    for line in examples.splitlines():
        mark = MARK.search(line)
        if mark is not None and code in line[mark.end() :] and line[: mark.start()].strip():
            found.append(line[: mark.start()].strip())
    return [line for line in dict.fromkeys(found) if "`" not in line][:SHOWN]


def _ways(page: str) -> list[str]:
    """The first points of the section that says what to do."""
    section = page.partition("\n## What to do\n")[2].partition("\n## ")[0]
    points = re.findall(r"^- (.*(?:\n  .*)*)", section, re.MULTILINE)
    return [" ".join(point.split()) for point in points[:SHOWN]]


def _lower(said: str) -> str:
    return said[0].lower() + said[1:]
