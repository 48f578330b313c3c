"""mem0's own server's routes: under ``/mem0``, and at the root of a server of their own."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from memory.config import load_settings
from memory.container import Container, build
from memory.errors import FolderBusy
from memory.system.worker_process import InProcess
from memory.types import EVERYTHING, Owner
from scripts.mem0_server import application
from tests.memory.api.conftest import HERE, Serve

KEY = {"x-api-key": "whatever"}


def keep(api: TestClient, text: str, root: str = "/mem0", **fields: Any) -> str:
    body = {"messages": [{"role": "user", "content": text}], "infer": False, "user_id": "wren"}
    answer = api.post(f"{root}/memories", json={**body, **fields}, headers=KEY)
    assert answer.status_code == 200, answer.text
    id: str = answer.json()["results"][0]["id"]
    return id


def texts(answer: Any) -> list[str]:
    return [one["memory"] for one in answer.json()["results"]]


def test_a_memory_from_the_cradle_to_the_grave(api: TestClient) -> None:
    id = keep(api, "Repairs old radios", metadata={"via": "form"}, run_id="r1")
    path = f"/mem0/memories/{id}"
    one = api.get(path).json()
    assert (one["memory"], one["metadata"], one["run_id"]) == (
        "Repairs old radios",
        {"via": "form"},
        "r1",
    )
    said = api.put(path, json={"text": "Repairs old clocks", "metadata": {"via": "phone"}}).json()
    assert said == {"message": "Memory updated successfully!"}
    # As older servers were asked.
    api.put(path, json={"data": "Repairs very old clocks"})
    lines = api.get(f"{path}/history").json()
    assert [line["new_memory"] for line in lines] == [
        "Repairs old radios",
        "Repairs old clocks",
        "Repairs very old clocks",
    ]
    assert texts(api.post("/mem0/search", json={"query": "clocks", "user_id": "wren"})) == [
        "Repairs very old clocks"
    ]
    assert api.delete(path).json() == {"message": "Memory deleted successfully"}
    last = api.get(f"{path}/history").json()[-1]
    assert (last["event"], last["is_deleted"]) == ("DELETE", True)
    assert texts(api.get("/mem0/memories?user_id=wren")) == []


def test_a_conversation_is_learnt_from(api: TestClient) -> None:
    body = {"messages": [{"role": "user", "content": "我对芒果过敏。"}], "user_id": "wren"}
    made = api.post("/mem0/memories", json={**body, "infer": None}, headers=KEY).json()
    assert ["芒果" in one["memory"] for one in made["results"]] == [True]


def test_lists(api: TestClient) -> None:
    for text in ("one", "two"):
        keep(api, text)
    keep(api, "three", user_id="robin")
    keep(api, "four", user_id=None, agent_id="baker")
    listed = "/mem0/memories"
    assert sorted(texts(api.get(listed, params={"user_id": "wren"}))) == ["one", "two"]
    assert texts(api.get(listed, params={"user_id": "wren", "top_k": 1})) == ["two"]
    assert texts(api.get(listed, params={"top_k": 0})) == []
    assert texts(api.get(listed, params={"agent_id": "baker"})) == ["four"]
    assert sorted(texts(api.get(listed))) == ["four", "one", "three", "two"]
    found = {(one["type"], one["id"]): one for one in api.get("/mem0/entities").json()}
    assert found["user", "wren"]["total_memories"] == 2
    assert api.delete(listed).json()["error"] == "entity_missing"
    assert api.delete("/mem0/entities/user/robin").json() == {"message": "Entity deleted"}
    assert api.delete(listed, params={"user_id": "wren"}).json()["deleted"] == 2
    assert texts(api.get(listed)) == ["four"]


def test_a_reset_can_be_undone(api: TestClient, running: Container) -> None:
    keep(api, "one")
    keep(api, "two", user_id="robin")
    assert api.post("/mem0/reset").json() == {"message": "All memories reset"}
    assert texts(api.get("/mem0/memories")) == []
    owner = Owner("wren", "niannian")
    (change, *_) = running.db.history.of(owner)
    running.memory_service.undoing.undo(owner, change.id)
    assert texts(api.get("/mem0/memories?user_id=wren")) == ["one"]


def test_what_is_configured_has_no_secrets(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-something-long-and-secret")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://me:pass@127.0.0.1:9/v1")
    api = serve(chat_model="warm-1")
    answer = api.get("/mem0/configure")
    model = answer.json()["llm"]["config"]
    assert model == {
        "model": "warm-1",
        "openai_base_url": "http://127.0.0.1:9/v1",
        "api_key": "[redacted]",
    }
    assert "secret" not in answer.text
    assert "pass" not in answer.text
    for same in (
        answer.json(),
        {"llm": {"provider": "openai", "config": {"model": "warm-1"}}},
        {"llm": {"config": {"api_key": "sk-something-long-and-secret"}}},
    ):
        assert api.post("/mem0/configure", json=same).status_code == 200
    for other in (
        {"llm": {"provider": "openai", "config": {"model": "other"}}},
        {"llm": {"config": {"api_key": "sk-another"}}},
        {"graph_store": {"provider": "neo4j"}},
        {"llm": "openai"},
    ):
        refused = api.post("/mem0/configure", json=other)
        assert (refused.status_code, refused.json()["error"]) == (400, "configure_elsewhere")
        assert refused.json()["detail"].count(".") == 1
    assert "openai" in api.get("/mem0/configure/providers").json()["llm"]


def test_with_accounts(serve: Serve) -> None:
    api = serve(accounts="required", designers="robin@example.org")
    running: Container = api.running  # type: ignore[attr-defined]
    for name in ("wren", "robin"):
        running.db.users.create(name, id=name)
    running.db.logins.set_role("robin", "designer")
    wren = running.accounts.create_token("wren", "test", ["memory"])[1]
    robin = running.accounts.create_token("robin", "test", ["memory", "designer"])[1]
    mine, designer = {"x-api-key": wren}, {"x-api-key": robin}
    assert api.get("/mem0/memories").status_code == 401
    assert api.get("/mem0/memories", headers={"x-api-key": "wrong"}).status_code == 401
    body = {"messages": "Keeps bees", "infer": False}
    for headers in (mine, designer):
        assert (
            api.post("/mem0/memories", json={**body, "user_id": "wren"}, headers=mine).status_code
            == 200
        )
        assert texts(api.get("/mem0/memories", headers=headers)) == ["Keeps bees"]
    robins = api.post("/mem0/memories", json={**body, "user_id": "robin"}, headers=designer)
    id = robins.json()["results"][0]["id"]
    assert texts(api.get("/mem0/memories", headers=mine)) == ["Keeps bees"]
    assert texts(api.get("/mem0/memories?user_id=robin", headers=mine)) == []
    for method, path in (
        ("GET", f"/mem0/memories/{id}"),
        ("DELETE", f"/mem0/memories/{id}"),
        ("GET", f"/mem0/memories/{id}/history"),
    ):
        assert api.request(method, path, headers=mine).status_code == 404
    for method, path in (
        ("POST", "/mem0/reset"),
        ("GET", "/mem0/configure"),
    ):
        assert api.request(method, path, headers=mine).json()["error"] == "only_designers"
        assert api.request(method, path, headers=designer).status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/mem0/memories", {"messages": []}),
        ("POST", "/mem0/memories", {"messages": "x"}),
        ("POST", "/mem0/memories", {"messages": 7, "user_id": "wren"}),
        ("POST", "/mem0/memories", {"messages": "x", "user_id": ["wren"]}),
        ("POST", "/mem0/memories", {"messages": "x", "user_id": "wren", "metadata": []}),
        ("POST", "/mem0/search", {"query": "x"}),
        ("POST", "/mem0/search", {"query": "x", "user_id": "wren", "top_k": "many"}),
        ("POST", "/mem0/search", {"query": "x", "filters": [1]}),
        ("POST", "/mem0/configure", ["openai"]),
        ("PUT", "/mem0/memories/nope", {"text": "x"}),
        ("PUT", "/mem0/memories/nope", {}),
        ("GET", "/mem0/memories/nope", None),
        ("GET", "/mem0/memories?user_id=no%20spaces", None),
        ("GET", "/mem0/memories?top_k=-1", None),
        ("DELETE", "/mem0/entities/colour/blue", None),
        ("GET", "/mem0/nothing", None),
        ("POST", "/mem0", {}),
    ],
)
def test_what_cannot_be_used_gets_one_sentence(
    calm: TestClient, method: str, path: str, body: Any
) -> None:
    answer = calm.request(method, path, json=body)
    assert 400 <= answer.status_code < 500
    assert answer.json()["detail"].endswith(".")
    assert "Traceback" not in answer.text


def test_the_bare_address_leads_to_the_docs(calm: TestClient) -> None:
    for path in ("/mem0", "/mem0/", "/mem0/docs"):
        assert calm.get(path).url.path == "/api/docs"


def test_its_own_server_has_the_routes_at_the_root(running: Container) -> None:
    with TestClient(application(running), base_url="http://localhost:8888", client=HERE) as alone:
        id = keep(alone, "Plays the oboe", root="")
        assert alone.get(f"/memories/{id}").json()["memory"] == "Plays the oboe"
        assert texts(alone.post("/search", json={"query": "oboe", "user_id": "wren"}))
        assert alone.get("/").url.path == "/api/docs"
        assert alone.get("/health").json()["status"] == "healthy"
        assert alone.get(f"/mem0/memories/{id}").status_code == 200
        assert alone.get(f"/v1/memories/{id}/").status_code == 200
        assert alone.get("/nothing").json()["error"] == "no_such_path"
        assert alone.post("/reset").status_code == 200
        # What is refused before a route sees it has the same form.
        refused = alone.get("/memories", headers={"host": "evil.example"})
        assert (refused.status_code, refused.json()["error"]) == (400, "host")
    assert running.store.reads.count(Owner("wren", "niannian"), EVERYTHING) == 0


@pytest.mark.edge_only
def test_a_folder_that_is_in_use_is_one_sentence(
    running: Container, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from scripts import mem0_server

    def in_use(_: Any) -> Container:
        with pytest.raises(FolderBusy) as caught:
            build(load_settings(), worker=InProcess())
        raise caught.value

    monkeypatch.setattr(mem0_server, "build", in_use)
    monkeypatch.setattr("sys.argv", ["mem0_server"])
    monkeypatch.setenv("NIANNIAN_LANGUAGE", "en")
    with pytest.raises(SystemExit) as ended:
        mem0_server.main()
    assert ended.value.code == 2
    said = capsys.readouterr().err.strip()
    assert "/mem0" in said
    assert "\n" not in said
