"""Keys of schema metadata."""

SCHEMA_META_NAME = b"schema_name"
SCHEMA_META_VERSION = b"schema_version"
