"""Documents and photos as parts of a message, from mem0's own client."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from starlette.testclient import TestClient

from memory.container import Container
from memory.types import Owner
from tests.fakes.documents import pdf, scanned_pdf
from tests.fakes.openai_server import FakeOpenAI
from tests.fakes.photos import photo
from tests.memory.api.mem0_client import client, texts

from mem0 import MemoryClient  # isort: skip (its variables are set by the import above)

__all__ = ["client"]


def as_data(data: bytes, kind: str) -> dict[str, Any]:
    body = base64.b64encode(data).decode()
    return {"type": kind, kind: {"url": f"data:application/octet-stream;base64,{body}"}}


def test_documents_are_read_page_by_page(client: MemoryClient, running: Container) -> None:
    letter = pdf("I live in Galway.", "I am allergic to peanuts.")
    client.add([{"role": "user", "content": as_data(letter, "pdf_url")}], user_id="wren")
    found = " ".join(texts(client.get_all(filters={"user_id": "wren"})))
    assert "Galway" in found
    assert "peanuts" in found
    (session,) = running.db.sessions.of(Owner("wren", "niannian"))
    said = running.db.messages.of(session.owner, session.id)
    assert said[1].text == "[File “document.pdf”, page 2]\nI am allergic to peanuts."


def test_markdown_as_plain_base64_and_beside_words(client: MemoryClient) -> None:
    plain = base64.b64encode(b"# Me\n\nI play the cello.").decode()
    content = [
        {"type": "text", "text": "I live in Galway."},
        {"type": "mdx_url", "mdx_url": {"url": plain}},
    ]
    client.add([{"role": "user", "content": content}], user_id="wren")
    found = " ".join(texts(client.get_all(filters={"user_id": "wren"})))
    assert "Galway" in found
    assert "cello" in found


@pytest.mark.parametrize(
    ("part", "sentence"),
    [
        (as_data(scanned_pdf(), "pdf_url"), "looks like a scan"),
        (as_data(b"%PDF-1.7 broken", "pdf_url"), "is damaged"),
        ({"type": "pdf_url", "pdf_url": {"url": "http://example.org/a.pdf"}}, "data URL"),
        ({"type": "pdf_url", "pdf_url": {"url": "data:nothing"}}, "no usable address"),
    ],
)
def test_a_document_that_cannot_be_read_is_one_sentence(
    api: TestClient, part: dict[str, Any], sentence: str
) -> None:
    body = {"user_id": "wren", "messages": [{"role": "user", "content": [part]}]}
    answer = api.post("/v1/memories/", json=body)
    assert answer.status_code == 400
    assert sentence in answer.text


def test_private_addresses_are_refused_where_fetching_is_on(serve: Any) -> None:
    api = serve(fetch_addresses="true")
    part = {"type": "pdf_url", "pdf_url": {"url": "http://169.254.169.254/a.pdf"}}
    body = {"user_id": "wren", "messages": [{"role": "user", "content": [part]}]}
    answer = api.post("/v1/memories/", json=body)
    assert answer.status_code == 400
    assert "private network" in answer.text


def test_a_photo_is_remembered_by_what_a_model_sees_in_it(
    serve: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with FakeOpenAI() as fake:
        monkeypatch.setenv("OPENAI_BASE_URL", fake.url)
        api = serve(chat_model="fake-vision")
        fake.say("A heron in the reeds.")
        body = {
            "user_id": "wren",
            "messages": [{"role": "user", "content": [as_data(photo(), "image_url")]}],
        }
        assert api.post("/v1/memories/", json=body).status_code == 200
        assert "[Photo: A heron in the reeds]" in fake.chats()[1].prompt


def test_without_a_model_that_sees_a_photo_alone_is_refused(api: TestClient) -> None:
    part = as_data(photo(), "image_url")
    body = {"user_id": "wren", "messages": [{"role": "user", "content": [part]}]}
    answer = api.post("/v1/memories/", json=body)
    assert answer.status_code == 400
    assert "doesn't look at photos" in answer.text
    said = {"role": "user", "content": "I keep bees."}
    beside = {**body, "messages": [said, *body["messages"]]}
    assert api.post("/v1/memories/", json=beside).status_code == 200
    words = {"type": "text", "text": "I keep bees."}
    body["messages"] = [{"role": "user", "content": [words, part]}]
    assert api.post("/v1/memories/", json=body).status_code == 200
