"""Adapters: other frameworks' memories, kept in a running Niannian.

One file for each framework, over the client library. They need ``httpx`` and the framework
(see ``[project.optional-dependencies]`` in pyproject.toml), and nothing of the server.
"""
