from __future__ import annotations

import json
from typing import Any

import pytest
from starlette.testclient import TestClient

from memory.container import Container
from memory.types import Actor, Kind, MemoryDraft, MemoryFilter, Owner, Status, Subject
from tests.memory.api.conftest import add

PEANUTS = "用户对花生过敏"


def test_add_a_memory_once(api: TestClient, running: Container) -> None:
    body = {"user_id": "new", "text": PEANUTS, "category": "health", "importance": 5}
    first = api.post("/api/memory/add", json=body).json()
    assert first["success"] is True
    assert first["message"] == "One new memory."
    memory = first["data"]["memories"][0]
    assert (memory["text"], memory["subject"], memory["kind"]) == (PEANUTS, "user", "constant")
    assert (memory["user_id"], memory["persona_id"]) == ("new", "niannian")
    again = api.post("/api/memory/add", json=body).json()
    assert again["data"]["added"] == 0
    assert again["data"]["memories"][0]["id"] == memory["id"]
    change = running.db.history.of(Owner("new", "niannian"))[0]
    assert change.actor is Actor.API


def test_a_dated_memory_is_temporal(api: TestClient) -> None:
    body = {"user_id": "new", "content": "用户去了西湖", "event_date": "2025-10-17"}
    memory = api.post("/api/memory/add", json=body).json()["data"]["memories"][0]
    assert (memory["kind"], memory["category"]) == ("temporal", "event")


def test_add_learns_from_a_conversation(api: TestClient, running: Container) -> None:
    body = {
        "user_id": "new",
        "messages": [
            {
                "role": "user",
                "content": "我叫小雨，我对花生过敏。",
                "timestamp": "2025-10-18T09:00:00Z",
            },
            {"role": "assistant", "content": "记住了。"},
        ],
    }
    data = api.post("/api/memory/add", json=body).json()["data"]
    assert data["pending"] is False
    assert any("花生" in memory["text"] for memory in data["memories"])
    assert (
        data["added"]
        == len(data["memories"])
        == running.store.reads.count(Owner("new", "niannian"))
    )
    undone = api.post(f"/api/memory/undo/{data['batch_ids'][0]}").json()
    assert len(undone["data"]["changes"]) == data["added"]


def test_batch_add_is_all_or_nothing(api: TestClient, running: Container) -> None:
    good = {"text": PEANUTS}
    bad = {"text": "用户去了西湖", "event_date": "2025-13-01"}
    body: dict[str, Any] = {"user_id": "new", "memories": [good, bad]}
    answer = api.post("/api/memory/batch-add", json=body)
    assert (answer.status_code, answer.json()["error"]) == (400, "memory_event_date")
    owner = Owner("new", "niannian")
    assert running.store.reads.count(owner) == 0
    body["memories"] = [good, {"text": "用户喜欢滑雪", "category": "preference"}]
    data = api.post("/api/memory/batch-add", json=body).json()["data"]
    assert data["added"] == 2
    assert api.post(f"/api/memory/undo/{data['group_id']}").status_code == 200
    assert running.store.reads.count(owner) == 0


def test_search_says_score_and_reason(api: TestClient, running: Container, owner: Owner) -> None:
    wanted = add(running, owner, PEANUTS)
    add(running, owner, "用户喜欢滑雪", category="preference")
    add(running, owner, "念念对花生酱有兴趣", subject=Subject.AI, category="preference")
    body = {"user_id": "xiaoyu", "query": "花生", "filters": {"subject": "user"}}
    data = api.post("/api/memory/search", json=body).json()["data"]
    assert [memory["id"] for memory in data["memories"]] == [wanted]
    hit = data["memories"][0]
    assert 0 < hit["score"] <= 1
    assert hit["reason"] in ("words", "characters")
    assert hit["signals"]


def test_search_filters_by_kind_category_and_dates(
    api: TestClient, running: Container, owner: Owner
) -> None:
    for day in ("2025-10-01", "2025-10-20"):
        add(
            running,
            owner,
            f"用户在{day}去爬山",
            kind=Kind.TEMPORAL,
            category="event",
            event_date=day,
        )

    def found(**filters: Any) -> int:
        body = {"user_id": "xiaoyu", "query": "爬山", "filters": filters}
        return int(api.post("/api/memory/search", json=body).json()["data"]["total"])

    assert found() == 2
    assert found(event_from="2025-10-10") == 1
    assert found(event_from="2025-10-01", event_to="2025-10-01") == 1
    assert found(kind=["constant"]) == 0
    assert found(category="health") == 0
    assert found(stored_to="2000-01-01T00:00:00Z") == 0


