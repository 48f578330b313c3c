"""Personas over REST: made, changed and archived as on the studio page."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from memory.container import Container
from tests.memory.api.conftest import Serve


def test_the_life_of_a_persona(api: TestClient, running: Container) -> None:
    body = {"persona_id": "coach:7", "copy_of": "qing", "name": "Otto", "avatar": "shenyan.svg"}
    made = api.post("/api/personas", json=body).json()["data"]
    assert (made["persona_id"], made["name"]) == ("coach:7", "Otto")
    assert running.personas["coach:7"].avatar == "shenyan.svg"
    said = api.post(
        "/api/chat/message", json={"user_id": "mira", "message": "hello", "persona_id": "coach:7"}
    )
    assert said.status_code == 200
    change = {"language": "zh", "tagline": "每天进步一点", "boundaries": ["不评价体重"]}
    changed = api.patch("/api/personas/coach:7", json=change, headers={"accept-language": "zh"})
    assert changed.json()["data"]["tagline"] == "每天进步一点"
    assert running.personas["coach:7"].text("zh").boundaries == ("不评价体重",)
    assert api.get("/api/personas/coach:7").json()["data"]["tagline"] == made["tagline"]
    assert len(running.studio.versions("persona", "coach:7")) == 3
    assert api.delete("/api/personas/coach:7").status_code == 200
    assert api.get("/api/personas/coach:7").status_code == 404


@pytest.mark.parametrize(
    ("method", "path", "body", "code"),
    [
        ("POST", "", {"persona_id": "niannian"}, "persona_id_taken"),
        ("POST", "", {"persona_id": "a", "copy_of": "nobody"}, "persona_not_found"),
        ("POST", "", {"persona_id": "a", "avatar": "../../etc/passwd"}, "persona_avatar"),
        ("POST", "", {"persona_id": "no spaces"}, "invalid"),
        ("POST", "", {"persona_id": "a", "name": "x" * 50}, "invalid"),
        ("PATCH", "/niannian", {}, "nothing_to_change"),
        ("PATCH", "/niannian", {"name": " "}, "persona_empty"),
        ("PATCH", "/niannian", {"boundaries": []}, "invalid"),
        ("PATCH", "/niannian", {"language": "tlh", "name": "x"}, "invalid"),
        ("PATCH", "/nobody", {"name": "x"}, "persona_not_found"),
        ("DELETE", "/niannian", None, "persona_shipped"),
        ("DELETE", "/nobody", None, "persona_not_found"),
    ],
)
def test_what_no_persona_can_be(
    calm: TestClient, method: str, path: str, body: Any, code: str
) -> None:
    answer = calm.request(method, f"/api/personas{path}", json=body)
    assert 400 <= answer.status_code < 500
    assert answer.json()["error"] == code


def test_only_designers_change_them(serve: Serve) -> None:
    api = serve(accounts="required")
    running: Container = api.running  # type: ignore[attr-defined]
    running.db.users.create("mira", id="mira")
    secret = running.accounts.create_token("mira", "test", ["chat"])[1]
    headers = {"authorization": f"Bearer {secret}"}
    for method, path, body in (
        ("POST", "", {"persona_id": "mine"}),
        ("PATCH", "/niannian", {"name": "Mine"}),
        ("DELETE", "/niannian", None),
    ):
        answer = api.request(method, f"/api/personas{path}", json=body, headers=headers)
        assert answer.json()["error"] == "only_designers"
