"""The MCP endpoint, with a real client over a real socket and by hand."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from mcp import Client
from starlette.testclient import TestClient

from memory.container import Container
from memory.types import Actor, Owner
from tests.memory.api.conftest import Serve, add, client_of, listening

HEADERS = {
    "accept": "application/json, text/event-stream",
    "mcp-protocol-version": "2025-06-18",
}


def call(api: TestClient, tool: str, headers: dict[str, str] | None = None, **given: Any) -> Any:
    body = {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "tools/call",
        "params": {"name": tool, "arguments": given},
    }
    answer = api.post("/mcp", json=body, headers={**HEADERS, **(headers or {})})
    assert answer.status_code == 200, answer.text
    return answer.json()["result"]


def test_add_search_and_context(api: TestClient, running: Container) -> None:
    added = call(api, "add_memory", text="用户对花生过敏", user_id="xiaoyu", category="health")
    assert added["structuredContent"]["text"] == "用户对花生过敏"
    owner = Owner("xiaoyu", "niannian")
    assert running.db.history.of(owner)[0].actor is Actor.API
    # With one profile nobody has to be named.
    found = call(api, "search_memories", query="过敏")["structuredContent"]
    assert [memory["text"] for memory in found["memories"]] == ["用户对花生过敏"]
    assert "花生" in call(api, "get_context", message="吃什么")["structuredContent"]["context"]


def test_a_mistake_is_a_sentence_for_the_model(
    api: TestClient, running: Container, owner: Owner
) -> None:
    running.db.users.create("Ben", id="ben")
    for given, said in (
        ({"text": "用户怕高"}, "user_id"),
        ({"text": "用户怕高", "user_id": "../x"}, "can't be"),
        ({"text": "", "user_id": "ben"}, "text"),
        ({"text": "用户怕高", "user_id": "ben", "category": "nonsense"}, "category"),
        ({"text": "用户怕高", "user_id": "ben", "persona_id": "nobody"}, "persona"),
    ):
        result = call(api, "add_memory", **given)
        assert result["isError"] is True
        assert said in result["content"][0]["text"]
    assert call(api, "search_memories", query="x", user_id="nobody")["isError"] is True


def test_with_accounts_it_is_the_token_s_user(serve: Serve) -> None:
    api = serve(accounts="required")
    running: Container = api.running  # type: ignore[attr-defined]
    for name in ("anna", "ben"):
        running.db.users.create(name, id=name)
    add(running, Owner("anna", "niannian"), "用户的暗号是青蛙")
    secret = running.accounts.create_token("ben", "assistant", ["memory"])[1]
    headers = {"authorization": f"Bearer {secret}"}
    assert (
        call(api, "add_memory", headers, text="用户怕高")["structuredContent"]["user_id"] == "ben"
    )
    theirs = call(api, "search_memories", headers, query="暗号", user_id="anna")
    assert theirs["isError"] is True
    assert "青蛙" not in str(theirs)
    chat = running.accounts.create_token("ben", "chat", ["chat"])[1]
    refused = api.post("/mcp", json={}, headers={**HEADERS, "authorization": f"Bearer {chat}"})
    assert (refused.status_code, refused.json()["error"]) == (403, "scope_missing")


@pytest.mark.parametrize("raw", [b"", b"{", b"\xff", b"[]", b'{"jsonrpc": "2.0"}'])
def test_nonsense_is_4xx(calm: TestClient, raw: bytes) -> None:
    headers = {**HEADERS, "content-type": "application/json"}
    answer = calm.post("/mcp", content=raw, headers=headers)
    assert 400 <= answer.status_code < 500


@pytest.mark.parametrize("method", ["GET", "DELETE", "PUT"])
def test_there_is_nothing_to_listen_for(calm: TestClient, method: str) -> None:
    answer = calm.request(method, "/mcp", headers=HEADERS)
    assert (answer.status_code, answer.json()["error"]) == (405, "no_such_method")


def test_the_library_s_own_client_can_use_it(calm_parts: Container) -> None:
    async def talk(url: str) -> tuple[set[str], Any]:
        async with Client(f"{url}/mcp") as client:
            tools = await client.list_tools()
            made = await client.call_tool(
                "add_memory", {"text": "The user likes skiing", "user_id": "xiaoyu"}
            )
            return {tool.name for tool in tools.tools}, made.structured_content

    with listening(client_of(calm_parts).app) as url:  # type: ignore[arg-type]
        names, made = asyncio.run(talk(url))
    assert names == {"search_memories", "add_memory", "get_context"}
    assert made["text"] == "The user likes skiing"
