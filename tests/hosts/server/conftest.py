"""Makes the editor beside the tests importable under a name of its own."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

_SPEC = importlib.util.spec_from_file_location("server_editor", Path(__file__).with_name("editor.py"))
assert _SPEC is not None and _SPEC.loader is not None
_MODULE = importlib.util.module_from_spec(_SPEC)
sys.modules.setdefault("server_editor", _MODULE)
_SPEC.loader.exec_module(_MODULE)
