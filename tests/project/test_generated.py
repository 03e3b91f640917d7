"""What of the documents follows from the code is in step with it."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

DOCS = Path(__file__).resolve().parents[2] / "docs"


def load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate", DOCS / "generate.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


GENERATE = load()


@pytest.mark.parametrize("name", sorted(GENERATE.PAGES))
def test_the_page_is_up_to_date(name: str) -> None:
    text = (DOCS / name).read_text(encoding="utf-8")
    assert GENERATE.PAGES[name](text) == text, "python docs/generate.py writes it again"


@pytest.mark.parametrize("name", ["integrations.md", "manifest.md"])
def test_a_page_without_marks_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="no marks"):
        GENERATE.PAGES[name]("# A page")
