"""Composition root: the settings become the objects that live as long as the process."""

from __future__ import annotations

from memory.container.assembly import build
from memory.container.container import Container
from memory.container.factories import make_embedder, make_transcriber, make_voice
from memory.container.storage import open_database

__all__ = [
    "Container",
    "build",
    "make_embedder",
    "make_transcriber",
    "make_voice",
    "open_database",
]
