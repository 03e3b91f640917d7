"""The MCP server: what a coding agent can ask about one project and its plan, without changing either."""
