"""docs/manifest.md is in step with the model and with the loader."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from hardcut.plan.gates import LoadedPlan
from hardcut.plan.model import KINDS
from hardcut.plan.reference import reference, renew

PAGE = Path(__file__).resolve().parents[2] / "docs" / "manifest.md"


def test_the_page_is_up_to_date() -> None:
    """If this fails, write `renew(text)` back to the page."""
    text = PAGE.read_text()
    assert renew(text) == text


def test_a_page_without_marks_is_refused() -> None:
    with pytest.raises(ValueError, match="no marks"):
        renew("# A page")


def test_every_key_has_a_row() -> None:
    text = reference()
    for kind, table in KINDS.items():
        section = text.partition(f"### `[[wave.{kind}]]`")[2].partition("###")[0]
        for key in table.__struct_fields__:
            own = key not in ("reason", "contested", "decision", "allow_unmatched")
            assert (f"| `{key.rstrip('_')}` |" in section) == own, f"{kind}.{key}"


def test_every_row_has_a_type_and_a_meaning() -> None:
    rows = [line.split(" | ") for line in reference().split("\n") if line.startswith("| `")]
    assert len(rows) > 70
    for row in rows:
        assert len(row) == 4, row
        assert row[1].strip(), row
        assert row[3].strip(" |"), row


def test_the_pages_example_loads(load: Callable[[str], LoadedPlan]) -> None:
    example = re.findall(r"(?ms)^```toml\n(.*?)^```", PAGE.read_text())[0]
    plan = load(example)
    assert len(plan.gates) == 2
    assert plan.contradictions == []
