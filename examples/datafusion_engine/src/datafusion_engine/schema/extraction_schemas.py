"""Schemas of extraction tables."""

from __future__ import annotations

AST_CORE_VIEW_NAMES = frozenset({"ast_nodes", "ast_edges"})
AST_OPTIONAL_VIEW_NAMES = frozenset({"ast_docstrings"})
# Dead since wave 1; the split carried it over.
AST_VIEW_NAMES = AST_CORE_VIEW_NAMES | AST_OPTIONAL_VIEW_NAMES
# Listed as dead while the session uses it: contested.
CST_VIEW_NAMES = frozenset({"cst_nodes"})

AST_NODES_SCHEMA = ("file_id", "node_id")
AST_EDGES_SCHEMA = ("source_id", "target_id")
CST_NODES_SCHEMA = ("file_id", "node_id")
BYTECODE_INSTRUCTIONS_SCHEMA = ("file_id", "offset")
SCIP_OCCURRENCES_SCHEMA = ("file_id", "symbol")
SYMTABLE_SYMBOLS_SCHEMA = ("file_id", "symbol")
TS_NODES_SCHEMA = ("file_id", "node_id")
RELATIONSHIP_SCHEMA_BY_NAME = {"calls": ("source_id", "target_id")}

_EXTRACTION_SCHEMA_REGISTRY = {
    "ast_edges": AST_EDGES_SCHEMA,
    "ast_nodes": AST_NODES_SCHEMA,
    "cst_nodes": CST_NODES_SCHEMA,
}


def extract_schema_for(table: str) -> tuple[str, ...]:
    """The columns of an extraction table."""
    return _EXTRACTION_SCHEMA_REGISTRY[table]
