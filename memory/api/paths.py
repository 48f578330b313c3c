"""Paths that several parts of the service name."""

MCP = "/mcp"

MEM0_SERVER = "/mem0"
"""Where the routes of mem0's own server stand."""

MEM0_PREFIXES = ("/v1", "/v2", "/v3", MEM0_SERVER)
"""Where mem0's clients call; every path below them is the API's, known or not."""

OWN_PREFIXES = ("/api", "/health", "/metrics", "/info", "/docs", "/redoc", MCP, *MEM0_PREFIXES)
"""Every path that isn't the page's."""
