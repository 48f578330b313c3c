"""mem0's own client, over a test server instead of a socket."""

from __future__ import annotations

import os
import tempfile
from typing import Any

import httpx
import pytest
from starlette.testclient import TestClient

# mem0 reads them when it is imported; its telemetry asks another machine.
os.environ["MEM0_TELEMETRY"] = "False"
os.environ.setdefault("MEM0_DIR", tempfile.mkdtemp(prefix="mem0-"))
from mem0 import MemoryClient


class ToTestServer(httpx.BaseTransport):
    """Hands what the client would send through a socket to the test server."""

    def __init__(self, api: TestClient) -> None:
        self._api = api

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        answer = self._api.request(
            request.method,
            str(request.url),
            content=request.read(),
            headers=dict(request.headers),
        )
        return httpx.Response(
            answer.status_code, headers=dict(answer.headers), content=answer.content
        )


@pytest.fixture
def client(api: TestClient) -> MemoryClient:
    sender = httpx.Client(transport=ToTestServer(api))
    return MemoryClient(api_key="any-key-at-all", host="http://localhost:8501", client=sender)


def keep(client: MemoryClient, text: str, **fields: Any) -> str:
    """A memory kept word for word; its id."""
    made = client.add(text, infer=False, **{"user_id": "wren", **fields})
    assert [one["event"] for one in made["results"]] == ["ADD"]
    id: str = made["results"][0]["id"]
    return id


def texts(answer: dict[str, Any]) -> list[str]:
    return sorted(one["memory"] for one in answer["results"])
