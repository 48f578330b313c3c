"""The verdict on an endpoint, before it is used."""

from __future__ import annotations

from memory.config import load_settings
from memory.llm.openai_client import check_connection
from tests.fakes.openai_server import FakeOpenAI
from tests.memory.llm.chat_requests import KEY, settings_for


def test_the_verdict_on_a_good_connection(server: FakeOpenAI) -> None:
    verdict = check_connection(settings_for(server))
    assert (verdict.ok, verdict.code) == (True, "ok")
    assert verdict.models == ("fake-chat", "fake-embedding")
    assert verdict.latency_ms > 0
    assert verdict.embedding is not None
    assert (verdict.embedding.ok, verdict.embedding.dims) == (True, 64)


def test_the_verdict_judges_chat_and_embedding_apart(server: FakeOpenAI) -> None:
    server.sized_embeddings = False
    verdict = check_connection(settings_for(server, embedding_dims=1536))
    assert verdict.ok
    assert verdict.embedding is not None
    assert (verdict.embedding.code, verdict.embedding.dims) == ("embedding_size", 64)
    with FakeOpenAI(key="k") as other:
        verdict = check_connection(settings_for(server, openai_base_url=other.url))
        assert (verdict.ok, verdict.code) == (False, "model_auth")
        assert "401" in verdict.detail
        assert KEY not in verdict.detail
        assert other.url.split("/")[2] in verdict.detail


def test_the_verdict_without_any_model() -> None:
    verdict = check_connection(load_settings())
    assert (verdict.ok, verdict.code, verdict.embedding) == (True, "no_model", None)
