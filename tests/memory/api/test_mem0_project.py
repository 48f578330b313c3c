"""The rest of mem0's client: project settings, exports, profiles, webhooks, events."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from starlette.testclient import TestClient

from memory.container import Container
from memory.memories.webhook_delivery import WebhookDelivery
from memory.types import Owner
from tests.memory.api.mem0_client import client, keep

from mem0 import MemoryClient  # isort: skip (its variables are set by the import above)

__all__ = ["client"]


class Receiver(ThreadingHTTPServer):
    """An address that is told of changes; answers with ``status``."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Receiving)
        self.heard: list[tuple[dict[str, str], bytes]] = []
        self.status = 200

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/hook"

    @property
    def events(self) -> list[tuple[str, str]]:
        details = [json.loads(body)["event_details"] for _, body in self.heard]
        return [(one["event"], one["data"]["memory"]) for one in details]


class _Receiving(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.heard.append(({k.lower(): v for k, v in self.headers.items()}, body))
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Not onto the test's output."""


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    server = Receiver()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def deliver(running: Container) -> Callable[..., int]:
    running.webhooks.stop()

    def run(private_allowed: bool = True, later: float = 0) -> int:
        delivery = WebhookDelivery(
            running.db,
            lambda: running.clock() + timedelta(seconds=later),
            private_allowed=private_allowed,
        )
        return delivery.run_once()

    return run


def test_a_project_keeps_its_instructions_and_categories(client: MemoryClient) -> None:
    client.project.update(
        custom_instructions="Never remember prices.",
        custom_categories=[{"travel": "Journeys made and planned"}],
    )
    assert client.project.get(fields=["custom_instructions", "custom_categories"]) == {
        "custom_instructions": "Never remember prices.",
        "custom_categories": [{"travel": "Journeys made and planned"}],
    }
    client.project.update(custom_instructions="")
    assert client.project.get()["custom_instructions"] is None
    assert client.project.get()["custom_categories"] != []


def test_a_custom_category_may_be_given_to_a_memory(client: MemoryClient, api: TestClient) -> None:
    id = keep(client, "Wants to see the northern lights")
    body = {"memory_id": id, "user_id": "wren", "category": "travel"}
    assert api.put("/api/memory/update", json=body).status_code == 400
    client.project.update(custom_categories=["travel"])
    assert api.put("/api/memory/update", json=body).status_code == 200
    found = client.get_all(filters={"user_id": "wren", "categories": {"in": ["travel"]}})
    assert [one["id"] for one in found["results"]] == [id]


def test_a_user_has_categories_of_their_own(client: MemoryClient, api: TestClient) -> None:
    for user in ("wren", "robin"):
        keep(client, "Rings birds in spring", user_id=user)
    path = "/api/users/wren/extraction-settings"
    wishes = {"categories": [{"name": "birds", "description": "", "colour": "#336699"}]}
    assert api.put(path, json=wishes).status_code == 200
    assert api.get(path).json()["data"]["categories"][0]["colour"] == "#336699"
    for user, status in (("wren", 200), ("robin", 400)):
        memory = client.get_all(filters={"user_id": user})["results"][0]
        body = {"memory_id": memory["id"], "user_id": user, "category": "birds"}
        assert api.put("/api/memory/update", json=body).status_code == status
    api.delete("/api/users/wren")
    keep(client, "Somebody new of that name")
    assert api.get(path).json()["data"]["categories"] == []


BIRDWATCHER = {
    "type": "object",
    "properties": {
        "home_town": {"type": "string", "description": "The city where the user lives"},
        "allergies": {"type": "array", "items": {"type": "string"}},
        "shoe_size": {"anyOf": [{"type": "integer"}, {"type": "null"}]},
    },
}


def test_an_export_answers_its_schema(client: MemoryClient) -> None:
    keep(client, "The user lives in the city of Bergen")
    keep(client, "The user has an allergy to walnuts")
    keep(client, "The user lives in the city of Turku", user_id="robin")
    made = client.create_memory_export(schema=json.dumps(BIRDWATCHER), user_id="wren")
    for found in (
        client.get_memory_export(user_id="wren"),
        client.get_memory_export(memory_export_id=made["id"]),
    ):
        assert "Bergen" in found["home_town"]
        assert [text for text in found["allergies"] if "walnuts" in text]
        assert found["shoe_size"] is None


@pytest.mark.parametrize("schema", ["no json", {"type": "string"}, {"properties": {"a": 3}}])
def test_a_schema_that_is_none_is_refused(client: MemoryClient, api: TestClient, schema: Any):
    keep(client, "x")
    answer = api.post("/v1/exports/", json={"schema": schema, "user_id": "wren"})
    assert (answer.status_code, answer.json()["error"]) == (400, "export_schema")


def test_summary_and_profile(client: MemoryClient) -> None:
    keep(client, "The user has an allergy to walnuts")
    assert "walnuts" in client.get_summary(filters={"user_id": "wren"})["summary"]
    assert client.get_profile("wren")["status"] == "succeeded"
    client.update_profile_settings(schema=BIRDWATCHER)
    assert client.get_profile_settings()["entities"]["user"]["schema"] == BIRDWATCHER
    assert "walnuts" in client.get_profile("wren")["profile"]["allergies"][0]
    client.update_profile_settings(enabled=False, schema=None)
    assert client.get_profile("wren")["status"] == "not_enabled"
    job = client.generate_profile("wren")
    assert client.get_profile_job(job["status_url"])["job"]["status"] == "succeeded"
    assert client.sample_profiles(limit=2)["entity_ids"] == ["wren"]


def test_an_event_tells_what_became_of_an_add(client: MemoryClient, api: TestClient) -> None:
    made = client.add([{"role": "user", "content": "我对芒果过敏。"}], user_id="wren")
    event = api.get(f"/v1/event/{made['event_id']}/").json()
    assert (event["status"], len(event["results"])) == ("SUCCEEDED", 1)
    assert api.get("/v1/event/00000000-0000-4000-8000-000000000000/").status_code == 404


def test_a_webhook_is_told_signed_and_in_order(
    client: MemoryClient, receiver: Receiver, deliver: Callable[..., int]
) -> None:
    keep(client, "From before")
    hook = client.create_webhook(
        url=receiver.url,
        name="log",
        project_id="niannian",
        event_types=["memory_add", "memory:delete"],
    )
    id = keep(client, "Watches herons")
    client.update(id, text="Watches grey herons")
    client.delete(id)
    assert deliver() == 2
    assert receiver.events == [("ADD", "Watches herons"), ("DELETE", "Watches grey herons")]
    headers, body = receiver.heard[0]
    key = base64.b64decode(hook["secret"].removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    digest = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{digest}"
    assert "secret" not in client.get_webhooks(project_id="niannian")[0]
    assert deliver() == 0


def test_a_receiver_that_is_down_misses_nothing(
    client: MemoryClient, receiver: Receiver, deliver: Callable[..., int]
) -> None:
    made = client.create_webhook(
        url=receiver.url, name="log", project_id="niannian", event_types=["memory_add"]
    )
    receiver.status = 500
    keep(client, "First")
    keep(client, "Second")
    assert deliver() == 0
    assert client.get_webhooks(project_id="niannian")[0]["last_error"] == "http_500"
    receiver.status = 204
    assert deliver() == 0, "not before the pause is over"
    assert deliver(later=11) == 2
    assert [text for _, text in receiver.events] == ["First", "First", "Second"]
    client.delete_webhook(made["webhook_id"])
    keep(client, "Third")
    assert deliver(later=99) == 0


def test_private_addresses_are_told_only_where_that_is_allowed(
    client: MemoryClient, receiver: Receiver, deliver: Callable[..., int]
) -> None:
    client.create_webhook(
        url=receiver.url, name="log", project_id="niannian", event_types=["memory_add"]
    )
    keep(client, "Secret")
    assert deliver(private_allowed=False) == 0
    assert receiver.heard == []
    assert client.get_webhooks(project_id="niannian")[0]["last_error"] == "outbound_private"


@pytest.mark.parametrize("url", ["ftp://a/b", "http://", "http://u:p@example.org/", "no address"])
def test_what_is_no_address_is_no_webhook(api: TestClient, url: str) -> None:
    answer = api.post("/api/v1/webhooks/projects/niannian/", json={"url": url})
    assert (answer.status_code, answer.json()["error"]) == (400, "outbound_address")


def test_members_and_the_one_project(client: MemoryClient, running: Container) -> None:
    client.project.add_member("ada@example.org", role="OWNER")
    assert running.db.users.get("ada@example.org").role == "designer"
    client.project.update_member("ada@example.org", role="READER")
    roles = {one["email"]: one["role"] for one in client.project.get_members()["members"]}
    assert roles == {"ada@example.org": "READER"}
    client.project.remove_member("ada@example.org")
    with pytest.raises(Exception, match="one project"):
        client.project.create("second")


def test_wishes_reach_the_extraction(client: MemoryClient, running: Container) -> None:
    asked: list[Any] = []
    extract = running.extractor.dry_run
    client.project.update(custom_instructions="Be brief.")
    client.add(
        [{"role": "user", "content": "I am allergic to walnuts."}],
        user_id="wren",
        includes="food",
        custom_categories=[{"diet": "What somebody eats"}],
    )
    owner = Owner("wren", "niannian")
    (session,) = running.db.sessions.of(owner, limit=None)
    messages = running.db.messages.of(owner, session.id)
    asked.append(extract(owner, messages).request)
    settings = asked[0].settings
    assert (settings.custom_instructions, settings.includes) == ("Be brief.", "food")
    assert "diet" in asked[0].categories
