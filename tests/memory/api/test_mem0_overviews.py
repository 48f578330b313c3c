"""mem0's overviews, pages and filters beyond what its clients call."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from memory.container import Container
from memory.types import Owner
from tests.fakes.openai_server import FakeOpenAI
from tests.memory.api.conftest import Serve, add


def keep(api: TestClient, text: str, **fields: Any) -> str:
    body = {"messages": text, "infer": False, "user_id": "wren", **fields}
    answer = api.post("/v3/memories/add/", json=body)
    assert answer.status_code == 200, answer.text
    id: str = answer.json()["results"][0]["id"]
    return id


def texts(answer: Any) -> list[str]:
    said = answer.json()
    return sorted(one["memory"] for one in (said if isinstance(said, list) else said["results"]))


def test_pages_lead_to_each_other(api: TestClient) -> None:
    for number in range(5):
        keep(api, f"Owns {number} kites")
    body, seen = {"filters": {"user_id": "wren"}}, []
    address = "/v3/memories/?page_size=2"
    while address:
        page = api.post(address, json=body).json()
        seen += [one["memory"] for one in page["results"]]
        address = page["next"]
    assert seen == [f"Owns {number} kites" for number in (4, 3, 2, 1, 0)]
    first = api.get("/v1/memories/", params={"user_id": "wren", "page": 1, "page_size": 4}).json()
    assert first["next"].startswith("http://localhost:8501/v1/memories/?")
    assert "user_id=wren" in first["next"]
    assert len(api.get(first["next"]).json()["results"]) == 1
    of_user = api.get("/v1/memories/user/wren/", params={"page_size": 3}).json()
    assert (of_user["count"], len(of_user["results"])) == (5, 3)


def test_lists_of_older_clients(api: TestClient) -> None:
    for text in ("Bakes bread", "Bakes cakes", "Sings"):
        keep(api, text)
    path = "/v1/memories/"
    assert texts(api.get(path, params={"user_id": "wren", "limit": 2})) == ["Bakes cakes", "Sings"]
    baked = ["Bakes bread", "Bakes cakes"]
    assert texts(api.get(path, params={"user_id": "wren", "keywords": "bakes"})) == baked
    assert texts(api.get(path, params={"user_id": "wren", "end_date": "2020-01-01"})) == []
    listed = api.post("/v2/memories/", json={"user_id": "wren", "fields": ["created_at"]}).json()
    assert {frozenset(one) for one in listed} == {frozenset({"id", "memory", "created_at"})}


def test_filters_as_other_programs_write_them(api: TestClient, running: Container) -> None:
    a = keep(api, "a", metadata={"topic": "food", "day": "2026-03-04"})
    keep(api, "b", metadata={"topic": "travel", "day": "2026-05-06"})
    today = running.clock().date().isoformat()
    for asked, found in (
        ({"metadata.day": {"$gte": "2026-04-01"}}, ["b"]),
        ({"$or": [{"metadata": {"topic": {"$in": ["food"]}}}]}, ["a"]),
        ({"metadata": {"topic": {"nin": ["food", "work"]}}}, ["b"]),
        ({"$not": {"metadata.topic": "food"}}, ["b"]),
        ({"memory_ids": [a]}, ["a"]),
        ({"keywords": "B"}, ["b"]),
        ({"keywords": {"contains": "B"}}, []),
        ({"created_at": {"lte": today}}, ["a", "b"]),
        ({"created_at": {"gt": today}}, []),
        ({"timestamp": {"gte": today}}, ["a", "b"]),
    ):
        both = {"filters": {"AND": [{"user_id": "wren"}, asked]}}
        assert (asked, texts(api.post("/v3/memories/", json=both))) == (asked, found)
    # mem0's own server takes other keys for those of the metadata.
    for word, topic in (("noodles", "food"), ("harbour", "travel")):
        keep(api, f"Likes the {word}", metadata={"topic": topic})
    noodles, harbour = ["Likes the noodles"], ["Likes the harbour"]
    for asked, found in (
        ({"topic": "food"}, noodles),
        ({"OR": [{"topic": {"ne": "food"}}]}, harbour),
    ):
        body = {"query": "noodles harbour", "user_id": "wren", "filters": asked}
        assert texts(api.post("/mem0/search", json=body)) == found


def test_a_search_leaves_out_what_hardly_fits(api: TestClient) -> None:
    keep(api, "Collects fossils of ferns", metadata={"n": 1})
    body = {"query": "fossils", "filters": {"user_id": "wren"}, "fields": ["score_breakdown"]}
    (hit,) = api.post("/v3/memories/search/", json=body).json()["results"]
    assert set(hit) == {"id", "memory", "score", "score_breakdown"}
    assert {"semantic", "bm25"} <= hit["score_breakdown"].keys()
    other = {**body, "metadata": {"n": 2}}
    assert api.post("/v3/memories/search/", json=other).json()["results"] == []
    assert api.post("/v3/memories/search/", json={**body, "threshold": 1}).json()["results"] == []


def test_events_figures_and_entities(api: TestClient) -> None:
    said = [{"role": "user", "content": "I am allergic to walnuts."}]
    made = api.post("/v3/memories/add/", json={"messages": said, "user_id": "wren"}).json()
    (one,) = made["results"]
    assert one["data"] == {"memory": one["memory"]}
    event = api.get(f"/v1/event/{made['event_id']}/").json()
    assert (event["status"], event["results"]) == ("SUCCEEDED", made["results"])
    assert event["latency"] >= 0
    listed = api.get("/v1/events/").json()
    assert [each["id"] for each in listed["results"]] == [made["event_id"]]
    (line,) = api.get(f"/v1/memories/{one['id']}/history/").json()
    assert line["input"] == said
    assert api.get("/v1/memories/events/").json()["results"] == [line]
    figures = api.get("/v1/stats/").json()
    assert (figures["total_memories"], figures["total_users_with_memories"]) == (1, 1)
    assert figures["total_add_events"] == 1
    assert api.get("/v2/entities/user/wren/").json()["total_memories"] == 1
    assert api.get("/v2/entities/user/robin/").status_code == 404
    assert api.get("/v1/entities/").json()["total_users"] == 1


def test_the_one_organisation(api: TestClient) -> None:
    root = "/api/v1/orgs/organizations/"
    (organisation,) = api.get(root).json()
    assert api.get(f"{root}{organisation['org_id']}/").json() == organisation
    (project,) = api.get(f"{root}{organisation['org_id']}/projects/").json()
    assert api.get(f"{root}niannian/projects/{project['project_id']}/").json() == project
    assert api.get(f"{root}niannian/members/").json()["count"] == 0
    assert api.get(f"{root}other/").json()["error"] == "project_not_found"


def test_instructions_for_a_use(
    api: TestClient, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, body = "/mem0/generate-instructions", {"use_case": "A gardening helper"}
    plain = api.post(path, json=body).json()
    assert "gardening" in plain["custom_instructions"]
    assert plain["test_message"]
    assert "种花" in api.post(path, json={"use_case": "种花助手"}).json()["custom_instructions"]
    for wrong in ({}, {"use_case": " "}, {"use_case": 7}, {"use_case": "x" * 3_000}):
        assert api.post(path, json=wrong).status_code == 422
    with FakeOpenAI() as endpoint:
        endpoint.say(
            '```json\n{"custom_instructions": "Keep plants.", "test_message": "I grow figs."}\n```'
        )
        monkeypatch.setenv("OPENAI_BASE_URL", endpoint.url)
        written = serve().post(path, json=body).json()
    assert written == {"custom_instructions": "Keep plants.", "test_message": "I grow figs."}


def test_older_names_of_events(api: TestClient) -> None:
    path = "/api/v1/webhooks/projects/niannian/"
    body = {"url": "http://127.0.0.1:9/x", "name": "x", "event_types": ["memory.created"]}
    assert api.post(path, json=body).json()["event_types"] == ["memory_add"]


def test_thumbs_of_replies_decide_between_equals(api: TestClient, running: Container) -> None:
    running.db.users.create("wren", id="wren")
    owner = Owner("wren", "niannian")
    for tea in ("oolong", "assam"):
        add(running, owner, f"The user drinks {tea} tea at noon", category="habit")

    def found() -> list[str]:
        body = {"user_id": "wren", "query": "tea at noon"}
        said = api.post("/api/memory/search", json=body).json()["data"]["memories"]
        return [one["id"] for one in said]

    best, second = found()
    reply = api.post(
        "/api/chat/message", json={"user_id": "wren", "message": "What tea do I drink at noon?"}
    ).json()
    assert {best, second} <= set(reply["memories_used"])
    messages = api.get(f"/api/sessions/{reply['session_id']}/messages").json()["data"]["messages"]
    answer = messages[-1]["message_id"]
    path = f"/api/messages/{answer}/rating"
    assert api.put(path, json={"rating": "down"}).json()["data"]["rating"] == "down"
    judged = running.db.feedback.judgements(running.store.reads.get_many(owner, [best, second]))
    assert [judged[id].replies for id in (best, second)] == [-1, -1]
    rated = api.get("/api/messages", params={"user_id": "wren", "rating": "down"}).json()["data"]
    assert [one["message_id"] for one in rated["messages"]] == [answer]
    assert api.get("/api/messages?user_id=wren&rating=up").json()["data"]["messages"] == []
    api.put(path, json={"rating": None})
    assert running.db.feedback.judgements(running.store.reads.get_many(owner, [best])) == {}
    mine = messages[-2]["message_id"]
    refused = api.put(f"/api/messages/{mine}/rating", json={"rating": "up"})
    assert refused.json()["error"] == "rating_of_reply"
