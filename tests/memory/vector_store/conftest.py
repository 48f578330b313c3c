"""What the tests of the store share."""

from __future__ import annotations

import os
import uuid
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from qdrant_client import QdrantClient

from memory.config import load_settings
from memory.llm.hashing_embedder import HashingEmbedder
from memory.llm.local_embedder import LocalEmbedder
from memory.llm.sentence_encoder import SentenceEncoder
from memory.types import Kind, Memory, Owner, Subject
from memory.vector_store.client import EdgeClient, open_client
from memory.vector_store.store import MemoryStore
from tests.fakes.qdrant_server import qdrant_server

ME = Owner("mei", "niannian")
START = datetime(2024, 5, 1, 8, tzinfo=UTC)


@pytest.fixture
def client(tmp_path: Path) -> Iterator[EdgeClient]:
    with_folder = EdgeClient(tmp_path / "memories")
    yield with_folder
    with_folder.close()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """What uses a store runs on every engine, unless it is about one (``edge_only``)."""
    if "store" in metafunc.fixturenames:
        about_edge = metafunc.definition.get_closest_marker("edge_only")
        engines = ["edge"] if about_edge else ["edge", "client", "server"]
        metafunc.parametrize("store", engines, indirect=True)


@pytest.fixture
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[MemoryStore]:
    """A store over Qdrant Edge, the client's own engine, or a server's wire format."""
    with ExitStack() as open_until_here:
        if request.param == "edge":
            client: QdrantClient = EdgeClient(tmp_path / "memories")
        elif request.param == "client":
            open_until_here.enter_context(warnings.catch_warnings())
            warnings.filterwarnings("ignore", "Payload indexes have no effect")
            client = QdrantClient(":memory:")
        else:
            server = open_until_here.enter_context(qdrant_server())
            client = open_client(load_settings(qdrant_url=server.url))
        opened = MemoryStore(client, HashingEmbedder(), tmp_path)
        yield opened
        opened.close()


def open_store(folder: Path, embedder: Any = None) -> MemoryStore:
    return MemoryStore(EdgeClient(folder / "memories"), embedder or HashingEmbedder(), folder)


def local_embedder() -> LocalEmbedder:
    """The sentence encoder's embedder, ready, over hashed n-grams instead of its model."""
    hashed = HashingEmbedder(512)
    encoder = SentenceEncoder(lambda: lambda texts: np.asarray(hashed.embed(texts), np.float32))
    encoder.encode(["a"])
    return LocalEmbedder(encoder)


@pytest.fixture
def make() -> Callable[..., Memory]:
    """Memories with distinct ids and times; any field can be given."""
    return maker()


def maker() -> Callable[..., Memory]:
    """The same without a test around it."""
    made = 0

    def memory(text: str, **fields: Any) -> Memory:
        nonlocal made
        made += 1
        at = START + timedelta(minutes=made)
        values: dict[str, Any] = {
            "id": str(uuid.UUID(int=made)),
            "owner": ME,
            "subject": Subject.USER,
            "kind": Kind.CONSTANT,
            "category": "other",
            "created_at": at,
            "updated_at": at,
            "language": "zh" if any("一" <= c <= "鿿" for c in text) else "en",
        }
        return Memory(text=text, **{**values, **fields})

    return memory


def bytes_hold(folder: Path, text: str) -> list[str]:
    """Names of files below ``folder`` in which ``text`` occurs, however it is encoded."""
    needles = [text.encode(), text.encode("unicode_escape"), text.encode("utf-16-le")]
    return [
        str(file.relative_to(folder))
        for file in folder.rglob("*")
        if file.is_file() and _holds(written(file), needles)
    ]


def _holds(data: bytes, needles: list[bytes]) -> bool:
    return any(needle in data for needle in needles)


def written(file: Path) -> bytes:
    """What was ever written to a file: the engine's files are gigabytes of holes."""
    if not hasattr(os, "SEEK_DATA"):
        return file.read_bytes()
    parts, end = [], file.stat().st_size
    with file.open("rb") as opened:
        at = 0
        while at < end:
            try:
                at = os.lseek(opened.fileno(), at, os.SEEK_DATA)
            except OSError:  # nothing but a hole until the end
                break
            hole = os.lseek(opened.fileno(), at, os.SEEK_HOLE)
            opened.seek(at)
            parts.append(opened.read(hole - at))
            at = hole
    return b"".join(parts)
