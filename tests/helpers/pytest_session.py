"""Real sessions of pytest in a folder, with no other plugins than ours and that of several workers."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import hardcut

PACKAGES = str(Path(hardcut.__file__).parents[1])
PLUGINS = {
    "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
    "PYTEST_PLUGINS": "hardcut.integrations.pytest,xdist.plugin",
}
"""All plugins of this environment together take a second and a half to load."""


def session(root: Path, *argv: str, plugins: dict[str, str] = PLUGINS) -> tuple[int, str]:
    """The exit code and all that pytest says, without what it was told in this process."""
    own = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "COLUMNS"))}
    ended = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *argv],
        cwd=root,
        env=own | {"PYTHONPATH": PACKAGES, "COLUMNS": "300", "NO_COLOR": "1"} | plugins,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    said = ended.stdout + ended.stderr
    assert "INTERNALERROR" not in said, said
    assert "internal error" not in said, said
    return ended.returncode, said
