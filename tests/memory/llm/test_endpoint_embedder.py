"""An embedding model behind an endpoint, against a real local HTTP server."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from memory.config import load_settings
from memory.container import build
from memory.errors import ModelAuth, ModelError
from memory.llm.endpoint_embedder import EndpointEmbedder
from memory.llm.learned import forget
from memory.llm.openai_client import OpenAIEmbedder
from memory.llm.openai_endpoint import OpenAIEndpoint
from memory.types import Kind, MemoryDraft, Owner, Subject
from tests.fakes.openai_answers import embedding
from tests.fakes.openai_server import FakeOpenAI

DIMS = 32


@pytest.fixture
def server() -> Iterator[FakeOpenAI]:
    forget()
    with FakeOpenAI(dims=DIMS) as running:
        yield running


def embedder(server: FakeOpenAI) -> OpenAIEmbedder:
    return OpenAIEmbedder(
        load_settings(
            openai_base_url=server.url,
            embedder="openai",
            embedding_model="small",
            embedding_dims=DIMS,
            request_timeout=5,
        )
    )


def counts(server: FakeOpenAI) -> list[int]:
    return [len(r.body["input"]) for r in server.requests]


def test_a_text_that_is_too_long_is_embedded_in_halves(server: FakeOpenAI) -> None:
    server.longest_text = 120
    texts = [f"第{n}天" for n in range(30)]
    texts[17] = "山路很长，走了一天。" * 30
    vectors = embedder(server).embed(texts)
    assert len(vectors) == 30
    assert vectors[3] == pytest.approx(embedding(texts[3], DIMS))
    assert any(vectors[17])


@pytest.mark.parametrize("status", [400, 413, 500])
def test_a_text_that_is_refused_whatever_is_cut_gets_no_vector(
    server: FakeOpenAI, status: int
) -> None:
    server.refused_text, server.refused_status = "☠", status
    mine = embedder(server)
    vectors = mine.embed(["晴天", "☠☠☠", "雨天"])
    assert [any(vector) for vector in vectors] == [True, False, True]
    server.requests.clear()
    assert all(any(v) for v in mine.embed([f"第{n}个平常的句子" for n in range(64)]))
    assert counts(server) == [64], "one bad text is no reason for smaller batches"


def test_batches_shrink_to_the_limit_of_the_endpoint(server: FakeOpenAI) -> None:
    server.most_texts = 10
    mine = embedder(server)
    assert len(mine.embed([f"第{n}个平常的句子" for n in range(100)])) == 100
    server.requests.clear()
    mine.embed([f"第{n}个平常的句子" for n in range(40)])
    assert max(counts(server)) <= 10
    assert len(counts(server)) <= 5


@pytest.mark.parametrize("bad", [math.nan, math.inf, None])
def test_an_endpoint_that_sends_no_numbers_is_named(server: FakeOpenAI, bad: float | None) -> None:
    server.embed = lambda text, dims: [bad] * dims  # type: ignore[assignment,list-item]
    with pytest.raises(ModelError) as caught:
        embedder(server).embed(["晴天", "雨天"])
    assert caught.value.code == "embedding_bad"
    assert caught.value.params["part"] == "embedding"


@pytest.mark.parametrize("order", ["reversed", "zero", "none", "base64"])
def test_vectors_belong_to_their_texts_however_they_come(server: FakeOpenAI, order: str) -> None:
    server.embedding_order = order
    texts = ["晴天", "下雨了", "在路上"]
    for text, vector in zip(texts, embedder(server).embed(texts), strict=True):
        assert vector == pytest.approx(embedding(text, DIMS), abs=1e-6)


def test_a_busy_endpoint_is_waited_for_but_not_by_a_question(server: FakeOpenAI) -> None:
    server.retry_after = 0.2
    server.fail(429)
    assert any(embedder(server).embed(["晴天"])[0])
    server.fail(429)
    with pytest.raises(ModelError):
        embedder(server).embed(["晴天"], "query")


def test_a_model_that_is_being_loaded_gets_a_second_request(server: FakeOpenAI) -> None:
    mine = OpenAIEmbedder(
        load_settings(
            openai_base_url=server.url,
            embedder="openai",
            embedding_dims=DIMS,
            request_timeout=1,
        )
    )
    server.fail("hang")
    assert any(mine.embed(["晴天"])[0])


def test_a_wrong_key_is_no_fault_of_the_text(server: FakeOpenAI) -> None:
    server.fail(401, always=True)
    with pytest.raises(ModelAuth):
        embedder(server).embed(["晴天", "雨天"])
    assert len(server.requests) == 1


def test_what_is_owed_is_made_later(server: FakeOpenAI, tmp_path: Path) -> None:
    server.refused_text = "☠"
    running = build(
        load_settings(
            data_dir=tmp_path / "data",
            openai_base_url=server.url,
            embedder="openai",
            embedding_model="small",
            embedding_dims=DIMS,
        )
    )
    try:
        running.db.users.create("小满", id="u1")
        owner = Owner("u1", next(iter(running.personas)))
        added = [
            running.memory_service.add(
                owner, MemoryDraft(text, Subject.USER, Kind.CONSTANT, "event")
            )
            for text in ("用户画了一个☠", "用户住在海边")
        ]
        assert len(added) == 2
        assert running.store.embedding.make_owed_vectors() == 0
        server.refused_text = ""
        assert running.store.embedding.make_owed_vectors() == 1
        assert running.store.embedding.make_owed_vectors() == 0
        found = running.store.reads.search(owner, "画了一个☠", today=date(2026, 5, 1))
        assert "☠" in found[0].memory.text
    finally:
        running.close()


def test_what_a_profile_says_of_lengths_and_numbers_spares_refusals(server: FakeOpenAI) -> None:
    server.longest_text, server.most_texts = 100, 4
    mine = EndpointEmbedder(
        OpenAIEndpoint(server.url, None, 5), "small", DIMS, batch=4, longest=100
    )
    texts = [*(f"第{n}天下雨" for n in range(6)), "山路很长，走了一天。" * 25, "天晴了"]
    vectors = mine.embed(texts)
    assert [any(vector) for vector in vectors] == [True] * 8
    assert vectors[7] == pytest.approx(embedding("天晴了", DIMS))
    assert max(len(text) for request in server.requests for text in request.body["input"]) <= 100
    assert max(counts(server)) <= 4
    # Nothing was refused: the texts went in one batch, then the parts, then the last one.
    assert len(server.requests) == 4


def test_a_server_that_takes_one_bare_text_at_a_time(server: FakeOpenAI) -> None:
    server.bare_texts = True
    vectors = embedder(server).embed(["猫", "狗", "鸟"])
    assert vectors[2] == pytest.approx(embedding("鸟", DIMS))
