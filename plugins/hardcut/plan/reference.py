"""The tables and keys of docs/manifest.md, from the model by way of its JSON Schema.

docs/manifest.md holds `reference()` between two marks; `renew` puts it there.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from hardcut.plan.model import (
    DOTTED,
    KINDS,
    Decision,
    Entry,
    Ignore,
    Plan,
    Quality,
    Revive,
    Waiver,
    Wave,
    Weakened,
)
from hardcut.plan.schema import schema

FIRST = "<!-- The tables below are generated from plugins/hardcut/plan/model.py. -->"
LAST = "<!-- The tables above are generated. -->"
PLAIN_DOTTED = DOTTED.replace(r"\Z", "$")
COMMON = Entry.__struct_fields__


def reference() -> str:
    """Markdown: a section for each table of the manifest, each key with type, default and meaning."""
    tables: dict[str, dict[str, Any]] = schema()["$defs"]
    every: dict[str, Any] = {**tables[Quality.__name__], "description": Entry.__doc__, "required": []}
    sections = [
        _section("`[plan]`", tables[Plan.__name__]),
        _section("`[[plan.ignore]]`", tables[Ignore.__name__]),
        _section("`[[wave]]`", tables[Wave.__name__], but=KINDS),
        _section("Every gate", every, but=set(every["properties"]).difference(COMMON)),
        _section("`decision = { ... }`", tables[Decision.__name__]),
    ]
    sections += (
        _section(f"`[[wave.{kind}]]`", tables[table.__name__], COMMON) for kind, table in KINDS.items()
    )
    sections += (
        _section("`[[waiver]]`", tables[Waiver.__name__]),
        _section("`[[revive]]`", tables[Revive.__name__]),
        _section("`[[weakened]]`", tables[Weakened.__name__]),
    )
    return "\n".join(sections)


def renew(page: str) -> str:
    """A page with the reference between its marks brought up to date.

    Raises:
        ValueError: the page has no marks.
    """
    head, mark, rest = page.partition(FIRST)
    _, end, tail = rest.partition(LAST)
    if not mark or not end:
        raise ValueError("the page has no marks for the generated tables")
    return f"{head}{FIRST}\n\n{reference()}\n{LAST}{tail}"


def _section(title: str, table: dict[str, Any], but: Collection[str] = ()) -> str:
    required: list[str] = table.get("required", [])
    rows = ["| key | type | default | meaning |", "|---|---|---|---|"]
    for name, key in table["properties"].items():
        if name not in but:
            default = "required" if name in required else _default(key.get("default"))
            rows.append(f"| `{name}` | {_type(key)} | {default} | {key.get('description', '')} |")
    one_of = [arm["required"][0] for arm in table.get("anyOf", ())]
    more = f" One of {', '.join(f'`{name}`' for name in one_of)} is needed." if one_of else ""
    return f"### {title}\n\n{table['description']}{more}\n\n" + "\n".join(rows) + "\n"


def _default(value: Any) -> str:
    if isinstance(value, bool):
        value = str(value).lower()
    return f"`{value}`".replace("'", '"') if value else ""


def _type(key: dict[str, Any]) -> str:
    if "anyOf" in key:
        return " or ".join(map(_type, key["anyOf"]))
    if "enum" in key:
        return " or ".join(f"`{value}`" for value in key["enum"])
    kind = str(key.get("type", "table"))
    if kind == "array":
        return f"array of {_type(key['items'])}s"
    if kind == "object":
        return f"table of {_type(key['additionalProperties'])}s"
    if kind == "string":
        return "dotted name" if str(key.get("pattern")) == PLAIN_DOTTED else kind
    return kind
