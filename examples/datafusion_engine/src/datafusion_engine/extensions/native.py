"""The banned surface under a clean name: every user of this module looks innocent by text."""

from __future__ import annotations

from datafusion._internal import SessionConfig, create_runtime

__all__ = ["SessionConfig", "create_runtime"]
