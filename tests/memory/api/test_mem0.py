"""mem0's own client against the service, over HTTP."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from starlette.testclient import TestClient

from memory.container import Container
from memory.types import EVERYTHING, Owner, Status
from tests.memory.api.mem0_client import client, keep, texts

from mem0 import MemoryClient  # isort: skip (its variables are set by the import above)
from mem0.exceptions import MemoryError as Mem0Error  # isort: skip

__all__ = ["client"]

BIRDS = {"topic": "birds", "seen": {"count": 12, "tags": ["heron", "小鸟"]}, "loud": True}


def test_metadata_comes_back_everywhere(client: MemoryClient) -> None:
    id = keep(client, "Watches herons at the old mill", metadata=BIRDS)
    assert client.get(id)["metadata"] == BIRDS
    assert client.get_all(filters={"user_id": "wren"})["results"][0]["metadata"] == BIRDS
    found = client.search("herons", filters={"user_id": "wren"})["results"]
    assert found[0]["metadata"] == BIRDS
    assert 0 < found[0]["score"] <= 1
    client.update(id, metadata={"topic": "fish"})
    assert client.get(id)["metadata"] == {"topic": "fish"}
    assert client.get(id)["memory"] == "Watches herons at the old mill"
    assert [line["metadata"] for line in client.history(id)] == [BIRDS, {"topic": "fish"}]


def test_a_conversation_that_ends_with_the_user_is_learnt_at_once(client: MemoryClient) -> None:
    said = [
        {"role": "system", "content": "You are a helpful assistant."},
        {"role": "user", "content": [{"type": "text", "text": "我对芒果过敏。"}]},
    ]
    made = client.add(said, user_id="wren", run_id="trip:1", metadata={"via": "app"})
    assert made["status"] == "SUCCEEDED"
    (one,) = [client.get(each["id"]) for each in made["results"]]
    assert "芒果" in one["memory"]
    assert (one["metadata"], one["run_id"]) == ({"via": "app"}, "trip:1")
    assert texts(client.get_all(filters={"run_id": "trip:1"})) == [one["memory"]]


def test_two_users_may_call_their_runs_the_same(client: MemoryClient) -> None:
    said = [{"role": "user", "content": "I am allergic to walnuts."}]
    for user in ("wren", "robin"):
        assert client.add(said, user_id=user, run_id="first")["results"]
    found = client.get_all(filters={"run_id": "first"})["results"]
    assert sorted(one["user_id"] for one in found) == ["robin", "wren"]


FILTERS: list[tuple[dict[str, Any], list[str]]] = [
    ({"metadata": {"topic": "food"}}, ["a", "b"]),
    ({"metadata.topic": "food"}, ["a", "b"]),
    ({"metadata": {"price": {"gte": 4, "lt": 9}}}, ["b"]),
    ({"metadata": {"tags": "hot"}}, ["a"]),
    ({"metadata": {"tags": {"contains": "cold"}}}, ["b"]),
    ({"metadata": {"shop": {"name": {"icontains": "MARKET"}}}}, ["a"]),
    ({"metadata": {"topic": {"ne": "food"}}}, ["c"]),
    ({"metadata": {"price": {"in": [3, 8]}}}, ["a", "b"]),
    ({"metadata": {"shop": "*"}}, ["a"]),
    ({"OR": [{"metadata": {"price": 3}}, {"app_id": "shelf"}]}, ["a", "c"]),
    ({"NOT": [{"metadata": {"topic": "food"}}]}, ["c"]),
    ({"NOT": [{"metadata": {"tags": {"contains": "hot"}}}, {"app_id": "shelf"}]}, ["b"]),
    ({"app_id": "*"}, ["c"]),
    ({"categories": {"in": ["other"]}}, ["a", "b", "c"]),
    ({"created_at": {"gte": "2099-01-01"}}, []),
    ({"created_at": {"gte": "2020-01-01"}, "memory": {"icontains": "B"}}, ["b"]),
    ({"OR": []}, []),
]


def test_filters(client: MemoryClient) -> None:
    food = {"topic": "food", "price": 3, "tags": ["hot"], "shop": {"name": "Night market"}}
    keep(client, "a", metadata=food)
    keep(client, "b", metadata={"topic": "food", "price": 8, "tags": ["cold"]})
    keep(client, "c", app_id="shelf")
    keep(client, "a", user_id="robin", metadata=food)
    for asked, found in FILTERS:
        both = {"AND": [{"user_id": "wren"}, asked]}
        assert (asked, texts(client.get_all(filters=both))) == (asked, found)


def test_a_page_says_how_many_there_are(client: MemoryClient) -> None:
    for number in range(5):
        keep(client, f"Owns {number} kites")
    first = client.get_all(filters={"user_id": "wren"}, page=1, page_size=2)
    last = client.get_all(filters={"user_id": "wren"}, page=3, page_size=2)
    assert (first["count"], len(first["results"]), first["previous"]) == (5, 2, None)
    assert first["next"].endswith("page=2&page_size=2")
    assert (len(last["results"]), last["next"]) == (1, None)


def test_the_same_words_are_kept_once(client: MemoryClient) -> None:
    id = keep(client, "Wears glasses", metadata={"via": "a"})
    (again,) = client.add("Wears glasses", user_id="wren", infer=False)["results"]
    assert (again["id"], again["event"]) == (id, "NONE")
    assert keep(client, "Wears glasses", metadata={"via": "b"}) != id


def test_an_unknown_agent_becomes_a_persona(client: MemoryClient, running: Container) -> None:
    id = keep(client, "Likes riddles", agent_id="tutor@v2:beta")
    assert client.get(id)["agent_id"] == "tutor@v2:beta"
    assert running.personas["tutor@v2:beta"].text("en").name == "tutor@v2:beta"
    assert texts(client.get_all(filters={"agent_id": "tutor@v2:beta"})) == ["Likes riddles"]
    # Of the user for all personas.
    keep(client, "Sings in a choir")
    assert texts(client.get_all(filters={"user_id": "wren"})) == [
        "Likes riddles",
        "Sings in a choir",
    ]


def test_ids_as_programs_use_them(client: MemoryClient) -> None:
    for user in ("auth0|62f1", "lin@example.org", "team:7", "x" * 256):
        keep(client, "Has a bicycle", user_id=user)
        assert texts(client.get_all(filters={"user_id": user})) == ["Has a bicycle"]
        assert {"type": "user", "name": user} in [
            {"type": one["type"], "name": one["name"]} for one in client.users()["results"]
        ]
        client.delete_users(user_id=user)
        assert texts(client.get_all(filters={"user_id": user})) == []


def test_an_agent_without_any_user(client: MemoryClient) -> None:
    id = keep(client, "Knows the bus times", user_id=None, agent_id="clerk")
    assert client.get(id)["user_id"] is None
    assert [one["type"] for one in client.users()["results"]] == ["agent"]


def test_immutable_words_stay(client: MemoryClient) -> None:
    id = keep(client, "Blood group A", immutable=True)
    with pytest.raises(Mem0Error, match="immutable"):
        client.update(id, text="Blood group B")
    client.update(id, metadata={"checked": True})
    assert (client.get(id)["memory"], client.get(id)["immutable"]) == ("Blood group A", True)


def test_what_has_expired_is_not_found(client: MemoryClient) -> None:
    keep(client, "Parks on level two", expiration_date="2001-02-03")
    keep(client, "Parks a blue van", expiration_date="2199-02-03")
    which = {"filters": {"user_id": "wren"}}
    assert texts(client.get_all(**which)) == ["Parks a blue van"]
    assert texts(client.search("parks", **which)) == ["Parks a blue van"]
    assert len(client.get_all(**which, show_expired=True)["results"]) == 2
    assert len(client.search("parks", **which, show_expired=True)["results"]) == 2


def test_batches_change_all_or_none(client: MemoryClient) -> None:
    ids = [keep(client, text) for text in ("Plays chess", "Plays go")]
    missing = "00000000-0000-4000-8000-000000000000"
    with pytest.raises(Mem0Error):
        client.batch_update(
            [{"memory_id": ids[0], "text": "x"}, {"memory_id": missing, "text": "y"}]
        )
    assert client.get(ids[0])["memory"] == "Plays chess"
    client.batch_update([{"memory_id": id, "metadata": {"game": True}} for id in ids])
    assert [client.get(id)["metadata"] for id in ids] == [{"game": True}] * 2
    client.batch_delete([{"memory_id": id} for id in ids])
    assert texts(client.get_all(filters={"user_id": "wren"})) == []


def test_a_delete_can_be_undone(client: MemoryClient, running: Container) -> None:
    id = keep(client, "Grows basil", metadata=BIRDS)
    client.delete_all(user_id="wren")
    owner = Owner("wren", "niannian")
    assert running.store.reads.matching(owner, EVERYTHING) == []
    running.memory_service.undoing.undo(owner, running.memory_service.history(owner, id)[0].id)
    assert client.get(id)["metadata"] == BIRDS


def test_an_edit_by_hand_is_seen_by_the_client(client: MemoryClient, running: Container) -> None:
    id = keep(client, "Runs at dawn", metadata=BIRDS)
    running.memory_service.edit(Owner("wren", "niannian"), id, metadata={"pace": 5.5})
    assert client.search("runs", filters={"metadata": {"pace": 5.5}})["results"][0]["id"] == id


def test_delete_linked_takes_older_versions_along(client: MemoryClient, running: Container) -> None:
    owner = Owner("wren", "niannian")
    old, new = keep(client, "Lives in Lyon"), keep(client, "Lives in Nantes")
    running.memory_service.edit(owner, old, status=Status.SUPERSEDED)
    store = running.store
    store.writes.put([replace(store.reads.get(owner, new), supersedes=old)])
    client.delete(new, delete_linked=True)
    assert store.reads.matching(owner, EVERYTHING) == []


def test_feedback_is_kept_until_it_is_taken_back(client: MemoryClient, running: Container) -> None:
    id = keep(client, "Drinks oolong")
    owner = Owner("wren", "niannian")
    client.feedback(id, feedback="NEGATIVE", feedback_reason="It is green tea")
    assert running.db.feedback.of(owner, id) == ("negative", "It is green tea")
    client.feedback(id)
    assert running.db.feedback.of(owner, id) is None


def test_reset_leaves_no_memory(client: MemoryClient) -> None:
    keep(client, "Plays the oboe", user_id="wren", app_id="band")
    keep(client, "Plays the harp", user_id="robin", run_id="r1")
    client.reset()
    assert client.users()["results"] == []


def test_clients_before_2(api: TestClient, client: MemoryClient) -> None:
    made = api.post("/v1/memories/", json={"messages": "Paints", "user_id": "wren", "infer": False})
    (one,) = made.json()["results"]
    assert api.get("/v1/memories/?user_id=wren").json()[0]["id"] == one["id"]
    body = {"query": "paints", "user_id": "wren"}
    assert api.post("/v1/memories/search/", json=body).json()[0]["id"] == one["id"]
    assert (
        api.post("/v2/memories/", json={"filters": {"user_id": "wren"}}).json()[0]["id"]
        == one["id"]
    )
    paged = api.post("/v2/memories/?page=1&page_size=1", json={"filters": {"user_id": "wren"}})
    assert paged.json()["count"] == 1


def deep(levels: int) -> dict[str, Any]:
    inner: dict[str, Any] = {"user_id": "wren"}
    for _ in range(levels):
        inner = {"AND": [inner]}
    return inner


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v3/memories/", {"filters": deep(200)}),
        ("/v3/memories/", {"filters": {"metadata": {"a": deep(60)}}}),
        ("/v3/memories/", {"filters": {"OR": [{"user_id": str(n)} for n in range(500)]}}),
        ("/v3/memories/", {"filters": {"user_id": {"like": "w%"}}}),
        ("/v3/memories/", {"filters": {"shoe_size": 4}}),
        ("/v3/memories/", {"filters": {"AND": "user_id"}}),
        ("/v3/memories/", {"filters": {"user_id": {"in": "wren"}}}),
        ("/v3/memories/", {"filters": {}}),
        ("/v3/memories/", {"filters": []}),
        ("/v3/memories/search/", {"query": "", "filters": {"user_id": "wren"}}),
        ("/v3/memories/search/", {"query": "x", "filters": {"user_id": "wren"}, "top_k": 0}),
        ("/v3/memories/add/", {"messages": "x"}),
        ("/v3/memories/add/", {"messages": [7], "user_id": "wren"}),
        ("/v3/memories/add/", {"messages": "x", "user_id": "wren", "metadata": "food"}),
        ("/v3/memories/add/", {"messages": "x", "user_id": "wren", "metadata": {"n": deep(50)}}),
        (
            "/v3/memories/add/",
            {"messages": "x", "user_id": "wren", "metadata": {"n": "y" * 17_000}},
        ),
        ("/v3/memories/add/", {"messages": "x", "user_id": "wren", "metadata": {"n": 2**70}}),
        ("/v3/memories/add/", {"messages": "x", "user_id": "wren", "expiration_date": "soon"}),
        ("/v3/memories/add/", {"messages": "x", "user_id": "no spaces"}),
        ("/v3/memories/add/", {"messages": "x" * 9_000, "user_id": "wren"}),
        ("/v1/feedback/", {"memory_id": "nobody", "feedback": "POSITIVE"}),
    ],
)
def test_what_cannot_be_used_gets_one_sentence(calm: TestClient, path: str, body: Any) -> None:
    answer = calm.post(path, json=body, headers={"authorization": "Token k"})
    assert 400 <= answer.status_code < 500
    said = answer.json()
    assert said["detail"] == said["message"]
    assert said["message"].endswith(".")
    assert "{" not in said["message"]
    assert "Traceback" not in said["message"]


@pytest.mark.parametrize(
    "path", ["/v1/nothing/", "/v2/", "/v3/memories/x/y", "/api/nothing", "/v1"]
)
def test_unknown_paths_are_json(calm: TestClient, path: str) -> None:
    answer = calm.get(path)
    assert answer.status_code == 404
    assert answer.json()["error"] == "no_such_path"


def test_with_accounts_a_token_reaches_its_own_user_only(serve: Any) -> None:
    api = serve(accounts="required")
    running: Container = api.running
    for user in ("wren", "robin"):
        running.db.users.create(user, id=user)
    keys = {u: running.accounts.create_token(u, "test", ["memory"])[1] for u in ("wren", "robin")}
    assert api.get("/v1/ping/", headers={"authorization": "Token wrong"}).status_code == 401
    mine = {"authorization": f"Token {keys['wren']}"}
    theirs = {"authorization": f"Token {keys['robin']}"}
    body = {"messages": "Keeps bees", "infer": False, "user_id": "wren"}
    (one,) = api.post("/v3/memories/add/", json=body, headers=mine).json()["results"]
    path = f"/v1/memories/{one['id']}/"
    assert api.get(path, headers=mine).json()["memory"] == "Keeps bees"
    assert api.get(path, headers=theirs).status_code == 404
    assert api.delete(path, headers=theirs).status_code == 404
    asked = {"filters": {"OR": [{"user_id": "wren"}, {"app_id": "*"}]}}
    assert api.post("/v3/memories/", json=asked, headers=theirs).json()["results"] == []
    assert api.delete("/v1/memories/?user_id=*", headers=theirs).json()["deleted"] == 0
    assert api.get("/v1/entities/", headers=theirs).json()["results"] == []
    assert api.post("/v3/memories/add/", json=body, headers=theirs).status_code == 404
    new = {**body, "user_id": "robin", "agent_id": "made-up"}
    assert api.post("/v3/memories/add/", json=new, headers=theirs).status_code == 404
