"""The MCP server's tools, with what an agent reads about each, over standard input and output."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import anyio
import anyio.to_thread
from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import ToolAnnotations

from hardcut import __version__
from hardcut.api.errors import Unusable
from hardcut.integrations.mcp.tools import Project, explain

T = TypeVar("T")
READ_ONLY = ToolAnnotations(read_only_hint=True, destructive_hint=False, open_world_hint=False)
INSTRUCTIONS = """\
hardcut checks this project against its cutover plan (cutover.toml): which modules and symbols are deleted or
have moved, and which have to stay. The plan forbids compatibility shims, re-exports of old names and
fallbacks. Call check after each change and follow the help of every finding. Ask why about a name before you
delete, move or import it. A wave of the plan is done when can_land says so, not before.
"""


def server(project: Project) -> MCPServer[Any]:
    """The server of one project. It reads the project; it never writes, and runs no command of a plan."""
    mcp: MCPServer[Any] = MCPServer(
        "hardcut", instructions=INSTRUCTIONS, version=__version__, log_level="ERROR"
    )
    turn = anyio.Lock()

    async def answered(ask: Callable[[], T]) -> T:
        """An answer from another thread, one at a time: a run uses all that the machine has."""
        async with turn:
            try:
                return await anyio.to_thread.run_sync(ask)
            except Unusable as problem:
                raise ToolError(str(problem)) from None

    @mcp.tool(annotations=READ_ONLY)
    async def check(
        paths: list[str] | None = None, waves: list[str] | None = None, limit: int = 50
    ) -> dict[str, Any]:
        """Check the project, or only some files and folders, against its cutover plan.

        Each finding has path, line, message, and in `help` what to do about it. `paths` are relative to the
        root. `waves` selects waves by id, planned ones too. At most `limit` findings are listed.
        """
        return await answered(lambda: project.check(paths or [], waves or [], max(0, limit)))

    @mcp.tool(annotations=READ_ONLY)
    async def why(name: str) -> dict[str, Any]:
        """Say what the plan says about a module (`shop.old`), a symbol (`shop.old.f`) or a path.

        The answer has its wave, the reason, the new home, and every reference that is left.
        """
        return await answered(lambda: project.why(name))

    @mcp.tool(name="explain", annotations=READ_ONLY)
    async def explain_rule(rule: str = "") -> str:
        """Explain a rule by name or code (`CUT101`), with a wrong and a right example; or list all rules."""
        return await answered(lambda: explain(rule))

    @mcp.tool(annotations=READ_ONLY)
    async def status() -> dict[str, Any]:
        """Show each wave of the plan: its state, what is done, what remains, and what blocks it."""
        return await answered(project.status)

    @mcp.tool(annotations=READ_ONLY)
    async def fix_preview(paths: list[str] | None = None, waves: list[str] | None = None) -> dict[str, Any]:
        """Show the diff that `hardcut fix` would write, and what it would leave and why; write nothing."""
        return await answered(lambda: project.fix_preview(paths or [], waves or []))

    @mcp.tool(annotations=READ_ONLY)
    async def can_land(wave: str) -> dict[str, Any]:
        """Say whether a wave is done, and all that is missing, as `hardcut land WAVE --dry-run` does."""
        return await answered(lambda: project.can_land(wave))

    return mcp
