"""What an embedder's cosines mean."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pytest

from memory.llm.hashing_embedder import HashingEmbedder
from memory.llm.local_embedder import LocalEmbedder
from memory.llm.sentence_encoder import shared_encoder
from memory.types import EmbeddingPurpose
from memory.vector_store.search.calibration import (
    Calibration,
    calibrated,
    measure,
    probe_of,
    recorded,
    recorded_probe,
    stored,
)


class Narrow(HashingEmbedder):
    """The same meanings, but everything is alike: each vector has a large part in common."""

    def embed(
        self, texts: Sequence[str], purpose: EmbeddingPurpose = "passage"
    ) -> list[list[float]]:
        return [[*vector, 2.0] for vector in super().embed(texts, purpose)]


def test_levels_are_the_same_whatever_the_scale() -> None:
    plain, narrow = measure(HashingEmbedder()), measure(Narrow())
    assert abs(plain.chance) < 0.1
    assert narrow.chance > 0.75
    assert narrow.spread < plain.spread

    def narrowed(cosine: float) -> float:
        return (cosine + 4.0) / 5.0

    for cosine in (0.1, 0.4, 0.9):
        assert math.isclose(
            plain.level(cosine), narrow.level(narrowed(cosine)), rel_tol=0.05, abs_tol=0.1
        )


def test_a_record_of_another_version_is_measured_again() -> None:
    scale = Calibration(chance=0.2, spread=0.05)
    assert recorded(scale.record()) == scale
    assert recorded({**scale.record(), "version": 0}) is None
    assert recorded(None) is None
    assert scale.cosine(scale.level(0.37)) == pytest.approx(0.37)


def test_what_is_known_is_not_measured_again() -> None:
    class Unasked(HashingEmbedder):
        def embed(self, *_: object, **__: object) -> list[list[float]]:
            raise AssertionError("everything is known of it")

    made = calibrated(HashingEmbedder())
    known = calibrated(Unasked(), made.record())
    assert known.calibration == made.calibration
    assert np.allclose(known.probe, made.probe, atol=1e-4)
    assert known.record() == made.record()


def test_a_record_without_a_probe_keeps_its_scale() -> None:
    scale = Calibration(chance=0.5, spread=0.1)
    ready = calibrated(HashingEmbedder(), scale.record())
    assert ready.calibration == scale
    assert len(ready.probe) == HashingEmbedder().dims + 1
    assert recorded_probe({**ready.record(), "examples": 0}) is None


def test_what_the_package_knows_of_its_encoder_is_what_would_be_measured() -> None:
    encoder = LocalEmbedder(shared_encoder())
    assert measure(encoder) == stored().calibration
    assert np.allclose(stored().probe, probe_of(encoder), atol=1e-3)


def test_nothing_is_encoded_to_calibrate_the_packages_encoder() -> None:
    class Unasked(LocalEmbedder):
        def embed(self, *_: object, **__: object) -> list[list[float]]:
            raise AssertionError("everything is known of it")

    known = Calibration(chance=0.5, spread=0.1)
    assert calibrated(Unasked(shared_encoder()), known.record()).calibration == known
    assert calibrated(Unasked(shared_encoder())).calibration == stored().calibration


def test_chatter_is_told_from_what_is_asked() -> None:
    encoder = LocalEmbedder(shared_encoder())
    small, earnest = encoder.embed(["好烦，不想动弹", "我外公对芒果过敏"], "query")
    assert stored().earnestness(small) < 0 < stored().earnestness(earnest)


def test_a_scale_on_which_nothing_stands_out_tells_nothing() -> None:
    assert Calibration(chance=0.6, spread=0.07).tells
    assert not Calibration(chance=0.1, spread=0.25).tells
