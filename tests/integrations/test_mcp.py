"""The MCP server, asked by the SDK's own client over standard input and output."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import anyio
import pytest
from mcp import Client
from mcp.client.stdio import StdioServerParameters

PROJECT = Path(__file__).resolve().parents[2]
TINY = PROJECT / "examples" / "tiny"
TOOLS = {"check", "why", "explain", "status", "fix_preview", "can_land"}

Calls = list[tuple[str, dict[str, Any]]]


def ask(root: Path, calls: Calls) -> tuple[set[str], list[tuple[bool, Any]]]:
    """The names of the server's tools, and for each call whether it failed and what it gave."""

    async def session() -> tuple[set[str], list[tuple[bool, Any]]]:
        start = StdioServerParameters(
            command=sys.executable, args=["-I", "-m", "hardcut", "mcp", "--root", str(root)]
        )
        answers: list[tuple[bool, Any]] = []
        async with Client(start, read_timeout_seconds=60) as client:
            tools = (await client.list_tools()).tools
            assert all(tool.annotations and tool.annotations.read_only_hint for tool in tools)
            for name, arguments in calls:
                result = await client.call_tool(name, arguments)
                text = "".join(getattr(part, "text", "") for part in result.content)
                answers.append((bool(result.is_error), result.structured_content or text))
        return {tool.name for tool in tools}, answers

    return anyio.run(session)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return Path(shutil.copytree(TINY, tmp_path / "tiny"))


def snapshot(root: Path) -> dict[str, bytes]:
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_every_tool_answers_and_writes_nothing(root: Path) -> None:
    before = snapshot(root)
    names, answers = ask(
        root,
        [
            ("check", {}),
            ("check", {"paths": ["src"], "limit": 1}),
            ("why", {"name": "shop.legacy_cart"}),
            ("explain", {"rule": "CUT101"}),
            ("explain", {}),
            ("status", {}),
            ("fix_preview", {}),
            ("can_land", {"wave": "0"}),
        ],
    )
    assert names == TOOLS
    assert not any(failed for failed, _ in answers)
    check, some, why, page, rules, status, fixes, landing = (answer for _, answer in answers)
    assert check["failed"]
    assert check["omitted"] == 0
    assert {finding["code"] for finding in check["findings"]} >= {"CUT101"}
    assert all(finding["help"] for finding in check["findings"])
    assert len(some["findings"]) == 1
    assert some["omitted"] > 0
    assert why["entries"][0]["name"] == "shop.legacy_cart"
    assert "deleted-module-import" in json.dumps(page)
    assert "CUT905" in json.dumps(rules)
    assert status["waves"][0]["id"] == "0"
    assert "+from" in fixes["diff"] or "+import" in fixes["diff"]
    assert landing["verdict"].startswith("wave 0 ")
    assert snapshot(root) == before


def test_an_answer_is_about_the_files_as_they_are_now(root: Path) -> None:
    async def session() -> tuple[int, int]:
        start = StdioServerParameters(
            command=sys.executable, args=["-I", "-m", "hardcut", "mcp", "--root", str(root)]
        )
        counts: list[int] = []
        async with Client(start, read_timeout_seconds=60) as client:
            for _ in range(2):
                result = await client.call_tool("check", {})
                assert result.structured_content is not None
                counts.append(result.structured_content["summary"]["severity"]["error"])
                (root / "src" / "shop" / "late.py").write_text("import shop.legacy_cart\n")
        return counts[0], counts[1]

    before, after = anyio.run(session)
    assert after == before + 1


WRONG: Calls = [
    ("check", {"paths": ["../secret.py"]}),
    ("check", {"paths": ["/etc/passwd"]}),
    ("check", {"waves": ["9"]}),
    ("why", {"name": "shop.leagcy_cart"}),
    ("explain", {"rule": "CUT999"}),
    ("can_land", {"wave": "9"}),
]


def test_wrong_questions_are_answered_with_what_is_wrong(root: Path) -> None:
    (root.parent / "secret.py").write_text("import shop.legacy_cart\n")
    _, answers = ask(root, WRONG)
    assert all(failed for failed, _ in answers), answers
    texts = [str(answer) for _, answer in answers]
    assert "outside" in texts[0]
    assert "outside" in texts[1]
    assert 'unknown wave "9"' in texts[2]
    assert "shop.legacy_cart" in texts[3]
    assert "unknown rule" in texts[4]
    assert 'unknown wave "9"' in texts[5]


def test_the_documented_hook_stops_an_agent(root: Path) -> None:
    page = (PROJECT / "docs" / "agents.md").read_text(encoding="utf-8")
    blocks = [json.loads(block) for block in re.findall(r"```json\n(.*?)```", page, re.DOTALL)]
    (command,) = (
        hook["command"]
        for block in blocks
        for stop in block.get("hooks", {}).get("Stop", [])
        for hook in stop["hooks"]
    )
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    for expected in (2, 0):
        run = subprocess.run(
            ["sh", "-c", command],
            cwd=root,
            env=os.environ | {"PATH": path},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        assert run.returncode == expected, run.stderr
        assert ("CUT101" in run.stderr) == (expected == 2)
        (root / "cutover.toml").write_text('[plan]\nname = "empty"\nsource = ["src"]\n[[wave]]\nid = "0"\n')
        for source in root.rglob("*.py"):
            source.write_text("")
