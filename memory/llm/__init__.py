"""Chat and embedding models: OpenAI-compatible endpoints, and the built-in ones."""
