"""The sentence encoder, loaded once for all tests of a worker."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from memory.chat.safety.window import use_encoder
from memory.llm.sentence_encoder import SentenceEncoder, shared_encoder


@pytest.fixture(scope="session")
def loaded() -> SentenceEncoder:
    encoder = shared_encoder()
    encoder.load_in_background()
    assert encoder.wait(60)
    return encoder


@pytest.fixture
def encoder(loaded: SentenceEncoder) -> Iterator[SentenceEncoder]:
    """The assessment uses sentence vectors in this test, and words alone after it."""
    use_encoder(loaded)
    yield loaded
    use_encoder(None)


@pytest.fixture(autouse=True)
def _words_alone() -> Iterator[None]:
    use_encoder(None)
    yield
    use_encoder(None)
