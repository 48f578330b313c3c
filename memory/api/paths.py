"""Paths that several parts of the service name."""

MCP = "/mcp"
