"""What a user may set, in the editor's settings under `hardcut` or as initialization options."""

from __future__ import annotations

from typing import Literal

import msgspec

DOCS = ""
"""Where the rules' pages are published; empty while they are not, then the installed page is linked."""


class Settings(msgspec.Struct, frozen=True, rename="camel"):
    """How findings are shown: of `planned` waves, those that active ones have at the base too (`remaining`).

    `docs` is the site of the rules' pages, and `contested` about findings whose entries are.

    With `whole_project`, findings of files that are not open are shown too, and those that only a run
    over the whole project can give.
    """

    planned: Literal["hint", "information", "warning", "off"] = "hint"
    remaining: Literal["hint", "information", "warning", "off"] = "information"
    contested: Literal["hint", "information", "warning", "off"] = "information"
    docs: str = DOCS
    whole_project: bool = True


def settings_of(given: object) -> tuple[Settings, str]:
    """The settings that an editor gave, and what is wrong with them; the defaults where they are unusable."""
    if isinstance(given, dict) and isinstance(given.get("hardcut"), dict):
        given = given["hardcut"]
    if not given:
        return Settings(), ""
    try:
        return msgspec.convert(given, Settings), ""
    except msgspec.ValidationError as problem:
        return Settings(), f"the settings for hardcut cannot be used: {problem}"
