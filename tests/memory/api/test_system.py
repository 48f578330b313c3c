from __future__ import annotations

import io
import json
import logging
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from memory.api.logs import write_json_lines
from memory.api.request_info import language_of
from memory.config import load_settings
from memory.container import Container
from memory.errors import FolderBusy, SettingsError
from memory.types import Owner
from tests.fakes.openai_server import FakeOpenAI
from tests.memory.api.conftest import Serve, add, client_of, shared_app

AS_TEXT = {"accept": "text/plain;version=0.0.4"}


def figure(api: TestClient, name: str, **labels: str) -> float:
    for family in text_string_to_metric_families(api.get("/metrics", headers=AS_TEXT).text):
        for sample in family.samples:
            if sample.name == name and labels.items() <= sample.labels.items():
                return float(sample.value)
    return 0.0


def test_health(api: TestClient) -> None:
    said = api.get("/health").json()
    assert said["status"] == "healthy"
    parts = api.get("/health/detailed").json()["parts"]
    assert set(parts) == {"store", "ledger", "integrity", "chat_model", "embedder", "writer"}
    assert parts["store"]["state"] == parts["ledger"]["state"] == parts["writer"]["state"] == "ok"
    assert parts["chat_model"]["state"] == parts["embedder"]["state"] == "builtin"
    assert parts["store"]["latency_ms"] > 0
    detailed = api.get("/health/detailed").json()
    assert (detailed["overall"], detailed["service"]) == ("healthy", "memory")
    assert detailed["components"]["store"] == {"status": "healthy", "error": ""}


def test_an_uptime_probe_may_ask_for_the_head_alone(calm: TestClient) -> None:
    assert calm.head("/health").status_code == 200
    assert calm.head("/health").headers["content-type"] == "application/json"
    assert calm.post("/health").status_code == 405


