"""The embedding model of an endpoint, against a real local HTTP server."""

from __future__ import annotations

import pytest

from memory.errors import ModelError
from memory.llm.openai_client import OpenAIEmbedder
from tests.fakes.openai_server import FakeOpenAI
from tests.memory.llm.chat_requests import KEY, settings_for


def test_embeddings_come_in_order_and_in_batches(server: FakeOpenAI) -> None:
    embedder = OpenAIEmbedder(settings_for(server))
    texts = [f"第{n}句" for n in range(150)]
    vectors = embedder.embed(texts)
    assert len(vectors) == 150
    assert [len(r.body["input"]) for r in server.requests] == [64, 64, 22]
    assert vectors[70] == embedder.embed([texts[70]])[0]
    assert (embedder.name, embedder.dims) == ("fake-embedding", 64)
    assert len(embedder.embed(["", "a"])) == 2
    assert server.requests[-1].body["input"] == [" ", "a"]
    assert embedder.embed([]) == []


def test_smaller_batches_for_endpoints_that_take_fewer(server: FakeOpenAI) -> None:
    server.sized_embeddings = False
    embedder = OpenAIEmbedder(settings_for(server))
    server.fail(400, 400, 400, 400)
    assert len(embedder.embed(["句子"] * 20)) == 20


def test_vectors_of_another_size_are_named_with_both_numbers(server: FakeOpenAI) -> None:
    server.sized_embeddings = False
    with pytest.raises(ModelError) as caught:
        OpenAIEmbedder(settings_for(server, embedding_dims=128)).embed(["句子"])
    assert caught.value.code == "embedding_size"
    assert (caught.value.params["wanted"], caught.value.params["got"]) == (128, 64)


def test_the_chat_key_never_goes_to_another_address(server: FakeOpenAI) -> None:
    with FakeOpenAI() as other:
        OpenAIEmbedder(settings_for(server, embedding_base_url=other.url)).embed(["句子"])
        assert KEY not in other.requests[0].headers["authorization"]
