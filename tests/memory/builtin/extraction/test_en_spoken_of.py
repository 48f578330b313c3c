"""Whom "she" means, and questions that nothing marks as such."""

from __future__ import annotations

from benchmarks.understanding import extracted
from memory.llm.sentence_encoder import shared_encoder


def test_she_is_never_a_brother() -> None:
    said = ["my brother Ned moved to Oslo", "she turned ten on saturday"]
    found = [one.text for one in extracted(said, "en", None)]
    assert any("Ned" in text for text in found)
    assert not any("turned ten" in text for text in found)


def test_what_somebody_elses_dog_did_is_not_said_of_the_user() -> None:
    found = [one.text for one in extracted(["Rufus cut his ear, had six stitches"], "en", None)]
    assert found == []


def test_a_question_without_a_mark_becomes_no_memory() -> None:
    encoder = shared_encoder()
    encoder.encode(["warm"])
    assert not extracted(["which cousin of mine plays the harp"], "en", encoder)
    assert extracted(["my cousin plays the harp in an orchestra"], "en", encoder)