def test_a_failing_endpoint_and_a_dead_writer_are_seen(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    with FakeOpenAI() as endpoint:
        endpoint.fail(401, always=True)
        monkeypatch.setenv("OPENAI_BASE_URL", endpoint.url)
        monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
        api = serve()
        api.running.extraction_worker.stop()  # type: ignore[attr-defined]
        said = api.get("/health/detailed")
        api.get("/health/detailed")
        asked = len(endpoint.requests)
    assert said.json()["status"] == "degraded"
    assert said.json()["parts"]["chat_model"] | {"latency_ms": 0} == {
        "state": "failed", "latency_ms": 0, "detail": "model_auth",
    }  # fmt: skip
    assert said.json()["parts"]["writer"]["state"] == "stopped"
    assert said.json()["overall"] == "unhealthy"
    assert said.json()["components"]["chat_model"]["error"] == "model_auth"
    assert "sk-secret" not in said.text
    assert asked <= 2  # once, and not again within a minute


def test_figures_count_requests_replies_extractions_and_tokens(
    api: TestClient, running: Container, owner: Owner
) -> None:
    route = {"method": "POST", "route": "/api/chat/message", "status": "200"}
    before = figure(api, "niannian_requests_total", **route)
    tokens = figure(api, "niannian_tokens_total", purpose="chat", kind="reply")
    done = figure(api, "niannian_extractions_total", outcome="done")
    body = {"user_id": "xiaoyu", "message": "我对花生过敏。"}
    api.post("/api/chat/message", json=body)
    api.post("/api/memory/process/xiaoyu")
    assert figure(api, "niannian_requests_total", **route) == before + 1
    assert figure(api, "niannian_tokens_total", purpose="chat", kind="reply") > tokens
    assert figure(api, "niannian_extractions_total", outcome="done") == done + 1
    assert figure(api, "niannian_extracted_changes_total", what="added") >= 1
    assert figure(api, "niannian_queue_depth", state="done") == 1
    assert figure(api, "niannian_active_connections", kind="http") == 1  # this one
    assert figure(api, "process_resident_memory_bytes") > 1_000_000
    searches = figure(api, "niannian_search_best_score_count")
    api.post("/api/memory/search", json={"user_id": "xiaoyu", "query": "花生"})
    assert figure(api, "niannian_search_best_score_count") == searches + 1
    text = api.get("/metrics", headers=AS_TEXT).text
    assert "xiaoyu" not in text
    assert "花生" not in text


@pytest.mark.parametrize(
    ("given", "kept"), [("abc-123", True), ("a b\r\nx: y", False), ("", False)]
)
def test_every_answer_carries_a_request_id(calm: TestClient, given: str, kept: bool) -> None:
    headers = {"x-request-id": given} if "\n" not in given else {}
    ids = {
        calm.get(path, headers=headers).headers["x-request-id"]
        for path in ("/health", "/api/users", "/api/nothing", "/api/memory/user/nobody")
    }
    assert (ids == {given}) is kept
    assert all(8 <= len(id) <= 64 or kept for id in ids)


@pytest.fixture
def lines() -> Any:
    out = io.StringIO()
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    write_json_lines(load_settings(openai_api_key="sk-very-secret"), out)
    yield lambda: [json.loads(line) for line in out.getvalue().splitlines()]
    root.handlers[:] = before
    root.setLevel(level)


def test_lines_are_kept_in_a_file_too(tmp_path: Path) -> None:
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    path = tmp_path / "logs" / "niannian.log"
    try:
        write_json_lines(load_settings(log_file=path), io.StringIO())
        logging.getLogger("memory").warning("all is well")
        assert json.loads(path.read_text("utf-8"))["message"] == "all is well"
        with pytest.raises(SettingsError, match="NIANNIAN_LOG_FILE"):
            write_json_lines(load_settings(log_file=tmp_path), io.StringIO())
    finally:
        for handler in set(root.handlers) - set(before):
            handler.close()
        root.handlers[:] = before
        root.setLevel(level)


def test_a_log_line_says_who_and_which_request_but_never_what(
    api: TestClient, running: Container, owner: Owner, lines: Any
) -> None:
    add(running, owner, "用户的暗号是青蛙")
    body = {"user_id": "xiaoyu", "message": "我的暗号是什么？我对花生过敏。"}
    answer = api.post("/api/chat/message", json=body, headers={"x-request-id": "r-1"})
    api.post("/api/memory/search", json={"user_id": "xiaoyu", "query": "青蛙"})
    api.get("/api/memory/context/xiaoyu?message=青蛙")
    api.post("/api/memory/process/xiaoyu")
    written = lines()
    request = next(line for line in written if line.get("request_id") == "r-1")
    assert request["user_id"] == "xiaoyu"
    assert (request["route"], request["status"]) == ("/api/chat/message", 200)
    assert request["ms"] > 0
    everything = json.dumps(written, ensure_ascii=False)
    for text in ("青蛙", "花生", "暗号", answer.json()["response"]):
        assert text not in everything


def test_an_unexpected_error_is_a_sentence_and_a_place(
    api: TestClient, running: Container, owner: Owner, lines: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("could not store 用户的暗号是青蛙 with sk-very-secret")

    monkeypatch.setattr(type(running.store.reads), "search", broken)
    answer = api.post("/api/memory/search", json={"user_id": "xiaoyu", "query": "暗号"})
    assert (answer.status_code, answer.json()["error"]) == (500, "unexpected")
    logging.getLogger("somebody").exception("said sk-very-secret", exc_info=RuntimeError("青蛙"))
    for written in (answer.text, json.dumps(lines(), ensure_ascii=False)):
        assert "青蛙" not in written
        assert "sk-very-secret" not in written
        assert "Traceback" not in written
    assert any("RuntimeError" in line["message"] for line in lines())


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"),
        ("zh", "zh"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("en-GB,en;q=0.9,zh;q=0.8", "en"),
        ("fr, zh;q=0.2, en;q=0.1", "zh"),
        ("*", "en"),
        (";;;q=x,,zh;q=2", "zh"),
    ],
)
def test_the_language_of_an_accept_language_header(header: str, language: str) -> None:
    assert language_of(header) == language


def test_the_docs_need_nothing_from_elsewhere(calm: TestClient) -> None:
    page = calm.get("/api/docs")
    assert "http://" not in page.text
    assert "https://" not in page.text
    assert "'self'" in page.headers["content-security-policy"]
    for path in ("/api/docs/docs.js", "/api/docs/docs.css", "/api/openapi.json"):
        assert path in page.text
        assert calm.get(path).status_code == 200
    assert calm.get("/api", follow_redirects=False).headers["location"] == "/api/docs"


def test_parts_that_can_t_start_are_said_plainly(calm: TestClient) -> None:
    class Busy:
        def __call__(self) -> Container:
            raise FolderBusy(folder="data")

        def ready(self) -> Container | None:
            return None

    calm_app = shared_app()
    before = calm_app.state.parts
    calm_app.state.parts = Busy()
    try:
        health, users = calm.get("/health"), calm.get("/api/users")
    finally:
        calm_app.state.parts = before
    assert (health.status_code, health.json()["status"]) == (503, "failed")
    assert "data" in health.json()["message"]
    assert (users.status_code, users.json()["error"]) == (503, "folder_busy")
    assert users.headers["retry-after"]


def test_a_request_cut_short_by_saved_settings_is_told_to_come_again(
    api: TestClient, running: Container, owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = shared_app().state.parts

    def closed(*_: Any, **__: Any) -> None:
        monkeypatch.setattr(parts, "running", None)
        raise RuntimeError("closed")

    monkeypatch.setattr(type(running.store.reads), "search", closed)
    answer = api.post("/api/memory/search", json={"user_id": "xiaoyu", "query": "x"})
    assert (answer.status_code, answer.json()["error"]) == (503, "restarting")


def test_settings_that_change_nothing_are_one_line(
    running: Container, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1")
    monkeypatch.setenv("MEMORY_SERVICE_WORKERS", "4")
    with client_of(running):
        pass
    (line,) = [one.getMessage() for one in caplog.records if "change nothing" in one.getMessage()]
    assert "REDIS_URL (" in line
    assert "MEMORY_SERVICE_WORKERS (" in line
