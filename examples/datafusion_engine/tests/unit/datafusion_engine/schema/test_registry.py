"""Patches that name the old home, and removed names by attribute and by string."""

from __future__ import annotations

from unittest import mock

import pytest

from datafusion_engine.schema import extraction_schemas as schemas
from datafusion_engine.schema.observability_schemas import validate_ast_views


@mock.patch("datafusion_engine.schema.registry.extract_schema_for", return_value=())
def test_contract(extract: mock.Mock) -> None:
    assert extract("ast_nodes") == ()


def test_views(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schemas, "AST_VIEW_NAMES", frozenset({"ast_nodes"}))
    validate_ast_views(frozenset({"ast_nodes"}))
    assert getattr(schemas, "AST_VIEW_NAMES") and getattr(schemas, "CST_VIEW_NAMES")
