"""The graph of people and things: it follows every change of a memory."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from memory.container import Container
from memory.types import Kind, MemoryDraft, Owner, Subject
from tests.memory.api.conftest import Serve, add

UNCLE = "用户的舅舅老秦住在西安"


def names(api: TestClient, user: str = "xiaoyu", **query: Any) -> set[str]:
    answer = api.get(f"/api/graph/{user}", params=query)
    assert answer.status_code == 200, answer.text
    return {node["name"] for node in answer.json()["data"]["nodes"] if node["type"] != "user"}


def test_it_follows_add_edit_undo_delete_and_erase(
    api: TestClient, running: Container, owner: Owner
) -> None:
    service = running.memory_service
    id = add(running, owner, UNCLE)
    assert names(api) == {"老秦", "西安"}
    service.edit(owner, id, text="用户的舅舅老秦住在兰州")
    assert names(api) == {"老秦", "兰州"}
    change = running.db.history.of(owner)[0]
    service.undoing.undo(owner, change.id)
    assert names(api) == {"老秦", "西安"}
    group = service.delete(owner, [id])
    assert names(api) == set()
    service.undoing.undo_group(owner, group)
    assert names(api) == {"老秦", "西安"}
    service.edit(owner, id, status="archived")
    assert names(api) == set()
    service.restore(owner, id)
    running.erase_owner(owner)
    assert running.db.relations.of("xiaoyu") == []


def test_memories_from_before_are_read_at_the_first_look(
    api: TestClient, running: Container, owner: Owner
) -> None:
    add(running, owner, UNCLE)
    running.db.relations.replace_all("xiaoyu", [], "an older version of the rules")
    assert names(api) == {"老秦", "西安"}


def test_export_and_import_bring_them_along(
    api: TestClient, running: Container, owner: Owner
) -> None:
    add(running, owner, UNCLE)
    export = api.get("/api/memory/export/xiaoyu", params={"format": "json"})
    running.db.users.create("阿木", id="mu")
    body = {"user_id": "mu", "content": export.text}
    moved = api.post("/api/memory/import", json=body)
    assert moved.status_code == 200, moved.text
    assert names(api, "mu") == {"老秦", "西安"}


def test_files_days_and_others(api: TestClient, running: Container, owner: Owner) -> None:
    draft = MemoryDraft(UNCLE, Subject.USER, Kind.TEMPORAL, event_date="2021-04")
    running.memory_service.add(owner, draft)
    assert names(api, on="2021-03-31") == set()
    assert names(api, on="2021-04-02") == {"老秦", "西安"}
    assert "老秦" in api.get("/api/graph/xiaoyu/export").text
    assert "graphml" in api.get("/api/graph/xiaoyu/export?format=graphml").text
    assert api.get("/api/graph/nobody").status_code == 404
    assert api.get("/api/graph/xiaoyu?on=soon").status_code == 422
    assert api.get("/api/graph/xiaoyu?persona_id=nobody").status_code == 404


def test_mem0_s_programs_get_relations(api: TestClient) -> None:
    said = "John 在 OpenAI 工作，是 Sarah 的朋友"
    added = api.post(
        "/v3/memories/add/", json={"messages": said, "user_id": "wren", "infer": False}
    ).json()
    works = {"source": "John", "relationship": "works_at", "target": "OpenAI"}
    assert [works] in added["relations"]["added_entities"]
    body = {"query": "John", "filters": {"user_id": "wren"}}
    found = api.post("/v3/memories/search/", json=body).json()
    assert {**works, "destination": "OpenAI"}.items() <= found["relations"][0].items()
    before = api.post("/v1/memories/search/", json={"query": "John", "user_id": "wren"}).json()
    assert isinstance(before, list)
    gone = api.delete(f"/v1/memories/{added['results'][0]['id']}/")
    assert gone.status_code == 200
    assert names(api, "wren") == set()


@pytest.mark.parametrize("path", ["/api/graph/{}", "/api/graph/{}/export"])
def test_another_s_graph_is_not_found(serve: Serve, path: str) -> None:
    api = serve(accounts="required")
    running: Container = api.running  # type: ignore[attr-defined]
    for id in ("ada", "bo"):
        running.db.users.create(id, id=id)
    _, token = running.accounts.create_token("ada", "t", ["memory"])
    head = {"Authorization": f"Bearer {token}"}
    assert api.get(path.format("ada"), headers=head).status_code == 200
    assert api.get(path.format("bo"), headers=head).status_code == 404
