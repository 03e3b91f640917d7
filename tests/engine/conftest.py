"""Makes the helpers beside the tests importable under a name of their own."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

_SPEC = importlib.util.spec_from_file_location("engine_project", Path(__file__).with_name("project.py"))
assert _SPEC is not None and _SPEC.loader is not None
_MODULE = importlib.util.module_from_spec(_SPEC)
sys.modules.setdefault("engine_project", _MODULE)
_SPEC.loader.exec_module(_MODULE)
