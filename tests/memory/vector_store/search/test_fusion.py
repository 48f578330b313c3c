"""One score out of several fields."""

from __future__ import annotations

import pytest

from memory.vector_store.search.calibration import Calibration
from memory.vector_store.search.fusion import DENSE, Mix, SearchWeights, fuse
from memory.vector_store.search.sparse import CJK_FIELD, WORDS_FIELD

WEIGHTS = SearchWeights()
SCALE = Calibration(chance=0.1, spread=0.1)


def ranked(fields: dict[str, dict[str, float]], **asked: float) -> list[tuple[str, float]]:
    names = {CJK_FIELD: asked.get("cjk", 1.0), WORDS_FIELD: asked.get("words", 1.0)}
    found, _ = fuse(fields, names, 100, WEIGHTS, SCALE)
    return [(candidate.id, candidate.score) for candidate in found]


def test_the_best_of_all_fields_scores_one() -> None:
    fields = {CJK_FIELD: {"a": 8.0, "b": 4.0}, WORDS_FIELD: {"a": 20.0, "c": 10.0}}
    assert ranked(fields) == [
        ("a", 1.0),
        ("c", pytest.approx(0.5 / 1.3)),
        ("b", pytest.approx(0.15 / 1.3)),
    ]


def test_a_field_without_matches_lowers_nothing() -> None:
    assert ranked({CJK_FIELD: {}, WORDS_FIELD: {"a": 20.0}}) == [("a", 1.0)]


def test_a_poor_best_match_is_not_taken_for_a_good_one() -> None:
    poor = ranked({CJK_FIELD: {"a": 0.5}, WORDS_FIELD: {"b": 20.0}}, cjk=20.0)
    assert poor[0][0] == "b"
    assert dict(poor)["a"] < 0.05


def test_a_dense_field_takes_its_share() -> None:
    cosines = {"a": 0.1, "b": 0.6}
    both = dict(ranked({CJK_FIELD: {"a": 8.0}, WORDS_FIELD: {"a": 20.0}, DENSE: cosines}))
    assert both == {"a": pytest.approx(0.55), "b": pytest.approx(0.45)}
    # Where there are fewer words to look at, meaning says more.
    words = dict(ranked({WORDS_FIELD: {"a": 20.0}, DENSE: cosines}))
    assert words["a"] < 0.7
    assert words["b"] > 0.3
    assert dict(ranked({DENSE: cosines})) == {"a": 0.0, "b": 1.0}


def test_cosines_count_from_what_strangers_have() -> None:
    fields = {WORDS_FIELD: {"a": 20.0}, DENSE: {"b": 0.6, "c": 0.1}}
    # Another embedder, with every cosine between 0.7 and 0.9, that says the same.
    narrow = Calibration(chance=0.74, spread=0.02)
    other = {WORDS_FIELD: {"a": 20.0}, DENSE: {"b": 0.84, "c": 0.74}}
    names = {CJK_FIELD: 1.0, WORDS_FIELD: 1.0}
    same, _ = fuse(other, names, 100, WEIGHTS, narrow)
    assert [(m.id, pytest.approx(m.score)) for m in same] == ranked(fields)
    assert same[-1].score == 0.0


def test_a_poor_best_cosine_is_not_taken_for_a_good_one() -> None:
    assert ranked({DENSE: {"a": 0.12}})[0][1] < 0.1


def test_strength_means_the_same_in_every_search() -> None:
    def strength(words: float, cosine: float) -> float:
        found, _ = fuse({WORDS_FIELD: {"a": words}, DENSE: {"a": cosine}}, {}, 100, WEIGHTS, SCALE)
        return found[0].strength

    assert 0 <= strength(0.1, 0.1) < 0.1
    assert strength(0.1, 0.2) < strength(0.1, 0.5) < strength(6.0, 0.5) < strength(12.0, 0.9)
    assert strength(12.0, 2.0) <= 1.0


def test_a_memory_without_characters_is_judged_by_its_words() -> None:
    mix = Mix(cjk=0.3, words=1.0, dense=0.0)
    found, _ = fuse({WORDS_FIELD: {"a": 20.0}, CJK_FIELD: {"b": 9.0}}, {}, 100, WEIGHTS)
    english = next(candidate for candidate in found if candidate.id == "a")
    scores = (english.cjk, english.words, english.dense)
    assert mix.score(*scores, characters=False) == 1.0
    assert mix.score(*scores, characters=True) < 0.8


def test_evidence_counts_rare_words() -> None:
    def evidence(score: float) -> float:
        return fuse({WORDS_FIELD: {"a": score}}, {}, 100, WEIGHTS)[0][0].evidence

    assert evidence(6.0) == pytest.approx(1.0, abs=0.1)
    assert evidence(0.3) < 0.3


def test_no_fields_no_candidates() -> None:
    assert ranked({}) == []


def test_meaning_says_less_of_a_talk_than_of_a_sentence() -> None:
    mix = Mix(cjk=0.0, words=1.0, dense=1.0)
    assert mix.score(0.0, 0.2, 0.9) > mix.score(0.0, 0.2, 0.9, talk=True)
    assert mix.score(0.0, 0.9, 0.2) < mix.score(0.0, 0.9, 0.2, talk=True)
    assert mix.score(0.0, 1.0, 1.0, talk=True) == 1.0
