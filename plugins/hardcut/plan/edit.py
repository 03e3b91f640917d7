"""Edits of a manifest that leave every other byte as it is.

The places of keys are known (`locate`), so text is put in at a place, and the result is read again:
an edit counts only if the document then says the same, but for what was to change. A library that
writes TOML anew would not do: tables that take turns (`[[wave.remove]]`, `[[wave.keep]]`, then
`[[wave.remove]]` again) come out of tomlkit 0.15 in another order, away from their comments.
"""

from __future__ import annotations

import copy
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hardcut.finding import State
from hardcut.plan.discover import PREFIX, PROJECT
from hardcut.plan.errors import ManifestError
from hardcut.plan.gates import LoadedPlan, Problem
from hardcut.plan.load import digest_of, load_document
from hardcut.plan.read import Document, read
from hardcut.plan.source_map import Locations, Spot
from hardcut.plan.source_map import Path as Way
from hardcut.plan.starter import toml_string

BOM = b"\xef\xbb\xbf"
STRING = re.compile(r'"""(?s:.*?)"{3,5}|\'\'\'(?s:.*?)\'{3,5}|"[^"\n]*"|\'[^\'\n]*\'')


def with_state(plan: LoadedPlan, wave: str, state: State) -> bytes:
    """The manifest of a plan with one wave in another state; nothing is written.

    Raises:
        ManifestError: the file is not the one that was loaded, its layout leaves no place for the
            edit, or the result would be no valid manifest.
    """
    document = _unchanged(plan)
    index = next(at for at, one in enumerate(plan.manifest.wave) if one.id == wave)
    way: Way = (*_prefix(document), "wave", index)
    wanted = copy.deepcopy(document.tables)
    table = _at(wanted, way)
    there = "state" in table
    table["state"] = state
    places = Locations(document.text)
    texts = _replaced(document.text, places, way, state) if there else _stated(document, places, way, state)
    by_hand = f'set `state = "{state}"` for wave {toml_string(wave)} by hand'
    return _checked(plan, document, texts, wanted, places.value(way), by_hand)


def with_revive(plan: LoadedPlan, module: str, reason: str) -> bytes:
    """The manifest of a plan with one more `[[revive]]` at its end; nothing is written.

    Raises:
        ManifestError: as `with_state` does.
    """
    document = _unchanged(plan)
    prefix = _prefix(document)
    wanted = copy.deepcopy(document.tables)
    _at(wanted, prefix).setdefault("revive", []).append({"module": module, "reason": reason})
    line = _newline(document.text)
    name = ".".join((*map(str, prefix), "revive"))
    block = [f"[[{name}]]", f"module = {toml_string(module)}", f"reason = {toml_string(reason)}"]
    text = document.text if document.text.endswith("\n") else document.text + line
    gap = "" if text.endswith(line * 2) else line
    result = text + gap + "".join(one + line for one in block)
    spot = Spot(text.count("\n") + 1, 1)
    by_hand = f"add a table [[{name}]] with `module` and `reason` by hand"
    return _checked(plan, document, iter([result]), wanted, spot, by_hand)


def with_waves(plan: LoadedPlan, waves: str) -> bytes:
    """The manifest of a plan with more waves at its end, given as TOML with comments; nothing is written.

    Raises:
        ManifestError: as `with_state` does.
    """
    document = _unchanged(plan)
    prefix = _prefix(document)
    added = _at(tomllib.loads(waves), (*prefix, "wave"))
    wanted = copy.deepcopy(document.tables)
    _at(wanted, prefix).setdefault("wave", []).extend(added)
    line = _newline(document.text)
    text = document.text if document.text.endswith("\n") else document.text + line
    result = text + waves.replace("\n", line)
    spot = Spot(text.count("\n") + 1, 1)
    by_hand = "write the waves as [[wave]] tables, or add the drafted ones by hand"
    return _checked(plan, document, iter([result]), wanted, spot, by_hand)


def _unchanged(plan: LoadedPlan) -> Document:
    """The manifest as it is on disk, which is to be what was loaded."""
    document = read(Path(plan.root) / plan.path, plan.path)
    if digest_of(document.data) != plan.digest:
        raise ManifestError(
            [Problem(plan.path, 1, 1, "", "changed while this ran; nothing was written: run it again")]
        )
    return document


def _checked(
    plan: LoadedPlan,
    document: Document,
    texts: Iterator[str],
    wanted: dict[str, Any],
    spot: Spot,
    by_hand: str,
) -> bytes:
    """The first text that says what is wanted, as bytes."""
    for text in texts:
        try:
            tables = tomllib.loads(text)
        except (tomllib.TOMLDecodeError, ValueError, RecursionError):
            continue
        if _plain(tables) == _plain(wanted):
            data = (BOM if document.data.startswith(BOM) else b"") + text.encode()
            load_document(document._replace(data=data, text=text, tables=tables), Path(plan.root))
            return data
    message = f"this layout cannot be edited without changing more than that; {by_hand}"
    raise ManifestError([Problem(document.shown, spot.line, spot.column, "", message)])


def _prefix(document: Document) -> Way:
    return PREFIX if document.path.name == PROJECT else ()


def _at(tables: dict[str, Any], way: Way) -> Any:
    found: Any = tables
    for part in way:
        found = found[part]
    return found


def _replaced(text: str, places: Locations, way: Way, state: State) -> Iterator[str]:
    """The text with another string where the state stands."""
    at = _offset(text, places.value((*way, "state")))
    found = STRING.match(text, at)
    if found is not None:
        quote = "'" if found[0].startswith("'") else '"'
        yield f"{text[:at]}{quote}{state}{quote}{text[found.end() :]}"


def _stated(document: Document, places: Locations, way: Way, state: State) -> Iterator[str]:
    """Texts with a state where there was none: below the title, the id or the header; within braces."""
    text = document.text
    lines = re.findall(r"[^\n]*\n|[^\n]+", text)
    table = _at(document.tables, way)
    header = places.value(way)
    if text.startswith("[[", _offset(text, header)):
        spots = [places.value((*way, key)) for key in ("title", "id") if key in table]
        for spot in [*spots, header]:
            before, line = lines[: spot.line], lines[spot.line - 1]
            indent = line[: len(line) - len(line.lstrip(" \t"))]
            end = "" if line.endswith("\n") else _newline(text)
            stated = f'{end}{indent}state = "{state}"{_newline(text)}'
            yield "".join([*before, stated, *lines[spot.line :]])
    at = _offset(text, places.key((*way, "id")))
    yield f'{text[:at]}state = "{state}", {text[at:]}'


def _offset(text: str, spot: Spot) -> int:
    at = 0
    for _ in range(spot.line - 1):
        at = text.index("\n", at) + 1
    return at + spot.column - 1


def _newline(text: str) -> str:
    """How the text ends its lines."""
    end = text.find("\n")
    return "\r\n" if end > 0 and text[end - 1] == "\r" else "\n"


def _plain(value: object) -> str:
    """A value as text, tables in one order: equal texts are equal documents, NaN included."""
    if isinstance(value, dict):
        return "{" + ",".join(f"{key!r}:{_plain(value[key])}" for key in sorted(value)) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_plain, value)) + "]"
    return repr(value)
