"""One score out of several fields."""

from __future__ import annotations

import pytest

from memory.vector_store.search.fusion import DENSE, Mix, SearchWeights, fuse
from memory.vector_store.search.sparse import CJK_FIELD, WORDS_FIELD

WEIGHTS = SearchWeights()


def ranked(fields: dict[str, dict[str, float]], **asked: float) -> list[tuple[str, float]]:
    names = {CJK_FIELD: asked.get("cjk", 1.0), WORDS_FIELD: asked.get("words", 1.0)}
    found, _ = fuse(fields, names, 100, WEIGHTS)
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
    fields = {CJK_FIELD: {}, WORDS_FIELD: {"a": 20.0}, DENSE: {"a": 0.1, "b": 0.6}}
    assert dict(ranked(fields)) == {"a": 0.5, "b": 0.5}
    assert dict(ranked({DENSE: {"a": 0.1, "b": 0.6}})) == {"a": 0.0, "b": 1.0}


def test_a_memory_without_characters_is_judged_by_its_words() -> None:
    mix = Mix(cjk=0.3, words=1.0, dense=0.0)
    found, _ = fuse({WORDS_FIELD: {"a": 20.0}, CJK_FIELD: {"b": 9.0}}, {}, 100, WEIGHTS)
    english = next(candidate for candidate in found if candidate.id == "a")
    scores = (english.cjk, english.words, english.dense)
    assert mix.score(*scores, characters=False) == 1.0
    assert mix.score(*scores, characters=True) < 0.8


def test_evidence_counts_rare_words_and_close_vectors() -> None:
    def evidence(score: float, dense: float = 0.0) -> float:
        fields = {WORDS_FIELD: {"a": score}, DENSE: {"a": dense}}
        return fuse(fields, {}, 100, WEIGHTS)[0][0].evidence

    assert evidence(6.0) == pytest.approx(1.0, abs=0.1)
    assert evidence(0.3) < WEIGHTS.telling
    assert evidence(0.3, dense=0.8) > WEIGHTS.telling


def test_no_fields_no_candidates() -> None:
    assert ranked({}) == []
