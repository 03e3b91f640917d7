"""Configuration snapshots: CSV with a name and a value, or JSON of any shape."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

import msgspec

from hardcut.source.jsontext import Unreadable, parse, places

LARGEST = 8 * 1024 * 1024
MOST = 100_000
"""Settings that are read of one file."""
NAMES = frozenset({"name", "key", "setting", "option", "parameter"})


class Settings(msgspec.Struct, frozen=True, array_like=True):
    """A snapshot's settings as texts, the lines and columns they stand at where known, and its version."""

    values: dict[str, str] = {}
    places: dict[str, tuple[int, int]] = {}
    version: str = ""
    problem: str = ""


def read_settings(path: str, data: bytes, of: str) -> Settings:
    """The settings in a snapshot; `version`, `OF.version` and `OF` itself name the version, not a setting."""
    try:
        if len(data) > LARGEST:
            raise Unreadable(f"is larger than {LARGEST // 1024 // 1024} MiB")
        if path.lower().endswith(".json"):
            values, spots = _of_json(data)
        else:
            values, spots = _of_csv(data.decode("utf-8-sig", "replace"))
    except Unreadable as wrong:
        return Settings(problem=str(wrong))
    version = ""
    for key in ("version", f"{of}.version", of):
        version = values.pop(key, "") or version
    return Settings(values, spots, version) if values else Settings(problem="holds no setting")


def _of_csv(text: str) -> tuple[dict[str, str], dict[str, tuple[int, int]]]:
    head = text[: text.find("\n")] if "\n" in text else text
    sign = next((one for one in ",\t;" if one in head), ",")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=sign)
    values: dict[str, str] = {}
    spots: dict[str, tuple[int, int]] = {}
    name, value, line = 0, 1, 1
    try:
        for row in reader:
            first, line = line, reader.line_num + 1
            lower = [one.strip().lower() for one in row]
            if first == 1 and "value" in lower and NAMES & set(lower):
                name, value = next(at for at, one in enumerate(lower) if one in NAMES), lower.index("value")
            elif len(row) > max(name, value):
                values[row[name].strip()] = row[value]
                spots[row[name].strip()] = (first, 1)
            elif any(row):
                raise Unreadable(f"has no name and value in line {first}")
            if len(values) > MOST:
                raise Unreadable(f"has more than {MOST:,} settings")
    except csv.Error as wrong:
        raise Unreadable(f"is no CSV: {wrong}") from None
    return values, spots


def _of_json(data: bytes) -> tuple[dict[str, str], dict[str, tuple[int, int]]]:
    value, text = parse(data)
    inner = value.get("settings") if isinstance(value, dict) else None
    values: dict[str, str] = {}
    if isinstance(inner, dict | list):
        version = value.get("version")
        values.update({"version": version} if isinstance(version, str) else {})
        value = inner
    values.update(_leaves(value))
    return values, places(text, values, only=True)


def _leaves(value: Any) -> Iterator[tuple[str, str]]:
    """Every leaf with its dotted name; rows of `name` and `value` are settings by themselves."""
    waiting: list[tuple[str, Any]] = [("", value)]
    count = 0
    while waiting:
        name, found = waiting.pop()
        start = f"{name}." if name else ""
        if isinstance(found, dict):
            lower = {str(key).lower(): key for key in found}
            named = next((lower[one] for one in lower if one in NAMES), None)
            if named is not None and "value" in lower and isinstance(found[named], str):
                yield found[named], _text(found[lower["value"]])
            else:
                waiting += [(f"{start}{key}", one) for key, one in found.items()]
        elif isinstance(found, list):
            waiting += [(f"{start}{at}", one) for at, one in enumerate(found)]
        elif name:
            yield name, _text(found)
        else:
            raise Unreadable("is no object of names and values")
        count += 1
        if count > MOST:
            raise Unreadable(f"has more than {MOST:,} settings")


def _text(value: Any) -> str:
    """A value as a CSV would hold it: what is not set is empty."""
    return "" if value is None else value if isinstance(value, str) else json.dumps(value)
