"""The tutorial, done as it is written: its files, its commands, and what they print."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
PAGE = PROJECT / "docs" / "tutorial.md"
BLOCK = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```", re.MULTILINE | re.DOTALL)


def run(script: str, folder: Path) -> tuple[int, str]:
    own = {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        **{f"GIT_{who}_{what}": "a@b.c" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
    }
    ended = subprocess.run(
        ["bash", "-ec", script],
        cwd=folder,
        env=os.environ | own,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=120,
    )
    return ended.returncode, ended.stdout


def renewed(folder: Path) -> str:
    """The page with what its commands print today."""
    shutil.copytree(
        PROJECT / "examples" / "tiny",
        folder / "examples" / "tiny",
    )
    here = folder

    def block(match: re.Match[str]) -> str:
        nonlocal here
        language, path, text = match.groups()
        if language == "sh":
            code, said = run(text, here)
            assert code == 0, said
            here = folder / "shop"
        elif language == "console":
            command = text.splitlines()[0]
            _, said = run(command.removeprefix("$ "), here)
            return f"```console\n{command}\n{said.rstrip()}\n```"
        else:
            (here / path).write_text(text, encoding="utf-8")
        return match[0]

    return BLOCK.sub(block, PAGE.read_text(encoding="utf-8"))


def test_every_command_prints_what_the_page_shows(tmp_path: Path) -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert renewed(tmp_path) == text, "python -m tests.project.test_tutorial writes it again"
    assert text.count("```console") >= 8


if __name__ == "__main__":
    import tempfile

    with tempfile.TemporaryDirectory() as scratch:
        PAGE.write_text(renewed(Path(scratch)), encoding="utf-8")