def test_pages_hold_everything_once_though_all_came_at_the_same_moment(
    api: TestClient, running: Container, owner: Owner
) -> None:
    drafts = [
        MemoryDraft(text=f"用户的第{number}件事", subject=Subject.USER, kind=Kind.CONSTANT)
        for number in range(23)
    ]
    running.memory_service.add_many(owner, drafts)
    add(running, owner, "用户最后说的事")
    seen: list[str] = []
    cursor = None
    for _ in range(10):
        query = {"limit": 5, **({"cursor": cursor} if cursor else {})}
        data = api.get("/api/memory/user/xiaoyu", params=query).json()["data"]
        assert data["total"] == 24
        seen += [memory["id"] for memory in data["memories"]]
        # Somebody adds and deletes while we read.
        if cursor is None:
            add(running, owner, "用户刚刚说的事")
            running.memory_service.delete(owner, [seen.pop(0)])
        cursor = data["next_cursor"]
        if cursor is None:
            break
    assert cursor is None
    assert len(seen) == len(set(seen)) == 23


def test_update_changes_what_is_given(api: TestClient, running: Container, owner: Owner) -> None:
    id = add(
        running,
        owner,
        "用户去了西湖",
        kind=Kind.TEMPORAL,
        category="event",
        event_date="2025-10-17",
    )
    after = api.put("/api/memory/update", json={"memory_id": id, "text": "用户去了灵隐寺"}).json()
    assert (after["data"]["text"], after["data"]["event_date"]) == ("用户去了灵隐寺", "2025-10-17")
    after = api.put("/api/memory/update", json={"memory_id": id, "event_date": None}).json()
    assert after["data"]["event_date"] is None
    history = api.get(f"/api/memory/history/{id}").json()["data"]["changes"]
    assert [change["action"] for change in history] == ["edit", "edit", "add"]
    assert history[0]["before"]["event_date"] == "2025-10-17"
    undo = api.post(f"/api/memory/undo/{history[0]['id']}")
    assert undo.status_code == 200
    assert running.store.reads.get(owner, id).event_date == "2025-10-17"
    again = api.post(f"/api/memory/undo/{history[0]['id']}")
    assert (again.status_code, again.json()["error"]) == (409, "already_undone")


def test_delete_and_undo(api: TestClient, running: Container, owner: Owner) -> None:
    id = add(running, owner, PEANUTS)
    gone = api.delete(f"/api/memory/memory/{id}").json()["data"]
    assert gone["changed"] == 1
    assert running.store.reads.count(owner) == 0
    # A deleted memory still has its history.
    assert len(api.get(f"/api/memory/history/{id}").json()["data"]["changes"]) == 2
    assert api.post(f"/api/memory/undo/{gone['change_ids'][0]}").status_code == 200
    assert running.store.reads.get(owner, id).text == PEANUTS
    everything = api.delete("/api/memory/user/xiaoyu").json()["data"]
    assert everything["changed"] == 1
    assert api.post(f"/api/memory/undo/{everything['group_id']}").status_code == 200
    assert running.store.reads.count(owner) == 1


def test_batches_of_updates_and_deletes(api: TestClient, running: Container, owner: Owner) -> None:
    ids = [add(running, owner, text) for text in (PEANUTS, "用户怕高")]
    body = {"user_id": "xiaoyu", "memory_ids": [*ids, "unknown"], "importance": 5, "pinned": True}
    data = api.post("/api/memory/batch-update", json=body).json()["data"]
    assert data["changed"] == 2
    assert running.store.reads.count(owner, MemoryFilter(pinned=True)) == 2
    archived = {"user_id": "xiaoyu", "memory_ids": ids, "status": "archived"}
    assert api.post("/api/memory/batch-update", json=archived).json()["data"]["changed"] == 2
    gone = api.post("/api/memory/batch-delete", json={"user_id": "xiaoyu", "memory_ids": ids})
    assert gone.json()["data"]["changed"] == 2
    nothing = api.post("/api/memory/batch-update", json={"user_id": "xiaoyu", "memory_ids": ids})
    assert (nothing.status_code, nothing.json()["error"]) == (400, "nothing_to_change")
    unknown = {"user_id": "xiaoyu", "memory_ids": ["unknown"]}
    assert api.post("/api/memory/batch-delete", json=unknown).status_code == 404


