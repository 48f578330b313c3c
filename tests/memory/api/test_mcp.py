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


def answer_of(
    api: TestClient, tool: str, headers: dict[str, str] | None = None, **given: Any
) -> Any:
    result = call(api, tool, headers, **given)
    assert not result.get("isError"), result
    return result["structuredContent"]


def test_the_tools_of_mem0_s_server(api: TestClient, running: Container) -> None:
    first = answer_of(api, "add_memory", text="Breeds bees", user_id="wren", app_id="hive")
    told = [{"role": "user", "content": "I am allergic to walnuts."}]
    learnt = answer_of(
        api, "add_memory", messages=told, user_id="wren", agent_id="coach", metadata={"n": 1}
    )
    assert answer_of(api, "get_event_status", event_id=learnt["event_id"])["status"] == "SUCCEEDED"
    nuts = learnt["results"][0]["id"]
    # Of every companion, if none is named.
    listed = answer_of(api, "get_memories", page_size=1)
    assert (listed["total"], len(listed["memories"])) == (2, 1)
    assert answer_of(api, "get_memory", memory_id=nuts)["metadata"] == {"n": 1}
    filters = {"AND": [{"metadata": {"n": {"gte": 1}}}]}
    found = answer_of(api, "search_memories", query="allergies", filters=filters)["memories"]
    assert [one["id"] for one in found] == [nuts]
    apps = answer_of(api, "get_memories", filters={"app_id": "hive"})["memories"]
    assert [one["id"] for one in apps] == [first["id"]]
    changed = answer_of(api, "update_memory", memory_id=nuts, text="Is allergic to all nuts")
    assert (changed["text"], changed["metadata"]) == ("Is allergic to all nuts", {"n": 1})
    names = {one["name"] for one in answer_of(api, "list_entities")["entities"]}
    assert {"wren", "coach", "hive"} <= names
    assert answer_of(api, "delete_memory", memory_id=nuts) == {"deleted": 1}
    assert call(api, "get_memory", memory_id=nuts)["isError"] is True
    assert answer_of(api, "delete_entities", app_id="hive") == {"deleted": ["app_id"]}
    answer_of(api, "add_memory", text="Sings in a choir")
    answer_of(api, "add_memory", text="Sings alone", user_id="robin")
    assert answer_of(api, "delete_all_memories", user_id="wren") == {"deleted": 1}
    assert answer_of(api, "get_memories", user_id="robin")["total"] == 1
    made = running.db.history.of(Owner("wren", "niannian"))[0]
    running.memory_service.undoing.undo(made.owner, made.id)
    assert answer_of(api, "get_memories", user_id="wren")["total"] == 1


@pytest.mark.parametrize(
    ("tool", "given"),
    [
        ("get_memory", {"memory_id": "nobody"}),
        ("get_memory", {"memory_id": "../" * 900}),
        ("update_memory", {"memory_id": "nobody", "text": "x"}),
        ("update_memory", {"memory_id": "nobody"}),
        ("delete_memory", {"memory_id": "nobody"}),
        ("delete_entities", {}),
        ("delete_entities", {"app_id": "no spaces"}),
        ("delete_all_memories", {"user_id": "no spaces"}),
        ("get_event_status", {"event_id": "nobody"}),
        ("get_memories", {"filters": {"colour": "blue"}}),
        ("get_memories", {"page": 0}),
        ("search_memories", {"query": "x", "filters": {"AND": 7}}),
        ("add_memory", {"messages": [{"role": "king", "content": "x"}]}),
        ("add_memory", {}),
    ],
)
def test_what_cannot_be_used_is_said(calm: TestClient, tool: str, given: dict[str, Any]) -> None:
    result = call(calm, tool, **{"user_id": "xiaoyu", **given} if tool[:3] == "add" else given)
    assert result["isError"] is True
    said = result["content"][0]["text"]
    assert said.endswith(".")
    assert "Traceback" not in said


def test_with_accounts_the_tools_reach_nobody_else(serve: Serve) -> None:
    api = serve(accounts="required")
    running: Container = api.running  # type: ignore[attr-defined]
    for name in ("anna", "ben"):
        running.db.users.create(name, id=name)
    id = add(running, Owner("anna", "niannian"), "用户的暗号是青蛙")
    secret = running.accounts.create_token("ben", "assistant", ["memory"])[1]
    headers = {"authorization": f"Bearer {secret}"}
    for tool, given in (
        ("get_memory", {"memory_id": id}),
        ("update_memory", {"memory_id": id, "text": "x"}),
        ("delete_memory", {"memory_id": id}),
        ("get_memories", {"user_id": "anna"}),
        ("delete_entities", {"user_id": "anna"}),
    ):
        assert call(api, tool, headers, **given)["isError"] is True, tool
    theirs = answer_of(api, "get_memories", headers, filters={"OR": [{"user_id": "anna"}]})
    assert theirs["memories"] == []
    assert answer_of(api, "list_entities", headers)["entities"] == []
    assert answer_of(api, "delete_all_memories", headers, user_id="anna") == {"deleted": 0}
    assert running.store.reads.count(Owner("anna", "niannian")) == 1


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
    assert names == {
        *("search_memories", "add_memory", "get_memories", "get_memory", "update_memory"),
        *("delete_memory", "delete_all_memories", "delete_entities", "list_entities"),
        *("get_event_status", "get_context"),
    }
    assert made["text"] == "The user likes skiing"
