"""The stored weights: made from the examples in the repository, and of the right shape."""

from __future__ import annotations

from collections import Counter
from types import SimpleNamespace

import numpy as np
import pytest

from benchmarks.care import load
from memory.chat.safety.classifier import (
    CLASSES,
    WEIGHTS_FILE,
    NearestExamples,
    neighbours_of,
    scores,
    stored_weights,
)
from scripts import safety_examples, train_safety
from scripts.safety_examples import (
    EXAMPLES,
    TALK,
    Example,
    digest,
    everyday,
    examples,
    training_set,
    turns,
)
from tests.memory.chat.safety.sentences import CALM, DANGER, EVERYDAY_TALKS, HELD_OUT, lines


def test_the_weights_were_made_from_these_examples() -> None:
    # After a change of the examples: python -m scripts.train_safety
    assert stored_weights().examples == digest()


def test_the_weights_are_small() -> None:
    assert WEIGHTS_FILE.stat().st_size < 6_000_000


def test_there_are_examples_enough_of_each_language_and_none_twice() -> None:
    found = examples()
    alarms = [one for one in found if one.kind not in {"none", "distress"}]
    assert len(alarms) >= 1500
    assert len(found) - len(alarms) >= 1500
    assert {one.language for one in found} == {"zh-Hans", "zh-Hant", "yue", "en"}
    assert {one.kind for one in found} == {kind or "none" for kind in CLASSES}
    counted = Counter((one.language, one.messages) for one in found)
    assert [one for one, times in counted.items() if times > 1] == []


def test_no_test_sentence_is_an_example() -> None:
    seen = {message for one in examples() for message in one.messages}
    fresh = {one for table in (*DANGER.values(), *CALM.values()) for one in lines(table)}
    fresh |= {case.messages[-1] for case in load([HELD_OUT])}
    fresh |= {message for case in load([EVERYDAY_TALKS]) for message in case.messages}
    assert seen & fresh == set()


def test_everyday_examples_are_read_where_they_are_not_copied() -> None:
    daily = {(one.language, one.messages) for one in everyday()}
    assert len(daily) > 2_000
    assert {one.kind for one in everyday()} == {"none"}
    assert daily & {(one.language, one.messages) for one in examples()} == set()


def test_a_talk_is_trained_on_turn_by_turn() -> None:
    talk = Example("none", False, TALK, "en", ("a", "b", "c", "d"))
    told = {one.messages for one in turns(talk)}
    assert told == {
        *(("a",), ("b",), ("c",), ("d",)),
        *(("a", "b"), ("b", "c"), ("c", "d")),
        *(("a", "b", "c"), ("b", "c", "d")),
    }
    found = training_set([talk], everyday()[:40])
    assert {one.kind for one in found if one.topic == "kindred"} == {"none"}


def test_the_nearest_examples_are_found_by_their_class() -> None:
    axes = np.eye(3, dtype=np.float32)
    examples = np.array([[127, 0, 0], [0, 127, 0], [0, 100, 100]], dtype=np.int8)
    found = neighbours_of(axes, examples, np.array([0, 1, 1], dtype=np.int8))
    alone, pair = found.classes[:2]
    assert (len(alone), len(pair)) == (1, 2)
    only = NearestExamples(axes, (alone, pair))
    likeness = only.likeness(np.array([0, 2, 0], dtype=np.float32))
    assert likeness == pytest.approx([0, 0, 0, 1, 0.854, 0.854], abs=1e-3)


def test_probabilities_sum_to_one() -> None:
    found = scores(["我想自杀"], None)
    assert sum(found.classes) == pytest.approx(1, abs=1e-5)
    assert 0 <= found.urgent <= 1
    assert found.alarm_kind == "suicide"


@pytest.mark.slow
def test_training_again_gives_the_same_weights(monkeypatch, tmp_path) -> None:
    """On a part of the examples, with vectors that need no model."""
    for file in sorted(EXAMPLES.glob("*.tsv")):
        kept = file.read_text(encoding="utf-8").splitlines()[:1]
        kept += file.read_text(encoding="utf-8").splitlines()[1::15]
        (tmp_path / file.name).write_text("\n".join(kept) + "\n", encoding="utf-8")
    part = examples(tmp_path)
    monkeypatch.setattr(train_safety, "examples", lambda: part)
    monkeypatch.setattr(train_safety, "everyday", lambda: everyday()[::15])
    for windows in ("MIXED_WINDOWS", "KINDRED_WINDOWS", "SENTENCES"):
        monkeypatch.setattr(safety_examples, windows, 12)

    def encode(texts):
        made = [np.random.default_rng(len(text)).normal(size=512) for text in texts]
        return np.array([one / np.linalg.norm(one) for one in made], dtype=np.float32)

    encoder = SimpleNamespace(ready=True, encode=encode)

    def trained():
        data = train_safety.prepared(encoder)
        full = train_safety.fitted(data, data.full, train_safety.likeness_of(data))
        return train_safety.stored(data, {"full": full})

    first, second = trained(), trained()
    assert first.keys() == second.keys()
    for name, array in first.items():
        assert np.array_equal(array, second[name]), name