def test_a_memory_of_another_mem0_client_can_be_deleted_by_its_id(
    api: TestClient, running: Container, owner: Owner
) -> None:
    stock = running.store.stock_memory()
    made = stock.add(PEANUTS, user_id="xiaoyu", agent_id="niannian", infer=False)["results"][0]
    running.store.adopt()
    assert api.delete(f"/api/memory/memory/{made['id']}").status_code == 200
    assert running.store.reads.count(owner) == 0


def test_statistics(api: TestClient, running: Container, owner: Owner) -> None:
    add(running, owner, PEANUTS)
    add(
        running,
        owner,
        "用户去了西湖",
        kind=Kind.TEMPORAL,
        category="event",
        event_date="2025-10-17",
    )
    add(running, owner, "念念喜欢滑雪", subject=Subject.AI, category="preference")
    data = api.get("/api/memory/stats/xiaoyu").json()["data"]
    assert data["total_memories"] == 3
    assert sum(data["date_distribution"].values()) == 3
    assert data["event_distribution"] == {"2025-10-17": 1}
    assert data["category_distribution"] == {"health": 1, "event": 1, "preference": 1}
    assert data["subject_distribution"] == {"user": 2, "ai": 1}
    assert data["kind_distribution"] == {"constant": 2, "temporal": 1}


def test_context_and_diary(api: TestClient, running: Container, owner: Owner) -> None:
    add(running, owner, PEANUTS)
    add(
        running,
        owner,
        "用户去了西湖",
        kind=Kind.TEMPORAL,
        category="event",
        event_date="2025-10-17",
    )
    data = api.get("/api/memory/context/xiaoyu", params={"message": "过敏"}).json()["data"]
    assert PEANUTS in data["context"]
    assert {used["reason"] for used in data["memories"]} <= {"profile", "diary", "recall", "pinned"}
    diary = api.get("/api/memory/diary/xiaoyu", headers={"accept-language": "zh"}).json()["data"]
    assert list(diary["profile"]) == ["health"]
    assert list(diary["diary"]) == ["2025-10-17"]
    assert "2025年10月" in diary["text"]


def test_export_goes_back_in(api: TestClient, running: Container, owner: Owner) -> None:
    add(running, owner, PEANUTS)
    file = api.get("/api/memory/export/xiaoyu")
    assert file.headers["content-disposition"].endswith('.json"')
    assert api.get("/api/memory/export/xiaoyu?format=csv").text.startswith("\ufefftext,")
    assert PEANUTS in api.get("/api/memory/export/xiaoyu?format=markdown").text
    body = {"user_id": "friend", "content": file.json(), "dry_run": True}
    seen = api.post("/api/memory/import", json=body).json()["data"]
    assert seen["counts"]["memory_added"] == 1
    assert running.store.reads.count(Owner("friend", "niannian")) == 0
    done = api.post("/api/memory/import", json={**body, "dry_run": False})
    assert done.status_code == 200, done.text
    assert running.store.reads.count(Owner("friend", "niannian")) == 1


