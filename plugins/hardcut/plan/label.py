"""A gate in a few words: its table's name, and what it is about."""

from __future__ import annotations

from hardcut.plan.gates import Gate
from hardcut.plan.model import KINDS, Entry

_NAMES = {kind: name for name, kind in KINDS.items()}


def kind_of(entry: Entry) -> str:
    """The manifest's table name of an entry, such as `fail_fast`; `plan` for what stands for the plan."""
    return _NAMES.get(type(entry), "plan")


def label(gate: Gate[Entry]) -> str:
    """A gate in a few words: `delete shop.legacy_cart`, `remove shop.prices.old_tax`."""
    return f"{kind_of(gate.entry)} {subject(gate.entry)}"


def subject(entry: Entry) -> str:
    """What an entry is about: its first key, with the names or how many there are."""
    own = [getattr(entry, name) for name in entry.__struct_fields__ if name not in Entry.__struct_fields__]
    said = _few(next(filter(None, own), ""))
    symbols: list[str] = getattr(entry, "symbols", [])
    if len(symbols) == 1:
        said += f".{symbols[0]}"
    elif symbols:
        said += f" ({_few(symbols)})"
    return said


def _few(value: object) -> str:
    if not isinstance(value, list):
        return str(value)
    return f"{value[0]} and {len(value) - 1} more" if len(value) > 1 else str(value[0])
