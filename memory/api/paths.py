"""Paths that several parts of the service name."""

MCP = "/mcp"

MEM0_PREFIXES = ("/v1", "/v2", "/v3")
"""Where mem0's clients call; every path below them is the API's, known or not."""
