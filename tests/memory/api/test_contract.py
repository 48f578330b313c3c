"""The OpenAPI document, walked by a machine that sends whatever it allows and forbids."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.generation import GenerationMode
from schemathesis.generation.feedback import FeedbackSources
from schemathesis.pytest._test_builder import build_operation_test
from starlette.testclient import TestClient

from tests.memory.api.conftest import shared_app

document = shared_app().openapi()
# Strategies are made of a pattern character by character, each time anew: a few of the 21,000
# Chinese ones send the same requests in half of the time.
FEW_CHARACTERS = json.loads(json.dumps(document).replace(r"\\u4e00-\\u9fff", r"\\u4e00-\\u4e0f"))
schema = schemathesis.openapi.from_dict(FEW_CHARACTERS)
schema.config.generation.update(modes=[GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
OPERATIONS = [(method, path) for path, methods in document["paths"].items() for method in methods]
SETTINGS = settings(
    max_examples=6,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def target(calm: TestClient) -> TestClient:
    return calm


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_no_request_is_answered_with_5xx(method: str, path: str, target: TestClient) -> None:
    """``schema.parametrize()`` would make up the requests of all operations, half a minute of
    work, in each worker that collects the tests: here it is done when the test runs.
    """
    made_up = build_operation_test(
        config=schema.config,
        operation=schema[path][method],
        test_func=expect_no_5xx,
        given_kwargs={},
        feedback=FeedbackSources(),
        explicit_settings=SETTINGS,
    )
    made_up(target=target)


def expect_no_5xx(case: Any, target: TestClient) -> None:
    if case.path.startswith("/api/memory/process"):
        case.query = {**(case.query or {}), "timeout": 0}
    answer = send(target, case)
    if answer is None:
        return
    assert answer.status_code < 500, answer.text
    if answer.status_code >= 400:
        problem = answer.json()
        assert problem["success"] is False
        assert problem["error"]
        assert problem["message"].count("\n") == 0
        assert "Traceback" not in answer.text
    assert answer.headers["x-request-id"]


def send(target: TestClient, case: Any) -> Any:
    """As it would go over the wire, but without a socket."""
    wanted = requests.Request(**case.as_transport_kwargs(base_url="http://localhost:8501"))
    made = wanted.prepare()
    headers = {name: value for name, value in made.headers.items() if name != "Content-Length"}
    try:
        return target.request(str(made.method), str(made.url), content=made.body, headers=headers)
    except (httpx.InvalidURL, UnicodeEncodeError):
        return None  # no client can send that


def test_the_document_has_every_promised_route() -> None:
    promised = {
        "POST /api/chat/audio", "POST /api/chat/message", "POST /api/chat/search-memories",
        "GET /api/chat/memories/{user_id}", "DELETE /api/chat/memory/{memory_id}", "POST /api/chat/stop",
        "DELETE /api/chat/memories/{user_id}", "POST /api/memory/add",
        "GET /api/chat/summary/{session_id}", "PUT /api/chat/summary/{session_id}",
        "DELETE /api/chat/summary/{session_id}",
        "POST /api/memory/batch-add", "POST /api/memory/search", "POST /api/memory/extract",
        "POST /api/memory/process/{user_id}", "GET /api/memory/user/{user_id}",
        "PUT /api/memory/update", "DELETE /api/memory/memory/{memory_id}",
        "DELETE /api/memory/user/{user_id}", "GET /api/memory/history/{memory_id}",
        "POST /api/memory/undo/{change_id}", "GET /api/memory/stats/{user_id}",
        "GET /api/memory/context/{user_id}", "GET /api/memory/diary/{user_id}",
        "GET /api/memory/export/{user_id}", "POST /api/memory/import",
        "POST /api/memory/batch-update", "POST /api/memory/batch-delete", "GET /api/users",
        "GET /api/users/{user_id}/profile", "DELETE /api/users/{user_id}/memories/cleanup",
        "DELETE /api/users/{user_id}", "GET /api/users/{user_id}/access",
        "GET /api/users/{user_id}/care",
        "PUT /api/users/{user_id}/care", "POST /api/complaints", "GET /api/complaints",
        "PUT /api/complaints/{complaint_id}", "GET /api/care/alarms", "GET /health", "GET /health/detailed", "GET /metrics",
        "GET /api/extraction-settings", "PUT /api/extraction-settings",
        "GET /api/users/{user_id}/extraction-settings",
        "PUT /api/users/{user_id}/extraction-settings",
        "GET /info", "POST /api/v1/memories", "GET /api/v1/memories/search",
        "GET /api/v1/memories/context/{user_id}", "GET /api/v1/users/{user_id}/profile",
        "DELETE /api/v1/users/{user_id}/memories/cleanup",
        "GET /api/memory/search", "GET /api/chat/search-memories",
        "POST /api/users", "GET /api/users/{user_id}", "PATCH /api/users/{user_id}",
        "GET /api/sessions", "POST /api/sessions", "GET /api/sessions/{session_id}",
        "PATCH /api/sessions/{session_id}", "DELETE /api/sessions/{session_id}",
        "GET /api/sessions/{session_id}/messages", "GET /api/messages/{message_id}",
        "GET /api/messages/{message_id}/trace", "DELETE /api/messages/{message_id}",
        "GET /api/personas", "GET /api/personas/{persona_id}",
        "GET /api/graph/{user_id}", "GET /api/graph/{user_id}/export", "POST /api/memory/feedback",
        "POST /api/personas", "PATCH /api/personas/{persona_id}",
        "DELETE /api/personas/{persona_id}", "GET /api/session-folders", "GET /api/messages",
        "PUT /api/messages/{message_id}/rating",
        "GET /api/personas/{persona_id}/avatar", "GET /api/memory/memory/{memory_id}",
    }  # fmt: skip
    found = {
        f"{method.upper()} {path}"
        for path, methods in document["paths"].items()
        for method in methods
    }
    own = r"[A-Z]+ (/(v[123]|mem0)|/api/v1/(orgs|webhooks))/"
    of_mem0 = {route for route in found if re.match(own, route)}
    assert found - of_mem0 == promised
    assert len(of_mem0) > 15


def test_the_walk_knows_few_characters() -> None:
    assert "u9fff" in json.dumps(document)
    assert "u9fff" not in json.dumps(FEW_CHARACTERS)


def test_every_operation_is_described() -> None:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            assert operation["summary"], (method, path)
            assert operation["description"], (method, path)
            assert operation["tags"], (method, path)


def test_every_operation_lists_the_errors_that_the_docs_name() -> None:
    documented = (Path(__file__).parents[3] / "docs" / "api.md").read_text(encoding="utf-8")
    table = documented.split("| status | means |")[1].split("\n\n")[0]
    named = set(re.findall(r"\b[45]\d\d\b", table))
    assert {"429", "504"} <= named
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            assert named <= set(operation["responses"]), (method, path)


def test_every_route_is_in_the_docs() -> None:
    documented = (Path(__file__).parents[3] / "docs" / "api.md").read_text(encoding="utf-8")
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            row = f"| `{method.upper()} {path}` | {operation['summary']} |"
            assert row in documented


def test_the_version_is_the_project_s() -> None:
    project = tomllib.loads((Path(__file__).parents[3] / "pyproject.toml").read_text("utf-8"))
    assert document["info"]["version"] == project["project"]["version"]
