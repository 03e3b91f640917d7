"""Data checks. Outside the package that the plan's own command looks into."""

from __future__ import annotations

import importlib


def check_data(rows: list[object]) -> None:
    """Check rows with whichever extension is there."""
    for module_name in ("datafusion._internal", "datafusion_ext"):
        try:
            importlib.import_module(module_name).check(rows)
        except ImportError:
            continue
        return
    raise ImportError("data checks need datafusion_ext")