def test_an_import_of_nonsense_is_one_sentence(api: TestClient) -> None:
    for content in ("", "\x00\x01", {"a": [1]}, [], "{"):
        answer = api.post("/api/memory/import", json={"user_id": "new", "content": content})
        assert 400 <= answer.status_code < 500 or answer.json()["data"]["counts"] == {}, content


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/memory/user/nobody", 404),
        ("GET", "/api/memory/user/xiaoyu?limit=-1", 422),
        ("GET", "/api/memory/user/xiaoyu?limit=201", 422),
        ("GET", "/api/memory/user/xiaoyu?cursor=nonsense", 400),
        ("GET", "/api/memory/user/xiaoyu?cursor=eyJhIjoxfQ", 400),
        ("GET", "/api/memory/user/xiaoyu?kind=eternal", 422),
        ("GET", "/api/memory/user/xiaoyu?event_from=2025-02-30", 422),
        ("GET", "/api/memory/user/xiaoyu?stored_from=0001-01-01T00:00:00Z", 422),
        ("GET", "/api/memory/user/xiaoyu?persona_id=nobody", 404),
        ("GET", "/api/memory/user/%00", 422),
        ("GET", "/api/memory/user/%ff%fe", 422),
        ("GET", "/api/memory/stats/nobody", 404),
        ("GET", "/api/memory/context/nobody", 404),
        ("GET", "/api/memory/context/xiaoyu?budget=1", 422),
        ("GET", "/api/memory/diary/nobody", 404),
        ("GET", "/api/memory/export/nobody", 404),
        ("GET", "/api/memory/export/xiaoyu?format=exe", 422),
        ("GET", "/api/memory/history/unknown", 404),
        ("POST", "/api/memory/undo/unknown", 404),
        ("POST", "/api/memory/process/nobody", 404),
        ("POST", "/api/memory/process/xiaoyu?timeout=-1", 422),
        ("DELETE", "/api/memory/memory/unknown", 404),
        ("DELETE", "/api/memory/memory/00000000-0000-0000-0000-000000000000", 404),
        ("DELETE", "/api/memory/user/nobody", 404),
        ("PATCH", "/api/memory/update", 405),
        ("GET", "/api/memory", 404),
    ],
)
def test_wrong_addresses_are_4xx_with_a_sentence(
    calm: TestClient, method: str, path: str, status: int
) -> None:
    answer = calm.request(method, path)
    assert answer.status_code == status
    assert answer.json()["success"] is False
    assert answer.json()["message"].endswith(".")


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("add", {"user_id": "xiaoyu"}, 422),
        ("add", {"user_id": "xiaoyu", "text": "a", "messages": []}, 422),
        ("add", {"user_id": "xiaoyu", "text": "a", "importance": 9}, 422),
        ("add", {"user_id": "xiaoyu", "text": "a", "category": "nonsense"}, 400),
        ("add", {"user_id": "xiaoyu", "text": "\x00"}, 400),
        ("add", {"user_id": "xiaoyu", "messages": [{"role": "assistant", "content": "hi"}]}, 422),
        ("add", {"user_id": "xiaoyu", "text": "a", "metadata": {"a": "b" * 17_000}}, 422),
        ("search", {"user_id": "nobody", "query": "a"}, 404),
        ("search", {"user_id": "xiaoyu", "query": "a", "limit": -5}, 422),
        ("search", {"user_id": "xiaoyu", "query": "a", "filters": {"colour": "red"}}, 422),
        ("batch-delete", {"user_id": "xiaoyu", "memory_ids": []}, 422),
        ("extract", {"messages": []}, 422),
        ("extract", {"messages": [{"role": "king", "content": "hi"}]}, 422),
    ],
)
def test_wrong_bodies_are_4xx_with_a_sentence(
    calm: TestClient, path: str, body: Any, status: int
) -> None:
    answer = calm.post(f"/api/memory/{path}", json=body)
    assert answer.status_code == status, answer.text
    assert answer.json()["message"].endswith(".")
    assert "nonsense" not in answer.json()["message"]


@pytest.mark.parametrize("value", ["\ud800", {"deep": "\ud800"}, float("nan"), float("inf")])
def test_what_json_can_t_say_in_metadata(api: TestClient, owner: Owner, value: Any) -> None:
    raw = json.dumps({"user_id": "xiaoyu", "message": "hi", "metadata": {"x": value}})
    answer = api.post(
        "/api/chat/message", content=raw, headers={"content-type": "application/json"}
    )
    assert answer.status_code == 422
    assert answer.json()["message"].startswith("The field metadata can't be used")


def test_the_body_limit(api: TestClient, owner: Owner) -> None:
    body = {"user_id": "xiaoyu", "text": "a" * 1_000_000}
    answer = api.post("/api/memory/add", json=body)
    assert (answer.status_code, answer.json()["error"]) == (413, "too_large")
    assert running_status(api) == 0


def running_status(api: TestClient) -> int:
    running: Container = api.running  # type: ignore[attr-defined]
    return running.store.reads.count(
        Owner("xiaoyu", "niannian"), MemoryFilter(statuses=frozenset(Status))
    )
