"""Plugin options: deleted in wave 0, brought back by a merge."""

from __future__ import annotations

import json


def delta_plugin_options_json(options: dict[str, str]) -> str:
    """Options in the form that the plugin reads."""
    return json.dumps(options, sort_keys=True)
