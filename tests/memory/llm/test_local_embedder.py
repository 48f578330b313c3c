"""The embedder on the sentence encoder, without its model."""

from __future__ import annotations

import numpy as np
import pytest

from memory.llm.local_embedder import LocalEmbedder
from memory.llm.sentence_encoder import EncoderUnavailableError, SentenceEncoder
from memory.types.vectors import Encode


def test_it_is_ready_when_the_encoder_is() -> None:
    asked: list[int] = []

    def load() -> Encode:
        def encode(texts: list[str]) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
            asked.append(len(texts))
            return np.eye(512, dtype=np.float32)[: len(texts)]

        return encode

    embedder = LocalEmbedder(SentenceEncoder(load))
    assert not embedder.ready
    texts = [f"第{n}句" for n in range(20)]
    vectors = embedder.embed(texts, "query")
    assert embedder.ready
    assert not embedder.failed
    assert [len(vector) for vector in vectors] == [512] * 20
    # A message that comes meanwhile must not wait for all of them.
    assert max(asked) <= 8
    assert (embedder.name, embedder.dims) == ("use-multilingual-3", 512)


def test_what_cannot_be_loaded_says_so() -> None:
    def load() -> Encode:
        raise OSError("no weights")

    embedder = LocalEmbedder(SentenceEncoder(load))
    assert not embedder.failed
    with pytest.raises(EncoderUnavailableError):
        embedder.embed(["a"])
    assert embedder.failed
    assert not embedder.ready
