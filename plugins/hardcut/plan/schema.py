"""The manifest's JSON Schema, for editors that complete and check TOML."""

from __future__ import annotations

from typing import Any

import msgspec

from hardcut.plan.model import DOTTED, PERCENT, Manifest
from hardcut.plan.read import is_array, is_table

DIALECT = "https://json-schema.org/draft/2020-12/schema"

MORE: dict[str, dict[str, Any]] = {
    "Keep": {
        "anyOf": [{"required": ["symbols"]}, {"required": ["files"]}],
        "dependentRequired": {"symbols": ["module"], "module": ["symbols"]},
    },
    "Ceiling": {"anyOf": [{"required": [key]} for key in ("max_lines", "min_lines", "max_definitions")]},
    "Shrink": {"anyOf": [{"required": ["at_least"]}, {"required": ["at_most"]}]},
}
"""What the model's types do not say of a table, and `hardcut.plan.value_validation` asks for."""


def schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of `cutover.toml`; what relates several keys is not in it."""
    found = msgspec.json.schema(Manifest)
    tables: dict[str, dict[str, Any]] = {name: _plain(table) for name, table in found["$defs"].items()}
    for name, table in tables.items():
        table.update(MORE.get(name, {}))
        for key in table.get("properties", {}).values():
            _describe(key, tables)
    top = tables.pop("Manifest")
    return {"$schema": DIALECT, **top, "title": "hardcut manifest", "$defs": dict(sorted(tables.items()))}


def as_json() -> str:
    """The schema as indented JSON."""
    return msgspec.json.format(msgspec.json.encode(schema()), indent=2).decode() + "\n"


def _plain(value: Any) -> Any:
    """The schema without null, which TOML lacks, and with patterns that every dialect reads."""
    if is_array(value):
        return [_plain(item) for item in value if item != {"type": "null"}]
    if not is_table(value):
        return value.replace(r"\Z", "$") if value in (DOTTED, PERCENT) else value
    plain = {key: _plain(item) for key, item in value.items() if (key, item) != ("default", None)}
    if len(arms := plain.get("anyOf", ())) == 1:
        return {**arms[0], **{key: item for key, item in plain.items() if key != "anyOf"}}
    if "enum" in plain:
        plain["enum"] = [item for item in plain["enum"] if item is not None]
    return plain


def _describe(key: dict[str, Any], tables: dict[str, dict[str, Any]]) -> None:
    """A key that holds tables is described as these are."""
    named = key.get("$ref") or key.get("items", {}).get("$ref") or ""
    if "description" not in key and (table := tables.get(named.rpartition("/")[2])):
        key["description"] = table["description"]
